import { sql } from 'kysely';
import type { Database } from '../db/database.ts';

/** The tables of raw rows that are parted by month. */
export type MonthlyTable = 'page_view' | 'link_hit';

/** Whoever writes waits no longer than this for the table of a month to be made or dropped. */
const limitLockTime = sql`set local lock_timeout = '5s'`;

/** Months, as their first days, of which rows stand among the others. */
export async function listMonthsAmongOthers(db: Database, table: MonthlyTable): Promise<string[]> {
  const { rows } = await sql<{ month: string }>`
    select month::text as month from months_among_others(${table}) month order by month`.execute(db);
  return rows.map(({ month }) => month);
}

/** Nothing happens where the month has a table already. */
export async function openMonth(db: Database, table: MonthlyTable, month: string): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await limitLockTime.execute(trx);
    await sql`select open_month(${table}, ${month}::date)`.execute(trx);
  });
}

/** The months with a table of their own that ended before then. */
export async function listMonthsOver(db: Database, table: MonthlyTable, before: Date): Promise<string[]> {
  const { rows } = await sql<{ month: string }>`
    select month::text as month from open_month_table
    where table_name = ${table} and (month + interval '1 month') at time zone 'UTC' <= ${before}::timestamptz
    order by month`.execute(db);
  return rows.map(({ month }) => month);
}

/** Whether every visit that began in this month ended before then and is counted. */
export async function isMonthCounted(db: Database, month: string, before: Date): Promise<boolean> {
  const { rows } = await sql<{ isCounted: boolean }>`
    select exists (select from rollup_state where time_zone is not null)
      and not exists (select from rollup_mark where kind = 'source')
      and not exists (
        select from visit
        where started_at >= ${month}::date::timestamp at time zone 'UTC'
          and started_at < (${month}::date + interval '1 month') at time zone 'UTC'
          and (last_active_at >= ${before}
            or id in (select key from rollup_mark where kind = 'visit'))
      ) as is_counted`.execute(db);
  return rows[0]?.isCounted === true;
}

/** How many rows went with it. */
export async function dropMonth(db: Database, table: MonthlyTable, month: string): Promise<number> {
  return db.transaction().execute(async (trx) => {
    await limitLockTime.execute(trx);
    const { rows } = await sql<{ count: number }>`
      select drop_month(${table}, ${month}::date) as count`.execute(trx);
    return rows[0]?.count ?? 0;
  });
}
