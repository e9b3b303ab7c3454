import type { Context } from '../context.ts';
import { judgeVisits } from './judging.ts';
import { deleteLinkHitsBefore } from './queries.ts';
import { listVisitsToJudge } from './visit-queries.ts';

const dayMs = 86_400_000;
const hitsKeptMs = 90 * dayMs;
const judgedAtOnce = 500;

export const trackingJobs = { 'sweep-tracking': sweepTracking };

/** Forgets raw requests after 90 days, and judges the visits that nobody could judge when they went on. */
async function sweepTracking({ db, clock, log }: Context): Promise<void> {
  const now = clock();
  const deletedCount = await deleteLinkHitsBefore(db, new Date(now.getTime() - hitsKeptMs));
  const visitIds = await listVisitsToJudge(db, new Date(now.getTime() - 2 * dayMs), judgedAtOnce);
  await judgeVisits(db, now, visitIds);
  log.info({ event: 'tracking_swept', deletedCount, judgedCount: visitIds.length });
}
