import { sql } from 'kysely';
import type { Database } from '../db/database.ts';
import type { BriefSubscription } from './contract.ts';

export function findSubscription(db: Database, userId: string): Promise<BriefSubscription | undefined> {
  return db
    .selectFrom('briefSubscription')
    .select(['weekday', 'hour', 'locale', 'query'])
    .where('userId', '=', userId)
    .executeTakeFirst();
}

export async function putSubscription(
  db: Database,
  row: BriefSubscription & { userId: string; subscribedAt: Date },
): Promise<void> {
  const { userId: _, ...changes } = row;
  await db
    .insertInto('briefSubscription')
    .values(row)
    .onConflict((conflict) => conflict.column('userId').doUpdateSet(changes))
    .execute();
}

export async function deleteSubscription(db: Database, userId: string): Promise<void> {
  await db.deleteFrom('briefSubscription').where('userId', '=', userId).execute();
}

export function findUserAddress(db: Database, userId: string) {
  return db
    .selectFrom('user')
    .select(['email', 'name', 'role', 'deactivatedAt'])
    .where('id', '=', userId)
    .executeTakeFirst();
}

interface DueBrief {
  userId: string;
  /** The Monday of its week. */
  weekOn: string;
}

/** Whose brief of this week is due and was not begun? A subscription that came later waits for the next week. */
export async function listDueBriefs(db: Database, now: Date, timeZone: string): Promise<DueBrief[]> {
  const { rows } = await sql<DueBrief>`
    select s.user_id, this.week_on::text as week_on
    from (select date_trunc('week', ${now}::timestamptz at time zone ${timeZone})::date as week_on) this
    cross join brief_subscription s
    cross join lateral (
      select (this.week_on + (s.weekday - 1) + make_interval(hours => s.hour)) at time zone ${timeZone} as due_at
    ) due
    join "user" u on u.id = s.user_id and u.deactivated_at is null and u.role <> 'rep'
    where due.due_at <= ${now} and due.due_at > s.subscribed_at
      and not exists (select from brief_sending b where b.user_id = s.user_id and b.week_on = this.week_on)
    order by s.user_id limit 500`.execute(db);
  return rows;
}

/** True for the one who may send it. */
export async function claimSending(db: Database, due: DueBrief, claimedAt: Date): Promise<boolean> {
  const row = await db
    .insertInto('briefSending')
    .values({ ...due, claimedAt })
    .onConflict((conflict) => conflict.doNothing())
    .returning('userId')
    .executeTakeFirst();
  return row !== undefined;
}

/** The mail did not leave, so that it may be tried again. */
export async function releaseSending(db: Database, { userId, weekOn }: DueBrief): Promise<void> {
  await sql`delete from brief_sending where user_id = ${userId} and week_on = ${weekOn} and sent_at is null`.execute(
    db,
  );
}

export async function markSent(db: Database, { userId, weekOn }: DueBrief, sentAt: Date): Promise<void> {
  await sql`update brief_sending set sent_at = ${sentAt} where user_id = ${userId} and week_on = ${weekOn}`.execute(
    db,
  );
}
