import { type RawBuilder, sql } from 'kysely';
import { eligibleAfterDays, succeedingDwellMs } from '../analytics/metrics.ts';
import type { Database } from '../db/database.ts';
import { planned } from '../db/planned.ts';
import type { CoverageDimension } from './contract.ts';
import type { MonthMask } from './month-masks.ts';

/** Which part of what happened is counted, and for which terms. */
export interface FactQuestion {
  start: Date;
  end: Date;
  months: MonthMask[];
  /** Null: every asset. */
  assetIds: string[] | null;
  /** `[0]`: everybody. */
  buyerSliceIds: number[];
  /** The terms of the axes. A fact names them by their places here, 1 being the first. */
  termIds: string[];
}

/** Terms that search `s` named: chosen or read from its words; of older ones those that were chosen. */
const termsOfSearch = sql`case when s.term_ids <> '{}' then s.term_ids
  else array(select jsonb_array_elements_text(s.filters -> 'termIds')) end`;

const axisOf = ({ termIds }: FactQuestion) =>
  sql`axis as (select id, place from unnest(${termIds}::text[]) with ordinality as axis (id, place))`;

/** The account is one of these buyers; for everybody it may also be unknown. */
export function isOfBuyers(
  accountId: RawBuilder<unknown>,
  buyerSliceIds: readonly number[],
): RawBuilder<unknown> {
  if (buyerSliceIds.includes(0)) return sql`true`;
  return sql`exists (
    select from account buyer join buyer_slice b
      on b.industry is not distinct from buyer.industry and b.region is not distinct from buyer.region
      and b.segment is not distinct from buyer.segment
    where buyer.id = ${accountId} and b.id = any(${[...buyerSliceIds]}::int[]))`;
}

/** The eligible assets of the slice, `eligible`, and how far each got in the window, `got`: parts of a `with`. */
export function eligibleAssets({
  start: _,
  end,
  months,
  assetIds,
  buyerSliceIds,
}: FactQuestion): RawBuilder<unknown> {
  return sql`
    changed_later as (
      select distinct asset_id from asset_status_change where changed_at > ${end}
    ), eligible as (
      select a.id, a.title from asset a left join changed_later l on l.asset_id = a.id
      where a.published_at <= ${end}::timestamptz - ${sql.lit(eligibleAfterDays)} * interval '1 day'
        ${assetIds === null ? sql`` : sql`and a.id = any(${assetIds}::text[])`}
        and case when l.asset_id is null then a.status else (
          select c.status from asset_status_change c where c.asset_id = a.id and c.changed_at <= ${end}
          order by c.changed_at desc, c.id desc limit 1
        ) end = 'published'
    ), got as (
      select m.asset_id, bool_or(m.shared_days & w.mask <> 0) as is_shared,
        bool_or(m.read_days & w.mask <> 0) as is_read
      from asset_month m join unnest(
        ${months.map(({ month }) => month)}::date[], ${months.map(({ mask }) => mask)}::int[]
      ) as w (month, mask) on w.month = m.month
      where m.buyer_slice_id = any(${buyerSliceIds}::int[])
      group by m.asset_id
    ), lifting as (
      select asset_id from asset_influence where is_lifting
    )`;
}

/** Assets that have the same terms. */
export interface AssetFact {
  /** Places of terms, separated by spaces; null: none of them. */
  places: string | null;
  assetCount: number;
  sharedCount: number;
  readCount: number;
  liftCount: number;
}

export interface AxisTerm {
  id: string;
  dimensionKey: CoverageDimension;
  name: string;
  synonyms: string[];
}

/** Which personas, stages and objections are in use, in their order? */
export async function listAxisTerms(db: Database): Promise<AxisTerm[]> {
  const { rows } = await sql<AxisTerm>`
    select id, dimension_key, name, synonyms from term
    where dimension_key in ('persona', 'stage', 'objection') and retired_at is null
    order by position, lower(name), id`.execute(db);
  return rows;
}

/** Which terms do eligible assets have, and how far did they get? */
export function listAssetFacts(db: Database, question: FactQuestion): Promise<AssetFact[]> {
  return planned(db, async (trx) => {
    const { rows } = await sql<AssetFact>`
      with ${axisOf(question)}, ${eligibleAssets(question)}, tagged as (
        select t.asset_id, string_agg(x.place::text, ' ') as places
        from asset_term t join axis x on x.id = t.term_id group by t.asset_id
      )
      select t.places, count(*)::int as asset_count, count(*) filter (where g.is_shared)::int as shared_count,
        count(*) filter (where g.is_read)::int as read_count, count(l.asset_id)::int as lift_count
      from eligible e
      left join tagged t on t.asset_id = e.id
      left join got g on g.asset_id = e.id
      left join lifting l on l.asset_id = e.id
      group by t.places`.execute(trx);
    return rows;
  });
}

export interface SearchFact {
  id: string;
  userId: string;
  searchedAt: Date;
  resultCount: number;
  hasSucceeded: boolean;
  places: string;
}

/** Which searches of the window named which terms, and did they lead to anything? In the order in which they were made. */
export function listSearchFacts(db: Database, question: FactQuestion): Promise<SearchFact[]> {
  const { start, end, buyerSliceIds } = question;
  return planned(db, async (trx) => {
    const { rows } = await sql<SearchFact>`
      with ${axisOf(question)}
      select s.id, s.user_id, s.searched_at, s.result_count, named.places, exists (
          select from search_action a where a.search_id = s.id
            and (a.kind in ('shared', 'downloaded') or a.kind = 'opened' and a.dwell_ms >= ${sql.lit(succeedingDwellMs)})
        ) as has_succeeded
      from search s cross join lateral (
        select string_agg(distinct x.place::text, ' ') as places
        from unnest(${termsOfSearch}) as one (term_id) join axis x on x.id = one.term_id
      ) named
      where s.searched_at between ${start} and ${end} and named.places is not null
        and ${isOfBuyers(sql`s.account_id`, buyerSliceIds)}
      order by s.searched_at, s.id`.execute(trx);
    return rows;
  });
}

export interface NoteFact {
  places: string;
  noteCount: number;
}

/** Which terms were objections of the window tied to? */
export function listNoteFacts(db: Database, question: FactQuestion): Promise<NoteFact[]> {
  const { start, end, buyerSliceIds } = question;
  return planned(db, async (trx) => {
    const { rows } = await sql<NoteFact>`
      with ${axisOf(question)}
      select named.places, count(*)::int as note_count
      from objection_note n left join deal d on d.id = n.deal_id
      cross join lateral (
        select string_agg(x.place::text, ' ' order by x.place) as places from axis x
        where x.id in (n.persona_term_id, n.stage_term_id, n.objection_term_id)
      ) named
      where n.noted_at between ${start} and ${end} and named.places is not null
        and ${isOfBuyers(sql`d.account_id`, buyerSliceIds)}
      group by named.places`.execute(trx);
    return rows;
  });
}

/**
 * Open deals of these buyers, `open_deal`, and the terms that came up in them in the window, `came_up`: noted as an objection,
 * or named by a search about the account, or by one that a share link of the deal came from. Parts of a `with`.
 */
export function dealsAndTerms({ start, end, buyerSliceIds }: FactQuestion): RawBuilder<unknown> {
  return sql`
    open_deal as (
      select v.deal_id as id, v.account_id, v.base_amount, v.currency, v.stage from deal_value v
      where v.outcome = 'open' and ${isOfBuyers(sql`v.account_id`, buyerSliceIds)}
    ), searched as (
      select s.account_id, ${termsOfSearch} as term_ids from search s
      where s.searched_at between ${start} and ${end} and s.account_id is not null
    ), linked as materialized (
      select l.deal_id, coalesce(r.account_id, c.account_id) as account_id, ${termsOfSearch} as term_ids
      from share_link l
      join search s on s.id = l.search_id
      join recipient r on r.id = l.recipient_id
      left join contact c on c.id = r.contact_id
      where l.created_at between ${start} and ${end} and l.undone_at is null
    ), about_account as materialized (
      select distinct a.account_id, named.term_id
      from (
        select account_id, term_ids from searched union all
        select account_id, term_ids from linked where deal_id is null and account_id is not null
      ) a cross join lateral unnest(a.term_ids) as named (term_id)
    ), came_up as (
      select d.id as deal_id, a.term_id from about_account a join open_deal d on d.account_id = a.account_id
      union
      select d.id, named.term_id
      from linked l join open_deal d on d.id = l.deal_id cross join lateral unnest(l.term_ids) as named (term_id)
      union
      select d.id, named.term_id
      from objection_note n join open_deal d on d.id = n.deal_id
      cross join lateral (values (n.persona_term_id), (n.objection_term_id)) as named (term_id)
      where n.noted_at between ${start} and ${end}
    )`;
}

/** Open deals at the same stage in which the same came up. */
export interface DealFact {
  stage: string;
  /** Of personas and objections; null where something came up that is not on an axis. */
  places: string | null;
  dealCount: number;
  openValue: number;
  unconvertedCount: number;
}

/** What came up in which open deals, and what are they worth? `stageIds` are the terms that the deal's own stage decides. */
export function listDealFacts(db: Database, question: FactQuestion, stageIds: string[]): Promise<DealFact[]> {
  return planned(db, async (trx) => {
    const { rows } = await sql<DealFact>`
      with ${axisOf(question)}, ${dealsAndTerms(question)}, known as (
        select u.deal_id, string_agg(x.place::text, ' ') as places
        from came_up u left join axis x on x.id = u.term_id and x.id <> all(${stageIds}::text[])
        group by u.deal_id
      )
      select d.stage, k.places, count(*)::int as deal_count, coalesce(sum(d.base_amount), 0)::float8 as open_value,
        count(*) filter (where d.base_amount is null)::int as unconverted_count
      from known k join open_deal d on d.id = k.deal_id
      group by d.stage, k.places`.execute(trx);
    return rows;
  });
}

export interface StageFact {
  stage: string;
  currency: string;
  dealCount: number;
  openValue: number;
  amount: number;
  unconvertedCount: number;
}

/** What are all open deals of these buyers worth, by stage and currency? */
export function listStageFacts(db: Database, buyerSliceIds: number[]): Promise<StageFact[]> {
  return planned(db, async (trx) => {
    const { rows } = await sql<StageFact>`
      select v.stage, v.currency, count(*)::int as deal_count, coalesce(sum(v.base_amount), 0)::float8 as open_value,
        sum(v.amount)::float8 as amount, count(*) filter (where v.base_amount is null)::int as unconverted_count
      from deal_value v
      where v.outcome = 'open' and ${isOfBuyers(sql`v.account_id`, buyerSliceIds)}
      group by v.stage, v.currency order by v.currency, v.stage`.execute(trx);
    return rows;
  });
}
