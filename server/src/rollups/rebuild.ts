import type { Database } from '../db/database.ts';
import { deleteMarks, updateRollupState } from './mark-queries.ts';
import { countMonths, deleteLostAssets } from './month-queries.ts';
import { countMoves } from './move-queries.ts';
import {
  countReadings,
  deleteReadingsOfLinks,
  followLostReadings,
  listVisitMonths,
} from './reading-queries.ts';

/**
 * Counts everything anew, in one transaction, so that reports show either what was counted before or all of this. Only
 * what differs is written. Marks that come meanwhile are counted afterwards.
 */
export async function rebuildInside(trx: Database, timeZone: string, now: Date): Promise<void> {
  await deleteMarks(trx);
  await deleteReadingsOfLinks(trx, 'all');
  for (const visits of await listVisitMonths(trx)) {
    await countReadings(trx, visits, timeZone);
    await followLostReadings(trx, visits, timeZone);
  }
  await countMonths(trx, 'all', timeZone);
  await countMoves(trx, 'all');
  await deleteLostAssets(trx, 'all');
  await updateRollupState(trx, { countedAt: now, timeZone });
}
