import { noteScan } from '../assets/service.ts';
import type { Context } from '../context.ts';
import { scanFile, TooLargeToScan } from '../documents/clamav.ts';
import { finishRendition } from './finish.ts';
import { reasonOfThreat, reasonTooLargeToScan } from './reasons.ts';
import { placeFile } from './source.ts';
import { deleteContents, findScan, type RenditionRow } from './write-queries.ts';

/**
 * Has the virus scanner look at a file that it has not seen, where there is one. Answers whether the file may be
 * opened. Of one with a threat nothing stays but the reason, not even what was made of it before there was a scanner.
 */
export async function passesScan(
  ctx: Context,
  rendition: RenditionRow,
  blobHash: string,
  signal: AbortSignal,
): Promise<boolean> {
  const { clamav } = ctx.config;
  if (!clamav) return true;
  const known = await findScan(ctx.db, blobHash);
  if (known && known.scannedAt !== null && known.threat === null) return true;
  try {
    const verdict = await placeFile(ctx, blobHash, (path) => scanFile(clamav, path, { signal }));
    await noteScan(ctx, blobHash, verdict.isClean ? null : verdict.threat);
    if (verdict.isClean) return true;
    ctx.log.warn({ event: 'threat_found', blobHash, threat: verdict.threat });
    await deleteContents(ctx.db, blobHash);
    await finishRendition(ctx, rendition, { state: 'failed', reason: reasonOfThreat(verdict.threat) });
  } catch (error) {
    if (!(error instanceof TooLargeToScan)) throw error;
    await finishRendition(ctx, rendition, { state: 'failed', reason: reasonTooLargeToScan });
  }
  return false;
}
