import { type Insertable, sql } from 'kysely';
import type { Database } from '../db/database.ts';
import type { DB } from '../db/types.ts';
import type { BrowserFacts } from '../judging/contract.ts';

export async function deleteLinkHitsBefore(db: Database, before: Date): Promise<number> {
  const result = await db.deleteFrom('linkHit').where('occurredAt', '<', before).executeTakeFirst();
  return Number(result.numDeletedRows);
}

/**
 * So many at once, with their pages and judgements, so that beats never wait long for it. What is still to be counted
 * stays until it is.
 */
export async function deleteVisitsBefore(db: Database, before: Date, limit: number): Promise<number> {
  const result = await sql`
    delete from visit where id in (
      select id from visit
      where last_active_at < ${before}
        and exists (select from rollup_state where time_zone is not null)
        and not exists (select from rollup_mark where kind = 'visit' and key = visit.id)
      order by started_at limit ${limit}
    )`.execute(db);
  return Number(result.numAffectedRows ?? 0);
}

/** Whoever has no visit any more is nobody. */
export async function deleteVisitorsBefore(db: Database, before: Date): Promise<number> {
  const result = await sql`
    delete from visitor where created_at < ${before}
      and not exists (select from visit where visit.visitor_id = visitor.id)`.execute(db);
  return Number(result.numAffectedRows ?? 0);
}

/** The share link with the length of the version, if it leads to that one; of a room's own page the length is 0. */
export async function findLinkOfVersion(db: Database, shareLinkId: string, assetVersionId: string | null) {
  const { rows } = await sql<{
    startsAt: Date | null;
    expiresAt: Date | null;
    revokedAt: Date | null;
    maxVisitors: number | null;
    pageCount: number;
  }>`
    select l.starts_at, l.expires_at, l.revoked_at, l.max_visitors, coalesce(v.page_count, 0) as page_count
    from share_link l
    left join asset_version v on v.id = ${assetVersionId} and exists (
      select from shared_asset s where s.share_link_id = l.id and s.asset_id = v.asset_id
    )
    where l.id = ${shareLinkId} and l.undone_at is null
      and (v.id is not null or (${assetVersionId}::text is null and l.room_id is not null))
  `.execute(db);
  return rows[0];
}

export function findVisitToContinue(db: Database, visitId: string) {
  return db
    .selectFrom('visit')
    .innerJoin('visitor', 'visitor.id', 'visit.visitorId')
    .where('visit.id', '=', visitId)
    .select([
      'visit.id',
      'visit.erasedAt',
      'visit.shareLinkId',
      'visit.visitorId',
      'visitor.keyKind',
      'visitor.email',
      'visit.userAgent',
      'visit.network',
      'visit.country',
      'visit.requestFacts',
      'visit.browserFacts',
      'visit.isInternal',
      'visit.startedAt',
      'visit.lastActiveAt',
    ])
    .executeTakeFirst();
}

export function findLiveVisit(db: Database, visitorId: string, shareLinkId: string, activeSince: Date) {
  return db
    .selectFrom('visit')
    .where('visitorId', '=', visitorId)
    .where('shareLinkId', '=', shareLinkId)
    .where('lastActiveAt', '>=', activeSince)
    .where('erasedAt', 'is', null)
    .orderBy('startedAt', 'desc')
    .select(['id', 'startedAt'])
    .executeTakeFirst();
}

/** Puts what a page says now together with what was said before in the same visit, by another page or earlier. */
export async function mergeBrowserFacts(
  db: Database,
  visitId: string,
  merge: (before: unknown) => BrowserFacts,
): Promise<void> {
  const row = await db
    .selectFrom('visit')
    .where('id', '=', visitId)
    .where('erasedAt', 'is', null)
    .select('browserFacts')
    .forUpdate()
    .executeTakeFirst();
  if (!row) return;
  const merged = merge(row.browserFacts);
  await db.updateTable('visit').set({ browserFacts: merged }).where('id', '=', visitId).execute();
}

/** Once, also when it is told of again. */
export async function insertVisit(db: Database, row: Insertable<DB['visit']>): Promise<void> {
  await db
    .insertInto('visit')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

export async function touchVisit(db: Database, visitId: string, now: Date): Promise<void> {
  await db
    .updateTable('visit')
    .set({ lastActiveAt: sql`greatest(last_active_at, ${now})` })
    .where('id', '=', visitId)
    .execute();
}

/** That a version was opened in a visit; the first time counts. */
export async function insertVisitVersion(
  db: Database,
  visitId: string,
  assetVersionId: string,
  now: Date,
): Promise<void> {
  await db
    .insertInto('visitVersion')
    .values({ visitId, assetVersionId, openedAt: now })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Only the first download of a version in a visit is kept, and none where the share link allows none or is over. */
export async function noteDownload(
  db: Database,
  visitId: string,
  assetVersionId: string,
  now: Date,
): Promise<boolean> {
  const { rows } = await sql`
    with noted as (
      update visit_version set downloaded_at = coalesce(downloaded_at, ${now})
      from visit join share_link on share_link.id = visit.share_link_id and share_link.allows_download
        and not share_link.has_watermark and share_link.undone_at is null
        and (share_link.revoked_at is null or share_link.revoked_at > ${now})
        and (share_link.expires_at is null or share_link.expires_at > ${now})
      where visit.id = visit_version.visit_id and visit.erased_at is null
        and visit_id = ${visitId} and asset_version_id = ${assetVersionId}
      returning visit_id
    )
    update visit set last_active_at = greatest(last_active_at, ${now})
    from noted where visit.id = noted.visit_id returning visit.id`.execute(db);
  return rows.length > 0;
}

/** Of these visits those that are there. */
export async function listKnownVisits(db: Database, visitIds: string[]): Promise<Set<string>> {
  const { rows } = await sql<{
    id: string;
  }>`select id from visit where id = any(${visitIds}::text[])`.execute(db);
  return new Set(rows.map(({ id }) => id));
}

/** Of these share links those that are there. */
export async function listKnownLinks(db: Database, shareLinkIds: string[]): Promise<Set<string>> {
  const { rows } = await sql<{
    id: string;
  }>`select id from share_link where id = any(${shareLinkIds}::text[]) and undone_at is null`.execute(db);
  return new Set(rows.map(({ id }) => id));
}

/** The beats of one batch, column by column as PostgreSQL array literals: of each visit, and of each page. */
export interface BeatColumns {
  visitIds: string;
  activeFrom: string;
  activeTo: string;
  trusted: string;
  /** Of its beats, as multiranges. */
  numbers: string;
  pageVisitIds: string;
  tabKeys: string;
  pageVersionIds: string;
  pageNumbers: string;
  activeMs: string;
  /** Of each stretch of a video or sound that was played; null where nothing was. */
  watched: { visitIds: string; versionIds: string; from: string; to: string } | null;
}

/** Whoever jumps about in a video leaves this many stretches behind, and no more. */
const mostStretches = 1_000;
/** Gaps between the numbers of beats take room; whoever makes them up gets no more than this. */
const mostNumberBytes = 1_000;

/**
 * Merges a batch in one statement, so in one commit, and answers which visits were still going on, of share links that
 * are open. Pages keep the greatest total that was ever sent and stretches add up, so order and repetition change nothing.
 * A visit that began while the database was away does not know how many pages there are, so they are held against that.
 */
export async function mergeBeats(
  db: Database,
  beats: BeatColumns,
  now: Date,
  visitEndsAfter = '30 minutes',
): Promise<Set<string>> {
  const { watched } = beats;
  const played = watched
    ? sql`, played as (
      insert into watched_range (visit_id, asset_version_id, seconds, updated_at)
      select told.visit_id, told.version_id, range_agg(int4range(told.from_second, told.to_second)), ${now}::timestamptz
      from unnest(
        ${watched.visitIds}::text[], ${watched.versionIds}::text[], ${watched.from}::int[], ${watched.to}::int[]
      ) as told (visit_id, version_id, from_second, to_second)
      join alive on alive.id = told.visit_id
      group by told.visit_id, told.version_id
      on conflict (visit_id, asset_version_id) do update
      set seconds = watched_range.seconds + excluded.seconds, updated_at = excluded.updated_at
      where not excluded.seconds <@ watched_range.seconds
        and (select count(*) from unnest(watched_range.seconds + excluded.seconds)) <= ${mostStretches}
    )`
    : sql``;
  const { rows } = await sql<{ id: string }>`
    with sent as (
      select * from unnest(
        ${beats.visitIds}::text[], ${beats.activeFrom}::timestamptz[], ${beats.activeTo}::timestamptz[], ${beats.trusted}::boolean[],
        ${beats.numbers}::int8multirange[]
      ) as sent (visit_id, active_from, active_to, is_trusted, numbers)
    ), alive as (
      update visit
      set last_active_at = greatest(visit.last_active_at, sent.active_to),
          has_trusted_input = visit.has_trusted_input or sent.is_trusted,
          beat_numbers = case when pg_column_size(visit.beat_numbers) > ${mostNumberBytes} then visit.beat_numbers
            else visit.beat_numbers + sent.numbers end
      from sent
      where visit.id = sent.visit_id and visit.erased_at is null
        and visit.last_active_at >= sent.active_from - ${visitEndsAfter}::interval
        and exists (
          select from share_link
          where share_link.id = visit.share_link_id and share_link.undone_at is null
            and (share_link.revoked_at is null or share_link.revoked_at > ${now}::timestamptz)
            and (share_link.expires_at is null or share_link.expires_at > ${now}::timestamptz)
        )
      returning visit.id, visit.started_at
    ), merged as (
      insert into page_view
        (visit_id, visit_started_at, tab_key, asset_version_id, page_number, active_ms, first_seen_at, updated_at)
      select page.visit_id, alive.started_at, page.tab_key, page.asset_version_id, page.page_number, page.active_ms,
        ${now}::timestamptz, ${now}::timestamptz
      from unnest(
        ${beats.pageVisitIds}::text[], ${beats.tabKeys}::text[], ${beats.pageVersionIds}::text[],
        ${beats.pageNumbers}::int[], ${beats.activeMs}::int[]
      ) as page (visit_id, tab_key, asset_version_id, page_number, active_ms)
      join alive on alive.id = page.visit_id
      join asset_version on asset_version.id = page.asset_version_id
        and page.page_number <= asset_version.page_count
      on conflict (visit_id, tab_key, asset_version_id, page_number, visit_started_at) do update
      set active_ms = excluded.active_ms, updated_at = excluded.updated_at
      where excluded.active_ms > page_view.active_ms
    )${played}
    select id from alive`.execute(db);
  return new Set(rows.map(({ id }) => id));
}
