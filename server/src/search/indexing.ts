import type { Context } from '../context.ts';
import type { SearchDocument } from './engine.ts';
import { postgresEngine } from './postgres.ts';
import { listDocuments, listPublishedAssetIds } from './queries.ts';

const rebuildBatch = 100;

/** Brings the index up to date with one asset: a published one is taken in, any other taken out. */
export async function indexAsset(ctx: Context, assetId: string): Promise<void> {
  const engine = postgresEngine(ctx.db);
  const documents = await readDocuments(ctx, [assetId]);
  if (documents.length > 0) await engine.index(documents);
  else await engine.remove([assetId]);
}

/** Builds the whole index anew from the database and answers how many assets it holds. */
export async function reindexAll(ctx: Context): Promise<number> {
  let count = 0;
  async function* readBatches() {
    let assetIds = await listPublishedAssetIds(ctx.db, '', rebuildBatch);
    while (assetIds.length > 0) {
      count += assetIds.length;
      yield await readDocuments(ctx, assetIds);
      assetIds = await listPublishedAssetIds(ctx.db, assetIds.at(-1) ?? '', rebuildBatch);
    }
  }
  await postgresEngine(ctx.db).rebuild(readBatches());
  ctx.log.info({ event: 'search_index_rebuilt', assetCount: count });
  return count;
}

/**
 * Every change enqueues its own indexing, which begins after it. So whoever read later knows at least as much,
 * and two writers that overtake each other leave the right document behind.
 */
async function readDocuments({ db, clock }: Context, assetIds: string[]): Promise<SearchDocument[]> {
  const readAt = clock();
  return (await listDocuments(db, assetIds)).map((document) => ({ ...document, readAt }));
}
