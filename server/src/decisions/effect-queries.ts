import { sql } from 'kysely';
import type { Database } from '../db/database.ts';
import type { DecisionActivity, DecisionEffect } from './contract.ts';

export interface DueDecision {
  id: string;
  decidedAt: Date;
  effectDays: number | null;
}

/** Those that were not taken back and whose effect isn't final: it was counted over fewer days than it may be. */
export async function listDueDecisions(db: Database, mostDays: number): Promise<DueDecision[]> {
  const { rows } = await sql<DueDecision>`
    select id, decided_at, (effect ->> 'days')::int as effect_days from decision
    where undone_at is null and coalesce((effect ->> 'days')::int, 0) < ${mostDays}
    order by decided_at`.execute(db);
  return rows;
}

interface ActivityRow {
  isChosen: boolean;
  isAfter: boolean;
  shares: number;
  opens: number;
  reads: number;
}

/** What happened to the assets of a decision, and to all others, in as many days after it as before it. */
export async function measureDecision(
  db: Database,
  { id, decidedAt }: DueDecision,
  days: number,
): Promise<DecisionEffect> {
  const length = sql`make_interval(days => ${days})`;
  const { rows } = await sql<ActivityRow>`
    with chosen as (select asset_id from decision_asset where decision_id = ${id}),
    happened as (
      select l.asset_id, l.shared_at as at, 1 as share, 0 as open, 0 as read
      from shared_asset l
      join "user" u on u.id = l.created_by_user_id and u.role in ('rep', 'manager')
      where l.shared_at >= ${decidedAt}::timestamptz - ${length} and l.shared_at < ${decidedAt}::timestamptz + ${length}
      union all
      select r.asset_id, r.started_at, 0, 1, case when cardinality(r.read_pages) > 0 then 1 else 0 end
      from reading r
      where r.is_human
        and r.started_at >= ${decidedAt}::timestamptz - ${length} and r.started_at < ${decidedAt}::timestamptz + ${length}
        and r.day between (${decidedAt}::timestamptz - ${length})::date - 1 and (${decidedAt}::timestamptz + ${length})::date + 1
    )
    select chosen.asset_id is not null as is_chosen, happened.at >= ${decidedAt}::timestamptz as is_after,
      sum(share)::int as shares, sum(open)::int as opens, sum(read)::int as reads
    from happened left join chosen on chosen.asset_id = happened.asset_id
    group by 1, 2`.execute(db);
  const { rows: counts } = await sql<{ otherCount: number; doneCount: number | null }>`
    select
      (select count(*)::int from asset where status = 'published' and id not in
        (select asset_id from decision_asset where decision_id = ${id})) as other_count,
      case when d.kind in ('assign', 'request_review') then (
        select count(*)::int from decision_asset da join asset a on a.id = da.asset_id
        where da.decision_id = d.id and a.updated_at > d.decided_at
          and a.updated_by_user_id = coalesce(a.owner_user_id, a.updated_by_user_id)
      ) end as done_count
    from decision d where d.id = ${id}`.execute(db);
  const activityOf = (isChosen: boolean): DecisionActivity => {
    const of = (key: 'shares' | 'opens' | 'reads', isAfter: boolean) =>
      rows.find((row) => row.isChosen === isChosen && row.isAfter === isAfter)?.[key] ?? 0;
    const both = (key: 'shares' | 'opens' | 'reads') => ({ before: of(key, false), after: of(key, true) });
    return { shares: both('shares'), opens: both('opens'), reads: both('reads') };
  };
  return {
    days,
    assets: activityOf(true),
    others: activityOf(false),
    otherCount: counts[0]?.otherCount ?? 0,
    doneCount: counts[0]?.doneCount ?? null,
  };
}

export async function updateEffect(
  db: Database,
  decisionId: string,
  effect: DecisionEffect,
  asOf: Date,
): Promise<void> {
  await sql`update decision set effect = ${JSON.stringify(effect)}::text::jsonb, effect_as_of = ${asOf}
    where id = ${decisionId}`.execute(db);
}
