import { sql } from 'kysely';
import type { Database } from '../db/database.ts';

export interface WordFact {
  word: string;
  /** Null for a stop word such as "the". */
  stem: string | null;
  /** Documents that hold the word or its stem; of the last word, also those with a word that starts like it. */
  documentCount: number;
  /** The word as PostgreSQL's full text query. */
  query: string;
}

/** What the index knows of these words. They hold letters and digits only, so they need no further quoting. */
export async function findWordFacts(
  db: Database,
  words: string[],
  unfinishedWord: string | null,
): Promise<WordFact[]> {
  const { rows } = await sql<WordFact>`
    select word, stem, query::text as query,
      (select count(*)::int from search_document d where d.vector @@ query) as document_count
    from unnest(${words}::text[]) with ordinality as given (word, position)
    cross join lateral (select (ts_lexize('english_stem', word))[1] as stem) as stemmed
    cross join lateral (
      select (quote_literal(word)
        || coalesce(' | ' || quote_literal(nullif(stem, word)), '')
        || case when word = ${unfinishedWord}::text
             -- One or two letters start too many words: they complete headings only.
             then ' | ' || quote_literal(word) || case when length(word) < 3 then ':*AB' else ':*' end
             else '' end)::tsquery as query
    ) as asked
    order by position`.execute(db);
  return rows;
}

/** The library's words that differ little from a word that it does not have. */
export async function findSimilarWords(db: Database, deletions: string[]): Promise<string[]> {
  const { rows } = await sql<{ word: string }>`
    select word from search_word where deletions && ${deletions}::text[] limit 500`.execute(db);
  return rows.map(({ word }) => word);
}

export async function findStems(db: Database, words: string[]): Promise<Map<string, string>> {
  if (words.length === 0) return new Map();
  const { rows } = await sql<{ word: string; stem: string | null }>`
    select word, (ts_lexize('english_stem', word))[1] as stem from unnest(${words}::text[]) as word`.execute(
    db,
  );
  return new Map(rows.flatMap(({ word, stem }) => (stem === null ? [] : [[word, stem]])));
}

interface RankedQuery {
  /** One full text query per word, with how much the word tells assets apart. */
  queries: string[];
  weights: number[];
  /** The share of the words that an answer has to hold. */
  coverage: number;
  /** The beginning of titles that are meant literally. */
  titleStart: string;
}

export interface Selection {
  dimensionKeys: string[];
  termIds: string[];
  audience: string | null;
  offset: number;
  limit: number;
}

interface FoundAssets {
  total: number;
  assetIds: string[];
  termCounts: Record<string, number>;
}

/** How many of the best by heading are ranked again by the text inside. */
const rankedByText = 100;

/**
 * Ranks in two steps: every match by its heading, which is small, then the best of them also by their text,
 * which is not. Only published assets are seen, as the database knows them now and not as they were indexed.
 */
export async function findRankedAssets(
  db: Database,
  ranked: RankedQuery,
  selection: Selection,
): Promise<FoundAssets> {
  const matched = sql`
    select d.asset_id, a.published_at, covered.share,
      scored.score * covered.share
        + case when lower(a.title) = ${ranked.titleStart} then 2
               when starts_with(lower(a.title), ${ranked.titleStart}) then 0.5 else 0 end as score
    from search_document d
    join asset a on a.id = d.asset_id and a.status = 'published'
      and (${selection.audience}::text is null or a.audience = ${selection.audience})
    join (
      select hit.asset_id, sum(word.weight) / (select sum(weight) from word) as share,
        count(*)::float8 / (select count(*) from word) as coverage
      from word join search_document hit on hit.vector @@ word.query
      group by hit.asset_id
    ) as covered on covered.asset_id = d.asset_id
    cross join lateral (
      select sum(word.weight * ts_rank('{0, 0.3, 0.6, 1}', d.heading, word.query)) as score from word
    ) as scored
    where covered.coverage >= ${ranked.coverage}::float8`;
  const ordered = sql`
    ordered as (
      select result.asset_id, row_number() over (order by score desc, published_at desc, asset_id) as place, score
      from result
    ),
    best as materialized (
      select ordered.asset_id, ordered.score, d.vector || ''::tsvector as vector
      from ordered join search_document d using (asset_id) where place <= ${rankedByText}
    ),
    page as (
      select ordered.asset_id, row_number() over (
        order by place <= ${rankedByText} desc,
          ordered.score + coalesce((
            select sum(word.weight * ts_rank('{0.2, 0, 0, 0}', best.vector, word.query)) from word
          ), 0) desc,
          place
      ) as place
      from ordered left join best using (asset_id)
      order by place offset ${selection.offset} limit ${selection.limit}
    )`;
  return findSelected(
    db,
    sql`word as (
      select query::tsquery as query, weight
      from unnest(${ranked.queries}::text[], ${ranked.weights}::float8[]) as given (query, weight)
    ), `,
    matched,
    ordered,
    selection,
  );
}

/** Without a word to search for: what was published or used last comes first. */
export function findRecentAssets(db: Database, selection: Selection): Promise<FoundAssets> {
  const matched = sql`
    select a.id as asset_id, greatest(a.published_at, used.last_at) as moved_at, a.title
    from asset a
    left join (
      select asset_id, max(at) as last_at from (
        select asset_id, created_at as at from share_link
        union all
        select asset_id, occurred_at from asset_activity where kind = 'downloaded'
      ) as use group by asset_id
    ) as used on used.asset_id = a.id
    where a.status = 'published' and (${selection.audience}::text is null or a.audience = ${selection.audience})`;
  const ordered = sql`
    page as (
      select asset_id, row_number() over (order by moved_at desc, title, asset_id) as place
      from result order by place offset ${selection.offset} limit ${selection.limit}
    )`;
  return findSelected(db, sql``, matched, ordered, selection);
}

type Fragment = ReturnType<typeof sql>;

/** Narrows what matched to the selection, and counts for every term what it would show. */
async function findSelected(
  db: Database,
  given: Fragment,
  matched: Fragment,
  ordered: Fragment,
  selection: Selection,
): Promise<FoundAssets> {
  const narrowed = selection.dimensionKeys.length > 0 ? narrowTo(selection) : wholeMatch;
  const statement = sql<FoundAssets>`
    with ${given}
    matched as materialized (${matched}),
    ${narrowed},
    ${ordered}
    select
      (select count(*)::int from result) as total,
      (select coalesce(array_agg(asset_id order by place), '{}') from page) as asset_ids,
      (select coalesce(jsonb_object_agg(term_id, count), '{}') from counted) as term_counts`;
  const { rows } = await db.transaction().execute(async (trx) => {
    // The planner believes that matching a vector is cheap and reads them all, where the index has the answer.
    await sql`set local enable_seqscan = off`.execute(trx);
    return statement.execute(trx);
  });
  return rows[0] ?? { total: 0, assetIds: [], termCounts: {} };
}

const wholeMatch = sql`
  result as materialized (select * from matched),
  counted as (select term_id, count(*)::int as count from matched join asset_term using (asset_id) group by term_id)`;

/**
 * An asset is a result when it meets every dimension that something is selected in. Where it is counted for a
 * term, the term's own dimension is taken as met, so that people see what else they could select there.
 */
function narrowTo({ dimensionKeys, termIds }: Selection): Fragment {
  return sql`
  met as materialized (
    select asset_id, array_agg(distinct dimension_key) as keys
    from matched join asset_term using (asset_id) join term on term.id = asset_term.term_id
    where term.id = any(${termIds}::text[])
    group by asset_id
  ),
  result as materialized (
    select matched.* from matched join met using (asset_id) where ${dimensionKeys}::text[] <@ met.keys
  ),
  counted as (
    select term.id as term_id, count(*)::int as count
    from matched join asset_term using (asset_id) join term on term.id = asset_term.term_id
    left join met using (asset_id)
    where ${dimensionKeys}::text[] <@ (coalesce(met.keys, '{}') || term.dimension_key)
    group by term.id
  )`;
}

interface HitText {
  assetId: string;
  title: string;
  useWhen: string;
  description: string;
  talkTrack: string;
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
    select a.id as asset_id, a.title, a.use_when, a.description, a.talk_track, page.page_number,
      left(page.text, ${longestExcerptSource}) as page_text
    from asset a
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

interface DocumentRow {
  assetId: string;
  heading: string;
  vector: string;
  pages: AsyncIterable<{ pageNumber: number; text: string; vector: string }[]>;
  indexedAt: Date;
}

/** Replaces a document with its pages, unless one that was read later is there already. */
export async function upsertDocument(
  db: Database,
  { assetId, heading, vector, pages, indexedAt }: DocumentRow,
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const { rows } = await sql`
      insert into search_document (asset_id, heading, vector, indexed_at)
      values (${assetId}, ${heading}::text::tsvector, ${vector}::text::tsvector, ${indexedAt})
      on conflict (asset_id) do update set heading = excluded.heading, vector = excluded.vector,
        indexed_at = excluded.indexed_at
      where search_document.indexed_at <= excluded.indexed_at
      returning asset_id`.execute(trx);
    if (rows.length === 0) return;
    await trx.deleteFrom('searchPage').where('assetId', '=', assetId).execute();
    for await (const some of pages)
      await sql`
        insert into search_page (asset_id, page_number, text, vector)
        select ${assetId}, page_number, text, vector::tsvector from unnest(
          ${some.map((page) => page.pageNumber)}::int[], ${some.map((page) => page.text)}::text[],
          ${some.map((page) => page.vector)}::text[]
        ) as page (page_number, text, vector)`.execute(trx);
  });
}

/** Words come sorted, so that two writers never wait for each other in a circle. */
export async function listUnknownWords(db: Database, words: string[]): Promise<string[]> {
  const { rows } = await sql<{ word: string }>`
    select word from unnest(${words}::text[]) as word
    where not exists (select from search_word known where known.word = word.word) order by word`.execute(db);
  return rows.map(({ word }) => word);
}

export async function insertWords(
  db: Database,
  words: { word: string; deletions: string[] }[],
): Promise<void> {
  if (words.length === 0) return;
  await sql`
    insert into search_word (word, deletions)
    select word, array(select jsonb_array_elements_text(deletions))
    from jsonb_to_recordset(${JSON.stringify(words)}::text::jsonb) as given (word text, deletions jsonb)
    on conflict (word) do nothing`.execute(db);
}

export async function deleteDocuments(db: Database, assetIds: string[]): Promise<void> {
  await db.deleteFrom('searchDocument').where('assetId', 'in', assetIds).execute();
}

/** Forgets documents whose asset is no longer published, and words that stand in no document. */
export async function deleteLeftovers(db: Database): Promise<void> {
  await sql`
    delete from search_document d
    where not exists (select from asset a where a.id = d.asset_id and a.status = 'published')`.execute(db);
  await sql`
    delete from search_word w
    where not exists (select from search_document d where d.vector @@ quote_literal(w.word)::tsquery)`.execute(
    db,
  );
}
