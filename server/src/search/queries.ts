import { sql } from 'kysely';
import type { Database } from '../db/database.ts';
import type { SearchDocument } from './engine.ts';

/** What a document is made of, for the published ones of these assets. */
export async function listDocuments(
  db: Database,
  assetIds: string[],
): Promise<Omit<SearchDocument, 'readAt'>[]> {
  const { rows } = await sql<Omit<SearchDocument, 'readAt'>>`
    select a.id as asset_id, a.title, a.description, a.use_when, a.talk_track, a.audience, a.owner_user_id,
      a.published_at, tagged.term_ids, tagged.tags, coalesce(inside.pages, '[]') as pages
    from asset a
    left join lateral (
      select jsonb_agg(jsonb_build_object('pageNumber', page_number,
        'headings', jsonb_path_query_array(headings, '$[*].text'),
        'text', concat_ws(E'\\n\\n', nullif(text, ''), nullif(notes, ''))) order by page_number) as pages
      from rendition_page
      where (text <> '' or notes <> '') and rendition_id = (
        select rendition_id from version_rendition where asset_version_id = a.current_version_id limit 1
      )
    ) as inside on true
    cross join lateral (
      select coalesce(array_agg(distinct term.id), '{}') as term_ids,
        coalesce(array_agg(distinct tag), '{}') as tags
      from asset_term join term on term.id = asset_term.term_id
      cross join lateral unnest(term.name || term.synonyms) as tag
      where asset_term.asset_id = a.id
    ) as tagged
    where a.id = any(${assetIds}::text[]) and a.status = 'published'`.execute(db);
  return rows;
}

export async function listPublishedAssetIds(db: Database, afterId: string, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('asset')
    .select('id')
    .where('status', '=', 'published')
    .where('id', '>', afterId)
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map(({ id }) => id);
}

interface UseCount {
  assetId: string;
  sharedByCount: number;
  humanOpenCount: number;
}

/** What sales and buyers did with these assets since then. */
export async function listUseCounts(db: Database, assetIds: string[], since: Date): Promise<UseCount[]> {
  const { rows } = await sql<UseCount>`
    select given.id as asset_id, shared.count as shared_by_count, opened.count as human_open_count
    from unnest(${assetIds}::text[]) as given (id)
    cross join lateral (
      select count(distinct share_link.created_by_user_id)::int as count
      from share_link join "user" on "user".id = share_link.created_by_user_id
      where share_link.asset_id = given.id and share_link.created_at >= ${since}
        and "user".role in ('rep', 'manager')
    ) as shared
    cross join lateral (
      select count(*)::int as count
      from share_link join visit on visit.share_link_id = share_link.id
      -- The limit keeps the view from being worked out for every visit there is.
      cross join lateral (select class from current_judgement where visit_id = visit.id limit 1) as judged
      where share_link.asset_id = given.id and visit.started_at >= ${since}
        and judged.class in ('human-likely', 'human-confirmed')
    ) as opened`.execute(db);
  return rows;
}
