import { sql } from 'kysely';
import type { Database } from '../db/database.ts';
import type { RenditionState } from './contract.ts';

/** The current versions that everything here is about; what was archived waits until somebody opens it. */
const current = sql`
  asset a join asset_version v on v.id = a.current_version_id and a.status <> 'archived'
  left join lateral (select * from version_rendition where asset_version_id = v.id limit 1) shown on true`;

export interface ProgressRow {
  counts: Partial<Record<RenditionState, number>>;
  waitingCount: number;
  /** How many were finished since then, and how long ago the first of them was. */
  finishedCount: number;
  sinceMs: number | null;
}

/** How many current versions are in which state, and at which pace the others follow. */
export async function readProgress(
  db: Database,
  { method, since, now }: { method: number; since: Date; now: Date },
): Promise<ProgressRow> {
  const { rows } = await sql<ProgressRow>`
    with version as (
      select v.id, coalesce(shown.state, 'queued') as state,
        not exists (
          select from rendition r
          where r.source_key = v.source_key and r.method >= ${method}
            and r.state in ('done', 'failed', 'unsupported')
        ) as is_waiting
      from ${current}
    ),
    recent as (
      select count(*)::int as count, min(finished_at) as first_at from rendition where finished_at >= ${since}
    )
    select
      (select coalesce(jsonb_object_agg(state, count), '{}') from (
        select state, count(*)::int as count from version group by state
      ) as grouped) as counts,
      (select count(*)::int from version where is_waiting) as waiting_count,
      recent.count as finished_count,
      (extract(epoch from ${now}::timestamptz - recent.first_at) * 1000)::float8 as since_ms
    from recent`.execute(db);
  return rows[0] ?? { counts: {}, waitingCount: 0, finishedCount: 0, sinceMs: null };
}

/** What is being rendered at this moment, by the title of an asset that shows it. */
export async function listRunning(db: Database) {
  const { rows } = await sql<{ title: string | null; pageCount: number; renderedPageCount: number }>`
    select (
      select a.title from asset_version v join asset a on a.id = v.asset_id
      where v.source_key = r.source_key order by v.created_at desc limit 1
    ) as title, r.page_count, r.rendered_page_count
    from rendition r where r.state = 'running' order by r.started_at limit 20`.execute(db);
  return rows;
}

export interface FaultRow {
  assetId: string;
  assetVersionId: string;
  title: string;
  mediaType: string;
  state: RenditionState;
  reason: string;
  failedAt: Date | null;
  canRetry: boolean;
}

/** Current versions that failed or are not supported, and web links that stopped working; the newest fault first. */
export async function listFaults(
  db: Database,
  { limit, after }: { limit: number; after: { failedAt: string; assetId: string } | undefined },
): Promise<(FaultRow & { sortKey: string })[]> {
  const { rows } = await sql<FaultRow & { sortKey: string }>`
    select * from (
      select a.id as asset_id, v.id as asset_version_id, a.title, v.media_type, coalesce(shown.state, 'queued') as state,
        coalesce(page.fault, shown.reason, '') as reason,
        coalesce(page.failed_since, shown.finished_at) as failed_at,
        v.url is not null or shown.state = 'failed' as can_retry,
        coalesce(page.failed_since, shown.finished_at, '-infinity')::text as sort_key
      from ${current}
      left join web_page page on page.asset_version_id = v.id
      where shown.state in ('failed', 'unsupported') or page.fault is not null
    ) as fault
    where ${after?.failedAt ?? null}::text is null
      or (sort_key::timestamptz, asset_id) < (${after?.failedAt ?? null}::timestamptz, ${after?.assetId ?? null}::text)
    order by sort_key::timestamptz desc, asset_id desc limit ${limit}`.execute(db);
  return rows;
}

export interface BacklogRow {
  blobHash: string;
  mediaType: string;
  fileName: string;
}

/**
 * Content of current versions that this method has not rendered: what was shared most since then first, then the
 * newest. What failed for good stays as it is.
 */
export async function listBacklog(
  db: Database,
  {
    method,
    since,
    limit,
    canConvert,
    mustScan,
  }: { method: number; since: Date; limit: number; canConvert: boolean; mustScan: boolean },
): Promise<BacklogRow[]> {
  const { rows } = await sql<BacklogRow>`
    select v.blob_hash, v.media_type, coalesce(max(v.file_name), 'file') as file_name
    from asset a join asset_version v on v.id = a.current_version_id
    join blob b on b.hash = v.blob_hash
    left join lateral (
      select count(*)::int as count from shared_asset where asset_id = a.id and shared_at >= ${since}
    ) as shared on true
    where not exists (
      select from rendition r
      where r.source_key = v.source_key and r.method >= ${method} and r.state not in ('queued', 'running')
        and not (r.lacks_converter and ${canConvert}) and not (b.scanned_at is null and ${mustScan})
    ) and not exists (
      select from job_run where key = 'render-file:' || v.source_key and state in ('queued', 'running')
    )
    group by v.blob_hash, v.media_type
    order by bool_or(a.status = 'published') desc, max(shared.count) desc, max(v.created_at) desc
    limit ${limit}`.execute(db);
  return rows;
}

/** How many files wait for their turn already. */
export async function countQueuedFiles(db: Database): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from job_run where name = 'render-file' and state = 'queued'`.execute(db);
  return rows[0]?.count ?? 0;
}

/** Web links of current versions that were never read. */
export async function listUnreadLinks(db: Database, limit: number): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select v.id from asset a join asset_version v on v.id = a.current_version_id
    where v.url is not null and not exists (select from web_page where asset_version_id = v.id)
      and not exists (
        select from job_run where key = 'read-web-link:' || v.id and state in ('queued', 'running')
      )
    order by a.updated_at desc limit ${limit}`.execute(db);
  return rows.map(({ id }) => id);
}

/** Web links of published assets, those that were asked longest ago first. */
export async function listLinksToCheck(db: Database, before: Date, limit: number): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select v.id from asset a
    join asset_version v on v.id = a.current_version_id
    join web_page page on page.asset_version_id = v.id and page.checked_at < ${before}
    where a.status = 'published' order by page.checked_at limit ${limit}`.execute(db);
  return rows.map(({ id }) => id);
}

/** Renditions of content that no version has: of uploads that became nothing, or of a type that was corrected. */
export async function deleteUnusedRenditions(db: Database, before: Date): Promise<number> {
  const { rows } = await sql`
    delete from rendition r
    where r.queued_at < ${before} and r.state <> 'running'
      and not exists (select from asset_version v where v.source_key = r.source_key)
    returning id`.execute(db);
  return rows.length;
}
