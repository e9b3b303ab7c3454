import { setPageCount } from '../assets/service.ts';
import type { Context } from '../context.ts';
import type { Database } from '../db/database.ts';
import { bandsOf } from '../documents/similarity.ts';
import { enqueueOnce } from '../jobs/catalog.ts';
import type { RenditionState } from './contract.ts';
import {
  countRenditionWords,
  deleteOlderRenditions,
  listCurrentAssetIds,
  type RenditionRow,
  readWholeText,
  updateRendition,
} from './write-queries.ts';

/** How a rendition ended, with what is known of the whole. */
export interface Outcome {
  state: Extract<RenditionState, 'done' | 'failed' | 'unsupported'>;
  reason: string | null;
  durationMs?: number | null;
  html?: string | null;
  pageCount?: number;
  /** Whether it has no pages only because nothing here makes any of Office files. */
  lacksConverter?: boolean;
}

/** Language and likeness are told by less than a long book. */
const digestedLength = 1_000_000;

/** Writes how it ended. What an older method made goes only when this one is done. */
export async function finishRendition(
  ctx: Context,
  rendition: RenditionRow,
  outcome: Outcome,
): Promise<void> {
  const { state, reason, ...facts } = outcome;
  const digested = state === 'failed' ? {} : await digestText(ctx, rendition);
  await ctx.db.transaction().execute(async (trx) => {
    await updateRendition(trx, rendition.id, {
      ...facts,
      ...digested,
      state,
      reason,
      deathCount: rendition.deathCount,
      workerKey: null,
      finishedAt: ctx.clock(),
      wordCount: await countRenditionWords(trx, rendition.id),
    });
    if (state === 'done') await deleteOlderRenditions(trx, rendition);
    await requestIndex(trx, rendition.sourceKey);
  });
  ctx.log.info({ event: 'rendition_finished', renditionId: rendition.id, state, reason });
}

/** Language and signature are a help: a text that breaks the child which works them out is shown without. */
async function digestText(ctx: Context, { id }: RenditionRow) {
  const text = await readWholeText(ctx.db, id, digestedLength);
  if (text.trim() === '') return {};
  try {
    const { language, signature } = await ctx.sandbox.run('digest', null, { text });
    return { language, signature, bands: signature && bandsOf(signature) };
  } catch (err) {
    ctx.log.warn({ event: 'digest_failed', renditionId: id, err });
    return {};
  }
}

/** Tells the versions and the index of a rendition that is there already. */
export async function settleSource(
  ctx: Context,
  { sourceKey, pageCount, state }: RenditionRow,
): Promise<void> {
  await ctx.db.transaction().execute(async (trx) => {
    if (state === 'done') await setPageCount(trx, sourceKey, pageCount);
    await requestIndex(trx, sourceKey);
  });
}

/** Has the assets that show this content indexed again, with what is known of its text by now. */
export async function requestIndex(trx: Database, sourceKey: string): Promise<void> {
  for (const assetId of await listCurrentAssetIds(trx, sourceKey))
    await enqueueOnce(trx, 'index-asset', { assetId });
}
