import { sql } from 'kysely';
import type { Database } from '../db/database.ts';
import { type DimensionKey, dimensionKey } from '../taxonomy/contract.ts';
import type { EngineQuery, TermGroup } from './engine.ts';
import {
  all,
  askIndex,
  asksForText,
  type Fragment,
  isOneOf,
  matches,
  meets,
  type TextMatch,
  within,
} from './postgres-match-queries.ts';

interface FoundCounts {
  total: number;
  termCounts: Record<string, number>;
}

/**
 * How many assets match, and how many each term would show. Where an asset is counted for a term, the term's own
 * dimension is taken as met, so that people see what else they could select there. Sets of terms are counted first:
 * there are few of them.
 */
export async function countMatches(
  db: Database,
  query: EngineQuery,
  text: TextMatch | null,
): Promise<FoundCounts> {
  const counted = dimensionKey.options.filter((key) => query.countedKeys.includes(key));
  const grouped = query.groups.map((group) => group.dimensionKey);
  const isShelf =
    query.situation.length === 0 && !asksForText(text) && new Set(grouped).size === grouped.length;
  const held = isShelf ? countShelf(query, text, counted) : countFound(query, text, counted);
  const statement = sql<FoundCounts>`
    with held as materialized (${held}),
    counted as (
      select term_id, sum(count)::int as count
      from held
      join search_term_set s on s.id = held.set_id
      cross join lateral unnest(s.term_ids) as term_id
      group by term_id
    )
    select
      (select coalesce(sum(count), 0)::int from held where is_total) as total,
      (select coalesce(jsonb_object_agg(term_id, count), '{}') from counted) as term_counts`;
  return (await askIndex(db, text, statement)) ?? { total: 0, termCounts: {} };
}

/** Without words the indexes of the sets tell most; what has terms that were chosen is read for all dimensions at once. */
function countShelf(query: EngineQuery, text: TextMatch | null, counted: DimensionKey[]): Fragment {
  const { groups } = query;
  const where = (met: TermGroup[]) => all([...within(query, text), ...met.map(isOneOf)]);
  const isGrouped = (key: DimensionKey) => groups.some((group) => group.dimensionKey === key);
  const free = counted.filter((key) => !isGrouped(key));
  const parts = groups.length === 0 && free.length > 0 ? free.map((key) => [key]) : [free];
  return sql.join(
    [
      ...parts.map((keys, index) => countSets(keys, where(groups), index === 0)),
      ...counted
        .filter(isGrouped)
        .map((key) => countSets([key], where(groups.filter((group) => group.dimensionKey !== key)), false)),
    ],
    sql` union all `,
  );
}

/** What matches is dear to find, so that it is read once; what misses one group only counts in that group's dimension. */
function countFound(query: EngineQuery, text: TextMatch | null, counted: DimensionKey[]): Fragment {
  const { groups } = query;
  const where = all([...within(query, text), ...matches(query, text)]);
  if (groups.length === 0) return countSets(counted, where, true);
  const misses = groups.map(
    (group, index) => sql`case when ${meets(group)} then 0 else ${sql.lit(2 ** index)} end`,
  );
  const bitsOf = (key: DimensionKey) =>
    groups.flatMap((group, index) => (group.dimensionKey === key ? sql.lit(2 ** index) : []));
  const own = counted.filter((key) => bitsOf(key).length > 0);
  return sql`
    select ${setId(counted)} as set_id, missed = 0 and ${isFirst(counted)} as is_total, count(*) as count
    from (
      select d.*, ${sql.join(misses, sql` + `)} as missed from search_document d where ${where} offset 0
    ) as d
    where missed in (${sql.join([sql`0`, ...own.flatMap(bitsOf)])})
    group by missed, ${groupingSets(counted)}
    having ${sql.join(
      [
        sql`missed = 0`,
        ...own.map((key) => sql`(missed in (${sql.join(bitsOf(key))}) and grouping(${setOf(key)}) = 0)`),
      ],
      sql` or `,
    )}`;
}

function countSets(keys: DimensionKey[], where: Fragment, isTotal: boolean): Fragment {
  return sql`
    select ${setId(keys)} as set_id, ${isTotal ? isFirst(keys) : sql`false`} as is_total, count(*) as count
    from search_document d where ${where} group by ${groupingSets(keys)}`;
}

/** By each dimension in turn. */
function groupingSets(keys: DimensionKey[]): Fragment {
  const [first, ...others] = keys.map((key) => sql`(${setOf(key)})`);
  if (!first) return sql`()`;
  return others.length > 0 ? sql`grouping sets (${sql.join([first, ...others])})` : first;
}

function setId(keys: DimensionKey[]): Fragment {
  return keys.length > 0 ? sql`coalesce(${sql.join([...keys.map(setOf), sql`null`])})` : sql`null::int`;
}

/** Whether a row is of the first dimension: all of these together are everything. */
function isFirst([first]: DimensionKey[]): Fragment {
  return first ? sql`grouping(${setOf(first)}) = 0` : sql`true`;
}

function setOf(key: DimensionKey): Fragment {
  return sql.ref(`d.${key}_set`);
}
