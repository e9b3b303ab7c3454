import type { Database } from '../db/database.ts';
import { newId } from '../http/ids.ts';
import {
  type DealRow,
  listDealsByExternalId,
  lockDeals,
  replaceDealStages,
  upsertAccounts,
  upsertDeals,
} from './deal-queries.ts';
import { type FileDeal, type RowError, readDealsFile } from './deals-file.ts';
import { erasePerson, exportPerson } from './person-queries.ts';
import { upsertAccount, upsertContact } from './queries.ts';

// What privacy asks of every feature that keeps something of people.
export { erasePerson, exportPerson };

/** The account of that name, made if it is new. */
export function ensureAccount(db: Database, name: string): Promise<{ id: string; name: string }> {
  return upsertAccount(db, { id: newId('acc'), name: tidy(name) });
}

interface ContactInput {
  name: string;
  email: string;
  accountId: string | null;
}

/** The contact with that address, made if it is new. The name of one that is there stays. */
export function ensureContact(db: Database, { name, email, accountId }: ContactInput) {
  return upsertContact(db, {
    id: newId('con'),
    name: tidy(name),
    email: email.trim(),
    accountId,
  });
}

function tidy(name: string): string {
  return name.trim().replace(/\s+/g, ' ');
}

export interface DealPlan {
  created: number;
  updated: number;
  unchanged: number;
  errors: RowError[];
}

/** What importing this deals.csv would change. */
export async function planDeals(db: Database, csvText: string): Promise<DealPlan> {
  const { deals, errors } = readDealsFile(csvText);
  return { ...count(await planSteps(db, deals)), errors };
}

/** Takes the rows that can be taken, known by their external_id. A second run changes nothing. */
export async function importDeals(db: Database, csvText: string, isSample = false): Promise<DealPlan> {
  const { deals, errors } = readDealsFile(csvText);
  const counts = await db.transaction().execute(async (trx) => {
    await lockDeals(trx);
    const steps = await planSteps(trx, deals);
    const accountIds = await upsertAccounts(trx, accountsOf(deals), isSample);
    const changed = steps.filter((step) => step.action !== 'unchanged');
    await upsertDeals(
      trx,
      changed.map(({ deal, id }) => toRow(deal, id, accountIds.get(deal.account) ?? '', isSample)),
    );
    await replaceDealStages(
      trx,
      changed.map(({ id }) => id),
      changed.flatMap(({ deal, id }) =>
        deal.stages.map((stage, position) => ({ dealId: id, position, ...stage })),
      ),
    );
    return count(steps);
  });
  return { ...counts, errors };
}

interface Step {
  action: 'created' | 'updated' | 'unchanged';
  id: string;
  deal: FileDeal;
}

async function planSteps(db: Database, deals: FileDeal[]): Promise<Step[]> {
  const rows = await listDealsByExternalId(
    db,
    deals.map((deal) => deal.externalId),
  );
  const known = new Map(rows.map((row) => [row.externalId, row]));
  return deals.map((deal): Step => {
    const existing = known.get(deal.externalId);
    if (!existing) return { action: 'created', id: newId('deal'), deal };
    const isSame = fingerprint({ ...existing, account: existing.accountName }) === fingerprint(deal);
    return { action: isSame ? 'unchanged' : 'updated', id: existing.id, deal };
  });
}

type Comparable = Omit<FileDeal, 'externalId' | 'industry' | 'region' | 'outcome'> & { outcome: string };

function fingerprint(deal: Comparable): string {
  return JSON.stringify([
    deal.account.toLowerCase(),
    Number(deal.amount),
    deal.currency,
    deal.ownerEmail,
    deal.stage,
    deal.outcome,
    deal.lossReason,
    deal.openedAt,
    deal.closedAt,
    deal.stages.map(({ stage, enteredAt }) => [stage, enteredAt]),
  ]);
}

function count(steps: Step[]): Omit<DealPlan, 'errors'> {
  const counts = { created: 0, updated: 0, unchanged: 0 };
  for (const { action } of steps) counts[action] += 1;
  return counts;
}

/** One row for each account; where rows of the file disagree about it, the last one that says something counts. */
function accountsOf(deals: FileDeal[]) {
  const accounts = new Map<
    string,
    { id: string; name: string; industry: string | null; region: string | null }
  >();
  for (const { account: name, industry, region } of deals) {
    const before = accounts.get(name);
    accounts.set(name, {
      id: before?.id ?? newId('acc'),
      name,
      industry: industry ?? before?.industry ?? null,
      region: region ?? before?.region ?? null,
    });
  }
  return [...accounts.values()];
}

function toRow(deal: FileDeal, id: string, accountId: string, isSample: boolean): DealRow {
  const { externalId, amount, currency, ownerEmail, stage, outcome, lossReason, openedAt, closedAt } = deal;
  const facts = { amount, currency, ownerEmail, stage, outcome, lossReason, openedAt, closedAt };
  return { id, externalId, accountId, ...facts, isSample };
}
