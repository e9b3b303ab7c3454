import { sql } from 'kysely';
import type { Database } from '../db/database.ts';

interface CountScope {
  now: Date;
  landmarkDays: number;
  outcomeDays: number;
  lookBackDays: number;
}

/**
 * Puts every stage that a deal stood at in the time looked at into a table of this transaction: each deal once a stage, when
 * it first entered it. It left with its next stage or when it was closed, and it progressed with the first later stage or when
 * it was won. Of two stages the later one is that of the taxonomy where it has both, else the one that deals enter later.
 */
export async function gatherCohort(
  db: Database,
  { now, landmarkDays, outcomeDays, lookBackDays }: CountScope,
): Promise<void> {
  // Of days of 24 hours, as deals have no time zone.
  const days = (count: number) => sql`${sql.lit(count)} * interval '24 hours'`;
  await sql`
    create temp table cohort on commit drop as
    with entry as materialized (
      select s.deal_id, s.stage, min(s.entered_at) as entered_at
      from deal_stage s where s.entered_at <= ${now} group by s.deal_id, s.stage
    ), placed as materialized (
      select known.stage, known.mean_place, (
        select t.position from term t
        where t.dimension_key = 'stage' and t.retired_at is null and (
          lower(t.name) = lower(known.stage)
          or exists (select from unnest(t.synonyms) as word where lower(word) = lower(known.stage))
        )
        order by lower(t.name) <> lower(known.stage), t.position, t.id limit 1
      ) as term_place
      from (
        select stage, avg(place) as mean_place from (
          select stage, row_number() over (partition by deal_id order by entered_at, stage) as place from entry
        ) as numbered group by stage
      ) as known
    ), later as materialized (
      select a.stage, b.stage as later_stage from placed a join placed b on a.stage <> b.stage
      where case when a.term_place is not null and b.term_place is not null
        then b.term_place > a.term_place else b.mean_place > a.mean_place end
    ), stood as (
      select e.deal_id, e.stage, e.entered_at,
        min(n.entered_at) as left_at,
        min(n.entered_at) filter (where l.stage is not null) as progressed_at
      from entry e
      left join (select deal_id, stage, entered_at from deal_stage where entered_at <= ${now}) n
        on n.deal_id = e.deal_id and n.stage <> e.stage and n.entered_at > e.entered_at
      left join later l on l.stage = e.stage and l.later_stage = n.stage
      where e.entered_at > ${now}::timestamptz - ${days(lookBackDays)}
      group by e.deal_id, e.stage, e.entered_at
    ), third as (
      select percentile_disc(1.0 / 3) within group (order by base_amount) as low,
        percentile_disc(2.0 / 3) within group (order by base_amount) as middle
      from deal_value
    )
    select s.deal_id, s.stage, s.entered_at,
      s.entered_at > ${now}::timestamptz - ${days(outcomeDays)} as is_too_young,
      coalesce(least(s.left_at, d.closed_at) < s.entered_at + ${days(landmarkDays)}, false) as has_left_early,
      coalesce(
        least(s.progressed_at, case when d.outcome = 'won' then d.closed_at end) <= s.entered_at + ${days(outcomeDays)},
        false
      ) as has_progressed,
      case when d.base_amount is null then 'unknown' when d.base_amount <= third.low then 'low'
        when d.base_amount <= third.middle then 'middle' else 'high' end as amount_band,
      coalesce(a.industry, '') as industry, coalesce(a.region, '') as region, coalesce(a.segment, '') as segment,
      third.low as low_amount, third.middle as middle_amount
    from stood s
    join deal_value d on d.deal_id = s.deal_id
    join account a on a.id = d.account_id
    cross join third
    where d.closed_at is null or d.closed_at > s.entered_at`.execute(db);
  await sql`create index on cohort (deal_id)`.execute(db);
  await sql`analyze cohort`.execute(db);
}

const isCompared = sql`not c.is_too_young and not c.has_left_early`;
const cellColumns = sql`c.stage, c.amount_band, c.industry, c.region, c.segment`;

/** Counts the cohort, and of each asset the deals of which somebody read it before the landmark. */
export async function replaceCells(
  db: Database,
  { now, landmarkDays }: Pick<CountScope, 'now' | 'landmarkDays'>,
): Promise<void> {
  await sql`delete from asset_influence_cell`.execute(db);
  await sql`delete from influence_cell`.execute(db);
  await sql`
    insert into influence_cell (stage, amount_band, industry, region, segment, deal_count, progressed_count)
    select ${cellColumns}, count(*)::int, (count(*) filter (where c.has_progressed))::int
    from cohort c where ${isCompared} group by ${cellColumns}`.execute(db);
  await sql`
    insert into asset_influence_cell
      (asset_id, stage, amount_band, industry, region, segment, exposed_count, exposed_progressed_count)
    select c.asset_id, ${cellColumns}, count(*)::int, (count(*) filter (where c.has_progressed))::int
    from (
      select distinct r.asset_id, c.deal_id, ${cellColumns}, c.has_progressed
      from cohort c join share_link_deal l on l.deal_id = c.deal_id join reading r on r.share_link_id = l.share_link_id
      where ${isCompared} and r.is_human and cardinality(r.read_pages) > 0 and r.started_at >= c.entered_at
        and r.started_at < c.entered_at + ${sql.lit(landmarkDays)} * interval '24 hours'
    ) as c
    join asset on asset.id = c.asset_id
    group by c.asset_id, ${cellColumns}`.execute(db);
  await sql`
    insert into influence_state (counted_at, entered_count, too_young_count, left_early_count, low_amount, middle_amount)
    select ${now}, count(*)::int, (count(*) filter (where is_too_young))::int,
      (count(*) filter (where has_left_early and not is_too_young))::int, min(low_amount), min(middle_amount)
    from cohort
    on conflict (is_only) do update set counted_at = excluded.counted_at, entered_count = excluded.entered_count,
      too_young_count = excluded.too_young_count, left_early_count = excluded.left_early_count,
      low_amount = excluded.low_amount, middle_amount = excluded.middle_amount`.execute(db);
}

export interface InfluenceRow {
  assetId: string;
  exposedCount: number;
  exposedProgressedCount: number;
  unexposedCount: number;
  unexposedProgressedCount: number;
  estimate: number | null;
  low: number | null;
  high: number | null;
  shrunken: number | null;
  falseDiscoveryRate: number | null;
  power: number | null;
  moreDealCount: number;
  isLifting: boolean;
}

const rowsAtOnce = 1000;

export async function replaceInfluence(db: Database, rows: InfluenceRow[]): Promise<void> {
  await db.deleteFrom('assetInfluence').execute();
  for (let from = 0; from < rows.length; from += rowsAtOnce)
    await db
      .insertInto('assetInfluence')
      .values(rows.slice(from, from + rowsAtOnce))
      .execute();
}

/** One count at a time: a second one waits and then counts again. */
export async function lockInfluence(db: Database): Promise<void> {
  await sql`select pg_advisory_xact_lock(7420013)`.execute(db);
}
