import type { z } from 'zod';
import { readAsset } from '../assets/service.ts';
import type { Context } from '../context.ts';
import { type Actor, isCurator } from '../http/actor.ts';
import { Problem } from '../http/problem.ts';
import type { readNotRight as endpoint } from './contract.ts';
import { listNotRightOfAsset } from './evidence-queries.ts';

const windowMs = 90 * 86_400_000;
const mostNotes = 5;

type NotRight = z.output<(typeof endpoint)['response']>;

/** What colleagues found not right about the current version, for those who can put it right. */
export async function readNotRight(ctx: Context, actor: Actor, assetId: string): Promise<NotRight> {
  const asset = await readAsset(ctx, actor, assetId);
  if (!isCurator(actor) && asset.ownerUserId !== actor.userId)
    throw new Problem('forbidden', 'Feedback on an asset is for its owner and for marketing.');
  const asOf = ctx.clock();
  const window = { start: new Date(asOf.getTime() - windowMs), end: asOf };
  const rows = await listNotRightOfAsset(ctx.db, assetId, window);
  const byReason = Map.groupBy(rows, ({ reason }) => reason);
  return {
    userCount: new Set(rows.map(({ userId }) => userId)).size,
    reasons: Array.from(byReason, ([reason, said]) => ({ reason, userCount: said.length })).toSorted(
      (a, b) => b.userCount - a.userCount,
    ),
    notes: [...new Set(rows.flatMap(({ notes }) => notes))].slice(0, mostNotes),
    asOf,
  };
}
