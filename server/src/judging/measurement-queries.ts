import { sql } from 'kysely';
import type { Database } from '../db/database.ts';

/** Visits that began since then, by the judgement that counts. */
export async function countVisitsByClass(db: Database, since: Date) {
  const { rows } = await sql<{ class: string; count: number; overruledCount: number }>`
    select judged.class, count(*)::int as count,
      count(*) filter (where judged.judged_by_user_id is not null)::int as overruled_count
    from visit
    join current_judgement judged on judged.visit_id = visit.id
    where visit.started_at >= ${since}
    group by judged.class order by count desc, judged.class`.execute(db);
  return rows;
}

/** Requests since then, by what they say of themselves. */
export async function countRequestsByAgent(db: Database, since: Date) {
  const { rows } = await sql<{ userAgent: string; method: string; purpose: string; count: number }>`
    select user_agent, method, purpose, count(*)::int as count
    from link_hit where occurred_at >= ${since}
    group by user_agent, method, purpose`.execute(db);
  return rows;
}

/** Visits since then that may have been people, and how many of them told nothing after they began. */
export async function countSilentVisits(db: Database, since: Date) {
  const { rows } = await sql<{ count: number; silentCount: number }>`
    select count(*)::int as count,
      count(*) filter (where visit.last_active_at = visit.started_at and not exists (
        select 1 from page_view
        where page_view.visit_id = visit.id and page_view.visit_started_at = visit.started_at
      ))::int as silent_count
    from visit
    join current_judgement judged on judged.visit_id = visit.id
    where visit.started_at >= ${since} and judged.may_be_human`.execute(db);
  return rows[0] ?? { count: 0, silentCount: 0 };
}

/** Of the numbered beats of visits since then that may have been people, how many were sent as far as can be seen, and came. */
export async function countBeats(db: Database, since: Date) {
  const { rows } = await sql<{ sentCount: number; receivedCount: number }>`
    select coalesce(sum(tab.sent_count), 0)::int as sent_count,
      coalesce(sum(tab.received_count), 0)::int as received_count
    from visit
    join current_judgement judged on judged.visit_id = visit.id
    cross join lateral (
      select max(upper(came) - 1) & 65535 as sent_count, sum(upper(came) - lower(came)) as received_count
      from unnest(visit.beat_numbers) as came group by lower(came) >> 16
    ) tab
    where visit.started_at >= ${since} and judged.may_be_human`.execute(db);
  return rows[0] ?? { sentCount: 0, receivedCount: 0 };
}

/** How old what is shown can be. */
export async function findAges(db: Database, since: Date) {
  const { rows } = await sql<{
    latestJudgementAt: Date | null;
    latestActivityAt: Date | null;
    waitingCount: number;
    latestRollupAt: Date | null;
  }>`
    select
      (select max(judged_at) from judgement) as latest_judgement_at,
      (select max(last_active_at) from visit where started_at >= ${since}) as latest_activity_at,
      (
        select count(*)::int from visit
        where started_at >= ${since} and not exists (select 1 from judgement where visit_id = visit.id)
      ) as waiting_count,
      (
        select max(finished_at) from job_run where name = 'refresh-search-evidence' and state = 'done'
      ) as latest_rollup_at`.execute(db);
  const [ages] = rows;
  return ages ?? { latestJudgementAt: null, latestActivityAt: null, waitingCount: 0, latestRollupAt: null };
}

export function listPatterns(db: Database, ruleVersion: number) {
  return db.selectFrom('signalPattern').where('ruleVersion', '=', ruleVersion).selectAll().execute();
}

const mostConfirmed = 5_000;

/** The newest visits of which is known what they were: a person said so, or a code or a passcode proved it. */
export async function listConfirmedVisits(db: Database, since: Date) {
  const { rows } = await sql<{ id: string; isPerson: boolean }>`
    select visit.id, judged.class = 'human-confirmed' as is_person
    from visit
    join current_judgement judged on judged.visit_id = visit.id
    where visit.started_at >= ${since}
      and (judged.class = 'human-confirmed' or (judged.judged_by_user_id is not null and judged.class <> 'internal'))
    order by visit.started_at desc limit ${mostConfirmed}`.execute(db);
  return rows;
}

export async function replacePatterns(
  db: Database,
  ruleVersion: number,
  rows: {
    pattern: string;
    humanCount: number;
    otherCount: number;
    probability: number;
    low: number;
    high: number;
    asOf: Date;
  }[],
): Promise<void> {
  await db.deleteFrom('signalPattern').where('ruleVersion', '=', ruleVersion).execute();
  if (rows.length === 0) return;
  await db
    .insertInto('signalPattern')
    .values(rows.map((row) => ({ ...row, ruleVersion })))
    .execute();
}
