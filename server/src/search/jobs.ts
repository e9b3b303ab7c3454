import type { Context } from '../context.ts';
import { refreshEvidence } from './hit-queries.ts';
import { indexAsset, indexMeilisearch } from './indexing.ts';
import { checkIndexes, runRebuild } from './rebuild.ts';

const evidenceWindowMs = 90 * 86_400_000;

export const searchJobs = {
  'index-asset': (ctx: Context, { assetId }: { assetId: string }) => indexAsset(ctx, assetId),
  'index-meilisearch': (ctx: Context, _payload: object, stopping: AbortSignal) =>
    indexMeilisearch(ctx, stopping),
  'rebuild-search-index': (ctx: Context, { number }: { number: number }, stopping: AbortSignal) =>
    runRebuild(ctx, number, stopping),
  'check-search-index': checkIndexes,
  'refresh-search-evidence': async ({ db, clock, log }: Context) => {
    const now = clock();
    const assetCount = await refreshEvidence(db, new Date(now.getTime() - evidenceWindowMs), now);
    log.info({ event: 'search_evidence_refreshed', assetCount });
  },
};
