import { sql } from 'kysely';
import type { Database } from '../db/database.ts';

export interface HolderRow {
  shareLinkId: string;
  recipientName: string;
  accountName: string | null;
  createdAt: Date;
  createdByName: string;
  forwardedByName: string | null;
  startsAt: Date | null;
  expiresAt: Date | null;
  revokedAt: Date | null;
}

/** The share links that lead to a room, newest first. */
export async function listHolderRows(db: Database, roomId: string, limit: number): Promise<HolderRow[]> {
  const { rows } = await sql<HolderRow>`
    select l.id as share_link_id, r.name as recipient_name, acc.name as account_name, l.created_at,
      u.name as created_by_name, forwarder.name as forwarded_by_name, l.starts_at, l.expires_at, l.revoked_at
    from share_link l
    join recipient r on r.id = l.recipient_id
    left join account acc on acc.id = r.account_id
    join "user" u on u.id = l.created_by_user_id
    left join share_link parent on parent.id = l.parent_share_link_id
    left join recipient forwarder on forwarder.id = parent.recipient_id
    where l.room_id = ${roomId} and l.undone_at is null
    order by l.created_at desc, l.id limit ${limit}`.execute(db);
  return rows;
}

export interface SeenPageRow {
  shareLinkId: string;
  /** The person whom the share link was made for, else the visitor. */
  reader: string;
  visitId: string;
  lastActiveAt: Date;
  assetId: string;
  pageNumber: number | null;
  activeMs: number;
  wordCount: number | null;
}

/** Every page of the items of a room that a person saw in each visit; one row without a page for what was only opened. */
export async function listSeenPages(db: Database, roomId: string): Promise<SeenPageRow[]> {
  const { rows } = await sql<SeenPageRow>`
    select v.share_link_id, case when r.kind = 'person' then r.id else v.visitor_id end as reader,
      v.id as visit_id, v.last_active_at, opened.asset_id, seen.page_number,
      coalesce(seen.active_ms, 0) as active_ms, seen.word_count
    from share_link l
    join recipient r on r.id = l.recipient_id
    join visit v on v.share_link_id = l.id and not v.is_internal
    join current_judgement j on j.visit_id = v.id and j.is_human
    join visited_asset opened on opened.visit_id = v.id
    left join lateral pages_of_visit(v.id) seen on seen.asset_version_id = opened.asset_version_id
    where l.room_id = ${roomId} and l.undone_at is null`.execute(db);
  return rows;
}

export interface LengthRow {
  assetVersionId: string;
  /** The words on each page, as far as they are known. */
  wordCounts: number[];
  wordCount: number;
  durationMs: number | null;
}

/** What it takes to read each of these versions. */
export async function listLengths(db: Database, assetVersionIds: string[]): Promise<LengthRow[]> {
  const { rows } = await sql<LengthRow>`
    select shown.asset_version_id, shown.duration_ms, coalesce(shown.word_count, 0) as word_count, coalesce((
        select array_agg(word_count order by page_number) from rendition_page
        where rendition_id = shown.rendition_id
      ), '{}') as word_counts
    from version_rendition shown
    where shown.asset_version_id = any(${assetVersionIds}::text[])`.execute(db);
  return rows;
}

interface Visitor {
  visitorId: string;
  shareLinkId: string;
}

export async function findVisitor(db: Database, visitId: string): Promise<Visitor | undefined> {
  const { rows } = await sql<Visitor>`
    select visitor_id, share_link_id from visit where id = ${visitId}`.execute(db);
  return rows[0];
}

interface OwnPageRow {
  assetId: string;
  assetVersionId: string;
  pageNumber: number | null;
  activeMs: number;
  wordCount: number | null;
}

/** What a visitor has seen by a share link, whatever their visits were judged. */
export async function listOwnPages(db: Database, { visitorId, shareLinkId }: Visitor): Promise<OwnPageRow[]> {
  const { rows } = await sql<OwnPageRow>`
    select opened.asset_id, opened.asset_version_id, seen.page_number,
      coalesce(seen.active_ms, 0) as active_ms, seen.word_count
    from visit v
    join visited_asset opened on opened.visit_id = v.id
    left join lateral pages_of_visit(v.id) seen on seen.asset_version_id = opened.asset_version_id
    where v.visitor_id = ${visitorId} and v.share_link_id = ${shareLinkId}`.execute(db);
  return rows;
}

interface WatchedRow {
  assetVersionId: string;
  seconds: number;
}

/** How many different seconds of each video or sound a visitor has played. */
export async function listOwnWatched(
  db: Database,
  { visitorId, shareLinkId }: Visitor,
): Promise<WatchedRow[]> {
  const { rows } = await sql<WatchedRow>`
    select played.asset_version_id, (
        select coalesce(sum(upper(part) - lower(part)), 0) from unnest(played.seconds) as part
      )::int as seconds
    from (
      select w.asset_version_id, range_agg(w.seconds) as seconds
      from watched_range w join visit v on v.id = w.visit_id
      where v.visitor_id = ${visitorId} and v.share_link_id = ${shareLinkId}
      group by w.asset_version_id
    ) as played`.execute(db);
  return rows;
}

/**
 * The items that a visitor, who was here before they were added, has neither opened nor had before their eyes in a
 * visit that is over.
 */
export async function listNewItems(
  db: Database,
  { visitorId, shareLinkId }: Visitor,
  { roomId, endedBefore }: { roomId: string; endedBefore: Date },
): Promise<string[]> {
  const { rows } = await sql<{ assetId: string }>`
    select i.asset_id from room_item i
    where i.room_id = ${roomId} and i.removed_at is null
      and exists (
        select from visit where visitor_id = ${visitorId} and share_link_id = ${shareLinkId}
          and started_at < i.added_at
      )
      and not exists (
        select from visit where visitor_id = ${visitorId} and share_link_id = ${shareLinkId}
          and started_at > i.added_at and last_active_at < ${endedBefore}
      )
      and not exists (
        select from visit v join visited_asset opened on opened.visit_id = v.id
        where v.visitor_id = ${visitorId} and v.share_link_id = ${shareLinkId} and opened.asset_id = i.asset_id
          and v.last_active_at > i.added_at
      )`.execute(db);
  return rows.map(({ assetId }) => assetId);
}
