import { z } from 'zod';
import type { AssetPatch } from '../assets/contract.ts';
import { changeAssets, listAssetCards } from '../assets/service.ts';
import type { Context } from '../context.ts';
import type { Database } from '../db/database.ts';
import type { Actor } from '../http/actor.ts';
import { readCursor, writeCursor } from '../http/cursor.ts';
import { newId } from '../http/ids.ts';
import { Problem } from '../http/problem.ts';
import type { Decision, DecisionAction } from './contract.ts';
import { listDueDecisions, measureDecision, updateEffect } from './effect-queries.ts';
import {
  type DecisionRow,
  findDecisionRow,
  insertDecision,
  listDecisionRows,
  listDisplacedTermIds,
  listPromotedAssets,
  markUndone,
} from './queries.ts';

const dayMs = 86_400_000;
/** An effect is first shown after a week and is final after a month. */
const [fewestDays, mostDays] = [7, 30];

interface DecideInput {
  action: DecisionAction;
  assetIds: string[];
  note: string;
  madeOn: string;
}

/** Changes the assets and records it as one decision; null when every one of them was like that already. */
export async function decide(
  ctx: Context,
  actor: Actor,
  { action, assetIds, note, madeOn }: DecideInput,
): Promise<Decision | null> {
  const now = ctx.clock();
  const today = now.toISOString().slice(0, 10);
  if (action.kind === 'promote' && action.untilOn < today)
    throw new Problem('invalid_request', 'The last day of a recommendation must not be over yet.', [
      { pointer: '/body/action/untilOn', detail: 'This day is over.' },
    ]);
  const decisionId = await ctx.db.transaction().execute(async (trx) => {
    const patch = await toPatch(trx, action);
    const changes = [...new Set(assetIds)].map((assetId) => ({ assetId, patch }));
    const undo = await changeAssets(trx, { userId: actor.userId, now }, changes);
    // A recommendation changes nothing of the asset itself.
    const changed = action.kind === 'promote' ? changes.map(({ assetId }) => ({ assetId, patch: {} })) : undo;
    if (changed.length === 0) return null;
    const id = newId('dec');
    await insertDecision(
      trx,
      { id, kind: action.kind, details: action, note, madeOn, decidedByUserId: actor.userId, decidedAt: now },
      changed,
    );
    return id;
  });
  if (decisionId === null) return null;
  ctx.log.info({ event: 'decision_made', decisionId, kind: action.kind, count: assetIds.length });
  return getDecision(ctx.db, decisionId);
}

async function toPatch(db: Database, action: DecisionAction): Promise<AssetPatch> {
  switch (action.kind) {
    case 'archive':
      return { status: 'archived' };
    case 'assign':
      return { ownerUserId: action.ownerUserId };
    case 'request_review':
      return { reviewOn: action.reviewOn };
    case 'add_tags':
      return {
        addTermIds: action.termIds,
        removeTermIds: await listDisplacedTermIds(db, action.termIds),
      };
    case 'promote':
      return {};
  }
}

/** Takes back what the decision changed. Asked twice, the second time changes nothing. */
export async function undoDecision(ctx: Context, actor: Actor, decisionId: string): Promise<Decision> {
  const author = { userId: actor.userId, now: ctx.clock() };
  await ctx.db.transaction().execute(async (trx) => {
    const undo = await markUndone(trx, decisionId, author);
    if (undo) await changeAssets(trx, author, undo);
  });
  return getDecision(ctx.db, decisionId);
}

async function getDecision(db: Database, decisionId: string): Promise<Decision> {
  const row = await findDecisionRow(db, decisionId);
  if (!row) throw new Problem('not_found', 'There is no such decision.');
  return toDecision(row);
}

const decisionPlace = z.tuple([z.string().max(40), z.string().max(60)]);

export async function listDecisions(
  { db, clock }: Context,
  page: { cursor?: string | undefined; limit: number; asset?: string | undefined },
) {
  const place = page.cursor === undefined ? null : readCursor(decisionPlace, page.cursor);
  const rows = await listDecisionRows(db, {
    assetId: page.asset ?? null,
    after: place && { decidedAtText: place[0], id: place[1] },
    limit: page.limit + 1,
  });
  const shown = rows.slice(0, page.limit);
  const last = shown.at(-1);
  return {
    items: shown.map(toDecision),
    nextCursor: rows.length > shown.length && last ? writeCursor([last.decidedAtText, last.id]) : null,
    asOf: clock(),
  };
}

/** The effect of what was taken back says nothing. */
function toDecision({ decidedAtText: _, ...row }: DecisionRow): Decision {
  return row.undoneAt === null ? row : { ...row, effect: null, effectAsOf: null };
}

export async function listPromotions({ db, clock }: Context) {
  const now = clock();
  const promoted = await listPromotedAssets(db, now.toISOString().slice(0, 10));
  const cards = await listAssetCards(
    db,
    promoted.map(({ assetId }) => assetId),
    now,
  );
  const promotionOf = new Map(promoted.map((each) => [each.assetId, each]));
  return {
    items: cards.flatMap((asset) => {
      const promotion = promotionOf.get(asset.id);
      return promotion ? [{ asset, note: promotion.note, untilOn: promotion.untilOn }] : [];
    }),
  };
}

/** Each night: what became of the assets of each decision that is at least a week and at most a month old. */
export async function measureDecisions(
  { db, clock }: Context,
  _payload: object,
  stopping: AbortSignal,
): Promise<void> {
  const now = clock();
  for (const due of await listDueDecisions(db, mostDays)) {
    if (stopping.aborted) return;
    const days = Math.min(mostDays, Math.floor((now.getTime() - due.decidedAt.getTime()) / dayMs));
    if (days < fewestDays || days === due.effectDays) continue;
    await updateEffect(db, due.id, await measureDecision(db, due, days), now);
  }
}
