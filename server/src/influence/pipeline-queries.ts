import { sql } from 'kysely';
import type { Database } from '../db/database.ts';
import { type Buyers, isOfBuyers } from './queries.ts';

/** Open deals at one stage: in the base currency, or in one that has no rate. */
export interface PipelineRow {
  stage: string;
  /** Null: the amounts are in the base currency. */
  unconvertedCurrency: string | null;
  dealCount: number;
  amount: number;
  confirmedCount: number;
  confirmedAmount: number;
  /** By a person who is confirmed or likely. */
  readCount: number;
  readAmount: number;
}

/** Writes down which assets were read since for which open deals. What is as before is not written again. */
export async function replaceDealReads(
  db: Database,
  { since, countedAt }: { since: Date; countedAt: Date },
): Promise<void> {
  await sql`select pg_advisory_xact_lock(7420024)`.execute(db);
  await sql`
    with read_link as materialized (
      select r.share_link_id, r.asset_id, bool_or(r.class = 'human-confirmed') as is_confirmed
      from reading r
      where r.day >= ${since}::timestamptz::date - 1 and r.started_at > ${since}
        and r.is_human and cardinality(r.read_pages) > 0
      group by r.share_link_id, r.asset_id
    ), fresh as materialized (
      select l.deal_id, x.asset_id, bool_or(x.is_confirmed) as is_confirmed
      from read_link x join share_link_deal l on l.share_link_id = x.share_link_id
      join deal d on d.id = l.deal_id and d.outcome = 'open'
      join asset a on a.id = x.asset_id
      group by l.deal_id, x.asset_id
    ), gone as (
      delete from deal_read where not exists (
        select from fresh where fresh.deal_id = deal_read.deal_id and fresh.asset_id = deal_read.asset_id
      )
    )
    insert into deal_read (deal_id, asset_id, is_confirmed)
    select deal_id, asset_id, is_confirmed from fresh
    on conflict (deal_id, asset_id) do update set is_confirmed = excluded.is_confirmed
    where deal_read.is_confirmed <> excluded.is_confirmed`.execute(db);
  await db
    .insertInto('dealReadRun')
    .values({ countedAt })
    .onConflict((conflict) => conflict.column('isOnly').doUpdateSet({ countedAt }))
    .execute();
}

/** Up to when is that counted? Undefined: never yet. */
export async function findDealReadRun(db: Database): Promise<Date | undefined> {
  const row = await db.selectFrom('dealReadRun').select('countedAt').executeTakeFirst();
  return row?.countedAt;
}

/** What are the open deals of these buyers worth, and those that are being read? In the order of stages. */
export async function listPipeline(
  db: Database,
  { buyers, assetIds }: { buyers: Buyers; assetIds: string[] | null },
): Promise<PipelineRow[]> {
  const { rows } = await sql<PipelineRow>`
    with read_deal as materialized (
      select deal_id, bool_or(is_confirmed) as is_confirmed from deal_read
      where ${assetIds === null ? sql`true` : sql`asset_id = any(${assetIds}::text[])`}
      group by deal_id
    ), summed as (
      select v.stage, case when v.base_amount is null then v.currency end as unconverted_currency,
        count(*)::int as deal_count, sum(coalesce(v.base_amount, v.amount))::float8 as amount,
        (count(*) filter (where x.is_confirmed))::int as confirmed_count,
        coalesce(sum(coalesce(v.base_amount, v.amount)) filter (where x.is_confirmed), 0)::float8 as confirmed_amount,
        count(x.deal_id)::int as read_count,
        coalesce(sum(coalesce(v.base_amount, v.amount)) filter (where x.deal_id is not null), 0)::float8 as read_amount
      from deal_value v
      join account c on c.id = v.account_id
      left join read_deal x on x.deal_id = v.deal_id
      where v.outcome = 'open' and ${isOfBuyers(buyers)}
      group by v.stage, 2
    )
    select summed.* from summed
    order by (
      select min(t.position) from term t
      where t.dimension_key = 'stage' and t.retired_at is null and (
        lower(t.name) = lower(summed.stage)
        or exists (select from unnest(t.synonyms) as word where lower(word) = lower(summed.stage))
      )
    ) nulls last, summed.stage, summed.unconverted_currency nulls first`.execute(db);
  return rows;
}

export async function findBaseCurrency(db: Database): Promise<string | null> {
  const row = await db
    .selectFrom('currencyRate')
    .select('currency')
    .where('isBase', '=', true)
    .executeTakeFirst();
  return row?.currency ?? null;
}
