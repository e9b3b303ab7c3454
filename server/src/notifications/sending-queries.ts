import { sql } from 'kysely';
import type { Database } from '../db/database.ts';
import type { Kind } from './contract.ts';

export type Channel = 'email' | 'slack';

export async function findLastSent(db: Database, threadId: string, channel: Channel): Promise<Date | null> {
  const row = await db
    .selectFrom('notificationSending')
    .select('sentAt')
    .where('threadId', '=', threadId)
    .where('channel', '=', channel)
    .executeTakeFirst();
  return row?.sentAt ?? null;
}

/** What waits already is not put off. */
export async function upsertSending(
  db: Database,
  row: { threadId: string; channel: Channel; dueAt: Date },
): Promise<void> {
  await sql`
    insert into notification_sending (thread_id, channel, due_at)
    values (${row.threadId}, ${row.channel}, ${row.dueAt})
    on conflict (thread_id, channel) do update
      set due_at = least(notification_sending.due_at, excluded.due_at)`.execute(db);
}

/** What was about to leave stays here. */
export async function dropSendings(db: Database, threadIds: string[]): Promise<void> {
  if (threadIds.length === 0) return;
  await db
    .updateTable('notificationSending')
    .set({ dueAt: null })
    .where('threadId', 'in', threadIds)
    .execute();
}

interface Waiting {
  threadId: string;
  kind: Kind;
  dueAt: Date;
}

export async function listWaiting(db: Database, userId: string, channel: Channel): Promise<Waiting[]> {
  const { rows } = await sql<Waiting>`
    select s.thread_id, case when t.question_id is null then 'reading' else 'question' end as kind, s.due_at from notification_sending s
    join notification_thread t on t.id = s.thread_id
    where t.user_id = ${userId} and s.channel = ${channel} and s.due_at is not null
    order by s.due_at`.execute(db);
  return rows;
}

export async function setDue(
  db: Database,
  threadIds: string[],
  channel: Channel,
  dueAt: Date | null,
): Promise<void> {
  if (threadIds.length === 0) return;
  await db
    .updateTable('notificationSending')
    .set({ dueAt })
    .where('threadId', 'in', threadIds)
    .where('channel', '=', channel)
    .execute();
}

/** What was told again while it was on its way stays due. */
export async function markSent(
  db: Database,
  threads: { id: string; toldAt: Date }[],
  channel: Channel,
  sentAt: Date,
): Promise<void> {
  for (const { id, toldAt } of threads)
    await sql`
      update notification_sending s set sent_at = ${sentAt},
        due_at = case when t.told_at > ${toldAt} then s.due_at end
      from notification_thread t
      where t.id = s.thread_id and s.thread_id = ${id} and s.channel = ${channel}`.execute(db);
}

/** Who has something that is due, by channel. */
export async function listDue(db: Database, before: Date): Promise<{ userId: string; channel: Channel }[]> {
  const { rows } = await sql<{ userId: string; channel: Channel }>`
    select distinct t.user_id, s.channel from notification_sending s
    join notification_thread t on t.id = s.thread_id
    where s.due_at <= ${before}`.execute(db);
  return rows;
}

/** What could not be sent for so long is no news any more. */
export async function dropOverdue(db: Database, before: Date): Promise<number> {
  const { numUpdatedRows } = await db
    .updateTable('notificationSending')
    .set({ dueAt: null })
    .where('dueAt', '<', before)
    .executeTakeFirst();
  return Number(numUpdatedRows);
}
