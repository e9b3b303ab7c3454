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

/** Each deal that the CRM still has, with whom it belongs to and when it last moved. */
const dealRows = sql`
  select d.id, d.name, d.account_id, account.name as account_name, d.amount, d.currency, d.stage, d.outcome,
    coalesce(owner.name, d.owner_email) as owner_name, owner.deactivated_at is not null as owner_has_left,
    d.owner_email, d.external_id, d.opened_at, d.closed_at, entered.at as stage_entered_at,
    greatest(d.opened_at, entered.at, d.closed_at) as changed_at,
    coalesce(d.amount * rate.rate, -1) as worth
  from deal d
  join account on account.id = d.account_id
  left join "user" owner on lower(owner.email) = lower(d.owner_email)
  left join currency_rate rate on rate.currency = d.currency
  left join lateral (
    select max(entered_at) as at from deal_stage where deal_id = d.id
  ) entered on true
  where d.removed_at is null`;

const shownColumns = sql`
  id, name, account_id, account_name, amount::float8 as amount, currency, stage, outcome, owner_name, owner_has_left,
  opened_at, stage_entered_at, closed_at, changed_at, changed_at::text as changed_at_text,
  amount::text as amount_text, worth::text as worth_text`;

function matches(search: Omit<DealSearch, 'stages'> & { stages?: string[] }): RawBuilder<boolean> {
  const conditions = [sql`true`];
  const wanted = search.query.trim();
  if (wanted) {
    const pattern = `%${wanted.replace(/[\\%_]/g, '\\$&')}%`;
    conditions.push(sql`(name ilike ${pattern} or account_name ilike ${pattern}
      or owner_name ilike ${pattern} or external_id ilike ${pattern})`);
  }
  if (search.stages && search.stages.length > 0) conditions.push(sql`stage = any(${search.stages}::text[])`);
  if (search.outcome !== 'all') conditions.push(sql`outcome = ${search.outcome}`);
  if (search.ownerEmail !== null) conditions.push(sql`lower(owner_email) = lower(${search.ownerEmail})`);
  if (search.accountId !== null) conditions.push(sql`account_id = ${search.accountId}`);
  if (search.accountName !== null) conditions.push(sql`lower(account_name) = lower(${search.accountName})`);
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
    select ${shownColumns} from (${dealRows}) deals
    where ${matches(search)} and ${after ? isAfter(after) : sql`true`}
    order by ${order} limit ${limit}`.execute(db);
  return rows;
}

function isAfter(place: DealPlace): RawBuilder<boolean> {
  if (place.by === 'changed')
    return sql`(changed_at, id) < (${place.changedAt}::timestamptz, ${place.id}::text)`;
  return sql`(worth, amount, id) < (${place.worth}::numeric, ${place.amount}::numeric, ${place.id}::text)`;
}

/** One deal that the CRM still has. */
export async function findDealRow(db: Database, dealId: string): Promise<DealListRow | undefined> {
  const { rows } = await sql<DealListRow>`
    select ${shownColumns} from (${dealRows} and d.id = ${dealId}) deals`.execute(db);
  return rows[0];
}

/** What is found in all, one row for each currency. */
export async function sumDeals(db: Database, search: DealSearch) {
  const { rows } = await sql<{ currency: string; amount: number; dealCount: number }>`
    select currency, sum(amount)::float8 as amount, count(*)::int as deal_count
    from (${dealRows}) deals where ${matches(search)}
    group by currency order by sum(nullif(worth, -1)) desc nulls last, sum(amount) desc, currency`.execute(
    db,
  );
  return rows;
}

/** The stages of what is found whatever its stage, in the order in which deals go through them. */
export async function listDealStages(db: Database, { stages: _stages, ...search }: DealSearch) {
  const { rows } = await sql<{ stage: string; dealCount: number }>`
    with found as (
      select stage, count(*)::int as deal_count from (${dealRows}) deals where ${matches(search)} group by stage
    )
    select found.stage, found.deal_count from found
    order by (select avg(position) from deal_stage where deal_stage.stage = found.stage) nulls last, found.stage
    limit 50`.execute(db);
  return rows;
}

export async function hasDeals(db: Database): Promise<boolean> {
  const { rows } = await sql`select from deal where removed_at is null limit 1`.execute(db);
  return rows.length > 0;
}
