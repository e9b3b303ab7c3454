import { sql } from 'kysely';
import type { Database } from '../db/database.ts';
import type { Window } from '../slices/contract.ts';
import type { TermTag } from '../taxonomy/contract.ts';
import type { GapTile } from './contract.ts';

interface UserPipeline {
  userId: string;
  openDealCount: number;
  openValue: number;
  unconvertedDealCount: number;
}

/** What are the open deals of these users worth in the base currency? */
export async function listUserPipelines(db: Database, userIds: string[]): Promise<UserPipeline[]> {
  const { rows } = await sql<UserPipeline>`
    select u.id as user_id, count(*)::int as open_deal_count,
      coalesce(sum(d.amount * r.rate), 0)::float8 as open_value,
      count(*) filter (where r.rate is null)::int as unconverted_deal_count
    from "user" u join deal d on lower(d.owner_email) = lower(u.email)
    left join currency_rate r on r.currency = d.currency
    where u.id = any(${userIds}::text[]) and d.outcome = 'open' and d.removed_at is null
    group by u.id`.execute(db);
  return rows;
}

export async function findBaseCurrency(db: Database): Promise<string | null> {
  const row = await db
    .selectFrom('currencyRate')
    .select('currency')
    .where('isBase', '=', true)
    .executeTakeFirst();
  return row?.currency ?? null;
}

interface ObjectionSearchers {
  term: TermTag;
  searcherCount: number;
  searcherBeforeCount: number;
}

/** How many people searched for each objection, in the window and in the one before it? */
export async function listObjectionSearchers(
  db: Database,
  window: Window,
  before: Window,
): Promise<ObjectionSearchers[]> {
  const { rows } = await sql<ObjectionSearchers>`
    select jsonb_build_object('id', t.id, 'dimensionKey', t.dimension_key, 'name', t.name) as term,
      count(distinct s.user_id) filter (where s.searched_at >= ${window.start})::int as searcher_count,
      count(distinct s.user_id) filter (where s.searched_at < ${window.start})::int as searcher_before_count
    from search s
    join term t on t.id = any(s.term_ids) and t.dimension_key = 'objection' and t.retired_at is null
    where s.term_ids <> '{}' and s.searched_at >= ${before.start} and s.searched_at <= ${window.end}
    group by t.id`.execute(db);
  return rows;
}

type OpenRequest = GapTile['requests']['items'][number] & { openCount: number; overdueCount: number };

/** Which requests wait, those that are overdue first? */
export async function listOpenRequests(db: Database, today: string, most: number): Promise<OpenRequest[]> {
  const { rows } = await sql<OpenRequest>`
    select r.id, r.title, r.due_on::text as due_on, coalesce(r.due_on < ${today}::date, false) as is_overdue,
      r.status = 'planned' as is_planned,
      (select count(*)::int from request_vote v where v.request_id = r.id) as vote_count,
      count(*) over ()::int as open_count,
      count(*) filter (where r.due_on < ${today}::date) over ()::int as overdue_count
    from request r where r.status in ('open', 'planned')
    order by r.due_on nulls last, vote_count desc, r.created_at, r.id
    limit ${most}`.execute(db);
  return rows;
}

export async function listTermNames(db: Database, termIds: string[]): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select t.name from term t join dimension d on d.key = t.dimension_key
    where t.id = any(${termIds}::text[]) order by d.position, t.position, t.name`.execute(db);
  return rows.map(({ name }) => name);
}
