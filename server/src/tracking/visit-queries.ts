import { type Insertable, sql } from 'kysely';
import type { Database } from '../db/database.ts';
import type { DB } from '../db/types.ts';

/** Tabs add up, but nobody is active for longer than the visit lasted. */
const activeMsOfVisit = sql<number>`least(
  coalesce((select sum(page_view.active_ms) from page_view where page_view.visit_id = visit.id), 0),
  extract(epoch from visit.last_active_at - visit.started_at) * 1000 + 5000
)::int`;

/** What the judgement of each of these visits rests on, with the judgement that counts now. */
export async function listVisitFacts(db: Database, visitIds: string[]) {
  return db
    .selectFrom('visit')
    .innerJoin('shareLink', 'shareLink.id', 'visit.shareLinkId')
    .leftJoinLateral(
      (eb) =>
        eb
          .selectFrom('judgement')
          .whereRef('judgement.visitId', '=', 'visit.id')
          .orderBy('judgement.id', 'desc')
          .limit(1)
          .select(['class', 'probability', 'judgedByUserId'])
          .as('current'),
      (join) => join.onTrue(),
    )
    .where('visit.id', 'in', visitIds)
    .select((eb) => [
      'visit.id',
      'visit.userAgent',
      'visit.isInternal',
      'visit.hasTrustedInput',
      'visit.downloadedAt',
      'visit.startedAt',
      'visit.lastActiveAt',
      'shareLink.createdAt as linkMadeAt',
      eb('shareLink.passcodeHash', 'is not', null).as('hasPasscode'),
      activeMsOfVisit.as('activeMs'),
      sql<number>`(select count(distinct page_number)::int from page_view where visit_id = visit.id)`.as(
        'pagesSeen',
      ),
      sql<boolean>`exists (
        select 1 from link_hit
        where link_hit.share_link_id = visit.share_link_id
          and link_hit.network <> visit.network
          and link_hit.occurred_at between visit.started_at - interval '30 seconds' and visit.started_at + interval '30 seconds'
      )`.as('hasTwin'),
      'current.class',
      'current.probability',
      'current.judgedByUserId',
    ])
    .execute();
}

export async function insertJudgements(db: Database, rows: Insertable<DB['judgement']>[]): Promise<void> {
  await db.insertInto('judgement').values(rows).execute();
}

/** Visits that went on after they were judged, because the process ended before it could judge them again. */
export async function listVisitsToJudge(db: Database, activeSince: Date, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('visit')
    .where('visit.lastActiveAt', '>=', activeSince)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('judgement')
            .whereRef('judgement.visitId', '=', 'visit.id')
            .whereRef('judgement.judgedAt', '>=', 'visit.lastActiveAt')
            .select('judgement.id'),
        ),
      ),
    )
    .orderBy('visit.id')
    .limit(limit)
    .select('visit.id')
    .execute();
  return rows.map(({ id }) => id);
}

export function findLinkSender(db: Database, shareLinkId: string) {
  return db
    .selectFrom('shareLink')
    .where('id', '=', shareLinkId)
    .select('createdByUserId')
    .executeTakeFirst();
}

export function listVisitRows(db: Database, shareLinkId: string, limit: number) {
  return db
    .selectFrom('visit')
    .innerJoin('assetVersion', 'assetVersion.id', 'visit.assetVersionId')
    .innerJoin('currentJudgement', 'currentJudgement.visitId', 'visit.id')
    .where('visit.shareLinkId', '=', shareLinkId)
    .orderBy('visit.startedAt', 'desc')
    .orderBy('visit.id', 'desc')
    .limit(limit)
    .select([
      'visit.id',
      'visit.startedAt',
      'visit.lastActiveAt',
      'visit.userAgent',
      'visit.downloadedAt',
      'assetVersion.number as versionNumber',
      'currentJudgement.class',
      'currentJudgement.probability',
      'currentJudgement.reasons',
      'currentJudgement.ruleVersion',
      activeMsOfVisit.as('activeMs'),
    ])
    .execute();
}

/** The words on a page as the version is shown now; null when nothing is known of it. */
const wordsOfPage = sql<number | null>`(
  select word_count from rendition_page
  where rendition_page.page_number = page_view.page_number and rendition_id = (
    select rendition_id from version_rendition where asset_version_id = visit.asset_version_id limit 1
  )
)`;

/** Active time of each page of each visit, tabs added up and capped by how long the visit lasted. */
export function listPageTotals(db: Database, visitIds: string[]) {
  return db
    .selectFrom('pageView')
    .innerJoin('visit', 'visit.id', 'pageView.visitId')
    .where('pageView.visitId', 'in', visitIds)
    .groupBy([
      'pageView.visitId',
      'pageView.pageNumber',
      'visit.startedAt',
      'visit.lastActiveAt',
      'visit.assetVersionId',
    ])
    .orderBy('pageView.pageNumber')
    .select([
      'pageView.visitId',
      'pageView.pageNumber',
      sql<number>`least(
        sum(page_view.active_ms), extract(epoch from visit.last_active_at - visit.started_at) * 1000 + 5000
      )::int`.as('activeMs'),
      wordsOfPage.as('wordCount'),
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
