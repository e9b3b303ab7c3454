import type { Context } from '../context.ts';
import { judgeMissedVisits } from '../judging/service.ts';
import { keptSince, noteSweep, readSettings } from '../settings/service.ts';
import { dropCountedMonths, dropHitMonths, openMonths } from './months.ts';
import { deleteLinkHitsBefore, deleteVisitorsBefore, deleteVisitsBefore } from './queries.ts';
import { deleteSaltsBefore } from './visitor-queries.ts';

const dayMs = 86_400_000;
const deletedAtOnce = 1_000;

export const trackingJobs = { 'sweep-tracking': sweepTracking, 'open-months': openMonths };

/**
 * Forgets raw requests and visits that are older than was decided and the salts of the days before yesterday, and judges
 * the visits that nobody could judge when they went on. Whole months of raw rows go at once. What was counted of a visit
 * for reports stays without it: what was read through which share link.
 */
async function sweepTracking(ctx: Context): Promise<void> {
  const { db, clock, log } = ctx;
  const now = clock();
  const { hitsKeptDays, visitsKeptDays } = await readSettings(db);
  const hitsBefore = keptSince(now, hitsKeptDays);
  const hits = (await dropHitMonths(ctx, hitsBefore)) + (await deleteLinkHitsBefore(db, hitsBefore));
  await noteSweep(ctx, 'hits', hits);
  const before = keptSince(now, visitsKeptDays);
  await dropCountedMonths(ctx, before);
  let visits = 0;
  for (let count = deletedAtOnce; count === deletedAtOnce; visits += count)
    count = await deleteVisitsBefore(db, before, deletedAtOnce);
  await deleteVisitorsBefore(db, before);
  await noteSweep(ctx, 'visits', visits);
  const salts = await deleteSaltsBefore(db, new Date(now.getTime() - dayMs).toISOString().slice(0, 10));
  await noteSweep(ctx, 'salts', salts);
  const judgedCount = await judgeMissedVisits(db, now, new Date(now.getTime() - 2 * dayMs));
  log.info({ event: 'tracking_swept', deletedCount: hits + visits, judgedCount });
}
