import { sql } from 'kysely';
import type { Database } from '../db/database.ts';

/** The same number in the migration, where searches are kept by it. */
const lockKey = 7_420_012;

/** Nobody else counts until the transaction ends. */
export async function lockCounting(trx: Database): Promise<void> {
  await sql`select pg_advisory_xact_lock(${sql.lit(lockKey)})`.execute(trx);
}

/** The same, but false where somebody else counts at this moment. */
export async function tryToLockCounting(trx: Database): Promise<boolean> {
  const { rows } = await sql<{ isOurs: boolean }>`
    select pg_try_advisory_xact_lock(${sql.lit(lockKey)}) as is_ours`.execute(trx);
  return rows[0]?.isOurs === true;
}

/** What sorts millions of rows does it in memory until the transaction ends. */
export async function allowMemory(trx: Database): Promise<void> {
  await sql`set local work_mem = '128MB'`.execute(trx);
}

export interface RollupState {
  countedAt: Date;
  /** By whose days everything is counted; null: nothing is yet. */
  timeZone: string | null;
}

export async function findRollupState(db: Database): Promise<RollupState> {
  return db.selectFrom('rollupState').select(['countedAt', 'timeZone']).executeTakeFirstOrThrow();
}

export async function updateRollupState(db: Database, state: Partial<RollupState>): Promise<void> {
  await db.updateTable('rollupState').set(state).execute();
}

export async function countMarks(db: Database): Promise<number> {
  const { count } = await db
    .selectFrom('rollupMark')
    .select(sql<number>`count(*)::int`.as('count'))
    .executeTakeFirstOrThrow();
  return count;
}

/** What marks of one chunk name, each once. */
export interface Marked {
  kind: string;
  key: string;
  /** Of an asset: the month, as its first day where the instance is. */
  month: string | null;
}

/** Takes so many marks that are there, and answers what they name. */
export async function takeMarks(
  trx: Database,
  limit: number,
  timeZone: string,
): Promise<{ takenCount: number; marked: Marked[] }> {
  const { rows } = await sql<Marked & { takenCount: number }>`
    with taken as (
      delete from rollup_mark where ctid = any(array(select ctid from rollup_mark limit ${limit}))
      returning kind, key, at
    )
    select kind, key, date_trunc('month', at at time zone ${timeZone}::text)::date::text as month,
      sum(count(*)) over ()::int as taken_count
    from taken group by kind, key, month`.execute(trx);
  return {
    takenCount: rows[0]?.takenCount ?? 0,
    marked: rows.map(({ kind, key, month }) => ({ kind, key, month })),
  };
}

export async function deleteMarks(trx: Database): Promise<void> {
  await sql`delete from rollup_mark`.execute(trx);
}

/** Marks what hangs on these share links: their visits, and the assets that they lead to, also when they were taken back. */
const markLinks = (links: ReturnType<typeof sql>) => sql`
  with link as materialized (${links})
  insert into rollup_mark (kind, key, at)
  select 'visit', visit.id, null::timestamptz from visit join link on link.id = visit.share_link_id
  union
  select 'visit', reading.visit_id, null from reading join link on link.id = reading.share_link_id
  union
  select 'asset', share_link.asset_id, share_link.created_at
  from share_link join link using (id) where share_link.asset_id is not null
  union
  select 'asset', item.asset_id, greatest(share_link.created_at, item.added_at)
  from share_link join link using (id) join room_item item on item.room_id = share_link.room_id`;

/** How a mark that stands for many is written out; what it names is counted with the next chunk. */
const expansions = {
  link: (ids: string[]) => markLinks(sql`select id from share_link where id = any(${ids}::text[])`),
  recipient: (ids: string[]) =>
    markLinks(sql`select id from share_link where recipient_id = any(${ids}::text[])`),
  contact: (ids: string[]) =>
    markLinks(sql`
      select l.id from share_link l join recipient r on r.id = l.recipient_id
      where r.contact_id = any(${ids}::text[])`),
  account: (ids: string[]) =>
    markLinks(sql`
      select l.id from share_link l join recipient r on r.id = l.recipient_id
      where r.account_id = any(${ids}::text[])
        or r.contact_id in (select id from contact where account_id = any(${ids}::text[]))`),
  user: (ids: string[]) => sql`
    insert into rollup_mark (kind, key, at)
    select 'asset', asset_id, shared_at from shared_asset where created_by_user_id = any(${ids}::text[])
    union
    select 'asset', asset_id, occurred_at from asset_activity where user_id = any(${ids}::text[])`,
  source: (keys: string[]) => sql`
    insert into rollup_mark (kind, key)
    select distinct 'visit', opened.visit_id
    from asset_version version join visit_version opened on opened.asset_version_id = version.id
    where version.source_key = any(${keys}::text[])`,
} as const;
type BroadKind = keyof typeof expansions;
const broadKinds = Object.keys(expansions) as BroadKind[];

/** Writes out the marks that stand for many; whether there were any. */
export async function expandMarks(trx: Database, marked: Marked[]): Promise<boolean> {
  let hasExpanded = false;
  for (const kind of broadKinds) {
    const keys = marked.filter((mark) => mark.kind === kind).map(({ key }) => key);
    if (keys.length === 0) continue;
    await expansions[kind](keys).execute(trx);
    hasExpanded = true;
  }
  return hasExpanded;
}
