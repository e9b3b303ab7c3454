import { type Insertable, sql } from 'kysely';
import type { Database } from '../db/database.ts';
import type { DB } from '../db/types.ts';
import type { TermTag } from '../taxonomy/contract.ts';
import type { RequestStatus } from './contract.ts';

export interface RequestRow {
  id: string;
  title: string;
  details: string;
  status: RequestStatus;
  clusterKey: string | null;
  dueOn: string | null;
  answer: string;
  assetId: string | null;
  assetTitle: string | null;
  assetStatus: string | null;
  createdByUserId: string;
  createdByName: string;
  createdAt: Date;
  updatedAt: Date;
  /** The moment to the last digit, as a cursor needs it. */
  createdAtText: string;
  terms: TermTag[];
  voters: { userId: string; name: string }[];
}

const selectRequests = sql`
  select r.id, r.title, r.details, r.status, r.cluster_key, r.due_on::text as due_on, r.answer,
    r.asset_id, a.title as asset_title, a.status as asset_status,
    r.created_by_user_id, u.name as created_by_name, r.created_at, r.updated_at,
    r.created_at::text as created_at_text, tagged.terms, voted.voters
  from request r
  join "user" u on u.id = r.created_by_user_id
  left join asset a on a.id = r.asset_id
  cross join lateral (
    select coalesce(jsonb_agg(jsonb_build_object('id', t.id, 'dimensionKey', t.dimension_key, 'name', t.name)
      order by d.position, t.position, t.name), '[]') as terms
    from request_term rt join term t on t.id = rt.term_id join dimension d on d.key = t.dimension_key
    where rt.request_id = r.id
  ) as tagged
  cross join lateral (
    select coalesce(jsonb_agg(jsonb_build_object('userId', voter.id, 'name', voter.name)
      order by v.voted_at, voter.name), '[]') as voters
    from request_vote v join "user" voter on voter.id = v.user_id
    where v.request_id = r.id
  ) as voted`;

export async function findRequestRow(db: Database, requestId: string): Promise<RequestRow | undefined> {
  const { rows } = await sql<RequestRow>`${selectRequests} where r.id = ${requestId}`.execute(db);
  return rows[0];
}

export interface RequestKey {
  createdAtText: string;
  id: string;
}

interface RequestFilter {
  status: RequestStatus | null;
  /** Those that this user made or voted for. */
  wantedByUserId: string | null;
  after: RequestKey | null;
  limit: number;
}

/** Newest first, after the one that the key names. */
export async function listRequestRows(db: Database, filter: RequestFilter): Promise<RequestRow[]> {
  const after = filter.after
    ? sql`and (r.created_at < ${filter.after.createdAtText}::timestamptz
        or (r.created_at = ${filter.after.createdAtText}::timestamptz and r.id > ${filter.after.id}))`
    : sql``;
  const wanted = filter.wantedByUserId
    ? sql`and (r.created_by_user_id = ${filter.wantedByUserId} or exists (
        select from request_vote v where v.request_id = r.id and v.user_id = ${filter.wantedByUserId}
      ))`
    : sql``;
  const { rows } = await sql<RequestRow>`${selectRequests}
    where (${filter.status}::text is null or r.status = ${filter.status}) ${wanted} ${after}
    order by r.created_at desc, r.id limit ${filter.limit}`.execute(db);
  return rows;
}

interface OpenDeals {
  requestId: string;
  currency: string;
  dealCount: number;
  amount: number;
}

/** What the open deals of those who want each request are worth. */
export async function listOpenDealsOfRequests(db: Database, requestIds: string[]): Promise<OpenDeals[]> {
  if (requestIds.length === 0) return [];
  const { rows } = await sql<OpenDeals>`
    select v.request_id, d.currency, count(*)::int as deal_count, sum(d.amount)::float8 as amount
    from request_vote v
    join "user" u on u.id = v.user_id
    join deal d on lower(d.owner_email) = lower(u.email) and d.outcome = 'open'
    where v.request_id = any(${requestIds}::text[])
    group by v.request_id, d.currency
    order by v.request_id, sum(d.amount) desc`.execute(db);
  return rows;
}

/** Breaks `request_cluster_key_key` when there is one already for the same searches. */
export async function insertRequest(db: Database, row: Insertable<DB['request']>): Promise<void> {
  await db.insertInto('request').values(row).execute();
}

/** The one that waits for an answer to these searches, as it stays until the transaction ends. */
export async function lockRequestOfCluster(db: Database, clusterKey: string): Promise<string | undefined> {
  const { rows } = await sql<{ id: string }>`
    select id from request where cluster_key = ${clusterKey} and status in ('open', 'planned')
    for update`.execute(db);
  return rows[0]?.id;
}

export async function lockRequest(db: Database, requestId: string): Promise<boolean> {
  const { rows } = await sql`select id from request where id = ${requestId} for update`.execute(db);
  return rows.length > 0;
}

export interface RequestChanges {
  title?: string | undefined;
  details?: string | undefined;
  dueOn?: string | null | undefined;
  status?: RequestStatus | undefined;
  answer?: string | undefined;
  assetId?: string | null | undefined;
  closedAt?: Date | null | undefined;
}

export async function updateRequestRow(
  db: Database,
  requestId: string,
  { updatedAt, ...changes }: RequestChanges & { updatedAt: Date },
): Promise<void> {
  const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
  await db
    .updateTable('request')
    .set({ ...given, updatedAt })
    .where('id', '=', requestId)
    .execute();
}

export async function deleteRequestRow(db: Database, requestId: string): Promise<void> {
  await db.deleteFrom('request').where('id', '=', requestId).execute();
}

/** A term that was merged or removed meanwhile is left out. */
export async function replaceRequestTerms(db: Database, requestId: string, termIds: string[]): Promise<void> {
  await db.deleteFrom('requestTerm').where('requestId', '=', requestId).execute();
  await sql`
    insert into request_term (request_id, term_id)
    select ${requestId}, id from term where id = any(${termIds}::text[])`.execute(db);
}

/** Those who voted before keep their place. */
export async function insertVotes(
  db: Database,
  requestId: string,
  userIds: string[],
  votedAt: Date,
): Promise<void> {
  await sql`
    insert into request_vote (request_id, user_id, voted_at)
    select ${requestId}, id, ${votedAt} from "user" where id = any(${userIds}::text[])
    on conflict (request_id, user_id) do nothing`.execute(db);
}

export async function deleteVote(db: Database, requestId: string, userId: string): Promise<void> {
  await db
    .deleteFrom('requestVote')
    .where('requestId', '=', requestId)
    .where('userId', '=', userId)
    .execute();
}

/** Whether anybody voted after the request was made. */
export async function hasLaterVote(db: Database, requestId: string): Promise<boolean> {
  const { rows } = await sql`
    select from request_vote v join request r on r.id = v.request_id
    where r.id = ${requestId} and v.voted_at > r.created_at limit 1`.execute(db);
  return rows.length > 0;
}

/** The group that a search of this user belongs to; empty when it is not theirs. */
export async function findClusterOfSearch(db: Database, searchId: string, userId: string): Promise<string> {
  const row = await db
    .selectFrom('search')
    .select('clusterKey')
    .where('id', '=', searchId)
    .where('userId', '=', userId)
    .executeTakeFirst();
  return row?.clusterKey ?? '';
}

export async function findAssetStatus(db: Database, assetId: string): Promise<string | undefined> {
  const row = await db.selectFrom('asset').select('status').where('id', '=', assetId).executeTakeFirst();
  return row?.status;
}
