import { type Insertable, sql } from 'kysely';
import type { Database } from '../db/database.ts';
import type { DB } from '../db/types.ts';
import type { DimensionKey } from '../taxonomy/contract.ts';
import type { Question, SearchFilters } from './contract.ts';
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

export interface FacetTerm {
  id: string;
  name: string;
  dimensionKey: DimensionKey;
  dimensionName: string;
  isRetired: boolean;
}

/** Terms in the order of the taxonomy. */
export async function listFacetTerms(db: Database, termIds: string[]): Promise<FacetTerm[]> {
  const { rows } = await sql<FacetTerm>`
    select term.id, term.name, term.dimension_key, dimension.name as dimension_name,
      term.retired_at is not null as is_retired
    from term join dimension on dimension.key = term.dimension_key
    where term.id = any(${termIds}::text[])
    order by dimension.position, term.position, term.name`.execute(db);
  return rows;
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

interface RefinedSearch {
  searchId: string;
  userId: string;
  /** The query that it may have been on the way to. */
  query: string;
  since: Date;
  /** Whoever changed the query later than this was not typing any more. */
  pausedSince: Date;
}

/**
 * Forgets a search that the user went on from without doing anything with its results. The row is locked first,
 * so that an action which is being noted at this moment is seen.
 */
export async function deleteRefinedSearch(
  db: Database,
  { searchId, userId, query, since, pausedSince }: RefinedSearch,
): Promise<void> {
  const { rows } = await sql`
    select id from search
    where id = ${searchId} and user_id = ${userId} and (
      searched_at >= ${pausedSince}
      or searched_at >= ${since} and query <> '' and starts_with(lower(${query}::text), lower(query))
    ) for update`.execute(db);
  if (rows.length === 0) return;
  await sql`
    delete from search
    where id = ${searchId}
      and not exists (select from search_action where search_id = search.id)
      and not exists (select from asset_activity where search_id = search.id)`.execute(db);
}

export async function insertSearch(db: Database, row: Insertable<DB['search']>): Promise<void> {
  await db.insertInto('search').values(row).execute();
}

export async function insertSearchResults(
  db: Database,
  { searchId, assetIds, offset }: { searchId: string; assetIds: string[]; offset: number },
): Promise<void> {
  if (assetIds.length === 0) return;
  // An asset may have been removed since the engine named it; the log does without it.
  await sql`
    insert into search_result (search_id, asset_id, position)
    select ${searchId}, asset.id, ${offset}::int + given.place::int
    from unnest(${assetIds}::text[]) with ordinality as given (id, place) join asset on asset.id = given.id
    on conflict (search_id, asset_id) do nothing`.execute(db);
}

/** The user's own search, if it asked the same: the pages of one answer belong to one search. */
export async function findSameSearch(
  db: Database,
  search: { searchId: string; userId: string; query: string; filters: SearchFilters },
): Promise<string | undefined> {
  const { rows } = await sql<{ id: string }>`
    select id from search
    where id = ${search.searchId} and user_id = ${search.userId} and query = ${search.query}
      and filters = ${JSON.stringify(search.filters)}::text::jsonb
    for share`.execute(db);
  return rows[0]?.id;
}

interface SearchActionRow {
  searchId: string;
  userId: string;
  assetId: string;
  kind: string;
  dwellMs: number | null;
  actedAt: Date;
}

/** Notes what the user did with a result of their own search; again for the same asset keeps the longer dwell. */
export async function upsertSearchAction(db: Database, row: SearchActionRow): Promise<boolean> {
  const { rows } = await sql`
    insert into search_action (search_id, asset_id, kind, dwell_ms, acted_at)
    select search.id, search_result.asset_id, ${row.kind}, ${row.dwellMs}::int, ${row.actedAt}::timestamptz
    from search join search_result on search_result.search_id = search.id
    where search.id = ${row.searchId} and search.user_id = ${row.userId}
      and search_result.asset_id = ${row.assetId}
    on conflict (search_id, asset_id, kind)
      do update set dwell_ms = greatest(search_action.dwell_ms, excluded.dwell_ms)
    returning search_id`.execute(db);
  return rows.length > 0;
}

interface RecentSearch extends Question {
  searchId: string;
  resultCount: number;
  searchedAt: Date;
}

/** The user's last different searches, newest first; looking at the whole shelf is not one. */
export async function listRecentSearches(db: Database, userId: string, since: Date): Promise<RecentSearch[]> {
  const { rows } = await sql<RecentSearch>`
    select id as search_id, query, filters, account_id, result_count, searched_at,
      coalesce(question -> 'plainTermIds', '[]') as plain_term_ids
    from (
      select distinct on (lower(query), filters) *
      from search
      where user_id = ${userId} and searched_at >= ${since}
        and (query <> '' or filters -> 'termIds' <> '[]' or filters ->> 'audience' is not null)
      order by lower(query), filters, searched_at desc
    ) as latest
    order by searched_at desc limit 8`.execute(db);
  return rows;
}
