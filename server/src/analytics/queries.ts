import { type RawBuilder, sql } from 'kysely';
import type { Database } from '../db/database.ts';
import type { JudgedVisit } from '../judging/human-opens.ts';
import { readingRule } from '../rendering/service.ts';

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

export interface ShelfLabels {
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
