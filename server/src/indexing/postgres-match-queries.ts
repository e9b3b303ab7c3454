import { type RawBuilder, sql } from 'kysely';
import type { Database } from '../db/database.ts';
import { type DimensionKey, dimensionKey } from '../taxonomy/contract.ts';
import type { EngineQuery, TermGroup } from './engine.ts';

export type Fragment = RawBuilder<unknown>;

/** A word to rank by: all that it may stand for as full text queries, with how much each counts. */
export interface RankedWord {
  weight: number;
  forms: string[];
  formWeights: number[];
}

export type TextColumn = 'heading' | 'vector';

interface Sign {
  column: TextColumn;
  condition: string;
  /** Also holds for what does not hold enough of the words. */
  isWider: boolean;
}

/** What the words, phrases and exclusions of a query ask of the vectors; null where they ask nothing. */
export interface TextMatch {
  words: RankedWord[];
  /** Two words that follow each other in the query, in all their forms. */
  pairs: string[];
  /** Enough of the words: any of these will do. */
  enough: { column: TextColumn; condition: string }[];
  phrases: string[];
  excluded: string | null;
  /** What the best match is likely to meet, the tightest first. */
  signs: Sign[];
  /** The title that is meant, if the words are one. */
  title: string;
}

/** Whether there is anything in the text that an asset has to hold. */
export function asksForText(text: TextMatch | null): text is TextMatch {
  return text !== null && text.enough.length + text.phrases.length > 0;
}

/**
 * A search that takes longer helps nobody, and would go on after whoever asked has left. What is asked changes little
 * about how it is best found, and to plan anew takes longer than many an answer.
 */
const asUsual = sql`
  select set_config('jit', 'off', true), set_config('work_mem', '32MB', true),
    set_config('statement_timeout', '15s', true), set_config('plan_cache_mode', 'force_generic_plan', true)`;
/** The planner believes that matching a vector is cheap and reads them all, where the index has the answer. */
const byIndex = sql`${asUsual}, set_config('enable_seqscan', 'off', true)`;

/** Asks one row of the index, in the way that suits the query. */
export async function askIndex<T>(
  db: Database,
  text: TextMatch | null,
  statement: RawBuilder<T>,
): Promise<T | undefined> {
  const { rows } = await db.transaction().execute(async (trx) => {
    await (asksForText(text) ? byIndex : asUsual).execute(trx);
    return statement.execute(trx);
  });
  return rows[0];
}

export function all(conditions: Fragment[]): Fragment {
  return sql.join(conditions, sql` and `);
}

/** The filters that narrow without being counted. */
export function within(query: EngineQuery, text: TextMatch | null): Fragment[] {
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

const setColumns = Object.fromEntries(
  dimensionKey.options.map((key) => [key, sql.ref(`d.${key}_set`)]),
) as Record<DimensionKey, Fragment>;

/** For finding what meets it by an index; unknown where a document has no such terms. */
export function isOneOf({ dimensionKey: key, termIds }: TermGroup): Fragment {
  return sql`${setColumns[key]} in (
    select id from search_term_set where dimension_key = ${key} and term_ids && ${termIds}::text[]
  )`;
}

/** For checking one document after the other. */
export function meets(group: TermGroup): Fragment {
  return sql`coalesce(${isOneOf(group)}, false)`;
}

/** How many groups of the situation are met. */
export function countMet({ situation }: EngineQuery): Fragment {
  return situation.length > 0
    ? sql.join(
        situation.map((group) => sql`case when ${meets(group)} then 1 else 0 end`),
        sql` + `,
      )
    : sql`0`;
}

/** What holds enough words and every phrase. A long text knows no places at its end, but its pages do. */
function holds({ enough, phrases }: TextMatch): Fragment {
  const ways = enough.map(({ column, condition }) => sql`${sql.ref(`d.${column}`)} @@ ${condition}::tsquery`);
  return all([
    ...(ways.length > 0 ? [sql`(${sql.join(ways, sql` or `)})`] : []),
    ...phrases.map((phrase) => {
      const words = phrase.replace(/<\d+>/g, '&');
      return sql`d.vector @@ ${words}::tsquery and (
        d.vector @@ ${phrase}::tsquery
        or exists (select from search_page p where p.asset_id = d.asset_id and p.vector @@ ${phrase}::tsquery)
      )`;
    }),
  ]);
}

/** Whether a document holds the text, looked up in what the index finds; its own words are too dear to read. */
export function isHit(text: TextMatch | null): Fragment {
  return asksForText(text)
    ? sql`(d.number in (select d.number from search_document d where ${holds(text)} offset 0))`
    : sql`false`;
}

/** What matches at all, filters aside: where a situation is asked for, half of it will do instead of the words. */
export function matches(query: EngineQuery, text: TextMatch | null): Fragment[] {
  const { situation } = query;
  if (situation.length > 0)
    return [sql`(${isHit(text)} or ${countMet(query)} >= ${sql.lit(Math.ceil(situation.length / 2))})`];
  return asksForText(text) ? [holds(text)] : [];
}
