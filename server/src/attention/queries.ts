import { type RawBuilder, sql } from 'kysely';
import type { Database } from '../db/database.ts';
import type { ResolvedSlice } from '../slices/service.ts';

export interface AttentionScope extends Pick<ResolvedSlice, 'window' | 'buyerSliceIds'> {
  assetId: string;
}

/** The visits of the window to the asset, by these buyers; 0 stands for everybody. */
export const isOfScope = ({ assetId, window, buyerSliceIds }: AttentionScope): RawBuilder<unknown> => sql`
  r.asset_id = ${assetId} and r.day between ${window.firstDay}::date and ${window.lastDay}::date
  ${buyerSliceIds[0] === 0 ? sql`` : sql`and r.buyer_slice_id = any(${buyerSliceIds}::int[])`}`;

/** How were the visits to the asset judged? Like ones together. */
export async function countJudged(
  db: Database,
  scope: AttentionScope,
): Promise<{ class: string; probability: number; count: number; readCount: number }[]> {
  const { rows } = await sql<{ class: string; probability: number; count: number; readCount: number }>`
    select r.class, r.probability, count(*)::int as count,
      (count(*) filter (where r.is_human and cardinality(r.read_pages) > 0))::int as read_count
    from reading r where ${isOfScope(scope)}
    group by r.class, r.probability`.execute(db);
  return rows;
}

export interface VisitCount {
  versionId: string;
  /** Its Monday. */
  week: string;
  pageCount: number;
  readPageCount: number;
  count: number;
}

/** In which weeks did people open each version, and how many pages did they read? Like visits together. */
export async function countVisits(db: Database, scope: AttentionScope): Promise<VisitCount[]> {
  const { rows } = await sql<VisitCount>`
    select r.asset_version_id as version_id, date_trunc('week', r.day)::date::text as week, r.page_count,
      cardinality(r.read_pages) as read_page_count, count(*)::int as count
    from reading r where ${isOfScope(scope)} and r.is_human
    group by r.asset_version_id, date_trunc('week', r.day), r.page_count, cardinality(r.read_pages)`.execute(
    db,
  );
  return rows;
}

/** How long was each version in use by visits: the lower quartile, the median and the upper quartile. */
export async function listVisitTimes(
  db: Database,
  scope: AttentionScope,
): Promise<{ versionId: string; activeMs: number[] }[]> {
  const { rows } = await sql<{ versionId: string; activeMs: number[] }>`
    select r.asset_version_id as version_id,
      percentile_cont(array[0.25, 0.5, 0.75]) within group (order by r.active_ms) as active_ms
    from reading r where ${isOfScope(scope)} and r.is_human
    group by r.asset_version_id`.execute(db);
  return rows;
}

export interface FurthestCount {
  versionId: string;
  furthestPage: number;
  readerCount: number;
}

/** How far did readers get in each version, over all their visits? On page 0 are those who had none in sight. */
export async function countFurthest(db: Database, scope: AttentionScope): Promise<FurthestCount[]> {
  const { rows } = await sql<FurthestCount>`
    select version_id, furthest_page, count(*)::int as reader_count
    from (
      select r.asset_version_id as version_id, r.reader_key, max(r.furthest_page) as furthest_page
      from reading r where ${isOfScope(scope)} and r.is_human
      group by r.asset_version_id, r.reader_key
    ) reader
    group by version_id, furthest_page`.execute(db);
  return rows;
}

const isOfVersion = (scope: AttentionScope, versionId: string) =>
  sql`${isOfScope(scope)} and r.is_human and r.asset_version_id = ${versionId}`;

export interface PageTimes {
  pageNumber: number;
  /** Visits that had it in sight. */
  count: number;
  /** Those that had it in sight for at least so long as it takes to study it. */
  studiedCount: number;
  /** The value below each quartile and the one above it, in tenths of a second. */
  below: number[];
  above: number[];
}

/**
 * How long was each page in sight? Times are counted by tenths of a second first, so that quartiles are found among few
 * values, however many visits there are; what was never in sight is left out.
 */
export async function countPageTimes(
  db: Database,
  scope: AttentionScope,
  versionId: string,
  studiedTenths: readonly number[],
): Promise<PageTimes[]> {
  const { rows } = await sql<PageTimes>`
    with counted as (
      select page.number::int as page_number, page.ms / 100 as tenths, count(*) as count
      from reading r cross join unnest(r.page_ms) with ordinality as page (ms, number)
      where ${isOfVersion(scope, versionId)} and page.ms > 0
      group by page.number, page.ms / 100
    ), ranked as (
      select counted.*, sum(count) over (partition by page_number order by tenths) as up_to,
        sum(count) over (partition by page_number) as n
      from counted
    )
    select page_number, n::int as count,
      coalesce(sum(count) filter (
        where tenths >= coalesce((${studiedTenths}::int[])[page_number], ${sql.lit(60)})
      ), 0)::int as studied_count,
      array[${sql.join(quarters.map((share) => sql`min(tenths) filter (where up_to > floor((n - 1) * ${sql.lit(share)}))`))}] as below,
      array[${sql.join(quarters.map((share) => sql`min(tenths) filter (where up_to > ceil((n - 1) * ${sql.lit(share)}))`))}] as above
    from ranked group by page_number, n`.execute(db);
  return rows;
}

const quarters = [0.25, 0.5, 0.75];

/** In how many visits was each page read? */
export async function countPageReads(
  db: Database,
  scope: AttentionScope,
  versionId: string,
): Promise<{ pageNumber: number; count: number }[]> {
  const { rows } = await sql<{ pageNumber: number; count: number }>`
    select page.number as page_number, count(*)::int as count
    from reading r cross join unnest(r.read_pages) as page (number)
    where ${isOfVersion(scope, versionId)}
    group by page.number`.execute(db);
  return rows;
}

/** From which page to which did visits come? */
export async function countSpans(
  db: Database,
  scope: AttentionScope,
  versionId: string,
): Promise<{ firstPage: number; furthestPage: number; count: number }[]> {
  const { rows } = await sql<{ firstPage: number; furthestPage: number; count: number }>`
    select first_page, furthest_page, count(*)::int as count
    from (
      select r.furthest_page, case when r.page_ms[1] > 0 then 1 else (
        select min(page.number)::int from unnest(r.page_ms) with ordinality as page (ms, number) where page.ms > 0
      ) end as first_page
      from reading r where ${isOfVersion(scope, versionId)} and r.furthest_page > 0
    ) span
    where first_page is not null
    group by first_page, furthest_page`.execute(db);
  return rows;
}

/** Where in a video or sound do how many more readers, or fewer, play it? */
export async function countPlayed(
  db: Database,
  scope: AttentionScope,
  versionId: string,
): Promise<{ second: number; step: number }[]> {
  const { rows } = await sql<{ second: number; step: number }>`
    with reader as (
      select r.reader_key, range_agg(r.watched) as watched
      from reading r where ${isOfVersion(scope, versionId)} and not isempty(r.watched)
      group by r.reader_key
    ), part as (
      select lower(played) as from_second, upper(played) as to_second from reader cross join unnest(reader.watched) as played
    )
    select second, sum(step)::int as step
    from (select from_second as second, 1 as step from part union all select to_second, -1 from part) change
    group by second having sum(step) <> 0 order by second`.execute(db);
  return rows;
}

/** How many readers played any of it, and how many seconds did they play in each visit? Each second counts once. */
export async function countPlayers(
  db: Database,
  scope: AttentionScope,
): Promise<{ versionId: string; readerCount: number; seconds: number[] }[]> {
  const { rows } = await sql<{ versionId: string; readerCount: number; seconds: number[] }>`
    select visit.version_id, (count(distinct visit.reader_key) filter (where visit.seconds > 0))::int as reader_count,
      percentile_cont(array[0.25, 0.5, 0.75]) within group (order by visit.seconds) as seconds
    from (
      select r.asset_version_id as version_id, r.reader_key, coalesce((
        select sum(upper(played) - lower(played)) from unnest(r.watched) as played
      ), 0)::float8 as seconds
      from reading r where ${isOfScope(scope)} and r.is_human
    ) visit
    group by visit.version_id`.execute(db);
  return rows;
}

/** Which words are on each page of a version, as it is shown now? */
export async function listPageWords(
  db: Database,
  versionId: string,
): Promise<{ pageNumber: number; wordCount: number }[]> {
  const { rows } = await sql<{ pageNumber: number; wordCount: number }>`
    select page.page_number, page.word_count
    from (select rendition_id from version_rendition where asset_version_id = ${versionId} limit 1) shown
    join rendition_page page on page.rendition_id = shown.rendition_id
    order by page.page_number`.execute(db);
  return rows;
}

/** How long does each version of a video or sound play? */
export async function listDurations(
  db: Database,
  assetId: string,
): Promise<{ versionId: string; durationMs: number }[]> {
  const { rows } = await sql<{ versionId: string; durationMs: number }>`
    select v.id as version_id, shown.duration_ms
    from asset_version v join version_rendition shown on shown.asset_version_id = v.id
    where v.asset_id = ${assetId} and shown.duration_ms is not null`.execute(db);
  return rows;
}
