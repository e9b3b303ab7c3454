import { sql } from 'kysely';
import type { Database } from '../db/database.ts';

export function findAccount(db: Database, accountId: string) {
  return db
    .selectFrom('account')
    .select(['id', 'name', 'industry', 'region'])
    .where('id', '=', accountId)
    .executeTakeFirst();
}

export function listContacts(db: Database, accountId: string, limit: number) {
  return db
    .selectFrom('contact')
    .select(['id', 'name', 'email'])
    .where('accountId', '=', accountId)
    .orderBy(sql`lower(name)`)
    .orderBy('id')
    .limit(limit)
    .execute();
}

interface DealRow {
  id: string;
  amount: number;
  currency: string;
  stage: string;
  outcome: 'open' | 'won' | 'lost';
  ownerName: string | null;
  openedAt: Date;
  closedAt: Date | null;
}

/** Open ones first, the largest at the top; then those that closed last. */
export async function listDeals(db: Database, accountId: string, limit: number): Promise<DealRow[]> {
  const { rows } = await sql<DealRow>`
    select d.id, d.amount::float8 as amount, d.currency, d.stage, d.outcome,
      coalesce(u.name, d.owner_email) as owner_name, d.opened_at, d.closed_at
    from deal d left join "user" u on lower(u.email) = lower(d.owner_email)
    where d.account_id = ${accountId} and d.removed_at is null
    order by d.outcome <> 'open', d.closed_at desc nulls first, d.amount desc, d.id limit ${limit}`.execute(
    db,
  );
  return rows;
}

/** When the deals of an account entered their stages, newest first. */
export function listStages(db: Database, dealIds: string[], limit: number) {
  if (dealIds.length === 0) return Promise.resolve([]);
  return db
    .selectFrom('dealStage')
    .select(['dealId', 'stage', 'enteredAt'])
    .where('dealId', 'in', dealIds)
    .orderBy('enteredAt', 'desc')
    .orderBy('position', 'desc')
    .limit(limit)
    .execute();
}

interface OpenedRow {
  visitId: string;
  assetVersionId: string;
  title: string;
  pageCount: number;
  durationMs: number | null;
  watched: [number, number][];
}

/** What was opened in each of these visits, in the order of opening, with the seconds that were played. */
export async function listOpenedIn(db: Database, visitIds: string[]): Promise<OpenedRow[]> {
  if (visitIds.length === 0) return [];
  const { rows } = await sql<OpenedRow>`
    select opened.visit_id, opened.asset_version_id, asset.title, version.page_count,
      (select duration_ms from version_rendition where asset_version_id = version.id limit 1) as duration_ms,
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
