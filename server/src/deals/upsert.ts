import { z } from 'zod';
import type { Context } from '../context.ts';
import { Problem } from '../http/problem.ts';
import { type DealUpsert, dealUpsert, type UpsertResult } from './contract.ts';
import { listDealsByExternalId, lockDeals, removeDeal } from './deal-queries.ts';
import { countInfluenceSoon, type DealInput, writeDeals } from './write.ts';

type Existing = Awaited<ReturnType<typeof listDealsByExternalId>>[number];

/** One deal of another system, by its id there. */
export async function upsertOneDeal(
  { db, clock }: Context,
  externalId: string,
  given: DealUpsert,
): Promise<UpsertResult> {
  return db.transaction().execute(async (trx) => {
    await lockDeals(trx);
    const [existing] = await listDealsByExternalId(trx, [externalId]);
    const deal = merge(externalId, given, existing);
    if (typeof deal === 'string') throw new Problem('invalid_request', deal);
    const [step] = await writeDeals(trx, [deal], { now: clock() });
    if (!step) throw new Problem('internal');
    return { dealId: step.id, action: step.action };
  });
}

interface BatchResult {
  externalId: string;
  dealId: string | null;
  action: 'created' | 'updated' | 'unchanged' | 'refused';
  detail: string | null;
}

const batchItem = dealUpsert.extend({ externalId: z.string().trim().min(1).max(300) });

/** Many deals; one that can not be taken holds up no other. */
export async function upsertManyDeals(
  { db, clock }: Context,
  items: Record<string, unknown>[],
): Promise<BatchResult[]> {
  return db.transaction().execute(async (trx) => {
    await lockDeals(trx);
    const read = items.map((item) => z.safeDecode(batchItem, item as z.input<typeof batchItem>));
    const ids = read.flatMap((item) =>
      item.success && !item.data.externalId.includes('\0') ? item.data.externalId : [],
    );
    const known = new Map((await listDealsByExternalId(trx, ids)).map((row) => [row.externalId, row]));
    const seen = new Set<string>();
    const merged = read.map((item): DealInput | string => {
      if (!item.success)
        return item.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join(' ');
      const { externalId, ...given } = item.data;
      // PostgreSQL keeps no text with a zero in it, and would refuse the others along with this one.
      if (JSON.stringify(item.data).includes('\\u0000'))
        return 'The text holds a character that cannot be kept. Remove it and send this deal again.';
      if (seen.has(externalId)) return `“${externalId}” stands earlier in this batch. Send each deal once.`;
      seen.add(externalId);
      return merge(externalId, given, known.get(externalId));
    });
    const deals = merged.filter((deal) => typeof deal !== 'string');
    const steps = new Map(
      (await writeDeals(trx, deals, { now: clock() })).map((step) => [step.deal.externalId, step]),
    );
    return merged.map((deal, index): BatchResult => {
      if (typeof deal === 'string')
        return {
          externalId: String(items[index]?.externalId ?? ''),
          dealId: null,
          action: 'refused',
          detail: deal,
        };
      const step = steps.get(deal.externalId);
      return {
        externalId: deal.externalId,
        dealId: step?.id ?? null,
        action: step?.action ?? 'unchanged',
        detail: null,
      };
    });
  });
}

export async function removeOneDeal({ db, clock }: Context, externalId: string): Promise<void> {
  const now = clock();
  await db.transaction().execute(async (trx) => {
    if (!(await removeDeal(trx, externalId, now)))
      throw new Problem('not_found', 'No deal has this external id.');
    await countInfluenceSoon(trx, now);
  });
}

/** The deal as it will be, or the sentence that says why it can not. */
function merge(externalId: string, given: DealUpsert, existing: Existing | undefined): DealInput | string {
  const account = given.account?.name ?? existing?.accountName;
  const amount = given.amount ?? existing?.amount;
  const currency = given.currency ?? existing?.currency;
  const openedAt = given.openedAt ?? existing?.openedAt;
  const outcome = (given.outcome ?? existing?.outcome ?? 'open') as DealInput['outcome'];
  const stages = stagesOf(given, existing, openedAt);
  const stage = given.stage ?? stages.at(-1)?.stage;
  if (
    account === undefined ||
    amount === undefined ||
    currency === undefined ||
    openedAt === undefined ||
    stage === undefined
  )
    return 'This deal is new, so it needs account.name, amount, currency, openedAt and a stage.';
  const closedAt = outcome === 'open' ? null : (given.closedAt ?? existing?.closedAt ?? null);
  if ([openedAt, ...(closedAt ? [closedAt] : []), ...stages.map((entry) => entry.enteredAt)].some(isTooEarly))
    return 'A date lies outside of the calendar. Correct it and try again.';
  const fault = findEndFault(outcome, openedAt, closedAt) ?? findHistoryFault(stages, outcome, closedAt);
  if (fault) return fault;
  return {
    externalId,
    name: given.name ?? null,
    account: account.replace(/\s+/g, ' '),
    ...factsOf(given),
    contact: given.contact ?? null,
    amount: Number(amount).toFixed(2),
    currency,
    ownerEmail: keptUnlessGiven(given.ownerEmail, existing?.ownerEmail),
    openedAt,
    stage,
    stages,
    outcome,
    closedAt,
    lossReason: keptUnlessGiven(given.lossReason, existing?.lossReason),
  };
}

/** There is no year zero in PostgreSQL. */
function isTooEarly(moment: Date): boolean {
  return moment.getUTCFullYear() < 1;
}

function factsOf({ account }: DealUpsert) {
  return {
    industry: account?.industry ?? null,
    region: account?.region ?? null,
    segment: account?.segment ?? null,
  };
}

/** Null and nothing take the text away; leaving it out keeps it. */
function keptUnlessGiven(given: string | null | undefined, before: string | null | undefined): string | null {
  return (given === undefined ? before : given) || null;
}

export function findEndFault(outcome: string, openedAt: Date, closedAt: Date | null): string | undefined {
  if (outcome !== 'open' && closedAt === null)
    return `The deal is ${outcome}, so it needs closedAt, the moment of its end.`;
  if (closedAt !== null && closedAt < openedAt) return 'closedAt is before openedAt.';
  return undefined;
}

/** In the order of time; a stage that is named without a moment is entered when the deal began, if nothing is known. */
function stagesOf(given: DealUpsert, existing: Existing | undefined, openedAt: Date | undefined) {
  const before =
    given.stageHistory ?? existing?.stages.map(({ stage, enteredAt }) => ({ stage, enteredAt })) ?? [];
  const entered = given.enteredStage;
  const isKnown =
    entered &&
    before.some(
      (entry) => entry.stage === entered.stage && entry.enteredAt.getTime() === entered.enteredAt.getTime(),
    );
  const stages = entered && !isKnown ? [...before, entered] : before;
  if (stages.length === 0 && given.stage && openedAt) return [{ stage: given.stage, enteredAt: openedAt }];
  return stages.toSorted((a, b) => a.enteredAt.getTime() - b.enteredAt.getTime());
}

/**
 * Stages in the order of time can only be wrong where two share a moment or one follows a loss; a deal that was won goes
 * on, as with onboarding.
 */
export function findHistoryFault(
  stages: DealInput['stages'],
  outcome: string,
  closedAt: Date | null,
): string | undefined {
  for (const [index, entry] of stages.entries()) {
    const before = stages[index - 1];
    if (before && before.stage !== entry.stage && before.enteredAt.getTime() === entry.enteredAt.getTime())
      return `The stages “${before.stage}” and “${entry.stage}” were entered at the same moment. Give each its own.`;
    if (outcome === 'lost' && closedAt && entry.enteredAt > closedAt)
      return `The stage “${entry.stage}” was entered after the deal was lost. Check both dates.`;
  }
  return undefined;
}
