import { sql } from 'kysely';
import type { Database } from '../db/database.ts';
import type { Candidate, EngineQuery } from './engine.ts';
import {
  all,
  askIndex,
  asksForText,
  countMet,
  type Fragment,
  isHit,
  matches,
  meets,
  type TextMatch,
  within,
} from './postgres-match-queries.ts';
import { fieldWeights, pairWeights } from './weights.ts';

/** How many of the likeliest are ranked by their headings, and of these by all their text. */
const likeliest = 250;
const rankedByAll = 60;
/** How many assets are at most called by the title that was typed. */
const mostTitled = 50;

/** The assets that are asked for, in order of fit; without words the best met and last moved come first. */
export async function rankMatches(
  db: Database,
  query: EngineQuery,
  text: TextMatch | null,
): Promise<Candidate[]> {
  const page = asksForText(text) ? rankByText(query, text) : rankByTime(query, text);
  const found = await askIndex(
    db,
    text,
    sql<{ assetIds: string[]; fits: number[] }>`
      with ${page}
      select coalesce(array_agg(d.asset_id order by page.place), '{}') as asset_ids,
        coalesce(array_agg(page.fit order by page.place), '{}') as fits
      from page join search_document d using (number)`,
  );
  return found ? found.assetIds.map((assetId, index) => ({ assetId, fit: found.fits[index] ?? 0 })) : [];
}

/**
 * Without a situation all are equal, and the index has them in order; the planner takes it when it knows that few are
 * wanted.
 */
function rankByTime(query: EngineQuery, text: TextMatch | null): Fragment {
  const order =
    query.situation.length > 0 ? sql`met desc, moved_at desc, number` : sql`moved_at desc, number`;
  return sql`
    page as (
      select number, row_number() over (order by ${order}) as place, 0::float8 as fit from (
        select d.number, d.moved_at, ${countMet(query)} as met from search_document d where ${narrow(query, text)}
        order by ${order} offset ${sql.lit(query.offset)} limit ${sql.lit(query.limit)}
      ) as sought
    )`;
}

/** All that an answer has to be. */
function narrow(query: EngineQuery, text: TextMatch | null): Fragment {
  return all([...within(query, text), ...query.groups.map(meets), ...matches(query, text)]);
}

/**
 * Ranks in three steps. The likeliest are found by the index alone; they are ranked by their headings, and the best of
 * them by all they hold. What is left follows in order of time.
 */
function rankByText(query: EngineQuery, text: TextMatch): Fragment {
  const { situation, offset, limit } = query;
  const { words, pairs, title } = text;
  const perMet = sql.lit(situation.length > 0 ? 1 / situation.length : 0);
  const goesOn = offset + limit > likeliest;
  return sql`
    matched as ${isReadOnce(query) ? sql`materialized` : sql`not materialized`} (
      select d.number, d.moved_at, ${countMet(query)} as met, ${situation.length > 0 ? isHit(text) : sql`true`} as is_hit
      from search_document d where ${narrow(query, text)} ${situation.length > 0 ? sql`offset 0` : sql``}
    ),
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
    likely as materialized (${listLikely(query, text)}),
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
    page as (
      select number, fit, row_number() over (order by step, score desc, moved_at desc, number) as place from (
        select number, fit, score, moved_at, 1 as step from read
        union all
        select number, least(fit, (select min(fit) from read)), score, moved_at, 2 from headed
        where number not in (select number from read)
        ${
          goesOn
            ? sql`union all select number, 0, 0, moved_at, 3 from matched
              where number not in (select number from headed)`
            : sql``
        }
      ) as either
      order by place offset ${offset} limit ${limit}
    )`;
}

/** To keep all that matches costs more than to find it again, unless it is dear to find. */
function isReadOnce({ situation, phrases }: EngineQuery): boolean {
  return situation.length > 0 || phrases.length > 0;
}

/**
 * The likeliest by the index alone: what is titled so, what meets most of the situation, what holds the words in its
 * title or tags, in its heading, often in its text, anywhere; of equals what moved last. Each way is tried only while
 * those before it found too few.
 */
function listLikely(query: EngineQuery, text: TextMatch): Fragment {
  const hasSituation = query.situation.length > 0;
  const most = sql.lit(likeliest);
  const signed = (column: string, condition: string) => sql`number in (
    select number from search_document where ${sql.ref(column)} @@ ${condition}::tsquery
  )`;
  const wider = text.signs
    .filter((sign) => sign.isWider)
    .map(({ column, condition }) => signed(column, condition));
  const ways = [
    sql`(select d.number, met, d.moved_at from search_document d join matched using (number)
      where d.number in (select number from titled))`,
    ...(hasSituation
      ? [
          sql`(select number, met, moved_at from matched where met > 0
            order by met desc, is_hit desc, moved_at desc, number limit ${most})`,
        ]
      : []),
    ...text.signs
      .filter((sign) => !sign.isWider)
      .map(({ column, condition }) =>
        isReadOnce(query)
          ? sql`(select number, met, moved_at from matched where ${signed(column, condition)}
              order by moved_at desc, number limit ${most})`
          : sql`(select number, 0, moved_at from (
              select d.number, d.moved_at from search_document d
              where ${sql.ref(`d.${column}`)} @@ ${condition}::tsquery
                and ${all([...within(query, text), ...query.groups.map(meets)])} offset 0
            ) as sure order by moved_at desc, number limit ${most})`,
      ),
    sql`(select number, met, moved_at from matched where ${sql.join([sql`is_hit`, ...wider], sql` or `)}
      order by ${sql.join([...wider.map((sign) => sql`${sign} desc`), sql`moved_at desc, number`])} limit ${most})`,
  ];
  return sql`
    select distinct number, met, moved_at from (
      select * from (${sql.join(ways, sql` union all `)}) as way
      limit ${sql.lit(hasSituation ? 2 * likeliest : likeliest)}
    ) as chosen`;
}

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
