import { type RawBuilder, sql } from 'kysely';
import type { Database } from '../db/database.ts';
import { readingRule } from '../rendering/service.ts';

/** A day on which something was read of an asset, or was no longer. */
export interface AssetDay {
  assetId: string;
  /** `2026-11-23`. */
  day: string;
}

/** Which visits are counted. */
export type Visits = { ids: string[] } | { startedFrom: string; startedBefore: string };

const areChosen = (visits: Visits) =>
  'ids' in visits
    ? sql`v.id = any(${visits.ids}::text[])`
    : sql`v.started_at >= ${visits.startedFrom}::timestamptz and v.started_at < ${visits.startedBefore}::timestamptz`;

/** Visits whose pages were dropped with their month can't be counted any more: what was counted of them stays. */
const isWhole = sql`not exists (
  select from dropped_month gone
  where gone.table_name = 'page_view' and gone.month = date_trunc('month', v.started_at at time zone 'UTC')::date
)`;

/** Whether a page counts as read, after the read page metric. */
const isRead = sql`page.active_ms >= greatest(
  ${sql.lit(readingRule.minimumMs)},
  ${sql.lit(readingRule.share)} * coalesce(
    nullif(o.word_counts[page.page_number], 0) * 60000.0 / ${sql.lit(readingRule.wordsPerMinute)},
    ${sql.lit(readingRule.textlessMs)}
  )
)`;

/**
 * What raw rows say of these visits now: the readings that there should be. Tabs add up, but nobody is active for longer
 * than the visit lasted; what was sent by a share link that was taken back counts nowhere. Pages are looked up visit by
 * visit, each in the one month where it began, whatever the planner thinks of their number.
 */
const freshReadings = (visits: Visits, timeZone: string): RawBuilder<unknown> => sql`
  chosen as materialized (
    select v.id as visit_id, v.share_link_id, v.visitor_id, v.started_at, o.asset_version_id, o.downloaded_at,
      extract(epoch from v.last_active_at - v.started_at) * 1000 + 5000 as most_ms
    from visit v join visit_version o on o.visit_id = v.id where ${areChosen(visits)} and ${isWhole}
  ),
  shown as materialized (
    select each.asset_version_id, (
      select array_agg(coalesce(words.word_count, 0) order by number)
      from generate_series(1, (
        select max(page_number) from rendition_page where rendition_id = rendition.id
      )) number
      left join rendition_page words on words.rendition_id = rendition.id and words.page_number = number
    ) as word_counts
    from (select distinct asset_version_id from chosen) each
    left join lateral (
      select rendition_id as id from version_rendition r where r.asset_version_id = each.asset_version_id limit 1
    ) rendition on true
  ),
  fresh as materialized (
    select o.visit_id, o.asset_version_id, version.asset_id, o.share_link_id, recipient.id as recipient_id,
      case recipient.kind when 'person' then recipient.id else o.visitor_id end as reader_key,
      account.account_id, coalesce(account.buyer_slice_id, 0) as buyer_slice_id, o.started_at,
      (o.started_at at time zone ${timeZone}::text)::date as day, judged.class, judged.probability, judged.is_human,
      greatest(version.page_count, seen.furthest_page, 1) as page_count,
      spread_pages(seen.page_numbers, seen.page_ms, greatest(version.page_count, seen.furthest_page, 1)) as page_ms,
      coalesce(seen.read_pages, '{}') as read_pages, coalesce(seen.active_ms, 0) as active_ms,
      coalesce(seen.furthest_page, 0) as furthest_page, o.downloaded_at, coalesce(played.seconds, '{}') as watched
    from (select * from chosen join shown using (asset_version_id)) o
    join current_judgement judged on judged.visit_id = o.visit_id
    join asset_version version on version.id = o.asset_version_id
    join share_link link on link.id = o.share_link_id and link.undone_at is null
    join recipient on recipient.id = link.recipient_id
    left join contact on contact.id = recipient.contact_id
    left join account_slice account on account.account_id = coalesce(recipient.account_id, contact.account_id)
    left join watched_range played on played.visit_id = o.visit_id and played.asset_version_id = o.asset_version_id
    cross join lateral (
      select case when count(*) > 0 then least(sum(page.active_ms), o.most_ms)::int end as active_ms,
        max(page.page_number) as furthest_page,
        array_agg(page.page_number) as page_numbers, array_agg(page.active_ms) as page_ms,
        array_agg(page.page_number order by page.page_number) filter (where ${isRead}) as read_pages
      from (
        select p.page_number, least(sum(p.active_ms), o.most_ms)::int as active_ms
        from page_view p
        where p.visit_id = o.visit_id and p.visit_started_at = o.started_at
          and p.asset_version_id = o.asset_version_id
        group by p.page_number
      ) page
    ) seen
  )`;

const columns = [
  'asset_id',
  'share_link_id',
  'recipient_id',
  'reader_key',
  'account_id',
  'buyer_slice_id',
  'started_at',
  'day',
  'class',
  'probability',
  'is_human',
  'page_count',
  'page_ms',
  'read_pages',
  'active_ms',
  'furthest_page',
  'downloaded_at',
  'watched',
] as const;
const listOf = (table: string) => sql.join(columns.map((column) => sql.ref(`${table}.${column}`)));

/** Counts these visits anew; answers the days of the assets of which something changed. Whatever is right stays untouched. */
export async function countReadings(db: Database, visits: Visits, timeZone: string): Promise<AssetDay[]> {
  const { rows } = await sql<AssetDay>`
    with ${freshReadings(visits, timeZone)},
    gone as (
      delete from reading using visit v
      where reading.visit_id = v.id and ${areChosen(visits)} and ${isWhole} and not exists (
        select from fresh where fresh.visit_id = reading.visit_id and fresh.asset_version_id = reading.asset_version_id
      )
      returning reading.asset_id, reading.day
    ),
    written as (
      insert into reading (visit_id, asset_version_id, ${sql.join(columns.map((column) => sql.ref(column)))})
      select fresh.visit_id, fresh.asset_version_id, ${listOf('fresh')} from fresh
      on conflict (visit_id, asset_version_id) do update set
        ${sql.join(columns.map((column) => sql`${sql.ref(column)} = ${sql.ref(`excluded.${column}`)}`))}
      where (${listOf('reading')}) is distinct from (${listOf('excluded')})
      returning asset_id, day
    )
    select distinct asset_id, day::text as day from (table gone union all table written) changed`.execute(db);
  return rows;
}

/**
 * What is left of visits that are gone follows the account of its recipient and the clock of the instance, and nothing
 * else of it can change.
 */
export async function followLostReadings(
  db: Database,
  visits: Visits,
  timeZone: string,
): Promise<AssetDay[]> {
  const chosen =
    'ids' in visits
      ? sql`reading.visit_id = any(${visits.ids}::text[])`
      : sql`reading.started_at >= ${visits.startedFrom}::timestamptz and reading.started_at < ${visits.startedBefore}::timestamptz`;
  const { rows } = await sql<AssetDay>`
    with lost as (
      select reading.visit_id, reading.asset_version_id, reading.day as day_before,
        (reading.started_at at time zone ${timeZone}::text)::date as day,
        account.account_id, coalesce(account.buyer_slice_id, 0) as buyer_slice_id
      from reading
      join recipient on recipient.id = reading.recipient_id
      left join contact on contact.id = recipient.contact_id
      left join account_slice account on account.account_id = coalesce(recipient.account_id, contact.account_id)
      where ${chosen} and not exists (select from visit v where v.id = reading.visit_id and ${isWhole})
    ),
    written as (
      update reading set day = lost.day, account_id = lost.account_id, buyer_slice_id = lost.buyer_slice_id
      from lost
      where reading.visit_id = lost.visit_id and reading.asset_version_id = lost.asset_version_id
        and (reading.day, reading.account_id, reading.buyer_slice_id)
          is distinct from (lost.day, lost.account_id, lost.buyer_slice_id)
      returning reading.asset_id, reading.day, lost.day_before
    )
    select distinct asset_id, each.day::text as day
    from written cross join lateral (values (written.day), (written.day_before)) as each (day)`.execute(db);
  return rows;
}

/** What was read by share links that were removed with all that they led to. */
export async function deleteReadingsOfLinks(
  db: Database,
  shareLinkIds: string[] | 'all',
): Promise<AssetDay[]> {
  if (shareLinkIds.length === 0) return [];
  const isChosen = shareLinkIds === 'all' ? sql`true` : sql`share_link_id = any(${shareLinkIds}::text[])`;
  const { rows } = await sql<AssetDay>`
    with gone as (
      delete from reading where ${isChosen} and not exists (select from share_link where share_link.id = reading.share_link_id)
      returning asset_id, day
    )
    select distinct asset_id, day::text as day from gone`.execute(db);
  return rows;
}

/** The months in which anything that is counted began, as stretches of time. */
export async function listVisitMonths(
  db: Database,
): Promise<{ startedFrom: string; startedBefore: string }[]> {
  const { rows } = await sql<{ startedFrom: string; startedBefore: string }>`
    with span as (
      select date_trunc('month', least(
          (select min(started_at) from visit), (select min(started_at) from reading)
        ) at time zone 'UTC') as first,
        greatest((select max(started_at) from visit), (select max(started_at) from reading)) at time zone 'UTC' as last
    )
    select month::text || 'Z' as started_from, (month + interval '1 month')::text || 'Z' as started_before
    from span cross join lateral generate_series(first, last, interval '1 month') month`.execute(db);
  return rows;
}
