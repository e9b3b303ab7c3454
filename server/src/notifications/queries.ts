import { type Insertable, type RawBuilder, sql } from 'kysely';
import type { Database } from '../db/database.ts';
import type { DB } from '../db/types.ts';
import type { RecipientRow } from '../shares/service.ts';
import type { SeenPage } from '../tracking/reading.ts';

/** Where a visit belongs to. */
export async function findVisit(db: Database, visitId: string) {
  return db
    .selectFrom('visit')
    .innerJoin('shareLink', 'shareLink.id', 'visit.shareLinkId')
    .where('visit.id', '=', visitId)
    .where('shareLink.undoneAt', 'is', null)
    .select(['visit.shareLinkId', 'visit.visitorId', 'shareLink.createdByUserId'])
    .executeTakeFirst();
}

export interface VisitRow {
  id: string;
  startedAt: Date;
  lastActiveAt: Date;
  class: string;
  userAgent: string;
  hasDownloaded: boolean;
  pages: SeenPage[];
}

/** The visits of a visitor to a share link that are judged to be a person's, oldest first. */
export async function listVisitsOfPerson(
  db: Database,
  shareLinkId: string,
  visitorId: string,
): Promise<VisitRow[]> {
  const { rows } = await sql<VisitRow>`
    select v.id, v.started_at, v.last_active_at, j.class, v.user_agent,
      exists (select from visit_version where visit_id = v.id and downloaded_at is not null) as has_downloaded,
      coalesce((
        select jsonb_agg(jsonb_build_object(
          'assetVersionId', asset_version_id, 'pageNumber', page_number, 'activeMs', active_ms,
          'wordCount', word_count
        ))
        from pages_of_visit(v.id)
      ), '[]') as pages
    from visit v
    join current_judgement j on j.visit_id = v.id
    where v.share_link_id = ${shareLinkId} and v.visitor_id = ${visitorId} and v.erased_at is null
      and j.is_human
    order by v.started_at, v.id`.execute(db);
  return rows;
}

// ── threads ─────────────────────────────────────────────────────────────────────────────────────────────

/** Two jobs about visits of the same visitor go one after the other. */
export async function lockThread(db: Database, shareLinkId: string, visitorId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`notification ${shareLinkId} ${visitorId}`}, 0))`.execute(
    db,
  );
}

export function findThread(
  db: Database,
  { userId, shareLinkId, visitorId }: { userId: string; shareLinkId: string; visitorId: string },
) {
  return db
    .selectFrom('notificationThread')
    .selectAll()
    .where('userId', '=', userId)
    .where('shareLinkId', '=', shareLinkId)
    .where('visitorId', '=', visitorId)
    .executeTakeFirst();
}

export async function findQuestion(db: Database, questionId: string) {
  return db
    .selectFrom('roomQuestion as q')
    .innerJoin('shareLink as l', 'l.id', 'q.shareLinkId')
    .where('q.id', '=', questionId)
    .where('l.undoneAt', 'is', null)
    .select((eb) => [
      'q.shareLinkId',
      'q.askedAt',
      'l.createdByUserId as userId',
      eb('q.hiddenAt', 'is not', null).$castTo<boolean>().as('isHidden'),
      eb('q.answer', 'is not', null).$castTo<boolean>().as('isAnswered'),
    ])
    .executeTakeFirst();
}

export function findThreadOfQuestion(db: Database, questionId: string) {
  return db
    .selectFrom('notificationThread')
    .select(['id', 'readAt', 'withdrawnAt'])
    .where('questionId', '=', questionId)
    .forUpdate()
    .executeTakeFirst();
}

/**
 * What was told until then of a share link, of the sender's other ones to the same recipient as well unless that is a
 * channel, or of one visitor to it alone; questions stay open until they are answered.
 */
export async function settleThreads(
  db: Database,
  { shareLinkId, visitorId, at }: { shareLinkId: string; visitorId: string | null; at: Date },
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    update notification_thread t set read_at = coalesce(t.read_at, ${at})
    from share_link l
    join recipient r on r.id = l.recipient_id
    join share_link other on other.id = l.id or (
      r.kind <> 'channel' and other.recipient_id = l.recipient_id
        and other.created_by_user_id = l.created_by_user_id
    )
    where l.id = ${shareLinkId} and t.share_link_id = other.id and t.question_id is null and t.told_at <= ${at}
      and (${visitorId}::text is null or t.visitor_id = ${visitorId})
    returning t.id`.execute(db);
  return rows.map(({ id }) => id);
}

export async function insertThread(db: Database, row: Insertable<DB['notificationThread']>): Promise<void> {
  await db.insertInto('notificationThread').values(row).execute();
}

export async function updateThread(
  db: Database,
  id: string,
  changes: Partial<Insertable<DB['notificationThread']>>,
): Promise<void> {
  await db.updateTable('notificationThread').set(changes).where('id', '=', id).execute();
}

/** Nobody read after all: whoever was told of it is not any more, and what was on its way stays here. */
export async function withdrawThreads(
  db: Database,
  shareLinkId: string,
  visitorId: string,
  withdrawnAt: Date,
): Promise<number> {
  const { rows } = await sql`
    with withdrawn as (
      update notification_thread set withdrawn_at = ${withdrawnAt}
      where share_link_id = ${shareLinkId} and visitor_id = ${visitorId} and withdrawn_at is null
      returning id
    ), kept as (
      update notification_sending set due_at = null where thread_id in (select id from withdrawn)
    )
    select id from withdrawn`.execute(db);
  return rows.length;
}

export interface ThreadRow extends RecipientRow {
  id: string;
  userId: string;
  shareLinkId: string;
  /** Null of a question that was asked unseen. */
  visitorId: string | null;
  questionId: string | null;
  questionText: string | null;
  isAnswered: boolean;
  news: string;
  isConfirmed: boolean;
  visitCount: number;
  readPageCount: number;
  activeMs: number;
  hasDownloaded: boolean;
  device: string;
  forwarding: string | null;
  lastVisitAt: Date;
  lastActiveAt: Date;
  toldAt: Date;
  toldAtText: string;
  readAt: Date | null;
  isMuted: boolean;
  keyKind: string | null;
  visitorName: string | null;
  visitorEmail: string | null;
  assetId: string | null;
  roomId: string | null;
  title: string;
  pageCount: number;
  durationMs: number | null;
  openedTitles: string[];
  visitId: string | null;
}

/** Whoever a share link was handed on to is told from then on, and whoever it was taken from no more. */
const isTold = sql`t.withdrawn_at is null and l.created_by_user_id = t.user_id`;

const threadRows = (condition: RawBuilder<unknown>) => sql<ThreadRow>`
  select t.id, t.user_id, t.share_link_id, w.id as visitor_id, q.id as question_id, q.text as question_text,
    q.answer is not null as is_answered, t.visit_id, t.news, t.is_confirmed, t.visit_count,
    t.read_page_count, t.active_ms, t.has_downloaded, t.device, t.forwarding, t.last_visit_at, t.last_active_at,
    t.told_at, t.told_at::text as told_at_text, t.read_at,
    exists (
      select from notification_mute m where m.share_link_id = t.share_link_id and m.user_id = t.user_id
    ) as is_muted,
    w.key_kind, coalesce(nullif(q.asked_by_name, ''), w.name) as visitor_name,
    coalesce(q.asked_by_email, w.email) as visitor_email,
    l.recipient_id, l.recipient_kind, l.recipient_name, l.recipient_email, l.account_id, l.account_name,
    l.asset_id, l.room_id, l.title, l.page_count, l.duration_ms,
    array(
      select asset.title from visit_version opened
      join asset_version version on version.id = opened.asset_version_id join asset on asset.id = version.asset_id
      where opened.visit_id = t.visit_id and l.room_id is not null order by opened.opened_at, version.id
    ) as opened_titles
  from notification_thread t
  join sent_link l on l.share_link_id = t.share_link_id
  left join room_question q on q.id = t.question_id
  left join visitor w on w.id = coalesce(t.visitor_id, q.visitor_id)
  where ${isTold} and ${condition}
  order by t.told_at desc, t.id desc`;

export interface ThreadKey {
  toldAtText: string;
  id: string;
}

export async function listThreads(
  db: Database,
  { userId, after, limit }: { userId: string; after: ThreadKey | null; limit: number },
): Promise<ThreadRow[]> {
  const from = after ? sql`(t.told_at, t.id) < (${after.toldAtText}::timestamptz, ${after.id})` : sql`true`;
  return (
    await sql<ThreadRow>`${threadRows(sql`t.user_id = ${userId} and ${from}`)} limit ${limit}`.execute(db)
  ).rows;
}

export async function listThreadsById(db: Database, ids: string[]): Promise<ThreadRow[]> {
  if (ids.length === 0) return [];
  return (await threadRows(sql`t.id = any(${ids}::text[])`).execute(db)).rows;
}

export async function countUnread(db: Database, userId: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count
    from notification_thread t join sent_link l on l.share_link_id = t.share_link_id
    where t.user_id = ${userId} and t.read_at is null and ${isTold}`.execute(db);
  return rows[0]?.count ?? 0;
}

/** Those of these, or all. What was told after this moment was not seen, so it stays unread. */
export async function markRead(
  db: Database,
  { userId, threadId, at, until }: { userId: string; threadId: string | null; at: Date; until: Date },
): Promise<void> {
  let query = db
    .updateTable('notificationThread')
    .set({ readAt: at })
    .where('userId', '=', userId)
    .where('readAt', 'is', null)
    .where('toldAt', '<=', until);
  if (threadId !== null) query = query.where('id', '=', threadId);
  await query.execute();
}

export async function markUnread(db: Database, userId: string, threadId: string): Promise<void> {
  await db
    .updateTable('notificationThread')
    .set({ readAt: null })
    .where('userId', '=', userId)
    .where('id', '=', threadId)
    .execute();
}

export async function deleteThreadsBefore(db: Database, before: Date): Promise<number> {
  const result = await db
    .deleteFrom('notificationThread')
    .where('toldAt', '<', before)
    .where('lastActiveAt', '<', before)
    .executeTakeFirst();
  return Number(result.numDeletedRows);
}

// ── preferences and mutes ───────────────────────────────────────────────────────────────────────────────

export function findPreference(db: Database, userId: string) {
  return db.selectFrom('notificationPreference').selectAll().where('userId', '=', userId).executeTakeFirst();
}

export async function upsertPreference(
  db: Database,
  row: Insertable<DB['notificationPreference']>,
): Promise<void> {
  await db
    .insertInto('notificationPreference')
    .values(row)
    .onConflict((conflict) => conflict.column('userId').doUpdateSet(row))
    .execute();
}

export function findTold(db: Database, userId: string) {
  return db
    .selectFrom('user')
    .select(['id', 'name', 'email'])
    .where('id', '=', userId)
    .where('deactivatedAt', 'is', null)
    .executeTakeFirst();
}

export async function isMuted(db: Database, userId: string, shareLinkId: string): Promise<boolean> {
  const row = await db
    .selectFrom('notificationMute')
    .select('mutedAt')
    .where('userId', '=', userId)
    .where('shareLinkId', '=', shareLinkId)
    .executeTakeFirst();
  return row !== undefined;
}

export interface MutedRow extends RecipientRow {
  shareLinkId: string;
  title: string;
  mutedAt: Date;
}

/** Of links that were handed on or undone since nobody is told anyway. */
export async function listMutes(db: Database, userId: string): Promise<MutedRow[]> {
  const { rows } = await sql<MutedRow>`
    select l.share_link_id, l.title, m.muted_at, l.recipient_id, l.recipient_kind, l.recipient_name,
      l.recipient_email, l.account_id, l.account_name
    from notification_mute m
    join sent_link l on l.share_link_id = m.share_link_id and l.created_by_user_id = m.user_id
    where m.user_id = ${userId}
    order by m.muted_at desc, l.share_link_id`.execute(db);
  return rows;
}

/** A mute also takes what was about to leave. */
export async function insertMute(db: Database, row: Insertable<DB['notificationMute']>): Promise<void> {
  await db
    .insertInto('notificationMute')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  await sql`
    update notification_sending s set due_at = null from notification_thread t
    where t.id = s.thread_id and t.user_id = ${row.userId} and t.share_link_id = ${row.shareLinkId}`.execute(
    db,
  );
}

export async function deleteMute(db: Database, userId: string, shareLinkId: string): Promise<void> {
  await db
    .deleteFrom('notificationMute')
    .where('userId', '=', userId)
    .where('shareLinkId', '=', shareLinkId)
    .execute();
}

export async function isSender(db: Database, userId: string, shareLinkId: string): Promise<boolean> {
  const row = await db
    .selectFrom('shareLink')
    .select('id')
    .where('id', '=', shareLinkId)
    .where('createdByUserId', '=', userId)
    .where('undoneAt', 'is', null)
    .executeTakeFirst();
  return row !== undefined;
}
