import { sql } from 'kysely';
import type { Database } from '../db/database.ts';

interface ReadWeekRow {
  assetId: string;
  week: string;
  shared: number;
  read: number;
}

/** Of the share links that sales made each week, how many did somebody read in time? Only assets with so many of them. */
export async function listReadWeeks(
  db: Database,
  asked: { start: Date; end: Date; timeZone: string; readWithinDays: number; fewestShared: number },
): Promise<ReadWeekRow[]> {
  const { rows } = await sql<ReadWeekRow>`
    with shared as (
      select l.id, l.asset_id, l.created_at as shared_at from share_link l
      join "user" u on u.id = l.created_by_user_id and u.role in ('rep', 'manager')
      where l.asset_id is not null and l.undone_at is null
        and l.created_at >= ${asked.start} and l.created_at < ${asked.end}
      union all
      select l.id, i.asset_id, greatest(l.created_at, i.added_at) from share_link l
      join "user" u on u.id = l.created_by_user_id and u.role in ('rep', 'manager')
      join room_item i on i.room_id = l.room_id
      where l.undone_at is null and l.created_at < ${asked.end}
        and greatest(l.created_at, i.added_at) >= ${asked.start} and greatest(l.created_at, i.added_at) < ${asked.end}
    ), enough as (
      select asset_id from shared group by 1 having count(*) >= ${asked.fewestShared}
    )
    select s.asset_id, date_trunc('week', s.shared_at at time zone ${asked.timeZone})::date::text as week,
      count(*)::int as shared,
      count(*) filter (where exists (
        select from reading r
        where r.share_link_id = s.id and r.asset_id = s.asset_id and r.is_human and cardinality(r.read_pages) > 0
          and r.started_at < s.shared_at + make_interval(days => ${asked.readWithinDays}::int)
      ))::int as read
    from shared s join enough e on e.asset_id = s.asset_id
    join asset a on a.id = s.asset_id and a.status = 'published'
    group by 1, 2 order by 1, 2`.execute(db);
  return rows;
}

export interface FallRow {
  assetId: string;
  sinceOn: string;
  beforeSharedCount: number;
  beforeReadCount: number;
  afterSharedCount: number;
  afterReadCount: number;
  weeks: { week: string; shared: number; read: number }[];
}

/** What was found takes the place of what was found before. */
export async function replaceFalls(
  db: Database,
  falls: FallRow[],
  run: { countedAt: Date; testedCount: number },
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await sql`select pg_advisory_xact_lock(hashtext('offshelf:falls'))`.execute(trx);
    await trx.deleteFrom('assetFall').execute();
    for (const { weeks, ...fall } of falls)
      await trx
        .insertInto('assetFall')
        .values({ ...fall, weeks: sql`${JSON.stringify(weeks)}::text::jsonb` })
        .execute();
    await trx
      .insertInto('assetFallRun')
      .values(run)
      .onConflict((conflict) => conflict.column('isOnly').doUpdateSet(run))
      .execute();
  });
}

export function findFallRun(db: Database) {
  return db.selectFrom('assetFallRun').select(['countedAt', 'testedCount']).executeTakeFirst();
}
