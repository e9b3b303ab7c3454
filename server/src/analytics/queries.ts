import { type RawBuilder, sql } from 'kysely';
import type { Database } from '../db/database.ts';
import type { JudgedVisit } from '../judging/human-opens.ts';
import { readingRule } from '../rendering/service.ts';
import type { ShelfFacts } from './metrics.ts';

/** A stretch of time: after `start`, up to and including `end`. */
export interface Window {
  start: Date;
  end: Date;
}

/** Users with a sales role: their sharing and downloading is use. */
export const salesRoles = sql`('rep', 'manager')`;

/**
 * Joins to visit `v` its active time and the pages of it that count as read, after the read page metric:
 * `p.active_ms` and `p.read_pages`, of the page views that the condition lets in. Tabs add up, but nobody is active
 * for longer than the visit lasted.
 */
const pagesWhere = (condition: RawBuilder<unknown>) => sql`
  left join lateral (
    select least(
        coalesce(sum(page.active_ms), 0),
        extract(epoch from v.last_active_at - v.started_at) * 1000 + 5000
      )::int as active_ms,
      array_agg(version.asset_id || ' ' || page.page_number) filter (where page.active_ms >= greatest(
        ${sql.lit(readingRule.minimumMs)},
        ${sql.lit(readingRule.share)} * coalesce(
          nullif(page.word_count, 0) * 60000.0 / ${sql.lit(readingRule.wordsPerMinute)},
          ${sql.lit(readingRule.textlessMs)}
        )
      )) as read_pages
    from pages_of_visit(v.id) page join asset_version version on version.id = page.asset_version_id
    where ${condition}
  ) p on true`;

export interface ShelfRow extends ShelfFacts {
  title: string;
  ownerName: string | null;
  lastUsedAt: Date | null;
}

/** How far did each asset that was published at the end of the window get within it? */
export async function listShelfFacts(db: Database, { start, end }: Window): Promise<ShelfRow[]> {
  const query = sql<ShelfRow>`
    with published as (
      select a.id, a.title, a.published_at,
        coalesce(u.name, nullif(a.owner_role, '')) as owner_name,
        coalesce(a.review_on < ${end}::timestamptz::date, false) or u.deactivated_at is not null as is_stale
      from asset a
      left join "user" u on u.id = a.owner_user_id
      where a.published_at <= ${end} and (
        select c.status from asset_status_change c
        where c.asset_id = a.id and c.changed_at <= ${end}
        order by c.changed_at desc, c.id desc limit 1
      ) = 'published'
    ),
    surfaced as (
      select r.asset_id, count(*)::int as surfaced_count
      from search s join search_result r on r.search_id = s.id
      where s.searched_at > ${start} and s.searched_at <= ${end}
      group by r.asset_id
    ),
    activity as (
      select x.asset_id,
        count(*) filter (where x.kind = 'opened')::int as opened_count,
        count(*) filter (where x.kind = 'downloaded')::int as download_count,
        max(x.occurred_at) filter (where x.kind = 'downloaded') as last_download_at
      from asset_activity x join "user" u on u.id = x.user_id and u.role in ${salesRoles}
      where x.occurred_at > ${start} and x.occurred_at <= ${end}
      group by x.asset_id
    ),
    shared as (
      select l.asset_id, count(*)::int as share_count, max(l.shared_at) as last_share_at
      from shared_asset l join "user" u on u.id = l.created_by_user_id and u.role in ${salesRoles}
      where l.shared_at > ${start} and l.shared_at <= ${end}
      group by l.asset_id
    ),
    human_visit as (
      select opened.asset_id, v.started_at, rc.account_id, p.read_pages is not null as has_read
      from visit v
      join visited_asset opened on opened.visit_id = v.id
      join current_judgement j on j.visit_id = v.id and j.is_human
      join share_link l on l.id = v.share_link_id
      join recipient rc on rc.id = l.recipient_id
      ${pagesWhere(sql`page.asset_version_id = opened.asset_version_id`)}
      where v.started_at > ${start} and v.started_at <= ${end}
    ),
    reached as (
      select h.asset_id,
        count(*)::int as human_open_count,
        count(*) filter (where h.has_read)::int as read_count,
        count(*) filter (where h.has_read and exists (
          select from deal d join deal_stage s on s.deal_id = d.id
          where d.account_id = h.account_id and s.entered_at > h.started_at and s.entered_at <= ${end}
        ))::int as moved_count
      from human_visit h
      group by h.asset_id
    )
    select p.id as asset_id, p.title, p.published_at, p.owner_name, p.is_stale,
      coalesce(s.surfaced_count, 0) as surfaced_count,
      coalesce(a.opened_count, 0) as opened_count,
      coalesce(a.download_count, 0) as download_count,
      coalesce(sh.share_count, 0) as share_count,
      coalesce(r.human_open_count, 0) as human_open_count,
      coalesce(r.read_count, 0) as read_count,
      coalesce(r.moved_count, 0) as moved_count,
      greatest(a.last_download_at, sh.last_share_at) as last_used_at
    from published p
    left join surfaced s on s.asset_id = p.id
    left join activity a on a.asset_id = p.id
    left join shared sh on sh.asset_id = p.id
    left join reached r on r.asset_id = p.id
    order by p.title, p.id`;
  return (await query.execute(db)).rows;
}

/** Since when has anything been recorded? What was brought along may be older than the first user. */
export async function findRecordingStart(db: Database): Promise<Date | null> {
  const query = sql<{ startedAt: Date | null }>`
    select least(
      (select min(created_at) from "user"),
      (select min(searched_at) from search),
      (select min(created_at) from share_link)
    ) as started_at`;
  return (await query.execute(db)).rows[0]?.startedAt ?? null;
}

interface ShelfLabels {
  assetId: string;
  contentType: string | null;
  personas: string[];
  stages: string[];
}

/** By what can the spines of the shelf be grouped? */
export async function listShelfLabels(db: Database, assetIds: string[]): Promise<ShelfLabels[]> {
  if (assetIds.length === 0) return [];
  return db
    .selectFrom('assetTerm as at')
    .innerJoin('term as t', 't.id', 'at.termId')
    .where('at.assetId', 'in', assetIds)
    .select([
      'at.assetId',
      sql<string | null>`min(t.name) filter (where t.dimension_key = 'content_type')`.as('contentType'),
      sql<
        string[]
      >`coalesce(array_agg(t.name order by t.position) filter (where t.dimension_key = 'persona'), '{}')`.as(
        'personas',
      ),
      sql<
        string[]
      >`coalesce(array_agg(t.name order by t.position) filter (where t.dimension_key = 'stage'), '{}')`.as(
        'stages',
      ),
    ])
    .groupBy('at.assetId')
    .execute();
}

export interface ShareLinkVisit extends JudgedVisit {
  shareLinkId: string;
  startedAt: Date;
  activeMs: number;
  /** Each by its asset and its number; of a room the pages of all its items. */
  readPages: string[];
}

/** What became of these share links, visit by visit? */
export async function listShareLinkVisits(db: Database, shareLinkIds: string[]): Promise<ShareLinkVisit[]> {
  if (shareLinkIds.length === 0) return [];
  const query = sql<ShareLinkVisit>`
    select v.share_link_id, v.started_at, j.class, j.probability,
      coalesce(p.active_ms, 0) as active_ms,
      coalesce(p.read_pages, '{}') as read_pages
    from visit v
    join current_judgement j on j.visit_id = v.id
    ${pagesWhere(sql`true`)}
    where v.share_link_id = any(${shareLinkIds})
    order by v.started_at`;
  return (await query.execute(db)).rows;
}

/** How many pages each of them shows now; of a room those of all its items. */
export function listPageCounts(db: Database, shareLinkIds: string[]) {
  if (shareLinkIds.length === 0) return Promise.resolve([]);
  return db
    .selectFrom('sentLink')
    .select(['shareLinkId', 'pageCount'])
    .where('shareLinkId', 'in', shareLinkIds)
    .execute();
}
