import { sql } from 'kysely';
import type { Database } from '../db/database.ts';

/** A statement takes at most 65,535 parameters; this many rows of any table here stay well below. */
const batchSize = 2000;

/** Two who write at once would both create the same deals, so they take turns. */
export async function lockDeals(db: Database): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('offshelf:deals'))`.execute(db);
}

/** Deals with the name of their account and their stages in order. */
export async function listDealsByExternalId(db: Database, externalIds: string[]) {
  const deals = await db
    .selectFrom('deal')
    .innerJoin('account', 'account.id', 'deal.accountId')
    .select([
      'deal.id',
      'deal.externalId',
      'deal.name',
      'deal.removedAt',
      'account.industry',
      'account.region',
      'account.segment',
      'account.name as accountName',
      'deal.amount',
      'deal.currency',
      'deal.ownerEmail',
      'deal.stage',
      'deal.outcome',
      'deal.lossReason',
      'deal.openedAt',
      'deal.closedAt',
    ])
    .where(sql<boolean>`deal.external_id = any(${externalIds}::text[])`)
    .execute();
  const ids = deals.map((deal) => deal.id);
  const stages = await db
    .selectFrom('dealStage')
    .select(['dealId', 'stage', 'enteredAt'])
    .where(sql<boolean>`deal_id = any(${ids}::text[])`)
    .orderBy('dealId')
    .orderBy('position')
    .execute();
  const stagesOf = Map.groupBy(stages, (stage) => stage.dealId);
  return deals.map((deal) => ({ ...deal, stages: stagesOf.get(deal.id) ?? [] }));
}

interface AccountRow {
  id: string;
  name: string;
  industry: string | null;
  region: string | null;
  segment: string | null;
}

/**
 * Makes what is missing and renews industry, region and segment where the row names one. Answers name → id for every
 * name. Which names are the same is left to the database, because its lower() decides about the key.
 */
export async function upsertAccounts(
  db: Database,
  rows: AccountRow[],
  isSample: boolean,
): Promise<Map<string, string>> {
  const names = rows.map((row) => row.name);
  await sql`
    insert into account (id, name, industry, region, segment, is_sample)
    select min(id), (array_agg(name order by place))[1],
      (array_agg(industry order by place desc) filter (where industry is not null))[1],
      (array_agg(region order by place desc) filter (where region is not null))[1],
      (array_agg(segment order by place desc) filter (where segment is not null))[1],
      ${isSample}::boolean
    from unnest(
      ${rows.map((row) => row.id)}::text[],
      ${names}::text[],
      ${rows.map((row) => row.industry)}::text[],
      ${rows.map((row) => row.region)}::text[],
      ${rows.map((row) => row.segment)}::text[]
    ) with ordinality as given (id, name, industry, region, segment, place)
    group by lower(name)
    order by lower(name)
    on conflict (lower(name)) do update set
      industry = coalesce(excluded.industry, account.industry),
      region = coalesce(excluded.region, account.region),
      segment = coalesce(excluded.segment, account.segment)
    where excluded.industry <> coalesce(account.industry, '') or excluded.region <> coalesce(account.region, '')
      or excluded.segment <> coalesce(account.segment, '')
  `.execute(db);
  const found = await sql<{ name: string; id: string }>`
    select given.name, account.id
    from unnest(${names}::text[]) as given (name)
    join account on lower(account.name) = lower(given.name)
  `.execute(db);
  return new Map(found.rows.map(({ name, id }) => [name, id]));
}

export interface DealRow {
  id: string;
  externalId: string;
  accountId: string;
  amount: string;
  currency: string;
  ownerEmail: string | null;
  stage: string;
  outcome: string;
  lossReason: string | null;
  openedAt: Date;
  closedAt: Date | null;
  isSample: boolean;
  name: string;
  stageEnteredAt: Date | null;
  updatedAt: Date;
}

export async function upsertDeals(db: Database, rows: DealRow[]): Promise<void> {
  for (const batch of batches(rows)) {
    await db
      .insertInto('deal')
      .values(batch)
      .onConflict((conflict) =>
        conflict.constraint('deal_external_id_key').doUpdateSet((eb) => ({
          accountId: eb.ref('excluded.accountId'),
          amount: eb.ref('excluded.amount'),
          currency: eb.ref('excluded.currency'),
          ownerEmail: eb.ref('excluded.ownerEmail'),
          stage: eb.ref('excluded.stage'),
          outcome: eb.ref('excluded.outcome'),
          lossReason: eb.ref('excluded.lossReason'),
          openedAt: eb.ref('excluded.openedAt'),
          closedAt: eb.ref('excluded.closedAt'),
          name: eb.ref('excluded.name'),
          stageEnteredAt: eb.ref('excluded.stageEnteredAt'),
          updatedAt: eb.ref('excluded.updatedAt'),
          // Whoever names a deal again has it again.
          removedAt: null,
        })),
      )
      .execute();
  }
}

interface StageRow {
  dealId: string;
  position: number;
  stage: string;
  enteredAt: Date;
}

/** The stage history of these deals becomes this one. */
export async function replaceDealStages(db: Database, dealIds: string[], rows: StageRow[]): Promise<void> {
  await db.deleteFrom('dealStage').where(sql<boolean>`deal_id = any(${dealIds}::text[])`).execute();
  for (const batch of batches(rows)) await db.insertInto('dealStage').values(batch).execute();
}

interface ContactRow {
  id: string;
  accountId: string;
  name: string;
  email: string;
}

/** Makes contacts that are missing; one that is there without an account takes this one, and its name stays. */
export async function upsertContacts(db: Database, rows: ContactRow[], isSample: boolean): Promise<void> {
  if (rows.length === 0) return;
  await sql`
    insert into contact (id, account_id, name, email, is_sample)
    select distinct on (lower(email)) id, account_id, name, email, ${isSample}::boolean
    from unnest(
      ${rows.map((row) => row.id)}::text[],
      ${rows.map((row) => row.accountId)}::text[],
      ${rows.map((row) => row.name)}::text[],
      ${rows.map((row) => row.email)}::text[]
    ) as given (id, account_id, name, email)
    order by lower(email)
    on conflict (lower(email)) do update set account_id = excluded.account_id
    where contact.account_id is null
  `.execute(db);
}

/** The addresses among these that no contact of any account has. */
export async function listMissingContacts(db: Database, emails: string[]): Promise<Set<string>> {
  const { rows } = await sql<{ email: string }>`
    select given.email from unnest(${emails}::text[]) as given (email)
    where not exists (select from contact where lower(contact.email) = lower(given.email) and account_id is not null)
  `.execute(db);
  return new Set(rows.map((row) => row.email));
}

/** Marks the deal as gone from the CRM; false where there is none. */
export async function removeDeal(db: Database, externalId: string, now: Date): Promise<boolean> {
  const { rows } = await sql`
    update deal set removed_at = coalesce(removed_at, ${now}), updated_at = ${now}
    where external_id = ${externalId} returning id`.execute(db);
  return rows.length > 0;
}

function* batches<Row>(rows: Row[]): Generator<Row[]> {
  for (let start = 0; start < rows.length; start += batchSize) yield rows.slice(start, start + batchSize);
}
