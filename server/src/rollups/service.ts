import type { Context } from '../context.ts';
import type { Database } from '../db/database.ts';
import { readSettings } from '../settings/service.ts';
import {
  countMarks,
  expandMarks,
  findRollupState,
  lockCounting,
  type Marked,
  takeMarks,
  tryToLockCounting,
  updateRollupState,
} from './mark-queries.ts';
import { type AssetMonth, countMonths, deleteLostAssets } from './month-queries.ts';
import { countMoves, listReadDaysOfAccounts } from './move-queries.ts';
import {
  type AssetDay,
  countReadings,
  deleteReadingsOfLinks,
  followLostReadings,
} from './reading-queries.ts';
import { rebuildInside } from './rebuild.ts';

type CountingContext = Pick<Context, 'db' | 'clock'>;

/** A transaction counts so much and no more, so that it ends within seconds. */
const marksOfChunk = 10_000;

export interface Freshness {
  /** Everything that was committed before is counted. */
  countedAt: Date;
  /** How many marks wait; several may be about the same. */
  waitingCount: number;
}

export async function readFreshness(db: Database): Promise<Freshness> {
  const [{ countedAt }, waitingCount] = await Promise.all([findRollupState(db), countMarks(db)]);
  return { countedAt, waitingCount };
}

/** Counts everything that waits, and waits for whoever counts at this moment. */
export async function countNow(ctx: CountingContext): Promise<void> {
  await countWaiting(ctx, async (trx) => {
    await lockCounting(trx);
    return true;
  });
}

/** Counts everything that waits, unless somebody else counts at this moment. */
export async function countUnlessBusy(ctx: CountingContext, stopping: AbortSignal): Promise<void> {
  await countWaiting(ctx, tryToLockCounting, stopping);
}

async function countWaiting(
  { db, clock }: CountingContext,
  lock: (trx: Database) => Promise<boolean>,
  stopping?: AbortSignal,
): Promise<void> {
  for (let isMoreLeft = true; isMoreLeft && !stopping?.aborted; )
    isMoreLeft = await db.transaction().execute(async (trx) => {
      if (!(await lock(trx))) return false;
      return countChunk(trx, clock());
    });
}

/** Takes marks and counts what they name, in the caller's transaction; whether more may wait. */
async function countChunk(trx: Database, now: Date): Promise<boolean> {
  const [state, { timeZone }] = await Promise.all([findRollupState(trx), readSettings(trx)]);
  if (state.timeZone !== timeZone) {
    await rebuildInside(trx, timeZone, now);
    return false;
  }
  const { takenCount, marked } = await takeMarks(trx, marksOfChunk, timeZone);
  const hasExpanded = takenCount > 0 && (await countMarked(trx, marked, timeZone));
  const isMoreLeft = takenCount === marksOfChunk || hasExpanded;
  // Everything that was there when the chunk began is counted, if the chunk took it all.
  if (!isMoreLeft) await updateRollupState(trx, { countedAt: now });
  return isMoreLeft;
}

async function countMarked(trx: Database, marked: Marked[], timeZone: string): Promise<boolean> {
  const keysOf = (kind: string) => marked.filter((mark) => mark.kind === kind).map(({ key }) => key);
  const hasExpanded = await expandMarks(trx, marked);
  const visits = { ids: keysOf('visit') };
  const days: AssetDay[] = [
    ...(await deleteReadingsOfLinks(trx, keysOf('lost_link'))),
    ...(visits.ids.length > 0 ? await countReadings(trx, visits, timeZone) : []),
    ...(visits.ids.length > 0 ? await followLostReadings(trx, visits, timeZone) : []),
  ];
  const months = marked.flatMap(({ kind, key, month }): AssetMonth[] =>
    kind === 'asset' && month !== null ? [{ assetId: key, month }] : [],
  );
  await countMonths(trx, [...months, ...monthsOfDays(days)], timeZone);
  await countMoves(trx, [...days, ...(await listReadDaysOfAccounts(trx, keysOf('deal')))]);
  await deleteLostAssets(trx, keysOf('lost_asset'));
  return hasExpanded;
}

function monthsOfDays(days: AssetDay[]): AssetMonth[] {
  const keys = new Set(days.map(({ assetId, day }) => `${assetId} ${day.slice(0, 7)}-01`));
  return [...keys].map((key) => {
    const [assetId = '', month = ''] = key.split(' ');
    return { assetId, month };
  });
}

/** The months of a window of whole days, each with a bit for each of its days that lie in it (bit 0: the 1st). */
export function monthsOf({ firstDay, lastDay }: { firstDay: string; lastDay: string }): {
  month: string;
  mask: number;
}[] {
  const months: { month: string; mask: number }[] = [];
  for (let month = `${firstDay.slice(0, 7)}-01`; month <= lastDay; ) {
    const next = new Date(`${month}T00:00:00Z`);
    next.setUTCMonth(next.getUTCMonth() + 1);
    const following = next.toISOString().slice(0, 10);
    const from = month.slice(0, 7) === firstDay.slice(0, 7) ? Number(firstDay.slice(8)) : 1;
    const to = lastDay < following ? Number(lastDay.slice(8)) : 31;
    months.push({ month, mask: 2 ** to - 2 ** (from - 1) });
    month = following;
  }
  return months;
}
