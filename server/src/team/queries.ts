import { sql } from 'kysely';
import type { Database } from '../db/database.ts';
import type { Window } from '../slices/contract.ts';

export interface RepRow {
  userId: string;
  name: string;
  team: string | null;
}

/** Who sells: reps and managers who have not left. */
export async function listReps(db: Database): Promise<RepRow[]> {
  const { rows } = await sql<RepRow>`
    select id as user_id, name, nullif(trim(team), '') as team from "user"
    where role in ('rep', 'manager') and deactivated_at is null order by name, id`.execute(db);
  return rows;
}

/** How many share links did each make within these days? */
export async function countSharesByUser(
  db: Database,
  { start, end }: Window,
): Promise<{ userId: string; shareCount: number }[]> {
  const { rows } = await sql<{ userId: string; shareCount: number }>`
    select created_by_user_id as user_id, count(*)::int as share_count from share_link
    where created_at >= ${start} and created_at <= ${end} and undone_at is null
      and forwarded_by_visitor_id is null
    group by created_by_user_id`.execute(db);
  return rows;
}

export interface AnsweredRead {
  userId: string;
  firstReadAt: Date;
  /** Null: nobody has followed up. */
  followedUpAt: Date | null;
}

/** Each share link that a person first read within these days, and when its sender followed up. */
export async function listAnsweredReads(db: Database, { start, end }: Window): Promise<AnsweredRead[]> {
  const { rows } = await sql<AnsweredRead>`
    select l.created_by_user_id as user_id, first.read_at as first_read_at, answer.followed_up_at
    from (
      select share_link_id, min(started_at) as read_at from reading
      where is_human and cardinality(read_pages) > 0 group by share_link_id
      having min(started_at) >= ${start} and min(started_at) <= ${end}
    ) first
    join share_link l on l.id = first.share_link_id
    join recipient r on r.id = l.recipient_id and r.kind <> 'channel'
    left join lateral (
      select min(f.followed_up_at) as followed_up_at from follow_up f
      where f.share_link_id = l.id and f.undone_at is null and f.followed_up_at >= first.read_at
    ) answer on true`.execute(db);
  return rows;
}

export async function listTeamSettings(db: Database): Promise<{ team: string; showsRanking: boolean }[]> {
  return db.selectFrom('teamSetting').select(['team', 'showsRanking']).execute();
}

export async function upsertTeamSetting(
  db: Database,
  row: { team: string; showsRanking: boolean; changedByUserId: string; changedAt: Date },
): Promise<void> {
  const { team: _, ...changed } = row;
  await db
    .insertInto('teamSetting')
    .values(row)
    .onConflict((conflict) => conflict.column('team').doUpdateSet(changed))
    .execute();
}

/** The team of a user, as it is written now. */
export async function findTeam(db: Database, userId: string): Promise<string | null> {
  const { rows } = await sql<{ team: string | null }>`
    select nullif(trim(team), '') as team from "user" where id = ${userId}`.execute(db);
  return rows[0]?.team ?? null;
}
