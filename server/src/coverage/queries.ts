import { sql } from 'kysely';
import type { Database } from '../db/database.ts';
import type { CoverageDimension } from './contract.ts';
import { type CoverageQuestion, coverageFacts, sessionPauseMinutes, standing } from './fact-queries.ts';

export interface CellRow {
  rowTermId: string;
  columnTermId: string;
  thirdTermId: string | null;
  assetCount: number;
  sharedCount: number;
  readCount: number;
  liftCount: number;
  searchCount: number;
  failedSearchCount: number;
  noteCount: number;
  openDealCount: number;
  openValue: number;
  unconvertedDealCount: number;
  wantedCount: number | null;
}

/** What does each cell hold, how far did it get in the window, and who asks for it? */
export async function listCells(db: Database, question: CoverageQuestion): Promise<CellRow[]> {
  const { rows, columns, thirdDimension, thirdTermIds, now } = question;
  const third =
    thirdTermIds === null
      ? sql`(values ('')) as t (id)`
      : sql`(select id from axis where dimension_key = ${thirdDimension}
          and (${thirdTermIds.length === 0} or id = any(${thirdTermIds}::text[]))) as t`;
  const targetOf = (dimension: CoverageDimension) => {
    const column = sql.ref(`g.${dimension}_term_id`);
    if (dimension === rows) return sql`${column} = cell.row_id`;
    if (dimension === columns) return sql`${column} = cell.column_id`;
    return sql`coalesce(${column}, '') = cell.third_id`;
  };
  const query = sql<CellRow>`
    ${coverageFacts(question)}, cell as (
      select r.id as row_id, c.id as column_id, t.id as third_id
      from axis r join axis c on c.dimension_key = ${columns} cross join ${third}
      where r.dimension_key = ${rows}
    ), asset_count as (
      select s.row_id, s.column_id, s.third_id, count(*)::int as asset_count,
        count(*) filter (where g.is_shared)::int as shared_count,
        count(*) filter (where g.is_read)::int as read_count,
        count(l.asset_id)::int as lift_count
      from ${standing('asset_tag', question)} s
      left join got g on g.asset_id = s.id left join lifting l on l.asset_id = s.id
      group by 1, 2, 3
    ), search_place as (
      select s.row_id, s.column_id, s.third_id, a.id, a.user_id, a.searched_at, a.result_count, a.has_succeeded,
        coalesce(a.searched_at - lag(a.searched_at) over (
          partition by s.row_id, s.column_id, s.third_id, a.user_id order by a.searched_at, a.id
        ) > ${sql.lit(sessionPauseMinutes)} * interval '1 minute', true) as begins
      from ${standing('search_tag', question)} s join asked a on a.id = s.id
    ), numbered as (
      select *, count(*) filter (where begins) over (
        partition by row_id, column_id, third_id, user_id order by searched_at, id) as number
      from search_place
    ), session as (
      select row_id, column_id, third_id, bool_or(has_succeeded) as has_succeeded, max(searched_at) as last_at,
        (array_agg(result_count order by searched_at desc, id desc))[1] as last_result_count
      from numbered group by row_id, column_id, third_id, user_id, number
    ), search_count as (
      select row_id, column_id, third_id, count(*)::int as search_count,
        count(*) filter (where not has_succeeded and (
          last_result_count = 0
          or last_at <= ${now}::timestamptz - ${sql.lit(sessionPauseMinutes)} * interval '1 minute'
        ))::int as failed_search_count
      from session group by 1, 2, 3
    ), note_count as (
      select s.row_id, s.column_id, s.third_id, count(*)::int as note_count
      from ${standing('note_tag', question)} s group by 1, 2, 3
    ), deal_count as (
      select s.row_id, s.column_id, s.third_id, count(*)::int as open_deal_count,
        coalesce(sum(d.base_amount), 0)::float8 as open_value,
        count(*) filter (where d.base_amount is null)::int as unconverted_deal_count
      from ${standing('deal_tag', question)} s join open_deal d on d.id = s.id group by 1, 2, 3
    )
    select cell.row_id as row_term_id, cell.column_id as column_term_id, nullif(cell.third_id, '') as third_term_id,
      coalesce(a.asset_count, 0) as asset_count, coalesce(a.shared_count, 0) as shared_count,
      coalesce(a.read_count, 0) as read_count, coalesce(a.lift_count, 0) as lift_count,
      coalesce(s.search_count, 0) as search_count, coalesce(s.failed_search_count, 0) as failed_search_count,
      coalesce(n.note_count, 0) as note_count, coalesce(d.open_deal_count, 0) as open_deal_count,
      coalesce(d.open_value, 0) as open_value, coalesce(d.unconverted_deal_count, 0) as unconverted_deal_count,
      g.wanted_count
    from cell
    left join asset_count a using (row_id, column_id, third_id)
    left join search_count s using (row_id, column_id, third_id)
    left join note_count n using (row_id, column_id, third_id)
    left join deal_count d using (row_id, column_id, third_id)
    left join coverage_target g
      on ${targetOf('persona')} and ${targetOf('stage')} and ${targetOf('objection')}`;
  return (await query.execute(db)).rows;
}

interface Beside {
  eligibleCount: number;
  untaggedPersonaCount: number;
  untaggedStageCount: number;
  untaggedObjectionCount: number;
  namedSearchCount: number;
  namedNoteCount: number;
  placedSearchCount: number;
  placedNoteCount: number;
}

/** What stands beside the cells: assets without terms, and searches and notes that name too little for a cell? */
export async function countBeside(db: Database, question: CoverageQuestion): Promise<Beside> {
  const { rows, columns } = question;
  const untagged = (dimension: CoverageDimension) => sql`(
    select count(*)::int from eligible e
    where not exists (select from asset_tag t where t.id = e.id and t.dimension_key = ${dimension}))`;
  const named = (tags: string) => sql`(
    select count(distinct id)::int from ${sql.table(tags)} where dimension_key in (${rows}, ${columns}))`;
  const placed = (tags: string) => sql`(
    select count(distinct s.id)::int from ${standing(tags, question)} s)`;
  const query = sql<Beside>`
    ${coverageFacts(question)}
    select (select count(*)::int from eligible) as eligible_count,
      ${untagged('persona')} as untagged_persona_count, ${untagged('stage')} as untagged_stage_count,
      ${untagged('objection')} as untagged_objection_count,
      ${named('search_tag')} as named_search_count, ${named('note_tag')} as named_note_count,
      ${placed('search_tag')} as placed_search_count, ${placed('note_tag')} as placed_note_count`;
  return (await query.execute(db)).rows[0] as Beside;
}

interface StageValueRow {
  /** Null: no term is called like the stage. */
  stageTermId: string | null;
  currency: string;
  dealCount: number;
  baseAmount: number;
  amount: number;
  unconvertedDealCount: number;
}

/** What are all open deals worth, by stage and currency? */
export async function listStageValues(db: Database, question: CoverageQuestion): Promise<StageValueRow[]> {
  const query = sql<StageValueRow>`
    ${coverageFacts(question)}
    select stage_term_id, currency, count(*)::int as deal_count, coalesce(sum(base_amount), 0)::float8 as base_amount,
      sum(amount)::float8 as amount, count(*) filter (where base_amount is null)::int as unconverted_deal_count
    from open_deal group by 1, 2 order by 2, 1`;
  return (await query.execute(db)).rows;
}

export async function findBaseCurrency(db: Database): Promise<string | null> {
  const row = await db
    .selectFrom('currencyRate')
    .select('currency')
    .where('isBase', '=', true)
    .executeTakeFirst();
  return row?.currency ?? null;
}

interface Target {
  personaTermId: string | null;
  stageTermId: string | null;
  objectionTermId: string | null;
}

const isTarget = ({ personaTermId, stageTermId, objectionTermId }: Target) => sql<boolean>`
  persona_term_id is not distinct from ${personaTermId} and stage_term_id is not distinct from ${stageTermId}
  and objection_term_id is not distinct from ${objectionTermId}`;

/** Those who set targets take turns, so that each is told what was wanted right before. */
export async function lockTargets(db: Database): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('offshelf:coverage-targets'))`.execute(db);
}

export async function findTarget(db: Database, target: Target): Promise<number | null> {
  const row = await db
    .selectFrom('coverageTarget')
    .select('wantedCount')
    .where(isTarget(target))
    .executeTakeFirst();
  return row?.wantedCount ?? null;
}

export async function putTarget(
  db: Database,
  target: Target,
  set: { wantedCount: number | null; setByUserId: string; setAt: Date },
): Promise<void> {
  await db.deleteFrom('coverageTarget').where(isTarget(target)).execute();
  if (set.wantedCount === null) return;
  await db
    .insertInto('coverageTarget')
    .values({ ...target, ...set, wantedCount: set.wantedCount })
    .execute();
}
