import type { Context } from '../context.ts';
import {
  dropMonth,
  isMonthCounted,
  listMonthsAmongOthers,
  listMonthsOver,
  type MonthlyTable,
  openMonth,
} from './month-queries.ts';

const tables: MonthlyTable[] = ['page_view', 'link_hit'];
const monthsAhead = 2;

/** Rows of a month without a table of its own stand among the others until this has run. */
export async function openMonths({ db, clock, log }: Context): Promise<void> {
  const now = clock();
  for (const table of tables) {
    const ahead = Array.from({ length: monthsAhead + 1 }, (_, later) =>
      new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + later, 1)).toISOString().slice(0, 10),
    );
    const months = new Set([...ahead, ...(await listMonthsAmongOthers(db, table))]);
    for (const month of months) await openMonth(db, table, month);
  }
  log.info({ event: 'months_opened' });
}

/** Months of raw requests that are too old as a whole; how many requests went. */
export async function dropHitMonths({ db, log }: Context, before: Date): Promise<number> {
  let count = 0;
  for (const month of await listMonthsOver(db, 'link_hit', before)) {
    count += await dropMonth(db, 'link_hit', month);
    log.info({ event: 'month_dropped', table: 'link_hit', month });
  }
  return count;
}

/** Pages of months of which every visit is too old and counted; the visits themselves go one by one afterwards. */
export async function dropCountedMonths({ db, log }: Context, before: Date): Promise<void> {
  for (const month of await listMonthsOver(db, 'page_view', before)) {
    if (!(await isMonthCounted(db, month, before))) continue;
    await dropMonth(db, 'page_view', month);
    log.info({ event: 'month_dropped', table: 'page_view', month });
  }
}
