import type { Database } from '../db/database.ts';
import { newId } from '../http/ids.ts';
import { enqueueOnce } from '../jobs/catalog.ts';
import {
  type DealRow,
  listDealsByExternalId,
  listMissingContacts,
  replaceDealStages,
  upsertAccounts,
  upsertContacts,
  upsertDeals,
} from './deal-queries.ts';
import type { FileDeal } from './deals-file.ts';

export interface DealInput extends FileDeal {
  /** Null: whatever the deal is called stays. */
  name: string | null;
  segment: string | null;
  contact: { name: string; email: string } | null;
}

export interface DealCounts {
  created: number;
  updated: number;
  unchanged: number;
}

export interface DealStep {
  action: keyof DealCounts;
  id: string;
  deal: DealInput;
}

interface WriteOptions {
  now: Date;
  isSample?: boolean;
}

/** What writing these deals would change. */
export async function planSteps(db: Database, deals: DealInput[]): Promise<DealStep[]> {
  const rows = await listDealsByExternalId(
    db,
    deals.map((deal) => deal.externalId),
  );
  const known = new Map(rows.map((row) => [row.externalId, row]));
  const missing = await listMissingContacts(
    db,
    deals.flatMap(({ contact }) => contact?.email ?? []),
  );
  return deals.map((given): DealStep => {
    const existing = known.get(given.externalId);
    const deal = { ...given, name: given.name ?? existing?.name ?? '' };
    if (!existing) return { action: 'created', id: newId('deal'), deal };
    const isSame =
      existing.removedAt === null &&
      fingerprint({ ...existing, account: existing.accountName }) === fingerprint(deal) &&
      saysNothingNew(deal, existing) &&
      !(deal.contact && missing.has(deal.contact.email));
    return { action: isSame ? 'unchanged' : 'updated', id: existing.id, deal };
  });
}

/** Writes them, each known by its external id, in the caller's transaction, which holds the lock of deals. */
export async function writeDeals(
  trx: Database,
  deals: DealInput[],
  { now, isSample = false }: WriteOptions,
): Promise<DealStep[]> {
  const steps = await planSteps(trx, deals);
  const changed = steps.filter((step) => step.action !== 'unchanged');
  const accountIds = await upsertAccounts(trx, accountsOf(changed), isSample);
  const accountIdOf = (deal: DealInput) => accountIds.get(deal.account) ?? '';
  await upsertDeals(
    trx,
    changed.map(({ deal, id }) => toRow(deal, id, accountIdOf(deal), { now, isSample })),
  );
  await replaceDealStages(
    trx,
    changed.map(({ id }) => id),
    changed.flatMap(({ deal, id }) =>
      deal.stages.map((stage, position) => ({ dealId: id, position, ...stage })),
    ),
  );
  await upsertContacts(
    trx,
    changed.flatMap(({ deal }) =>
      deal.contact ? [{ id: newId('con'), accountId: accountIdOf(deal), ...deal.contact }] : [],
    ),
    isSample,
  );
  if (changed.length > 0) await countInfluenceSoon(trx, now);
  return steps;
}

const countEveryMs = 10 * 60_000;

/**
 * What goes together with deals that move follows them at the next of marks ten minutes apart: however many deals change until
 * then they are counted once, and deals that never cease to change hold it up no longer.
 */
export async function countInfluenceSoon(trx: Database, now: Date): Promise<void> {
  const runAt = new Date((Math.floor(now.getTime() / countEveryMs) + 1) * countEveryMs);
  await enqueueOnce(trx, 'count-influence', {}, { runAt });
}

export function countSteps(steps: DealStep[]): DealCounts {
  const counts = { created: 0, updated: 0, unchanged: 0 };
  for (const { action } of steps) counts[action] += 1;
  return counts;
}

interface AccountFacts {
  industry: string | null;
  region: string | null;
  segment: string | null;
}

function saysNothingNew(given: AccountFacts, existing: AccountFacts): boolean {
  return (['industry', 'region', 'segment'] as const).every(
    (fact) => given[fact] === null || given[fact] === existing[fact],
  );
}

type Comparable = Pick<
  DealInput,
  | 'name'
  | 'account'
  | 'amount'
  | 'currency'
  | 'ownerEmail'
  | 'stage'
  | 'lossReason'
  | 'openedAt'
  | 'closedAt'
  | 'stages'
> & { outcome: string };

function fingerprint(deal: Comparable): string {
  return JSON.stringify([
    deal.name,
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

/** One row for each account; where deals disagree about it, the last one that says something counts. */
function accountsOf(steps: DealStep[]) {
  const accounts = new Map<string, AccountFacts & { id: string; name: string }>();
  for (const { deal } of steps) {
    const before = accounts.get(deal.account);
    accounts.set(deal.account, {
      id: before?.id ?? newId('acc'),
      name: deal.account,
      industry: deal.industry ?? before?.industry ?? null,
      region: deal.region ?? before?.region ?? null,
      segment: deal.segment ?? before?.segment ?? null,
    });
  }
  return [...accounts.values()];
}

function toRow(
  deal: DealInput,
  id: string,
  accountId: string,
  { now, isSample }: Required<WriteOptions>,
): DealRow {
  const { externalId, amount, currency, ownerEmail, stage, outcome, lossReason, openedAt, closedAt } = deal;
  const facts = { amount, currency, ownerEmail, stage, outcome, lossReason, openedAt, closedAt };
  const stageEnteredAt = deal.stages.at(-1)?.enteredAt ?? null;
  return {
    id,
    externalId,
    accountId,
    name: deal.name ?? '',
    ...facts,
    stageEnteredAt,
    isSample,
    updatedAt: now,
  };
}
