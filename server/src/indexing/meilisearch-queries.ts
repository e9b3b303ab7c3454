import { sql } from 'kysely';
import type { Database } from '../db/database.ts';
import type { EngineQuery } from './engine.ts';
import type { HitTexts } from './meilisearch-marking.ts';

/** Those of the assets that are within the filters now, whatever the index remembers of them. */
export async function listWithinFilters(
  db: Database,
  assetIds: string[],
  { groups, audience, ownerUserIds, publishedSince, publishedBefore }: EngineQuery,
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select a.id from asset a
    where a.id = any(${assetIds}::text[]) and a.status = 'published'
      and (${audience}::text is null or a.audience = ${audience})
      and (${ownerUserIds.length === 0} or a.owner_user_id = any(${ownerUserIds}::text[]))
      and (${publishedSince}::timestamptz is null or a.published_at >= ${publishedSince})
      and (${publishedBefore}::timestamptz is null or a.published_at < ${publishedBefore})
      and not exists (
        select from jsonb_array_elements(${JSON.stringify(groups)}::text::jsonb) as wanted (terms)
        where not exists (
          select from asset_term
          where asset_id = a.id and term_id in (select jsonb_array_elements_text(wanted.terms -> 'termIds'))
        )
      )`.execute(db);
  return rows.map(({ id }) => id);
}

export async function listTermDimensions(db: Database, termIds: string[]): Promise<Map<string, string>> {
  if (termIds.length === 0) return new Map();
  const rows = await db
    .selectFrom('term')
    .select(['id', 'dimensionKey'])
    .where('id', 'in', termIds)
    .execute();
  return new Map(rows.map(({ id, dimensionKey }) => [id, dimensionKey]));
}

/** What is said about published assets and stands on one page of each, as it is now. */
export async function listHitPages(
  db: Database,
  assetIds: string[],
  pages: Map<string, number>,
): Promise<HitTexts[]> {
  const pageNumbers = assetIds.map((assetId) => pages.get(assetId) ?? null);
  const { rows } = await sql<HitTexts>`
    select a.id as asset_id, a.title, a.use_when, a.talk_track, a.description, tagged.tags,
      page.page_number, coalesce(page.text, '') as page_text
    from unnest(${assetIds}::text[], ${pageNumbers}::int[]) with ordinality as given (id, page_number, place)
    join asset a on a.id = given.id
    cross join lateral (
      select coalesce(array_agg(distinct tag), '{}') as tags
      from asset_term join term on term.id = asset_term.term_id
      cross join lateral unnest(term.name || term.synonyms) as tag
      where asset_term.asset_id = a.id
    ) as tagged
    left join lateral (
      select page_number, concat_ws(E'\\n\\n', nullif(text, ''), nullif(notes, '')) as text
      from rendition_page
      where page_number = given.page_number and rendition_id = (
        select rendition_id from version_rendition where asset_version_id = a.current_version_id limit 1
      )
    ) as page on true
    where a.status = 'published'
    order by given.place`.execute(db);
  return rows;
}
