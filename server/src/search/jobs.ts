import type { Context } from '../context.ts';
import { keptSince, noteSweep, readSettings } from '../settings/service.ts';
import { refreshEvidence } from './hit-queries.ts';
import { deleteSearchesBefore } from './person-queries.ts';

const evidenceWindowMs = 90 * 86_400_000;

export const searchJobs = {
  'refresh-search-evidence': async ({ db, clock, log }: Context) => {
    const now = clock();
    const assetCount = await refreshEvidence(db, new Date(now.getTime() - evidenceWindowMs), now);
    log.info({ event: 'search_evidence_refreshed', assetCount });
  },
  'sweep-searches': async (ctx: Context) => {
    const { searchesKeptDays } = await readSettings(ctx.db);
    const deletedCount = await deleteSearchesBefore(ctx.db, keptSince(ctx.clock(), searchesKeptDays));
    await noteSweep(ctx, 'searches', deletedCount);
    ctx.log.info({ event: 'searches_swept', deletedCount });
  },
};
