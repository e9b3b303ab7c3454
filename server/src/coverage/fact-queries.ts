import { type RawBuilder, sql } from 'kysely';
import { eligibleAfterDays, succeedingDwellMs } from '../analytics/metrics.ts';
import type { CoverageDimension } from './contract.ts';
import type { MonthMask } from './month-masks.ts';

/** What the coverage is asked for. */
export interface CoverageQuestion {
  start: Date;
  end: Date;
  now: Date;
  months: MonthMask[];
  /** Null: every asset. */
  assetIds: string[] | null;
  /** `[0]`: everybody. */
  buyerSliceIds: number[];
  rows: CoverageDimension;
  columns: CoverageDimension;
  thirdDimension: CoverageDimension;
  /** Null: it plays no part. Empty: every term of it. */
  thirdTermIds: string[] | null;
  /** Terms that stand on an axis, of all dimensions; null: all in use. */
  onlyTermIds: string[] | null;
  /** Personas that the slice is about; empty: all. */
  personaIds: string[];
}

/** A search session ends when its user asks nothing more for so long. */
export const sessionPauseMinutes = 30;

/** Terms that search `s` named: chosen or read from its words; of older ones those that were chosen. */
const termsOfSearch = sql`case when s.term_ids <> '{}' then s.term_ids
  else array(select jsonb_array_elements_text(s.filters -> 'termIds')) end`;

/** The account is one of these buyers; for everybody it may also be unknown. */
function isOfBuyers(
  accountId: RawBuilder<unknown>,
  { buyerSliceIds }: CoverageQuestion,
): RawBuilder<unknown> {
  if (buyerSliceIds.includes(0)) return sql`true`;
  return sql`exists (
    select from account buyer join buyer_slice b
      on b.industry is not distinct from buyer.industry and b.region is not distinct from buyer.region
      and b.segment is not distinct from buyer.segment
    where buyer.id = ${accountId} and b.id = any(${buyerSliceIds}::int[]))`;
}

/**
 * The facts that cells are counted from, as the beginning of a query. Each kind of thing ends in rows of a thing and one of
 * its terms: `asset_tag`, `search_tag`, `note_tag`, `deal_tag`. A thing stands in a cell when it has all of its terms.
 */
export function coverageFacts(question: CoverageQuestion): RawBuilder<unknown> {
  const { start, end, months, assetIds, buyerSliceIds, onlyTermIds, personaIds } = question;
  return sql`
    with axis as (
      select id, dimension_key from term
      where dimension_key in ('persona', 'stage', 'objection') and retired_at is null
        and (${onlyTermIds === null} or id = any(${onlyTermIds ?? []}::text[]))
        and (dimension_key <> 'persona' or ${personaIds.length === 0} or id = any(${personaIds}::text[]))
    ), changed_later as (
      select distinct asset_id from asset_status_change where changed_at > ${end}
    ), eligible as (
      select a.id from asset a left join changed_later l on l.asset_id = a.id
      where a.published_at <= ${end}::timestamptz - ${sql.lit(eligibleAfterDays)} * interval '1 day'
        and (${assetIds === null} or a.id = any(${assetIds ?? []}::text[]))
        and case when l.asset_id is null then a.status else (
          select c.status from asset_status_change c where c.asset_id = a.id and c.changed_at <= ${end}
          order by c.changed_at desc, c.id desc limit 1
        ) end = 'published'
    ), asked_month as (
      select * from unnest(
        ${months.map(({ month }) => month)}::date[], ${months.map(({ mask }) => mask)}::int[]
      ) as m (month, mask)
    ), got as (
      select m.asset_id, bool_or(m.shared_days & w.mask <> 0) as is_shared, bool_or(m.read_days & w.mask <> 0) as is_read
      from asset_month m join asked_month w on w.month = m.month
      where m.buyer_slice_id = any(${buyerSliceIds}::int[])
      group by m.asset_id
    ), lifting as (
      select null::text as asset_id where false
    ), asset_tag as (
      select e.id, t.term_id, x.dimension_key
      from eligible e join asset_term t on t.asset_id = e.id join axis x on x.id = t.term_id
    ), asked as materialized (
      select s.id, s.user_id, s.account_id, s.searched_at, s.result_count,
        ${termsOfSearch} as term_ids,
        exists (
          select from search_action a where a.search_id = s.id
            and (a.kind in ('shared', 'downloaded') or a.kind = 'opened' and a.dwell_ms >= ${sql.lit(succeedingDwellMs)})
        ) as has_succeeded
      from search s
      where s.searched_at between ${start} and ${end} and ${isOfBuyers(sql`s.account_id`, question)}
    ), search_tag as materialized (
      select distinct s.id, x.id as term_id, x.dimension_key
      from asked s cross join lateral unnest(s.term_ids) as named (term_id) join axis x on x.id = named.term_id
    ), noted as (
      select n.id, n.deal_id, n.persona_term_id, n.stage_term_id, n.objection_term_id
      from objection_note n left join deal d on d.id = n.deal_id
      where n.noted_at between ${start} and ${end} and ${isOfBuyers(sql`d.account_id`, question)}
    ), note_tag as (
      select n.id, x.id as term_id, x.dimension_key
      from noted n
      cross join lateral (values (n.persona_term_id), (n.stage_term_id), (n.objection_term_id)) as named (term_id)
      join axis x on x.id = named.term_id
    ), came_up as (
      select n.deal_id, named.term_id
      from noted n cross join lateral (values (n.persona_term_id), (n.objection_term_id)) as named (term_id)
      where n.deal_id is not null
      union
      select d.id, named.term_id
      from asked s join deal d on d.account_id = s.account_id cross join lateral unnest(s.term_ids) as named (term_id)
      union
      select d.id, named.term_id
      from share_link l
      join search s on s.id = l.search_id
      join recipient r on r.id = l.recipient_id
      left join contact c on c.id = r.contact_id
      join deal d on d.id = l.deal_id or l.deal_id is null and d.account_id = coalesce(r.account_id, c.account_id)
      cross join lateral unnest(${termsOfSearch}) as named (term_id)
      where l.created_at between ${start} and ${end} and l.undone_at is null
    ), stage_word as (
      select distinct on (word) word, id as term_id
      from (
        select lower(name) as word, 0 as worth, position, id from term
        where dimension_key = 'stage' and retired_at is null
        union all
        select lower(synonym), 1, position, id from term cross join lateral unnest(synonyms) as synonym
        where dimension_key = 'stage' and retired_at is null
      ) as words order by word, worth, position, id
    ), open_deal as (
      select v.deal_id as id, v.base_amount, v.currency, v.amount, w.term_id as stage_term_id
      from deal_value v left join stage_word w on w.word = lower(v.stage)
      where v.outcome = 'open' and ${isOfBuyers(sql`v.account_id`, question)}
    ), deal_tag as materialized (
      select d.id, x.id as term_id, x.dimension_key
      from open_deal d join came_up u on u.deal_id = d.id join axis x on x.id = u.term_id and x.dimension_key <> 'stage'
      union
      select d.id, x.id, x.dimension_key
      from open_deal d join axis x on x.id = d.stage_term_id
      where d.id in (select deal_id from came_up)
    )`;
}

/** The things of a kind in the cells that they stand in: `id`, `row_id`, `column_id`, `third_id` (empty: whatever it is). */
export function standing(tags: string, question: CoverageQuestion): RawBuilder<unknown> {
  const { rows, columns, thirdDimension, thirdTermIds } = question;
  const table = sql.table(tags);
  const third =
    thirdTermIds === null
      ? sql``
      : sql`join ${table} t on t.id = r.id and t.dimension_key = ${thirdDimension}
          and (${thirdTermIds.length === 0} or t.term_id = any(${thirdTermIds}::text[]))`;
  return sql`(
    select r.id, r.term_id as row_id, c.term_id as column_id,
      ${thirdTermIds === null ? sql`''::text` : sql`t.term_id`} as third_id
    from ${table} r join ${table} c on c.id = r.id and c.dimension_key = ${columns} ${third}
    where r.dimension_key = ${rows})`;
}
