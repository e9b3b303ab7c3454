import type { Context } from '../context.ts';
import type { Database } from '../db/database.ts';
import { countChunk } from './chunk.ts';
import { countMarks, findRollupState, lockCounting, tryToLockCounting } from './mark-queries.ts';

type CountingContext = Pick<Context, 'db' | 'clock'>;

export interface Freshness {
  /** Everything that was committed before is counted. */
  countedAt: Date;
  /** How many marks wait; several may be about the same. */
  waitingCount: number;
  /** By whose days everything is counted; null: nothing is yet. */
  timeZone: string | null;
}

export async function readFreshness(db: Database): Promise<Freshness> {
  const [state, waitingCount] = await Promise.all([findRollupState(db), countMarks(db)]);
  return { ...state, waitingCount };
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
