import { type RawBuilder, sql } from 'kysely';
import type { Database } from '../db/database.ts';
import type { TermTag } from '../taxonomy/contract.ts';

export interface Span {
  start: Date;
  end: Date;
}

export interface ObjectionCount {
  /** Null: nobody has said yet which objections these are. */
  term: TermTag | null;
  count: number;
  /** In the window before. */
  beforeCount: number;
  /** Deals in which it was heard in the window. */
  dealCount: number;
  /** What the open ones of them are worth in the base currency; those without a rate are counted instead. */
  openValue: number;
  unconvertedCount: number;
}

/** Whether the account of the deal is one of these buyers; `[0]` is everybody, also where no deal is known. */
function isOfBuyers(accountId: RawBuilder<unknown>, buyerSliceIds: number[]): RawBuilder<unknown> {
  if (buyerSliceIds.includes(0)) return sql`true`;
  return sql`exists (
    select from account a join buyer_slice b
      on b.industry is not distinct from a.industry and b.region is not distinct from a.region
      and b.segment is not distinct from a.segment
    where a.id = ${accountId} and b.id = any(${buyerSliceIds}::int[]))`;
}

/** How often was each objection heard in the window and in the one before it, and in which deals? */
export async function listObjectionCounts(
  db: Database,
  window: Span,
  before: Span,
  buyerSliceIds: number[],
): Promise<ObjectionCount[]> {
  const { rows } = await sql<ObjectionCount>`
    with noted as (
      select n.id, n.objection_term_id, n.deal_id, n.noted_at >= ${window.start} as is_now
      from objection_note n left join deal d on d.id = n.deal_id
      where (n.noted_at between ${window.start} and ${window.end} or n.noted_at between ${before.start} and ${before.end})
        and ${isOfBuyers(sql`d.account_id`, buyerSliceIds)}
    ), counted as (
      select objection_term_id, count(*) filter (where is_now)::int as count,
        count(*) filter (where not is_now)::int as before_count
      from noted group by 1
    ), worth as (
      select heard.objection_term_id, count(*)::int as deal_count,
        coalesce(sum(v.base_amount) filter (where v.outcome = 'open'), 0)::float8 as open_value,
        count(*) filter (where v.outcome = 'open' and v.base_amount is null)::int as unconverted_count
      from (select distinct objection_term_id, deal_id from noted where is_now and deal_id is not null) heard
      join deal_value v on v.deal_id = heard.deal_id
      group by 1
    )
    select case when t.id is not null
        then jsonb_build_object('id', t.id, 'dimensionKey', t.dimension_key, 'name', t.name) end as term,
      c.count, c.before_count, coalesce(w.deal_count, 0) as deal_count,
      coalesce(w.open_value, 0) as open_value, coalesce(w.unconverted_count, 0) as unconverted_count
    from counted c
    left join term t on t.id = c.objection_term_id
    left join worth w on w.objection_term_id is not distinct from c.objection_term_id
    order by t.id is null, c.count desc, c.before_count, t.position, t.id`.execute(db);
  return rows;
}
