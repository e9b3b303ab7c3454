import { type RawBuilder, sql } from 'kysely';
import type { Database } from '../db/database.ts';
import { type DimensionKey, dimensionKey } from '../taxonomy/contract.ts';
import type { EngineQuery, TermGroup } from './engine.ts';
import { fieldWeights, pairWeights } from './weights.ts';

type Fragment = RawBuilder<unknown>;

/** A word to rank by: all that it may stand for as full text queries, with how much each counts. */
export interface RankedWord {
  weight: number;
  forms: string[];
  formWeights: number[];
}

interface Sign {
  column: 'heading' | 'vector';
  condition: string;
  /** Also holds for what does not hold enough of the words. */
  isWider: boolean;
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
  signs: Sign[];
  /** The title that is meant, if the words are one. */
  title: string;
}

export interface FoundAssets {
  total: number;
  assetIds: string[];
  fits: number[];
  termCounts: Record<string, number>;
}

/** How many of the likeliest are ranked by their headings, and of these by all their text. */
const likeliest = 250;
const rankedByAll = 60;
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
  const asked = text !== null && (text.enough !== null || text.phrases.length > 0) ? text : null;
  const statement = sql<FoundAssets>`
    with matched as ${isReadOnce(query) ? sql`materialized` : sql`not materialized`} (
      ${listMatches(query, text, asked)}
    ),
    result as not materialized (select number, moved_at, met, is_hit from matched where missed = 0),
    ${asked ? rankByText(query, asked, within(query, text)) : rankByTime(query, within(query, text))},
    ${count(query)}
    select
      (select coalesce(sum(count), 0)::int from held where is_total) as total,
      (select coalesce(array_agg(asset_id order by place), '{}') from page) as asset_ids,
      (select coalesce(array_agg(fit order by place), '{}') from page) as fits,
      (select coalesce(jsonb_object_agg(term_id, count), '{}') from counted) as term_counts`;
  const { rows } = await db.transaction().execute(async (trx) => {
    await (asked ? byIndex : asUsual).execute(trx);
    return statement.execute(trx);
  });
  return rows[0] ?? { total: 0, assetIds: [], fits: [], termCounts: {} };
}

/** To keep all that matches costs more than to find it again, unless it is dear to find. */
function isReadOnce({ situation, phrases }: EngineQuery): boolean {
  return situation.length > 0 || phrases.length > 0;
}

/** A search that takes longer helps nobody, and would go on after whoever asked has left. */
const timeLimit = sql`set_config('statement_timeout', '15s', true)`;
/** What is asked changes little about how it is best found, and to plan anew takes longer than many an answer. */
const asUsual = sql`
  select set_config('jit', 'off', true), set_config('work_mem', '32MB', true), ${timeLimit},
    set_config('plan_cache_mode', 'force_generic_plan', true)`;
/** The planner believes that matching a vector is cheap and reads them all, where the index has the answer. */
const byIndex = sql`
  select set_config('jit', 'off', true), set_config('work_mem', '32MB', true), ${timeLimit},
    set_config('plan_cache_mode', 'force_generic_plan', true), set_config('enable_seqscan', 'off', true)`;

/** What holds enough words and every phrase. A long text knows no places at its end, but its pages do. */
function holds({ enough, isHeadingOnly, phrases }: TextMatch): Fragment {
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
  return sql.join(conditions, sql` and `);
}

/** Everything within the filters that matches; what misses one group only is kept to be counted for that group. */
function listMatches(query: EngineQuery, text: TextMatch | null, asked: TextMatch | null): Fragment {
  const { groups, situation } = query;
  const missed = add(groups.map((group, index) => when(meets(group), 0, 2 ** index)));
  const met = add(situation.map((group) => when(meets(group), 1, 0)));
  const allowed = [0, ...groups.map((_, index) => 2 ** index)];
  const kept = groups.length > 0 ? [sql`missed = any(${sql.lit(`{${allowed.join(',')}}`)}::int[])`] : [];
  const columns = sql`d.number, d.moved_at, ${missed} as missed, ${met} as met, ${setNames}`;
  if (situation.length === 0)
    return sql`
      select * from (
        select ${columns}, true as is_hit from search_document d
        where ${sql.join([...(asked ? [holds(asked)] : []), ...within(query, text)], sql` and `)}
      ) as candidate ${kept.length > 0 ? sql`where ${kept[0]}` : sql``} ${asked ? sql`offset 0` : sql``}`;
  const half = sql.lit(Math.ceil(situation.length / 2));
  const hit = asked
    ? sql`left join (select d.number from search_document d where ${holds(asked)} offset 0) as hit using (number)`
    : sql``;
  const enough = sql`(is_hit or met >= ${half})`;
  return sql`
    select * from (
      select ${columns}, ${asked ? sql`hit.number is not null` : sql`false`} as is_hit
      from search_document d ${hit} where ${sql.join(within(query, text), sql` and `)}
    ) as candidate where ${sql.join([enough, ...kept], sql` and `)}`;
}

function add(terms: Fragment[]): Fragment {
  return terms.length > 0 ? sql.join(terms, sql` + `) : sql`0`;
}

function when(condition: Fragment, yes: number, no: number): Fragment {
  return sql`case when ${condition} then ${sql.lit(yes)} else ${sql.lit(no)} end`;
}

function meets({ dimensionKey: key, termIds }: TermGroup): Fragment {
  return sql`coalesce(${setColumns[key]} in (
    select id from search_term_set where dimension_key = ${key} and term_ids && ${termIds}::text[]
  ), false)`;
}

/** The filters that narrow without being counted. */
function within(query: EngineQuery, text: TextMatch | null): Fragment[] {
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
  return conditions;
}

function rankByTime(query: EngineQuery, filters: Fragment[]): Fragment {
  const { situation, groups, offset, limit } = query;
  // Without a situation all are equal, and the index has them in order.
  const [source, order] =
    situation.length > 0
      ? [sql`result`, sql`met desc, moved_at desc, number`]
      : [
          sql`search_document d where ${sql.join([...filters, ...groups.map(meets)], sql` and `)}`,
          sql`moved_at desc, number`,
        ];
  return sql`
    page as (
      select d.asset_id, chosen.place, 0::float8 as fit
      from (
        select number, row_number() over (order by ${order}) as place
        from (select * from ${source} order by ${order} offset ${offset} limit ${limit}) as sought
      ) as chosen join search_document d using (number)
    )`;
}

/**
 * Ranks in three steps. The likeliest are found by the index alone: what is titled so, what holds the words in its
 * title or tags, in its heading, often in its text, anywhere; of equals what moved last. They are ranked by their
 * headings, and the best of them by all they hold. What is left follows in order of time.
 */
function rankByText(query: EngineQuery, text: TextMatch, filters: Fragment[]): Fragment {
  const { situation, offset, limit } = query;
  const { words, pairs, title, signs } = text;
  const named = signs.map((_, index) => sql.ref(`sign_${index}`));
  const narrow = sql.join([...filters, ...query.groups.map(meets)], sql` and `);
  const ways = [
    sql`(select ${resultColumns} from result r where (number in (select number from titled)) is true)`,
    ...(situation.length > 0
      ? [
          sql`(select ${resultColumns} from result r where met > 0
          order by met desc, is_hit desc, moved_at desc, number limit ${sql.lit(likeliest)})`,
        ]
      : []),
    ...signs.map(({ column, condition, isWider }, index) =>
      isReadOnce(query) || isWider
        ? sql`(select ${resultColumns} from result r
            where (number in (select number from ${named[index]})) is true
            order by moved_at desc, number limit ${sql.lit(likeliest)})`
        : sql`(select number, 0, moved_at from (
            select d.number, d.moved_at from search_document d
            where ${sql.ref(`d.${column}`)} @@ ${condition}::tsquery and ${narrow} offset 0
          ) as sure order by moved_at desc, number limit ${sql.lit(likeliest)})`,
    ),
    sql`(select ${resultColumns} from result r where is_hit
      order by moved_at desc, number limit ${sql.lit(likeliest)})`,
  ];
  const most = situation.length > 0 ? 2 * likeliest : likeliest;
  const perMet = sql.lit(situation.length > 0 ? 1 / situation.length : 0);
  const goesOn = offset + limit > likeliest;
  return sql`
    ${sql.join(
      signs.map(
        ({ column, condition }, index) => sql`${named[index]} as materialized (
          select number from search_document where ${sql.ref(column)} @@ ${condition}::tsquery
        ),`,
      ),
      sql` `,
    )}
    titled as materialized (
      select d.number from asset a join search_document d on d.asset_id = a.id
      where lower(a.title) = ${title} limit ${sql.lit(mostTitled)}
    ),
    word as materialized (
      select weight, forms::tsquery[] as forms, "formWeights" as form_weights,
        array_to_string(forms, ' | ')::tsquery as any_form
      from jsonb_to_recordset(${JSON.stringify(words)}::text::jsonb) as given (
        weight float8, forms text[], "formWeights" float8[]
      )
    ),
    pair as materialized (select unnest(${pairs}::text[])::tsquery as query),
    likely as materialized (
      select distinct number, met, moved_at from (
        select * from (${sql.join(ways, sql` union all `)}) as way limit ${sql.lit(most)}
      ) as chosen
    ),
    headed as materialized (
      select number, met, moved_at, heading, scored.fit, scored.fit + ${perMet} * met as score
      from (
        -- Read once: it is looked at for every word.
        select number, met, likely.moved_at, heading || ''::tsvector as heading
        from likely join search_document d using (number) offset 0
      ) as d cross join lateral (
        select case when number in (select number from titled) then 1 else ${fitOf('heading')} end as fit offset 0
      ) as scored
    ),
    read as materialized (
      select number, met, moved_at, scored.fit, scored.fit + ${perMet} * met as score
      from (
        select number, met, best.moved_at, best.heading, d.vector
        from (
          select * from headed order by score desc, moved_at desc, number limit ${sql.lit(rankedByAll)}
        ) as best join search_document d using (number) offset 0
      ) as d cross join lateral (
        select case when number in (select number from titled) then 1 else ${fitOf('whole')} end as fit offset 0
      ) as scored
    ),
    ordered as materialized (
      select number, fit, row_number() over (order by step, score desc, moved_at desc, number) as place from (
        select number, fit, score, moved_at, 1 as step from read
        union all
        select number, least(fit, (select min(fit) from read)), score, moved_at, 2 from headed
        where number not in (select number from read)
        ${
          goesOn
            ? sql`union all select number, 0, 0, moved_at, 3 from result
              where number not in (select number from headed)`
            : sql``
        }
      ) as either
      order by place offset ${offset} limit ${limit}
    ),
    page as (
      select d.asset_id, ordered.place, ordered.fit from ordered join search_document d using (number)
    )`;
}

const resultColumns = sql`r.number, r.met, r.moved_at`;

/**
 * How well a document fits: how much each word says of it in the form that says most, and a little for words that
 * stand together as asked.
 */
function fitOf(depth: 'heading' | 'whole'): Fragment {
  const isWhole = depth === 'whole';
  const body = isWhole
    ? sql`+ least(${sql.lit(fieldWeights.description)}, ${rank(sql`d.vector`, bodyWeights, sql`any_form`)}
        * cardinality(forms))`
    : sql``;
  const inBody = isWhole ? sql`when d.vector @@ query then ${sql.lit(pairWeights.inText)}` : sql``;
  return sql`coalesce((
    select sum(weight * least(1, ((
      select max(form_weight * ${rank(sql`d.heading`, headingWeights, sql`form`)})
      from unnest(forms, form_weights) as named (form, form_weight)
    ) ${body}) / ${sql.lit(fullScore)})) / sum(weight) from word
  ), 0) * ${sql.lit(1 - pairWeights.share)} + ${sql.lit(pairWeights.share)} * coalesce((
    select avg(case when d.heading @@ query then 1 ${inBody} else 0 end) from pair
  ), 0)`;
}

/** A single occurrence is worth its field's weight: PostgreSQL divides by π²/6, the most that many could add up to. */
const wholeRank = Math.PI ** 2 / 6;
/** A word that stands in the title, in a tag and often besides; what says more says it no better. */
const fullScore = fieldWeights.title + fieldWeights.tag;
const headingWeights = [fieldWeights.talkTrack, fieldWeights.useWhen, fieldWeights.tag, fieldWeights.title];
const bodyWeights = [fieldWeights.page, fieldWeights.pageHeading, fieldWeights.description, 0];

function rank(vector: Fragment, weights: number[], words: Fragment): Fragment {
  return sql`${sql.lit(wholeRank)} * ts_rank(${sql.lit(`{${weights.join(',')}}`)}, ${vector}, ${words})`;
}

/**
 * What each term would show. Where an asset is counted for a term, the term's own dimension is taken as met, so that
 * people see what else they could select there. Sets of terms are counted first: there are few of them. What misses a
 * group counts in that group's dimension and nowhere else.
 */
function count({ groups, countedKeys }: EngineQuery): Fragment {
  const counted = dimensionKey.options.filter((key) => countedKeys.includes(key));
  const columns = counted.map((key) => sql.ref(`${key}_set`));
  const all = sql.lit(2 ** columns.length - 1);
  const bySet =
    columns.length > 0
      ? sql`coalesce(${sql.join([...columns, sql`null`])}) as set_id, grouping(${sql.join(columns)}) = ${all} as is_total`
      : sql`null::int as set_id, true as is_total`;
  const sets = sql.join([sql`()`, ...columns.map((column) => sql`(${column})`)]);
  const missing = groups.flatMap(({ dimensionKey: key }, index) =>
    counted.includes(key)
      ? sql`
      union all
      select ${sql.ref(`${key}_set`)}, false, count(*) from matched
      where missed = ${sql.lit(2 ** index)} group by ${sql.ref(`${key}_set`)}`
      : [],
  );
  return sql`
    held as materialized (
      select ${bySet}, count(*) as count from matched where missed = 0 group by grouping sets (${sets})
      ${sql.join(missing, sql` `)}
    ),
    counted as (
      select term_id, sum(held.count)::int as count
      from held
      join search_term_set s on s.id = held.set_id
      cross join lateral unnest(s.term_ids) as term_id
      group by term_id
    )`;
}
