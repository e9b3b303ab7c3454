import type { Context } from '../context.ts';
import { refreshEvidence } from './hit-queries.ts';

const evidenceWindowMs = 90 * 86_400_000;

export const searchJobs = {
  'refresh-search-evidence': async ({ db, clock, log }: Context) => {
    const now = clock();
    const assetCount = await refreshEvidence(db, new Date(now.getTime() - evidenceWindowMs), now);
    log.info({ event: 'search_evidence_refreshed', assetCount });
  },
};
