import { type Insertable, type RawBuilder, sql } from 'kysely';
import type { Database } from '../db/database.ts';
import type { DB } from '../db/types.ts';
import type { RecipientRow } from '../shares/service.ts';
import type { SeenPage } from '../tracking/reading.ts';

/** Share links of one user, of a team, of everybody, or a single one. */
export type Whose = { userId: string } | { team: string } | { shareLinkId: string } | 'everybody';

function belongsTo(whose: Whose): RawBuilder<boolean> {
  if (whose === 'everybody') return sql`true`;
  if ('userId' in whose) return sql`l.created_by_user_id = ${whose.userId}`;
  if ('shareLinkId' in whose) return sql`l.id = ${whose.shareLinkId}`;
  return sql`l.created_by_user_id in (select id from "user" where team = ${whose.team})`;
}

export interface LinkRow extends RecipientRow {
  shareLinkId: string;
  assetId: string | null;
  roomId: string | null;
  title: string;
  pageCount: number;
  durationMs: number | null;
  createdByUserId: string;
  senderName: string;
  createdAt: Date;
  mailedAt: Date | null;
  startsAt: Date | null;
  expiresAt: Date | null;
  revokedAt: Date | null;
  parentShareLinkId: string | null;
  parentRecipientName: string | null;
  isByProspect: boolean;
}

const linkRows = (condition: RawBuilder<unknown>) => sql<LinkRow>`
  select l.*, parent_recipient.name as parent_recipient_name
  from sent_link l
  left join share_link parent on parent.id = l.parent_share_link_id
  left join recipient parent_recipient on parent_recipient.id = parent.recipient_id
  where ${condition}
  order by l.created_at desc, l.share_link_id desc`;

export async function listLinks(db: Database, shareLinkIds: string[]): Promise<LinkRow[]> {
  if (shareLinkIds.length === 0) return [];
  return (await linkRows(sql`l.share_link_id = any(${shareLinkIds}::text[])`).execute(db)).rows;
}

export async function findLink(db: Database, shareLinkId: string): Promise<LinkRow | undefined> {
  return (await listLinks(db, [shareLinkId]))[0];
}

/** The share links that were made from this one for somebody else. */
export async function listChildren(db: Database, shareLinkId: string): Promise<LinkRow[]> {
  return (await linkRows(sql`l.parent_share_link_id = ${shareLinkId}`).execute(db)).rows;
}

/** The newest of those for which the condition on a `sent_link l` holds. */
export async function listLinksWhere(
  db: Database,
  condition: RawBuilder<unknown>,
  limit: number,
): Promise<LinkRow[]> {
  return (await sql<LinkRow>`${linkRows(condition)} limit ${limit}`.execute(db)).rows;
}

/** What was sent to an account and to its contacts, newest first. */
export function listLinksToAccount(db: Database, accountId: string, limit: number): Promise<LinkRow[]> {
  return listLinksWhere(
    db,
    sql`l.recipient_id in (
      select id from recipient where account_id = ${accountId}
      union select r.id from recipient r join contact on contact.id = r.contact_id
        where r.account_id is null and contact.account_id = ${accountId}
    )`,
    limit,
  );
}

export interface VisitRow {
  id: string;
  shareLinkId: string;
  startedAt: Date;
  lastActiveAt: Date;
  class: string;
  probability: number;
  visitorId: string;
  keyKind: string;
  name: string | null;
  email: string | null;
  hasDownloaded: boolean;
  pages: SeenPage[];
}

/** A visit `v` with its judgement `j`, who it was, and its pages. */
const visitColumns = sql`
  v.id, v.share_link_id, v.started_at, v.last_active_at, j.class, j.probability,
  visitor.id as visitor_id, visitor.key_kind, visitor.name, visitor.email,
  exists (select from visit_version where visit_id = v.id and downloaded_at is not null) as has_downloaded,
  coalesce((
    select jsonb_agg(jsonb_build_object(
      'assetVersionId', asset_version_id, 'pageNumber', page_number, 'activeMs', active_ms, 'wordCount', word_count
    ) order by asset_version_id, page_number)
    from pages_of_visit(v.id)
  ), '[]') as pages`;

/**
 * The visits that nobody answered, newest first: those that began after the last follow-up with the recipient and after
 * the newest share link to them, of these days at most. Whoever may be a person is among them.
 */
export async function listWaitingVisits(db: Database, whose: Whose, since: Date): Promise<VisitRow[]> {
  const query = sql<VisitRow>`
    with candidate as (
      select l.id, l.recipient_id, l.created_by_user_id, r.kind = 'channel' as is_channel
      from share_link l join recipient r on r.id = l.recipient_id
      where l.undone_at is null and ${belongsTo(whose)}
        and exists (select from visit where share_link_id = l.id and started_at > ${since})
    ),
    -- Once for each share link and not for each of its visits.
    open_since as materialized (
      select c.id, greatest(
        ${since}::timestamptz,
        (
          select max(f.followed_up_at) from share_link other join follow_up f on f.share_link_id = other.id
          where f.undone_at is null and other.recipient_id = c.recipient_id
            and other.created_by_user_id = c.created_by_user_id and (other.id = c.id or not c.is_channel)
        ),
        (
          select max(newer.created_at) from share_link newer
          where newer.recipient_id = c.recipient_id and newer.created_by_user_id = c.created_by_user_id
            and newer.undone_at is null and newer.forwarded_by_visitor_id is null
            and newer.id <> c.id and not c.is_channel
        )
      ) as since
      from candidate c
    )
    select ${visitColumns}
    from open_since
    join visit v on v.share_link_id = open_since.id and v.started_at > open_since.since
    join current_judgement j on j.visit_id = v.id and j.may_be_human
    join visitor on visitor.id = v.visitor_id
    order by v.started_at desc, v.id desc`;
  return (await query.execute(db)).rows;
}

/** Every visit to these share links that was, or may have been, a person's, newest first. */
export async function listVisitsOf(db: Database, shareLinkIds: string[], limit: number): Promise<VisitRow[]> {
  if (shareLinkIds.length === 0) return [];
  const query = sql<VisitRow>`
    select ${visitColumns}
    from visit v
    join current_judgement j on j.visit_id = v.id and j.may_be_human
    join visitor on visitor.id = v.visitor_id
    where v.share_link_id = any(${shareLinkIds}::text[])
    order by v.started_at desc, v.id desc limit ${limit}`;
  return (await query.execute(db)).rows;
}

/** How many visits to each were judged to be no person's. */
export async function countHiddenVisits(
  db: Database,
  shareLinkIds: string[],
  since: Date,
): Promise<Map<string, number>> {
  if (shareLinkIds.length === 0) return new Map();
  const { rows } = await sql<{ shareLinkId: string; count: number }>`
    select v.share_link_id, count(*)::int as count
    from visit v join current_judgement j on j.visit_id = v.id and not j.may_be_human
    where v.share_link_id = any(${shareLinkIds}::text[]) and v.started_at > ${since}
    group by v.share_link_id`.execute(db);
  return new Map(rows.map(({ shareLinkId, count }) => [shareLinkId, count]));
}

/** How many pages these versions have, or how long they play. */
export async function listVersionLengths(db: Database, versionIds: string[]) {
  if (versionIds.length === 0) return [];
  const { rows } = await sql<{ assetVersionId: string; pageCount: number; durationMs: number | null }>`
    select version.id as asset_version_id, version.page_count,
      (select duration_ms from version_rendition where asset_version_id = version.id limit 1) as duration_ms
    from asset_version version where version.id = any(${versionIds}::text[])`.execute(db);
  return rows;
}

export interface OpenDealValue {
  accountId: string;
  currency: string;
  dealCount: number;
  amount: number;
}

/** What the open deals of these accounts are worth, one row for each currency. */
export async function listOpenDealValues(db: Database, accountIds: string[]): Promise<OpenDealValue[]> {
  if (accountIds.length === 0) return [];
  const { rows } = await sql<OpenDealValue>`
    select account_id, currency, count(*)::int as deal_count, sum(amount)::float8 as amount
    from deal where outcome = 'open' and removed_at is null and account_id = any(${accountIds}::text[])
    group by account_id, currency order by amount desc, currency`.execute(db);
  return rows;
}

/** The team of a user; null where there is none. */
export async function findTeam(db: Database, userId: string): Promise<string | null> {
  const row = await db.selectFrom('user').select('team').where('id', '=', userId).executeTakeFirst();
  return row?.team ?? null;
}

// ── follow-ups and snoozes ──────────────────────────────────────────────────────────────────────────────

export async function insertFollowUp(db: Database, row: Insertable<DB['followUp']>): Promise<void> {
  await db.insertInto('followUp').values(row).execute();
}

/** Those that were not taken back, newest first. */
export function listFollowUps(db: Database, shareLinkIds: string[]) {
  if (shareLinkIds.length === 0) return Promise.resolve([]);
  return db
    .selectFrom('followUp')
    .innerJoin('user', 'user.id', 'followUp.userId')
    .where('followUp.shareLinkId', 'in', shareLinkIds)
    .where('followUp.undoneAt', 'is', null)
    .orderBy('followUp.followedUpAt', 'desc')
    .orderBy('followUp.id', 'desc')
    .select([
      'followUp.id',
      'followUp.shareLinkId',
      'followUp.kind',
      'followUp.note',
      'followUp.userId',
      'followUp.followedUpAt',
      'user.name as byName',
    ])
    .execute();
}

/** What was asked in a room by way of a share link, but for what was taken out. */
export function listQuestions(db: Database, shareLinkId: string) {
  return db
    .selectFrom('roomQuestion as q')
    .leftJoin('user as answerer', 'answerer.id', 'q.answeredByUserId')
    .where('q.shareLinkId', '=', shareLinkId)
    .where('q.hiddenAt', 'is', null)
    .orderBy('q.askedAt', 'desc')
    .limit(200)
    .select(['q.id', 'q.askedAt', 'q.askedByName', 'q.text', 'q.answer', 'answerer.name as answeredByName'])
    .execute();
}

export function findFollowUp(db: Database, id: string) {
  return db.selectFrom('followUp').selectAll().where('id', '=', id).executeTakeFirst();
}

export async function markFollowUpUndone(db: Database, id: string, undoneAt: Date): Promise<void> {
  await db
    .updateTable('followUp')
    .set({ undoneAt })
    .where('id', '=', id)
    .where('undoneAt', 'is', null)
    .execute();
}

/** Whether this visitor ever opened the share link. */
export async function hasVisited(db: Database, shareLinkId: string, visitorId: string): Promise<boolean> {
  const row = await db
    .selectFrom('visit')
    .select('id')
    .where('shareLinkId', '=', shareLinkId)
    .where('visitorId', '=', visitorId)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

export async function upsertSnooze(db: Database, row: Insertable<DB['snooze']>): Promise<void> {
  await db
    .insertInto('snooze')
    .values(row)
    .onConflict((conflict) =>
      conflict.columns(['shareLinkId', 'userId']).doUpdateSet({ untilAt: row.untilAt }),
    )
    .execute();
}

export async function deleteSnooze(db: Database, shareLinkId: string, userId: string): Promise<void> {
  await db.deleteFrom('snooze').where('shareLinkId', '=', shareLinkId).where('userId', '=', userId).execute();
}

/** What this user put off, and until when. */
export async function listSnoozes(db: Database, userId: string, now: Date): Promise<Map<string, Date>> {
  const rows = await db
    .selectFrom('snooze')
    .select(['shareLinkId', 'untilAt'])
    .where('userId', '=', userId)
    .where('untilAt', '>', now)
    .execute();
  return new Map(rows.map(({ shareLinkId, untilAt }) => [shareLinkId, untilAt]));
}
