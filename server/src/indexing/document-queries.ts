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
