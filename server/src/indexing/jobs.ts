import type { Context } from '../context.ts';
import { indexAsset, indexMeilisearch } from './changes.ts';
import { checkIndexes, runRebuild } from './rebuild.ts';

export const indexingJobs = {
  'index-asset': (ctx: Context, { assetId }: { assetId: string }) => indexAsset(ctx, assetId),
  'index-meilisearch': (ctx: Context, _payload: object, stopping: AbortSignal) =>
    indexMeilisearch(ctx, stopping),
  'rebuild-search-index': (ctx: Context, { number }: { number: number }, stopping: AbortSignal) =>
    runRebuild(ctx, number, stopping),
  'check-search-index': checkIndexes,
};
