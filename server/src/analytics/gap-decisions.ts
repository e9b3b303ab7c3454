import type { Context } from '../context.ts';
import type { Database } from '../db/database.ts';
import { isUniqueViolation } from '../db/problems.ts';
import type { Actor } from '../http/actor.ts';
import { Problem } from '../http/problem.ts';
import { askFor, takeRequestBack } from '../requests/service.ts';
import { addSynonym, removeSynonym } from '../taxonomy/service.ts';
import type { Gap } from './contract.ts';
import { deleteDecisions, lockGaps, putDecision } from './gap-queries.ts';
import { showDecision } from './gap-snapshot.ts';
import { buildGapReport, type FoundGap } from './gaps.ts';

/** Wider than any report, so that every gap that is on a screen can be decided about. */
const decisionWindowDays = 365;
const longestTitle = 120;

/** One click: makes the request that the gap speaks of, wanted by everybody who searched. */
export function requestForGap(ctx: Context, actor: Actor, clusterKey: string): Promise<Gap> {
  return decide(ctx, clusterKey, async (trx, found) => {
    const { gap, keys } = found;
    if (gap.state === 'acted_on' && gap.request) return;
    const waiting =
      found.request && ['open', 'planned'].includes(found.request.status) ? found.request : undefined;
    const { requestId } = await askFor(ctx, trx, actor, {
      title: titleOf(gap),
      details: detailsOf(gap),
      termIds: gap.terms.map(({ id }) => id),
      dueOn: null,
      clusterKey: waiting?.clusterKey ?? gap.clusterKey,
      voterIds: gap.people.map(({ userId }) => userId),
    });
    await settle(ctx, trx, actor, keys, { clusterKey: gap.clusterKey, kind: 'requested', requestId });
    ctx.log.info({ event: 'gap_requested', requestId, byUserId: actor.userId });
  });
}

export function addSynonymForGap(
  ctx: Context,
  actor: Actor,
  { clusterKey, termId, ...input }: { clusterKey: string; termId: string; word: string },
): Promise<Gap> {
  const word = input.word.replace(/\s+/g, ' ');
  return decide(ctx, clusterKey, async (trx, { gap, keys, decision }) => {
    const isDone = decision?.kind === 'synonym' && decision.termId === termId && decision.word === word;
    if (isDone && gap.state === 'acted_on') return;
    await addSynonym(trx, termId, word);
    await settle(ctx, trx, actor, keys, { clusterKey: gap.clusterKey, kind: 'synonym', termId, word });
    ctx.log.info({ event: 'gap_synonym_added', termId, byUserId: actor.userId });
  });
}

export function dismissGap(ctx: Context, actor: Actor, clusterKey: string): Promise<Gap> {
  return decide(ctx, clusterKey, async (trx, { gap, keys }) => {
    if (gap.state === 'dismissed') return;
    await settle(ctx, trx, actor, keys, { clusterKey: gap.clusterKey, kind: 'dismissed' });
  });
}

/** Takes the last decision back, and with it what it made, unless somebody has built on that. */
export function undoGapDecision(ctx: Context, clusterKey: string): Promise<Gap> {
  return decide(ctx, clusterKey, async (trx, { gap, keys, decision, request }) => {
    if (!decision) {
      if (gap.state === 'open' || gap.state === 'closed') return;
      throw new Problem(
        'conflict',
        `${request?.createdByName ?? 'Somebody'} made this request, not the gap. Decline it on the Requests page.`,
      );
    }
    if (decision.kind === 'requested' && decision.requestId) {
      const isGone = await takeRequestBack(trx, decision.requestId, decision.decidedByUserId);
      if (!isGone)
        throw new Problem(
          'conflict',
          'Others have voted for the request or worked on it, so it stays. Decline it on the Requests page.',
        );
    }
    if (decision.kind === 'synonym' && decision.termId && decision.word !== null)
      await removeSynonym(trx, decision.termId, decision.word);
    await deleteDecisions(trx, keys);
  });
}

type Step = (trx: Database, found: FoundGap & { gap: Gap }) => Promise<void>;

/** Those who decide take turns, and each sees what the one before decided. */
async function decide(ctx: Context, clusterKey: string, step: Step): Promise<Gap> {
  const run = () =>
    ctx.db.transaction().execute(async (trx) => {
      await lockGaps(trx);
      const found = await findGap(trx, ctx.clock(), clusterKey);
      await step(trx, { ...found, gap: found.describe() });
      const decided = (await findGap(trx, ctx.clock(), clusterKey)).describe();
      await showDecision(trx, found.keys, decided);
      return decided;
    });
  return run().catch((error: unknown) => {
    // A rep asked for the same at this very moment; now their request is there to join.
    if (isUniqueViolation(error, 'request_cluster_key_key')) return run();
    throw error;
  });
}

async function findGap(db: Database, now: Date, clusterKey: string): Promise<FoundGap> {
  const { found, clusters } = await buildGapReport(db, now, decisionWindowDays, [clusterKey]);
  const group = clusters.groupOfKey(clusterKey);
  const gap = found.find((one) => one.group === group);
  if (!gap) throw new Problem('not_found', 'This gap is not there any more. Reload the list.');
  return gap;
}

/** One decision for the whole group: those that were made before its wordings stood together go. */
async function settle(
  { clock }: Context,
  trx: Database,
  actor: Actor,
  keys: string[],
  decision: Omit<Parameters<typeof putDecision>[1], 'decidedByUserId' | 'decidedAt'>,
): Promise<void> {
  await deleteDecisions(trx, keys);
  await putDecision(trx, { ...decision, decidedByUserId: actor.userId, decidedAt: clock() });
}

function titleOf({ query }: Gap): string {
  const short = query.length > longestTitle ? `${query.slice(0, longestTitle - 1).trimEnd()}…` : query;
  return short.charAt(0).toUpperCase() + short.slice(1);
}

function detailsOf({ people, searchCount, kind, query, isTyped, variants }: Gap): string {
  const who = people.length === 1 ? '1 person' : `${people.length} people`;
  const times = searchCount === 1 ? 'once' : `${searchCount} times`;
  const outcome = kind === 'no_result' ? 'found nothing' : 'used nothing of what they found';
  const wordings = [query, ...variants.map((variant) => variant.query)]
    .slice(0, 5)
    .map((text) => `“${text.slice(0, 200)}”`);
  const typed = isTyped ? ` They typed ${wordings.join(', ')}.` : '';
  return `${who} searched for this ${times} and ${outcome}.${typed}`;
}
