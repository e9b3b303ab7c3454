import { buffer } from 'node:stream/consumers';
import type { Context } from '../context.ts';
import { enqueue } from '../jobs/catalog.ts';
import { countWords } from './decode.ts';
import {
  extractors,
  longestTextBytes,
  reasonDamaged,
  reasonTooLong,
  reasonWithoutText,
} from './extractors.ts';
import { findVersion, upsertVersionText, type VersionText } from './queries.ts';
import { plainTextOf } from './service.ts';

type Reading = Pick<VersionText, 'state' | 'body' | 'wordCount' | 'reason'>;

/** Reads the text of a version for search and for the preview, and has its asset indexed again. */
async function extractText(ctx: Context, { assetVersionId }: { assetVersionId: string }): Promise<void> {
  const { db, clock } = ctx;
  const version = await findVersion(db, assetVersionId);
  if (!version?.blobHash) return;
  const { assetId, blobHash, mediaType, sizeBytes } = version;
  const keep = (reading: Reading) =>
    db.transaction().execute(async (trx) => {
      await upsertVersionText(trx, { ...reading, assetVersionId, updatedAt: clock() });
      await enqueue(trx, 'index-asset', { assetId }, { key: `index-asset:${assetId}` });
    });
  const extract = extractors[mediaType];
  if (!extract) return keep(without('unsupported', reasonWithoutText(mediaType)));
  if ((sizeBytes ?? 0) > longestTextBytes) return keep(without('unsupported', reasonTooLong));
  try {
    const { stream } = await ctx.blobs.read(blobHash);
    const body = await extract(await buffer(stream));
    await keep({ state: 'done', body, wordCount: countWords(plainTextOf(mediaType, body)), reason: null });
  } catch (error) {
    // The job is tried again; until then people see that something is wrong.
    await keep(without('failed', reasonDamaged));
    throw error;
  }
}

function without(state: 'failed' | 'unsupported', reason: string): Reading {
  return { state, body: '', wordCount: 0, reason };
}

export const renderingJobs = { 'extract-text': extractText };
