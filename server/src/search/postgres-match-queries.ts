import { type RawBuilder, sql } from 'kysely';
import type { Database } from '../db/database.ts';
import { type DimensionKey, dimensionKey } from '../taxonomy/contract.ts';
import type { EngineQuery, TermGroup } from './engine.ts';
import { fieldWeights } from './weights.ts';

type Fragment = RawBuilder<unknown>;

/** A word to rank by, as full text queries: the word itself, and what else it may stand for. */
export interface RankedWord {
  weight: number;
  /** The nearest forms, how many they are and how much they say. */
  exact: string;
  exactCount: number;
  exactWeight: number;
  others: string | null;
  otherCount: number;
  otherWeight: number;
}

/** What the words, phrases and exclusions of a query ask of the vectors; null where they ask nothing. */
export interface TextMatch {
  words: RankedWord[];
  /** Two words that follow each other in the query, in all their forms. */
  pairs: string[];
  /** Enough of the words, where each may stand. */
  enough: string | null;
  /** Words that are looked for in headings only. */
  isHeadingOnly: boolean;
  phrases: string[];
  excluded: string | null;
  /** What the best match is likely to meet, the tightest first. */
  signs: { column: 'heading' | 'vector'; condition: string }[];
  /** The title that is meant, if the words are one. */
  title: string;
}

export interface FoundAssets {
  total: number;
  assetIds: string[];
  /** Null for what comes after the best, in order of time. */
  fits: (number | null)[];
  termCounts: Record<string, number>;
}

/** How many of the likeliest are ranked in full. */
const likeliest = 250;
/** With how many the other ways of being likely still add theirs. */
const enoughLikely = 240;
/** How much of the fit is for words that stand together as they were asked. */
const pairShare = 0.1;
/** How many assets are at most called by the title that was typed. */
const mostTitled = 50;

const setColumns = Object.fromEntries(
  dimensionKey.options.map((key) => [key, sql.ref(`d.${key}_set`)]),
) as Record<DimensionKey, Fragment>;
const setNames = sql.join(dimensionKey.options.map((key) => sql.ref(`${key}_set`)));

/** Finds, ranks and counts in one statement. */
export async function findMatches(
  db: Database,
  query: EngineQuery,
  text: TextMatch | null,
): Promise<FoundAssets> {
  const asksText = text !== null && (text.enough !== null || text.phrases.length > 0);
  const statement = sql<FoundAssets>`
    with ${asksText ? sql`hit as materialized (${textHits(text)}),` : sql``}
    matched as materialized (${matched(query, text, asksText)}),
    result as materialized (select number, moved_at, met, is_hit from matched where missed = 0),
    ${asksText ? rankedByText(query, text) : rankedByTime(query)},
    ${counted(query)}
    select
      (select count(*)::int from result) as total,
      (select coalesce(array_agg(asset_id order by place), '{}') from page) as asset_ids,
      (select coalesce(array_agg(fit order by place), '{}') from page) as fits,
      (select coalesce(jsonb_object_agg(term_id, count), '{}') from counted) as term_counts`;
  const { rows } = await db.transaction().execute(async (trx) => {
    await sql`${plannerSettings}`.execute(trx);
    return statement.execute(trx);
  });
  return rows[0] ?? { total: 0, assetIds: [], fits: [], termCounts: {} };
}

/**
 * The planner believes that matching a vector costs as little as comparing two numbers and would read them all,
 * where the index has the answer.
 */
const plannerSettings = sql`
  select set_config('cpu_operator_cost', '0.5', true), set_config('jit', 'off', true),
    set_config('work_mem', '32MB', true), set_config('max_parallel_workers_per_gather', '0', true),
    set_config('plan_cache_mode', 'force_custom_plan', true)`;

/** What holds enough words and every phrase. A long text knows no places at its end, but its pages do. */
function textHits({ enough, isHeadingOnly, phrases }: TextMatch): Fragment {
  const column = sql.ref(isHeadingOnly ? 'd.heading' : 'd.vector');
  const conditions = [
    ...(enough === null ? [] : [sql`${column} @@ ${enough}::tsquery`]),
    ...phrases.map((phrase) => {
      const words = phrase.replace(/<\d+>/g, '&');
      return sql`d.vector @@ ${words}::tsquery and (
        d.vector @@ ${phrase}::tsquery
        or exists (select from search_page p where p.asset_id = d.asset_id and p.vector @@ ${phrase}::tsquery)
      )`;
    }),
  ];
  return sql`select d.number from search_document d where ${sql.join(conditions, sql` and `)}`;
}

/** Everything within the filters that matches; what misses one group only is kept to be counted for that group. */
function matched(query: EngineQuery, text: TextMatch | null, asksText: boolean): Fragment {
  const { groups, situation } = query;
  const misses = groups.map(
    (group, index) => sql`case when ${meets(group)} then 0 else ${sql.lit(2 ** index)} end`,
  );
  const missed = misses.length > 0 ? sql.join(misses, sql` + `) : sql`0`;
  const met =
    situation.length > 0
      ? sql.join(
          situation.map((group) => sql`case when ${meets(group)} then 1 else 0 end`),
          sql` + `,
        )
      : sql`0`;
  const allowed = [0, ...groups.map((_, index) => 2 ** index)];
  const half = Math.ceil(situation.length / 2);
  const isHit = asksText ? sql`hit.number is not null` : sql`false`;
  const matches = !asksText
    ? situation.length > 0
      ? sql`met >= ${sql.lit(half)}`
      : sql`true`
    : situation.length > 0
      ? sql`(is_hit or met >= ${sql.lit(half)})`
      : sql`is_hit`;
  const source = asksText
    ? sql`search_document d ${situation.length > 0 ? sql`left join` : sql`join`} hit using (number)`
    : sql`search_document d`;
  return sql`
    select * from (
      select d.number, d.moved_at, ${isHit} as is_hit, ${missed} as missed, ${met} as met, ${setNames}
      from ${source}
      where ${within(query, text)}
    ) as candidate
    where missed = any(${sql.lit(`{${allowed.join(',')}}`)}::int[]) and ${matches}`;
}

function meets({ dimensionKey: key, termIds }: TermGroup): Fragment {
  return sql`coalesce(${setColumns[key]} in (
    select id from search_term_set where dimension_key = ${key} and term_ids && ${termIds}::text[]
  ), false)`;
}

/** The filters that narrow without being counted. */
function within(query: EngineQuery, text: TextMatch | null): Fragment {
  const conditions = [sql`d.is_published`];
  if (query.audience !== null) conditions.push(sql`d.audience = ${query.audience}`);
  if (query.ownerUserIds.length > 0)
    conditions.push(sql`d.owner_user_id = any(${query.ownerUserIds}::text[])`);
  if (query.publishedSince) conditions.push(sql`d.published_at >= ${query.publishedSince}`);
  if (query.publishedBefore) conditions.push(sql`d.published_at < ${query.publishedBefore}`);
  if (text?.excluded)
    conditions.push(
      sql`d.number not in (select number from search_document where vector @@ ${text.excluded}::tsquery)`,
    );
  return sql.join(conditions, sql` and `);
}

function rankedByTime({ situation, offset, limit }: EngineQuery): Fragment {
  const fit = situation.length > 0 ? sql`0::float8` : sql`null::float8`;
  return sql`
    page as (
      select d.asset_id, chosen.place, ${fit} as fit
      from (
        select number, row_number() over (order by met desc, moved_at desc, number) as place
        from result order by met desc, moved_at desc, number offset ${offset} limit ${limit}
      ) as chosen join search_document d using (number)
    )`;
}

/**
 * Ranks in two steps. The likeliest are found by the index alone: what is titled so, what holds the words in its
 * title or tags, in its heading, all of them anywhere; of equals what moved last. Only these are ranked by all their
 * fields; what is left follows in order of time.
 */
function rankedByText(query: EngineQuery, text: TextMatch): Fragment {
  const { words, pairs, title } = text;
  const ways = [
    sql`(select r.number from asset a join search_document d on d.asset_id = a.id join result r using (number)
      where lower(a.title) = ${title} limit ${sql.lit(mostTitled)})`,
    ...(query.situation.length > 0
      ? [
          sql`(select number from result where met > 0 order by met desc, is_hit desc, moved_at desc, number
            limit ${sql.lit(likeliest)})`,
        ]
      : []),
    ...text.signs.map(({ column, condition }) =>
      likelyBy(sql`${sql.ref(`d.${column}`)} @@ ${condition}::tsquery`),
    ),
    sql`(select number from result where is_hit order by moved_at desc, number limit ${sql.lit(likeliest)})`,
  ];
  const most = query.situation.length > 0 ? likeliest + enoughLikely : enoughLikely;
  return sql`
    word as materialized (
      select weight, exact::tsquery as exact, "exactCount" * "exactWeight" as exact_weight,
        others::tsquery as others, "otherCount" * "otherWeight" as other_weight
      from jsonb_to_recordset(${JSON.stringify(words)}::text::jsonb) as given (
        weight float8, exact text, "exactCount" float8, "exactWeight" float8, others text, "otherCount" float8,
        "otherWeight" float8
      )
    ),
    pair as materialized (select unnest(${pairs}::text[])::tsquery as query),
    likely as materialized (
      select distinct number from (
        select number from (${sql.join(ways, sql` union all `)}) as way limit ${sql.lit(most)}
      ) as chosen
    ),
    best as materialized (
      select d.number, d.asset_id, d.heading || ''::tsvector as heading, d.vector || ''::tsvector as vector
      from likely join search_document d using (number)
    ),
    ranked as materialized (
      select best.number, scored.fit, r.met, r.moved_at,
        case when lower(a.title) = ${title} then 1 else scored.fit end
          + ${sql.lit(query.situation.length > 0 ? 1 / query.situation.length : 0)} * r.met as score,
        case when lower(a.title) = ${title} then 1 else scored.fit end as shown_fit
      from best join result r using (number) join asset a on a.id = best.asset_id
      cross join lateral (
        select coalesce((
          select sum(weight * least(1, (
            exact_weight * ${rank(sql`exact`)} + coalesce(other_weight * ${rank(sql`others`)}, 0)
          ) / ${sql.lit(fullScore)})) / sum(weight) from word
        ), 0) * ${sql.lit(1 - pairShare)} + ${sql.lit(pairShare)} * coalesce((
          select avg(case when best.heading @@ query then 1 when best.vector @@ query then 0.5 else 0 end) from pair
        ), 0) as fit
      ) as scored
    ),
    page as (
      select d.asset_id, ordered.place, ordered.fit from (
        select number, shown_fit as fit, row_number() over (order by score desc nulls last, moved_at desc, number) as place
        from (
          select number, shown_fit, score, moved_at from ranked
          ${
            query.offset + query.limit > likeliest
              ? sql`union all
          select number, null, null, moved_at from result where number not in (select number from ranked)`
              : sql``
          }
        ) as either
        order by place offset ${query.offset} limit ${query.limit}
      ) as ordered join search_document d using (number)
    )`;
}

function likelyBy(condition: Fragment): Fragment {
  return sql`(select r.number from result r where r.is_hit
    and r.number in (select d.number from search_document d where ${condition})
    order by r.moved_at desc, r.number limit ${sql.lit(likeliest)})`;
}

/** A single occurrence is worth its field's weight: PostgreSQL divides by π²/6, the most that many could add up to. */
const wholeRank = Math.PI ** 2 / 6;
/** A word that stands in the title, in a tag and often besides; what says more says it no better. */
const fullScore = fieldWeights.title + fieldWeights.tag;
const headingWeights = [fieldWeights.talkTrack, fieldWeights.useWhen, fieldWeights.tag, fieldWeights.title];
const bodyWeights = [fieldWeights.page, fieldWeights.pageHeading, fieldWeights.description, 0];

function rank(words: Fragment): Fragment {
  return sql`${sql.lit(wholeRank)} * (
    ts_rank(${sql.lit(`{${headingWeights.join(',')}}`)}, best.heading, ${words})
    + ts_rank(${sql.lit(`{${bodyWeights.join(',')}}`)}, best.vector, ${words}))`;
}

/**
 * What each term would show. Where an asset is counted for a term, the term's own dimension is taken as met, so that
 * people see what else they could select there. Sets of terms are counted first: there are few of them.
 */
function counted({ groups }: EngineQuery): Fragment {
  const ownBits = groups.map((group, index) => sql`when ${group.dimensionKey} then ${sql.lit(2 ** index)}`);
  const own = ownBits.length > 0 ? sql`case s.dimension_key ${sql.join(ownBits, sql` `)} else 0 end` : sql`0`;
  const sets = sql.join(dimensionKey.options.map((key) => sql`(missed, ${sql.ref(`${key}_set`)})`));
  return sql`
    counted as (
      select term_id, sum(held.count)::int as count
      from (
        select missed, coalesce(${setNames}) as set_id, count(*) as count
        from matched group by grouping sets (${sets})
      ) as held
      join search_term_set s on s.id = held.set_id
      cross join lateral unnest(s.term_ids) as term_id
      where held.missed = 0 or held.missed = ${own}
      group by term_id
    )`;
}
