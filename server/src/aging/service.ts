import type { z } from 'zod';
import { readAsset } from '../assets/service.ts';
import type { Context } from '../context.ts';
import { type Actor, isCurator } from '../http/actor.ts';
import { newId } from '../http/ids.ts';
import { Problem } from '../http/problem.ts';
import { readFreshness } from '../rollups/service.ts';
import { resolveSlice } from '../slices/service.ts';
import { findAnswer, insertAnswer, listAnswers, markAnswerUndone } from './answer-queries.ts';
import type { Aging, FlagAnswer, FlagAnswerKind, readAging as readAgingEndpoint } from './contract.ts';
import { findFallRun } from './fall-queries.ts';
import { listExpiring, listFalls, listFlagged, listHeld, listHotStale } from './queries.ts';
import { answerAging } from './sentences.ts';

const dayMs = 86_400_000;
/** Used on so many days of the window is used much. */
const hotDays = 5;
const soonDays = 30;
/** Whoever read an old version longer ago than this is not said to hold it. */
const heldDays = 180;
const answersShownDays = 90;

/** What is going off, each kind by itself. */
export async function readAging(
  ctx: Context,
  { most, ...slice }: z.output<(typeof readAgingEndpoint)['query']>,
): Promise<Aging> {
  const { db, clock } = ctx;
  const now = clock();
  const until = new Date(now.getTime() + soonDays * dayMs);
  const scope = await resolveSlice(ctx, slice);
  const page = { scope, most };
  const [falls, run, hot, ending, held, flagged, { countedAt }] = await Promise.all([
    listFalls(db, page),
    findFallRun(db),
    listHotStale(db, page, hotDays),
    listExpiring(db, page, { now, until, untilDay: until.toISOString().slice(0, 10) }),
    listHeld(db, page, { now, readSince: new Date(now.getTime() - heldDays * dayMs) }),
    listFlagged(db, page),
    readFreshness(db),
  ]);
  const lists = {
    falling: { ...toSection(falls), countedAt: run?.countedAt ?? null, testedCount: run?.testedCount ?? 0 },
    hotStale: toSection(hot),
    expiring: toSection(ending),
    held: toSection(held),
    flagged: toSection(flagged),
  };
  return { asOf: countedAt, window: scope.window, says: answerAging(lists), ...lists };
}

function toSection<Row extends { totalCount: number }>(rows: Row[]): { count: number; items: Row[] } {
  return { count: rows[0]?.totalCount ?? 0, items: rows };
}

/** One answer for everybody who said that it is wrong or outdated. */
export async function answerFlags(
  ctx: Context,
  actor: Actor,
  assetId: string,
  { kind, sentence }: { kind: FlagAnswerKind; sentence: string },
): Promise<FlagAnswer> {
  const asset = await readAsset(ctx, actor, assetId);
  refuseOthers(actor, asset.ownerUserId);
  const row = {
    id: newId('fla'),
    assetId,
    kind,
    sentence,
    answeredByUserId: actor.userId,
    answeredAt: ctx.clock(),
  };
  await insertAnswer(ctx.db, row);
  ctx.log.info({ event: 'flags_answered', assetId, kind, userId: actor.userId });
  return { ...row, answeredByName: actor.name, isForMe: false };
}

export async function takeAnswerBack(ctx: Context, actor: Actor, answerId: string): Promise<void> {
  const found = await findAnswer(ctx.db, answerId);
  if (!found) throw new Problem('not_found', 'There is no such answer.');
  if (found.answeredByUserId !== actor.userId) refuseOthers(actor, null);
  await markAnswerUndone(ctx.db, answerId, ctx.clock());
}

function refuseOthers(actor: Actor, ownerUserId: string | null): void {
  if (!isCurator(actor) && ownerUserId !== actor.userId)
    throw new Problem('forbidden', 'The owner of an asset and marketing answer what is said about it.');
}

export async function listFlagAnswers(
  ctx: Context,
  actor: Actor,
  assetId: string,
): Promise<{ items: FlagAnswer[] }> {
  await readAsset(ctx, actor, assetId);
  const since = new Date(ctx.clock().getTime() - answersShownDays * dayMs);
  return { items: await listAnswers(ctx.db, { assetId, userId: actor.userId, since }) };
}
