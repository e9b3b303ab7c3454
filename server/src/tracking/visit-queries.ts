import { sql } from 'kysely';
import type { Database } from '../db/database.ts';

/** Tabs add up, but nobody is active for longer than the visit lasted. */
const activeMsOfVisit = sql<number>`least(
  coalesce((
    select sum(page_view.active_ms) from page_view
    where page_view.visit_id = visit.id and page_view.visit_started_at = visit.started_at
  ), 0),
  extract(epoch from visit.last_active_at - visit.started_at) * 1000 + 5000
)::int`;

export function findLinkSender(db: Database, shareLinkId: string) {
  return db
    .selectFrom('shareLink')
    .innerJoin('recipient', 'recipient.id', 'shareLink.recipientId')
    .where('shareLink.id', '=', shareLinkId)
    .where('shareLink.undoneAt', 'is', null)
    .select(['shareLink.createdByUserId', 'recipient.kind', 'recipient.email'])
    .executeTakeFirst();
}

/** The number of the version that was opened first. */
const firstVersionNumber = sql<number>`coalesce((
  select version.number from visit_version opened
  join asset_version version on version.id = opened.asset_version_id
  where opened.visit_id = visit.id order by opened.opened_at, version.id limit 1
), 1)`;

export function listVisitRows(db: Database, shareLinkId: string, limit: number) {
  return db
    .selectFrom('visit')
    .innerJoin('currentJudgement', 'currentJudgement.visitId', 'visit.id')
    .innerJoin('visitor', 'visitor.id', 'visit.visitorId')
    .where('visit.shareLinkId', '=', shareLinkId)
    .orderBy('visit.startedAt', 'desc')
    .orderBy('visit.id', 'desc')
    .limit(limit)
    .select([
      'visit.id',
      'visit.startedAt',
      'visit.lastActiveAt',
      'visit.userAgent',
      'visit.country',
      'visit.visitorId',
      'visitor.keyKind',
      'visitor.name',
      'visitor.email',
      firstVersionNumber.as('versionNumber'),
      sql<Date | null>`(
        select min(downloaded_at) from visit_version where visit_id = visit.id
      )`.as('downloadedAt'),
      'currentJudgement.class',
      'currentJudgement.probability',
      'currentJudgement.reasons',
      'currentJudgement.ruleVersion',
      activeMsOfVisit.as('activeMs'),
    ])
    .execute();
}

/** Each page of each visit with its active time and its words. */
export async function listPageTotals(db: Database, visitIds: string[]) {
  const { rows } = await sql<{
    visitId: string;
    assetVersionId: string;
    pageNumber: number;
    activeMs: number;
    wordCount: number | null;
  }>`
    select visit.id as visit_id, page.*
    from visit cross join lateral pages_of_visit(visit.id) page
    where visit.id = any(${visitIds}::text[])
    order by page.asset_version_id, page.page_number`.execute(db);
  return rows;
}

/** What was opened in each visit, in the order of opening, with the seconds that were played. */
export async function listOpened(db: Database, visitIds: string[]) {
  const { rows } = await sql<{
    visitId: string;
    assetVersionId: string;
    assetId: string;
    title: string;
    versionNumber: number;
    openedAt: Date;
    downloadedAt: Date | null;
    watched: [number, number][];
  }>`
    select opened.visit_id, opened.asset_version_id, asset.id as asset_id, asset.title,
      version.number as version_number, opened.opened_at, opened.downloaded_at,
      coalesce((
        select jsonb_agg(jsonb_build_array(lower(played), upper(played)) order by played)
        from watched_range, unnest(watched_range.seconds) as played
        where watched_range.visit_id = opened.visit_id
          and watched_range.asset_version_id = opened.asset_version_id
      ), '[]') as watched
    from visit_version opened
    join asset_version version on version.id = opened.asset_version_id
    join asset on asset.id = version.asset_id
    where opened.visit_id = any(${visitIds}::text[])
    order by opened.opened_at, version.id`.execute(db);
  return rows;
}

function visitsOfPeople(db: Database, shareLinkId: string) {
  return db
    .selectFrom('visit')
    .innerJoin('currentJudgement', 'currentJudgement.visitId', 'visit.id')
    .innerJoin('visitor', 'visitor.id', 'visit.visitorId')
    .where('visit.shareLinkId', '=', shareLinkId)
    .where('currentJudgement.isHuman', '=', true);
}

/** How many people have opened it, by the key that tells one from another. */
export function countVisitorKeys(db: Database, shareLinkId: string) {
  return visitsOfPeople(db, shareLinkId)
    .groupBy('visitor.keyKind')
    .select(['visitor.keyKind', sql<number>`count(distinct visitor.id)::int`.as('count')])
    .execute();
}

/** The first visits of people to a share link. */
export function listSeenVisits(db: Database, shareLinkId: string, limit: number) {
  return visitsOfPeople(db, shareLinkId)
    .orderBy('visit.startedAt')
    .limit(limit)
    .select([
      'visit.visitorId',
      'visitor.keyKind',
      'visitor.email',
      'visit.userAgent',
      'visit.network',
      'visit.country',
      'visit.startedAt',
      'visit.lastActiveAt',
    ])
    .execute();
}

export async function countLinkHits(db: Database, shareLinkId: string): Promise<number> {
  const { count } = await db
    .selectFrom('linkHit')
    .where('shareLinkId', '=', shareLinkId)
    .select(sql<number>`count(*)::int`.as('count'))
    .executeTakeFirstOrThrow();
  return count;
}
