import { type Selectable, sql } from 'kysely';
import type { Database } from '../db/database.ts';
import type { DB } from '../db/types.ts';

// ── changes that wait for Meilisearch ───────────────────────────────────────────────────────────────────

export interface SearchChange {
  assetId: string;
  revision: number;
}

export async function noteChange(db: Database, assetId: string, at: Date): Promise<void> {
  await sql`
    insert into search_change as known (asset_id, changed_at) values (${assetId}, ${at})
    on conflict (asset_id) do update set revision = known.revision + 1, is_waiting = true,
      changed_at = case when known.is_waiting then known.changed_at else excluded.changed_at end`.execute(db);
}

export function listWaitingChanges(db: Database, limit: number): Promise<SearchChange[]> {
  return db
    .selectFrom('searchChange')
    .select(['assetId', 'revision'])
    .where('isWaiting', '=', true)
    .orderBy('changedAt')
    .limit(limit)
    .execute();
}

/** Unless they changed again meanwhile. */
export async function markWritten(db: Database, changes: SearchChange[]): Promise<void> {
  const assetIds = changes.map(({ assetId }) => assetId);
  const revisions = changes.map(({ revision }) => revision);
  await sql`
    update search_change set is_waiting = false
    from unnest(${assetIds}::text[], ${revisions}::int[]) as written (asset_id, revision)
    where search_change.asset_id = written.asset_id and search_change.revision = written.revision`.execute(
    db,
  );
}

export async function forgetWritten(db: Database): Promise<void> {
  await db.deleteFrom('searchChange').where('isWaiting', '=', false).execute();
}

export async function listWrittenAssetIds(db: Database): Promise<string[]> {
  const rows = await db.selectFrom('searchChange').select('assetId').where('isWaiting', '=', false).execute();
  return rows.map(({ assetId }) => assetId);
}

/** After an index was exchanged: what the old one took in meanwhile has to be written into the new one. */
export async function putBackWritten(db: Database, at: Date): Promise<void> {
  await db
    .updateTable('searchChange')
    .set({ isWaiting: true, changedAt: at })
    .where('isWaiting', '=', false)
    .execute();
}

interface Waiting {
  count: number;
  oldestAt: Date | null;
}

export async function readWaiting(db: Database): Promise<Waiting> {
  return db
    .selectFrom('searchChange')
    .select([sql<number>`count(*)::int`.as('count'), sql<Date | null>`min(changed_at)`.as('oldestAt')])
    .where('isWaiting', '=', true)
    .executeTakeFirstOrThrow();
}

// ── how far the indexes are ─────────────────────────────────────────────────────────────────────────────

interface IndexCounts {
  publishedCount: number;
  /** Published assets whose text is in PostgreSQL's index. */
  indexedCount: number;
  waitingCount: number;
  oldestWaitingAt: Date | null;
  failedCount: number;
  /** Failures of Meilisearch's job since it last succeeded. */
  meilisearchFailedCount: number;
  databaseVersion: string;
}

export async function readIndexCounts(db: Database): Promise<IndexCounts> {
  const { rows } = await sql<IndexCounts>`
    select
      (select count(*)::int from asset where status = 'published') as published_count,
      (select count(*)::int from search_document d join asset on asset.id = d.asset_id
        where asset.status = 'published' and d.indexed_at is not null) as indexed_count,
      waiting.count as waiting_count, waiting.oldest_at as oldest_waiting_at,
      (select count(distinct payload ->> 'assetId')::int from job_run failed
        where name = 'index-asset' and state = 'failed' and not exists (
          select from job_run later where later.name = 'index-asset' and later.key = failed.key
            and later.id > failed.id and later.state <> 'failed'
        )) as failed_count,
      (select count(*)::int from job_run
        where name = 'index-meilisearch' and (state = 'failed' or state = 'queued' and error is not null)
          and id > coalesce((
            select max(id) from job_run where name = 'index-meilisearch' and state = 'done'
          ), '')) as meilisearch_failed_count,
      current_setting('server_version') as database_version
    from (
      select count(*)::int as count, min(queued_at) as oldest_at from job_run
      where name = 'index-asset' and state in ('queued', 'running')
    ) as waiting`.execute(db);
  const [counts] = rows;
  if (!counts) throw new Error('The database counted nothing.');
  return counts;
}

// ── rebuilds ────────────────────────────────────────────────────────────────────────────────────────────

export type SearchRebuild = Selectable<DB['searchRebuild']>;

export function findLastRebuild(db: Database): Promise<SearchRebuild | undefined> {
  return db.selectFrom('searchRebuild').selectAll().orderBy('number', 'desc').limit(1).executeTakeFirst();
}

/** Undefined when one is queued or under way already. */
export async function insertRebuild(
  db: Database,
  { isFirstFill, at }: { isFirstFill: boolean; at: Date },
): Promise<number | undefined> {
  const { rows } = await sql<{ number: number }>`
    insert into search_rebuild (is_first_fill, requested_at, seen_at) values (${isFirstFill}, ${at}, ${at})
    on conflict do nothing returning number`.execute(db);
  return rows[0]?.number;
}

/** Undefined when it is over, because it was given up meanwhile. */
export async function startRebuild(
  db: Database,
  { number, totalCount, at }: { number: number; totalCount: number; at: Date },
): Promise<SearchRebuild | undefined> {
  return db
    .updateTable('searchRebuild')
    .set({ state: 'running', totalCount, doneCount: 0, startedAt: at, seenAt: at, finishedAt: null })
    .where('number', '=', number)
    .where('state', 'in', ['queued', 'running'])
    .returningAll()
    .executeTakeFirst();
}

export async function updateRebuildProgress(
  db: Database,
  { number, doneCount, at }: { number: number; doneCount: number; at: Date },
): Promise<void> {
  await db
    .updateTable('searchRebuild')
    .set({ doneCount, seenAt: at })
    .where('number', '=', number)
    .where('state', '=', 'running')
    .execute();
}

export async function finishRebuild(
  db: Database,
  { number, reason, at }: { number: number; reason: string | null; at: Date },
): Promise<void> {
  await db
    .updateTable('searchRebuild')
    .set({ state: reason === null ? 'done' : 'failed', reason, seenAt: at, finishedAt: at })
    .where('number', '=', number)
    .execute();
}

/** Gives up what was cut off when its process was killed: its job failed, or nothing was heard of it since then. */
export async function giveUpRebuilds(
  db: Database,
  { silentSince, reason, at }: { silentSince: Date; reason: string; at: Date },
): Promise<void> {
  await sql`
    update search_rebuild rebuild set state = 'failed', reason = ${reason}, finished_at = ${at}
    where state = 'running' and (seen_at < ${silentSince} or exists (
      select from job_run
      where name = 'rebuild-search-index' and state = 'failed' and payload -> 'number' = to_jsonb(rebuild.number)
    ))`.execute(db);
}

export async function countPublished(db: Database): Promise<number> {
  const { count } = await db
    .selectFrom('asset')
    .select(sql<number>`count(*)::int`.as('count'))
    .where('status', '=', 'published')
    .executeTakeFirstOrThrow();
  return count;
}
