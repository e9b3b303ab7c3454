import type { Context } from '../context.ts';
import type { Database } from '../db/database.ts';
import { readSettings } from '../settings/service.ts';
import { allowMemory, deleteMarks, lockCounting, updateRollupState } from './mark-queries.ts';
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
  await allowMemory(trx);
  await deleteMarks(trx);
  await deleteReadingsOfLinks(trx, 'all');
  for (const visits of await listVisitMonths(trx)) await countReadings(trx, visits, timeZone);
  await followLostReadings(trx, { startedFrom: '-infinity', startedBefore: 'infinity' }, timeZone);
  await countMonths(trx, 'all', timeZone);
  await countMoves(trx, 'all');
  await deleteLostAssets(trx, 'all');
  await updateRollupState(trx, { countedAt: now, timeZone });
}

/** The same for whoever asks for it, as soon as nobody else counts. */
export async function rebuildNow({ db, clock }: Pick<Context, 'db' | 'clock'>): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await lockCounting(trx);
    await rebuildInside(trx, (await readSettings(trx)).timeZone, clock());
  });
}
