import { sql } from 'kysely';
import type { Database } from '../db/database.ts';
import type { RequestStatus } from '../requests/contract.ts';
import type { NotRightReason } from '../search/contract.ts';
import type { DimensionKey } from '../taxonomy/contract.ts';
import type { Window } from './queries.ts';

export interface SearchRow {
  id: string;
  userId: string;
  userName: string;
  query: string;
  clusterKey: string;
  termIds: string[];
  resultCount: number;
  searchedAt: Date;
  nextSearchAt: Date | null;
  hasSucceeded: boolean;
}

/** Longer texts were pasted; their beginning says whose they are. */
const longestWording = 400;

/** What was asked for in the window, the newest of it, and what came of it? Looking at the whole shelf asks for nothing. */
export async function listSearchRows(
  db: Database,
  { start, end }: Window,
  { succeedingDwellMs, limit }: { succeedingDwellMs: number; limit: number },
): Promise<SearchRow[]> {
  const query = sql<SearchRow>`
    with asked as (
      select id, user_id, left(query, ${sql.lit(longestWording)}) as query, cluster_key, filters,
        term_ids, result_count, searched_at,
        lead(searched_at) over (partition by user_id order by searched_at, id) as next_search_at
      from search
      where searched_at > ${start} and searched_at <= ${end}
      order by searched_at desc, id limit ${limit}
    )
    select s.id, s.user_id, u.name as user_name, s.query, s.cluster_key, s.result_count, s.searched_at,
      s.next_search_at,
      case when s.term_ids <> '{}' then s.term_ids
        else array(select jsonb_array_elements_text(s.filters -> 'termIds')) end as term_ids,
      exists (
        select from search_action a
        where a.search_id = s.id and (
          a.kind in ('shared', 'downloaded') or a.kind = 'opened' and a.dwell_ms >= ${succeedingDwellMs}
        )
      ) as has_succeeded
    from asked s join "user" u on u.id = s.user_id
    where s.query <> '' or s.term_ids <> '{}' or s.filters -> 'termIds' <> '[]'`;
  return (await query.execute(db)).rows;
}

interface NotRightRow {
  searchId: string;
  assetId: string;
  assetTitle: string;
  reason: NotRightReason;
  note: string;
}

/** What was said to be not right, and why? */
export async function listNotRight(
  db: Database,
  { start, end }: Window,
  limit: number,
): Promise<NotRightRow[]> {
  const query = sql<NotRightRow>`
    select x.search_id, x.asset_id, a.title as asset_title, coalesce(x.reason, 'other') as reason, x.note
    from search_action x join asset a on a.id = x.asset_id
    where x.kind = 'dismissed' and x.acted_at > ${start} and x.acted_at <= ${end}
    order by x.acted_at desc limit ${limit}`;
  return (await query.execute(db)).rows;
}

interface OwnedDeals {
  userId: string;
  currency: string;
  dealCount: number;
  amount: number;
}

/** What are the open deals of each user worth? */
export async function listOpenDeals(db: Database): Promise<OwnedDeals[]> {
  const query = sql<OwnedDeals>`
    select u.id as user_id, d.currency, count(*)::int as deal_count, sum(d.amount)::float8 as amount
    from deal d join "user" u on lower(u.email) = lower(d.owner_email)
    where d.outcome = 'open' and d.removed_at is null
    group by u.id, d.currency`;
  return (await query.execute(db)).rows;
}

export interface ClusterRequest {
  id: string;
  title: string;
  status: RequestStatus;
  clusterKey: string;
  answer: string;
  createdByName: string;
  createdAt: Date;
  closedAt: Date | null;
}

/** Which requests came from groups of failed searches? The newest come first. */
export async function listClusterRequests(db: Database, limit: number): Promise<ClusterRequest[]> {
  const query = sql<ClusterRequest>`
    select r.id, r.title, r.status, r.cluster_key, r.answer, u.name as created_by_name, r.created_at, r.closed_at
    from request r join "user" u on u.id = r.created_by_user_id
    where r.cluster_key is not null order by r.created_at desc, r.id limit ${limit}`;
  return (await query.execute(db)).rows;
}

export interface DecisionRow {
  clusterKey: string;
  kind: 'requested' | 'synonym' | 'dismissed';
  requestId: string | null;
  termId: string | null;
  word: string | null;
  decidedByUserId: string;
  decidedByName: string;
  decidedAt: Date;
}

/** What did marketing decide about groups of searches? The newest come first. */
export async function listDecisions(db: Database, limit: number): Promise<DecisionRow[]> {
  const query = sql<DecisionRow>`
    select d.cluster_key, d.kind, d.request_id, d.term_id, d.word, d.decided_by_user_id, u.name as decided_by_name, d.decided_at
    from gap_decision d join "user" u on u.id = d.decided_by_user_id
    order by d.decided_at desc, d.cluster_key limit ${limit}`;
  return (await query.execute(db)).rows;
}

/** Those who decide about gaps take turns, so that two at once make one decision. */
export async function lockGaps(db: Database): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('offshelf:gaps'))`.execute(db);
}

interface Decision {
  clusterKey: string;
  kind: DecisionRow['kind'];
  requestId?: string;
  termId?: string;
  word?: string;
  decidedByUserId: string;
  decidedAt: Date;
}

/** The newest decision about a group replaces the one before. */
export async function putDecision(db: Database, decision: Decision): Promise<void> {
  const row = { requestId: null, termId: null, word: null, ...decision };
  await db
    .insertInto('gapDecision')
    .values(row)
    .onConflict((conflict) => conflict.column('clusterKey').doUpdateSet(row))
    .execute();
}

export async function deleteDecisions(db: Database, clusterKeys: string[]): Promise<void> {
  await sql`delete from gap_decision where cluster_key = any(${clusterKeys}::text[])`.execute(db);
}

export interface TaxonomyTerm {
  id: string;
  dimensionKey: DimensionKey;
  name: string;
  synonyms: string[];
}

/** Every term that is in use, in the order of the taxonomy. */
export async function listTaxonomyTerms(db: Database): Promise<TaxonomyTerm[]> {
  const query = sql<TaxonomyTerm>`
    select t.id, t.dimension_key, t.name, t.synonyms
    from term t join dimension d on d.key = t.dimension_key
    where t.retired_at is null
    order by d.position, t.position, t.name`;
  return (await query.execute(db)).rows;
}

/** Which of these words are there in the text of a published asset? */
export async function listLibraryWords(db: Database, words: string[]): Promise<string[]> {
  const query = sql<{
    word: string;
  }>`select word from search_word where word = any(${words}::text[]) and document_count > 0`;
  return (await query.execute(db)).rows.map(({ word }) => word);
}

interface ChoiceRow {
  phrase: string;
  termId: string;
  userCount: number;
}

/** Which terms did people choose after they had typed these words? */
export async function listChoices(db: Database, limit: number): Promise<ChoiceRow[]> {
  const query = sql<ChoiceRow>`
    select phrase, term_id, count(*)::int as user_count
    from term_choice where not is_refused
    group by phrase, term_id order by count(*) desc, phrase limit ${limit}`;
  return (await query.execute(db)).rows;
}
