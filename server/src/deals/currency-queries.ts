import { sql } from 'kysely';
import type { Database } from '../db/database.ts';

export interface UnconvertedAmount {
  currency: string;
  dealCount: number;
  amount: number;
}

/** Deals that count but whose currency has no rate, by currency; largest number of deals first. */
export async function listUnconverted(db: Database): Promise<UnconvertedAmount[]> {
  const { rows } = await sql<UnconvertedAmount>`
    select currency, count(*)::int as deal_count, sum(amount)::float8 as amount
    from deal_value where base_amount is null
    group by currency order by deal_count desc, currency`.execute(db);
  return rows;
}

/** What a deal is worth in the base currency, null where its currency has no rate; undefined where there is no base. */
export async function findWorth(
  db: Database,
  dealId: string,
): Promise<{ currency: string; amount: number | null } | undefined> {
  const { rows } = await sql<{ currency: string; amount: number | null }>`
    select base.currency, deal_value.base_amount::float8 as amount
    from deal_value join currency_rate base on base.is_base where deal_id = ${dealId}`.execute(db);
  return rows[0];
}

export interface CurrencyRow {
  currency: string;
  rate: number | null;
  isBase: boolean;
  dealCount: number;
  amount: number;
  changedAt: Date | null;
  changedByName: string | null;
}

/** Every currency that a deal has or that has a rate; the base first. */
export async function listCurrencies(db: Database): Promise<CurrencyRow[]> {
  const { rows } = await sql<CurrencyRow>`
    with found as (
      select currency, count(*)::int as deal_count, sum(amount)::float8 as amount
      from deal_value group by currency
    )
    select coalesce(r.currency, found.currency) as currency, r.rate::float8 as rate,
      coalesce(r.is_base, false) as is_base, coalesce(found.deal_count, 0) as deal_count,
      coalesce(found.amount, 0) as amount, r.changed_at, u.name as changed_by_name
    from found full join currency_rate r on r.currency = found.currency
    left join "user" u on u.id = r.changed_by_user_id
    order by coalesce(r.is_base, false) desc, 4 desc, 1`.execute(db);
  return rows;
}

export interface RateInput {
  currency: string;
  rate: number;
  isBase: boolean;
}

/** These rates and no others; who changed one and when stays for those that are as before. */
export async function replaceRates(
  db: Database,
  rates: RateInput[],
  by: { userId: string; now: Date },
): Promise<void> {
  const names = rates.map((row) => row.currency);
  // Two who save at once would each leave a base, so they take turns.
  await sql`lock table currency_rate in share row exclusive mode`.execute(db);
  await sql`delete from currency_rate where currency <> all (${names}::text[])`.execute(db);
  // There is one base at any moment, so the old one goes before the new one comes.
  await sql`update currency_rate set is_base = false
    where is_base and currency <> all (${rates.flatMap((row) => (row.isBase ? row.currency : []))}::text[])`.execute(
    db,
  );
  await sql`
    insert into currency_rate (currency, rate, is_base, changed_by_user_id, changed_at)
    select currency, rate, is_base, ${by.userId}, ${by.now}
    from unnest(${names}::text[], ${rates.map((row) => row.rate)}::numeric[], ${rates.map((row) => row.isBase)}::boolean[])
      as given (currency, rate, is_base)
    on conflict (currency) do update set rate = excluded.rate, is_base = excluded.is_base,
      changed_by_user_id = excluded.changed_by_user_id, changed_at = excluded.changed_at
    where currency_rate.rate <> round(excluded.rate, 8) or currency_rate.is_base <> excluded.is_base`.execute(
    db,
  );
}
