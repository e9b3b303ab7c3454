import { sql } from 'kysely';
import type { Database } from '../db/database.ts';

interface HitText {
  assetId: string;
  title: string;
  useWhen: string;
  description: string;
  talkTrack: string;
  /** The names of its terms and the words that people use for them. */
  tags: string[];
  /** The page that says most of what was asked; null when none says any of it. */
  pageNumber: number | null;
  pageText: string | null;
}

/** Of a longer page only the start is read for excerpts. */
const longestExcerptSource = 100_000;

/**
 * What excerpts are cut from. Of the pages the one that holds the most telling words is chosen, and among those
 * the one where words stand together as they were asked.
 */
export async function listHitTexts(
  db: Database,
  assetIds: string[],
  words: { query: string; weight: number; place: number }[],
): Promise<HitText[]> {
  if (words.length === 0) return listTexts(db, assetIds);
  const [queries, weights, places] = [
    words.map(({ query }) => query),
    words.map(({ weight }) => weight),
    words.map(({ place }) => place),
  ];
  const { rows } = await sql<HitText>`
    with word as materialized (
      select query::tsquery as query, weight, place
      from unnest(${queries}::text[], ${weights}::float8[], ${places}::int[]) as given (query, weight, place)
    ),
    pair as materialized (
      select tsquery_phrase(word.query, later.query, later.place - word.place) as query
      from word join lateral (
        select * from word next where next.place > word.place order by place limit 1
      ) as later on true
    ),
    asked as materialized (
      select string_agg('(' || query::text || ')', ' | ')::tsquery as query, min(weight) as least from word
    )
    select a.id as asset_id, a.title, a.use_when, a.description, a.talk_track, tagged.tags, page.page_number,
      left(page.text, ${longestExcerptSource}) as page_text
    from asset a
    cross join lateral (
      select coalesce(array_agg(tag), '{}') as tags
      from asset_term join term on term.id = asset_term.term_id
      cross join lateral unnest(term.name || term.synonyms) as tag
      where asset_term.asset_id = a.id
    ) as tagged
    left join lateral (
      select held.page_number from (
        -- Read once: it is looked at for every word and every pair.
        select p.page_number, p.vector || ''::tsvector as vector
        from search_page p, asked where p.asset_id = a.id and p.vector @@ asked.query offset 0
      ) as held, asked
      order by (select sum(word.weight) from word where held.vector @@ word.query)
        + asked.least * (select count(*) from pair where held.vector @@ pair.query) desc, held.page_number
      limit 1
    ) as best on true
    left join search_page page on page.asset_id = a.id and page.page_number = best.page_number
    where a.id = any(${assetIds}::text[])`.execute(db);
  return rows;
}

/** Nothing was asked, so no page says more than another. */
async function listTexts(db: Database, assetIds: string[]): Promise<HitText[]> {
  const { rows } = await sql<HitText>`
    select id as asset_id, title, use_when, description, talk_track, '{}'::text[] as tags,
      null as page_number, null as page_text
    from asset where id = any(${assetIds}::text[])`.execute(db);
  return rows;
}
