import type { Context } from '../context.ts';
import { refreshEvidence } from './hit-queries.ts';
import { indexAsset } from './indexing.ts';

const evidenceWindowMs = 90 * 86_400_000;

export const searchJobs = {
  'index-asset': (ctx: Context, { assetId }: { assetId: string }) => indexAsset(ctx, assetId),
  'refresh-search-evidence': async ({ db, clock, log }: Context) => {
    const now = clock();
    const assetCount = await refreshEvidence(db, new Date(now.getTime() - evidenceWindowMs), now);
    log.info({ event: 'search_evidence_refreshed', assetCount });
  },
};
