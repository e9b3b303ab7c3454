import { type RawBuilder, sql } from 'kysely';
import type { Database } from '../db/database.ts';

export interface DealSearch {
  query: string;
  stages: string[];
  outcome: 'open' | 'won' | 'lost' | 'all';
  /** Those whose owner has this address; null: everybody's. */
  ownerEmail: string | null;
  accountId: string | null;
  accountName: string | null;
}

export interface DealListRow {
  id: string;
  name: string;
  accountId: string;
  accountName: string;
  amount: number;
  currency: string;
  stage: string;
  outcome: 'open' | 'won' | 'lost';
  ownerName: string | null;
  ownerHasLeft: boolean;
  openedAt: Date;
  stageEnteredAt: Date | null;
  closedAt: Date | null;
  changedAt: Date;
  /** Both to their last digit, as a cursor needs them. */
  changedAtText: string;
  amountText: string;
  worthText: string;
}

/** Each deal that the CRM still has, and what it is worth in the base currency. */
const dealRows = sql`
  deal d left join currency_rate rate on rate.currency = d.currency
  cross join lateral (select coalesce(d.amount * rate.rate, -1) as worth) counted`;

const shownColumns = sql`
  d.id, d.name, d.account_id, account.name as account_name, d.amount::float8 as amount, d.currency, d.stage, d.outcome,
  coalesce(owner.name, d.owner_email) as owner_name, owner.deactivated_at is not null as owner_has_left,
  d.opened_at, d.closed_at, d.stage_entered_at, d.changed_at, d.changed_at::text as changed_at_text,
  d.amount::text as amount_text, d.worth::text as worth_text`;

const itsPeople = sql`
  join account on account.id = d.account_id
  left join "user" owner on lower(owner.email) = lower(d.owner_email)`;

/** Addresses of the owners whose name holds what is looked for, so that a deal is not asked for a name of each. */
async function findOwners(db: Database, pattern: string): Promise<string[]> {
  const { rows } = await sql<{ email: string }>`
    select lower(email) as email from "user" where name ilike ${pattern}`.execute(db);
  return rows.map((row) => row.email);
}

async function matches(
  db: Database,
  search: Omit<DealSearch, 'stages'> & { stages?: string[] },
): Promise<RawBuilder<boolean>> {
  const conditions = [sql`d.removed_at is null`];
  const wanted = search.query.trim();
  if (wanted) {
    const pattern = `%${wanted.replace(/[\\%_]/g, '\\$&')}%`;
    const owners = await findOwners(db, pattern);
    conditions.push(sql`(d.search_text like lower(${pattern})
      or d.account_id in (select id from account where name ilike ${pattern})
      ${owners.length > 0 ? sql`or lower(d.owner_email) = any(${owners}::text[])` : sql``})`);
  }
  if (search.stages && search.stages.length > 0)
    conditions.push(sql`d.stage = any(${search.stages}::text[])`);
  if (search.outcome !== 'all') conditions.push(sql`d.outcome = ${search.outcome}`);
  if (search.ownerEmail !== null) conditions.push(sql`lower(d.owner_email) = lower(${search.ownerEmail})`);
  if (search.accountId !== null) conditions.push(sql`d.account_id = ${search.accountId}`);
  if (search.accountName !== null)
    conditions.push(
      sql`d.account_id in (select id from account where lower(name) = lower(${search.accountName}))`,
    );
  return sql<boolean>`${sql.join(conditions, sql` and `)}`;
}

export type DealPlace = { by: 'amount'; worth: string; amount: string; id: string } | ChangePlace;
interface ChangePlace {
  by: 'changed';
  changedAt: string;
  id: string;
}

/** Largest first, and those that nobody can convert by their own amount after the others; or those that moved last. */
export async function listDealRows(
  db: Database,
  search: DealSearch,
  { sort, after, limit }: { sort: 'amount' | 'changed'; after: DealPlace | null; limit: number },
): Promise<DealListRow[]> {
  const order = sort === 'amount' ? sql`worth desc, amount desc, id desc` : sql`changed_at desc, id desc`;
  const { rows } = await sql<DealListRow>`
    select ${shownColumns} from (
      select d.*, worth from ${dealRows}
      where ${await matches(db, search)} and ${after ? isAfter(after) : sql`true`}
      order by ${order} limit ${limit}
    ) d ${itsPeople} order by ${order}`.execute(db);
  return rows;
}

function isAfter(place: DealPlace): RawBuilder<boolean> {
  if (place.by === 'changed')
    return sql`(d.changed_at, d.id) < (${place.changedAt}::timestamptz, ${place.id}::text)`;
  return sql`(worth, d.amount, d.id) < (${place.worth}::numeric, ${place.amount}::numeric, ${place.id}::text)`;
}

/** One deal that the CRM still has. */
export async function findDealRow(db: Database, dealId: string): Promise<DealListRow | undefined> {
  const { rows } = await sql<DealListRow>`
    select ${shownColumns} from (
      select d.*, worth from ${dealRows} where d.removed_at is null and d.id = ${dealId}
    ) d ${itsPeople}`.execute(db);
  return rows[0];
}

/**
 * What is found whatever its stage, one row for each stage and currency; stages in the order of the taxonomy and then
 * of the alphabet, with in each the currency first that is worth most.
 */
export async function sumDeals(db: Database, { stages: _stages, ...search }: DealSearch) {
  const { rows } = await sql<{
    stage: string;
    currency: string;
    amount: number;
    worth: number;
    dealCount: number;
  }>`
    select found.stage, found.currency, found.amount::float8 as amount, found.deal_count,
      coalesce(found.amount * rate.rate, -1)::float8 as worth
    from (
      select d.stage, d.currency, sum(d.amount) as amount, count(*)::int as deal_count
      from deal d where ${await matches(db, search)} group by d.stage, d.currency
    ) found
    left join currency_rate rate on rate.currency = found.currency
    left join (
      select lower(name) as name, min(position) as position from term where dimension_key = 'stage' group by lower(name)
    ) term on term.name = lower(found.stage)
    order by term.position nulls last, found.stage`.execute(db);
  return rows;
}

export async function hasDeals(db: Database): Promise<boolean> {
  const { rows } = await sql`select from deal where removed_at is null limit 1`.execute(db);
  return rows.length > 0;
}
