import type { Context } from '../context.ts';
import { enqueue } from '../jobs/catalog.ts';
import { listDocuments, listPublishedAssetIds } from './document-queries.ts';
import { EngineFailure, type SearchDocument } from './engine.ts';
import { noteFailure, openMeilisearch, probe, queueMeilisearch } from './meilisearch-health.ts';
import { postgresEngine } from './postgres.ts';
import {
  countPublished,
  findLastRebuild,
  finishRebuild,
  forgetWritten,
  giveUpRebuilds,
  insertRebuild,
  listWrittenAssetIds,
  putBackWritten,
  readIndexCounts,
  startRebuild,
  updateRebuildProgress,
} from './queries.ts';

const batch = 100;
/** A rebuild is heard of with every batch. */
const silentMs = 5 * 60_000;
const cutOff = 'It was cut off.';
const stopped = 'The worker was stopped. The rebuild begins again when it starts.';

/** Queues a rebuild of all indexes, unless one waits or goes on already. */
export async function queueRebuild(ctx: Context): Promise<void> {
  await queue(ctx, { isFirstFill: false });
}

/** After an update that made the index anew, when Meilisearch was just set up, or when a rebuild was cut off. */
export async function checkIndexes(ctx: Context): Promise<void> {
  const { publishedCount, indexedCount, waitingCount } = await readIndexCounts(ctx.db);
  await giveUp(ctx.db, ctx.clock());
  const last = await findLastRebuild(ctx.db);
  const isCutOff = last?.state === 'failed' && (last.reason === cutOff || last.reason === stopped);
  if (isCutOff) await queue(ctx, { isFirstFill: last.isFirstFill });
  else if (publishedCount > 0 && indexedCount + waitingCount === 0) await queueRebuild(ctx);
  if (ctx.config.meilisearch) await queueMeilisearch(ctx.db);
}

/** For an engine that was just set up, or lost what it had. */
export async function fillMeilisearch(ctx: Context): Promise<void> {
  await queue(ctx, { isFirstFill: true });
}

async function queue({ db, clock }: Context, { isFirstFill }: { isFirstFill: boolean }): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const number = await openRebuild(trx, clock(), isFirstFill);
    if (number !== undefined) await enqueue(trx, 'rebuild-search-index', { number }, { maxTries: 1 });
  });
}

async function openRebuild(db: Context['db'], at: Date, isFirstFill: boolean): Promise<number | undefined> {
  await giveUp(db, at);
  return insertRebuild(db, { isFirstFill, at });
}

async function giveUp(db: Context['db'], at: Date): Promise<void> {
  await giveUpRebuilds(db, { silentSince: new Date(at.getTime() - silentMs), reason: cutOff, at });
}

/** Rebuilds all indexes here and now, for a command. Undefined when another rebuild goes on. */
export async function rebuildNow(ctx: Context): Promise<number | undefined> {
  const number = await openRebuild(ctx.db, ctx.clock(), false);
  if (number === undefined) return undefined;
  await runRebuild(ctx, number, new AbortController().signal);
  return countPublished(ctx.db);
}

/** Builds the indexes anew from the database. Searches and changes go on; neither is lost nor sees half an index. */
export async function runRebuild(ctx: Context, number: number, stopping: AbortSignal): Promise<void> {
  const { db, clock, log } = ctx;
  const meilisearch = openMeilisearch(ctx);
  const publishedCount = await countPublished(db);
  const engineCount = meilisearch ? 2 : 1;
  const rebuild = await startRebuild(db, { number, totalCount: publishedCount * engineCount, at: clock() });
  if (!rebuild) return;
  let doneCount = 0;
  const onBatch = async (count: number) => {
    if (stopping.aborted) throw new Error(stopped);
    doneCount += count;
    await updateRebuildProgress(db, { number, doneCount, at: clock() });
  };
  try {
    if (rebuild.isFirstFill) await onBatch(publishedCount);
    else await postgresEngine(db).rebuild(readAll(ctx, onBatch));
    if (meilisearch) await rebuildMeilisearch(ctx, onBatch);
    await finishRebuild(db, { number, reason: null, at: clock() });
    log.info({ event: 'search_index_rebuilt', assetCount: publishedCount });
  } catch (error) {
    if (meilisearch && error instanceof EngineFailure) noteFailure(ctx, meilisearch, error);
    const reason = error instanceof Error ? error.message : String(error);
    await finishRebuild(db, { number, reason, at: clock() });
    throw error;
  }
}

type OnBatch = (count: number) => Promise<void>;

/**
 * Changes that come in meanwhile go to the index that answers, and are remembered. They are written into the new one
 * before it takes over, and those of the last moments right after that.
 */
async function rebuildMeilisearch(ctx: Context, onBatch: OnBatch): Promise<void> {
  const meilisearch = openMeilisearch(ctx);
  if (!meilisearch) return;
  await forgetWritten(ctx.db);
  async function* readAllAndChanges() {
    yield* readAll(ctx, onBatch);
    const changed = await listWrittenAssetIds(ctx.db);
    for (let from = 0; from < changed.length; from += batch)
      yield await readDocuments(ctx, changed.slice(from, from + batch));
  }
  await meilisearch.engine.rebuild(readAllAndChanges());
  await ctx.db.transaction().execute(async (trx) => {
    await putBackWritten(trx, ctx.clock());
    await queueMeilisearch(trx);
  });
  await probe(ctx, meilisearch);
}

async function* readAll(ctx: Context, onBatch: OnBatch): AsyncGenerator<SearchDocument[]> {
  let assetIds = await listPublishedAssetIds(ctx.db, '', batch);
  while (assetIds.length > 0) {
    yield await readDocuments(ctx, assetIds);
    await onBatch(assetIds.length);
    assetIds = await listPublishedAssetIds(ctx.db, assetIds.at(-1) ?? '', batch);
  }
}

/**
 * Every change enqueues its own indexing, which begins after it. So whoever read later knows at least as much,
 * and two writers that overtake each other leave the right document behind.
 */
export async function readDocuments({ db, clock }: Context, assetIds: string[]): Promise<SearchDocument[]> {
  const readAt = clock();
  return (await listDocuments(db, assetIds)).map((document) => ({ ...document, readAt }));
}
