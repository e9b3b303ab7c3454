import { type Insertable, sql } from 'kysely';
import type { Database } from '../db/database.ts';
import type { DB } from '../db/types.ts';

export type NewLinkHit = Insertable<DB['linkHit']>;

export async function insertLinkHits(db: Database, rows: NewLinkHit[]): Promise<void> {
  await db.insertInto('linkHit').values(rows).execute();
}

export async function deleteLinkHitsBefore(db: Database, before: Date): Promise<number> {
  const result = await db.deleteFrom('linkHit').where('occurredAt', '<', before).executeTakeFirst();
  return Number(result.numDeletedRows);
}

export function findLinkOfVersion(db: Database, shareLinkId: string, assetVersionId: string) {
  return db
    .selectFrom('shareLink')
    .innerJoin('assetVersion', 'assetVersion.assetId', 'shareLink.assetId')
    .where('shareLink.id', '=', shareLinkId)
    .where('assetVersion.id', '=', assetVersionId)
    .select(['shareLink.revokedAt', 'shareLink.expiresAt', 'assetVersion.pageCount'])
    .executeTakeFirst();
}

export function findVisitToContinue(db: Database, visitId: string) {
  return db
    .selectFrom('visit')
    .innerJoin('assetVersion', 'assetVersion.id', 'visit.assetVersionId')
    .where('visit.id', '=', visitId)
    .select([
      'visit.id',
      'visit.shareLinkId',
      'visit.assetVersionId',
      'visit.visitorId',
      'visit.userAgent',
      'visit.network',
      'visit.isInternal',
      'visit.startedAt',
      'visit.lastActiveAt',
      'assetVersion.pageCount',
    ])
    .executeTakeFirst();
}

/**
 * A key that came back is a browser that keeps cookies; until then it only stood for one visit. Whoever holds the
 * visitor begins its visits: a second tab waits here until the first one has begun.
 */
export function lockReturningVisitor(db: Database, keyHash: string) {
  return db
    .updateTable('visitor')
    .set({ keyKind: 'browser' })
    .where('keyHash', '=', keyHash)
    .returning('id')
    .executeTakeFirst();
}

export async function insertVisitor(db: Database, row: Insertable<DB['visitor']>): Promise<void> {
  await db.insertInto('visitor').values(row).execute();
}

export function findLiveVisit(
  db: Database,
  visitorId: string,
  shareLinkId: string,
  assetVersionId: string,
  activeSince: Date,
) {
  return db
    .selectFrom('visit')
    .where('visitorId', '=', visitorId)
    .where('shareLinkId', '=', shareLinkId)
    .where('assetVersionId', '=', assetVersionId)
    .where('lastActiveAt', '>=', activeSince)
    .orderBy('startedAt', 'desc')
    .select(['id', 'startedAt'])
    .executeTakeFirst();
}

export async function insertVisit(db: Database, row: Insertable<DB['visit']>): Promise<void> {
  await db.insertInto('visit').values(row).execute();
}

export async function touchVisit(db: Database, visitId: string, now: Date): Promise<void> {
  await db
    .updateTable('visit')
    .set({ lastActiveAt: sql`greatest(last_active_at, ${now})` })
    .where('id', '=', visitId)
    .execute();
}

/** Only the first download of a visit is kept, and none where the share link allows none. */
export async function noteDownload(db: Database, visitId: string, now: Date): Promise<boolean> {
  const result = await db
    .updateTable('visit')
    .set({
      downloadedAt: sql`coalesce(downloaded_at, ${now})`,
      lastActiveAt: sql`greatest(last_active_at, ${now})`,
    })
    .where('id', '=', visitId)
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('shareLink')
          .select('shareLink.id')
          .whereRef('shareLink.id', '=', 'visit.shareLinkId')
          .where('shareLink.allowsDownload', '=', true),
      ),
    )
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

/** The beats of one batch, column by column as PostgreSQL array literals: of each visit, and of each page. */
export interface BeatColumns {
  visitIds: string;
  activeFrom: string;
  activeTo: string;
  trusted: string;
  pageVisitIds: string;
  tabKeys: string;
  pageNumbers: string;
  activeMs: string;
}

/**
 * Merges a batch in one statement, so in one commit, and answers which visits were still going on.
 * Pages keep the greatest total that was ever sent, so order and repetition change nothing.
 */
export async function mergeBeats(db: Database, beats: BeatColumns, now: Date): Promise<Set<string>> {
  const { rows } = await sql<{ id: string }>`
    with sent as (
      select * from unnest(
        ${beats.visitIds}::text[], ${beats.activeFrom}::timestamptz[], ${beats.activeTo}::timestamptz[], ${beats.trusted}::boolean[]
      ) as sent (visit_id, active_from, active_to, is_trusted)
    ), alive as (
      update visit
      set last_active_at = greatest(visit.last_active_at, sent.active_to),
          has_trusted_input = visit.has_trusted_input or sent.is_trusted
      from sent
      where visit.id = sent.visit_id and visit.last_active_at >= sent.active_from - interval '30 minutes'
      returning visit.id
    ), merged as (
      insert into page_view (visit_id, tab_key, page_number, active_ms, first_seen_at, updated_at)
      select page.visit_id, page.tab_key, page.page_number, page.active_ms, ${now}::timestamptz, ${now}::timestamptz
      from unnest(
        ${beats.pageVisitIds}::text[], ${beats.tabKeys}::text[], ${beats.pageNumbers}::int[], ${beats.activeMs}::int[]
      ) as page (visit_id, tab_key, page_number, active_ms)
      join alive on alive.id = page.visit_id
      on conflict (visit_id, tab_key, page_number) do update
      set active_ms = excluded.active_ms, updated_at = excluded.updated_at
      where excluded.active_ms > page_view.active_ms
    )
    select id from alive`.execute(db);
  return new Set(rows.map(({ id }) => id));
}
