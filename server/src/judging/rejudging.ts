import { z } from 'zod';
import type { Context } from '../context.ts';
import type { Actor } from '../http/actor.ts';
import { newId } from '../http/ids.ts';
import { Problem } from '../http/problem.ts';
import { enqueue } from '../jobs/catalog.ts';
import { judgementClass, type Rejudging } from './contract.ts';
import { judgeAndKeep } from './judge-visits.ts';
import {
  countVisits,
  findRejudging,
  insertRejudging,
  listRejudgings,
  listVisitIdsAfter,
  lockRejudging,
  lockRejudgings,
  updateRejudging,
} from './rejudging-queries.ts';
import { ruleVersion } from './rules.ts';

const judgedAtOnce = 500;
const changeCounts = z.record(z.string(), z.int());
const arrow = ' → ';

/** Judges the past again; while that goes on, asking again answers the same one. */
export async function rejudgePast({ db, clock, log }: Context, actor: Actor): Promise<Rejudging> {
  const { id, isNew } = await db.transaction().execute(async (trx) => {
    await lockRejudgings(trx);
    const [latest] = await listRejudgings(trx, 1);
    if (latest && !latest.finishedAt) {
      // Whoever asks again may do so because the job was given up.
      await enqueue(
        trx,
        'rejudge-visits',
        { rejudgingId: latest.id },
        { key: `rejudge-visits:${latest.id}` },
      );
      return { id: latest.id, isNew: false };
    }
    const row = {
      id: newId('rej'),
      ruleVersion,
      askedByUserId: actor.userId,
      askedAt: clock(),
      totalCount: await countVisits(trx),
    };
    await insertRejudging(trx, row);
    await enqueue(trx, 'rejudge-visits', { rejudgingId: row.id }, { key: `rejudge-visits:${row.id}` });
    return { id: row.id, isNew: true };
  });
  if (isNew) log.info({ event: 'rejudging_asked', rejudgingId: id, userId: actor.userId });
  const row = await findRejudging(db, id);
  if (!row) throw new Problem('not_found', 'This is not there any more.');
  return showRejudging(row);
}

/** Batch by batch, each with its progress in one transaction, so that a crash neither loses nor repeats any. */
export async function runRejudging(ctx: Context, id: string, stopping: AbortSignal): Promise<void> {
  while (!stopping.aborted) {
    const isDone = await rejudgeBatch(ctx, id);
    if (isDone) return;
  }
  throw new Error('Stopped before the end; the next try goes on from there.');
}

async function rejudgeBatch({ db, clock, log }: Context, id: string): Promise<boolean> {
  const now = clock();
  return db.transaction().execute(async (trx) => {
    const row = await lockRejudging(trx, id);
    if (!row || row.finishedAt) return true;
    const visitIds = await listVisitIdsAfter(trx, row.lastVisitId, judgedAtOnce);
    const changed = (await judgeAndKeep(trx, now, visitIds)).filter(
      ({ before, after }) => before !== null && before !== after,
    );
    const changes = changeCounts.parse(row.changes);
    for (const { before, after } of changed) {
      const key = `${before}${arrow}${after}`;
      changes[key] = (changes[key] ?? 0) + 1;
    }
    const isDone = visitIds.length < judgedAtOnce;
    const progress = {
      doneCount: row.doneCount + visitIds.length,
      changedCount: row.changedCount + changed.length,
      changes,
      lastVisitId: visitIds.at(-1) ?? row.lastVisitId,
      finishedAt: isDone ? now : null,
    };
    await updateRejudging(trx, id, progress);
    if (isDone)
      log.info({
        event: 'past_rejudged',
        rejudgingId: id,
        ruleVersion,
        visitCount: progress.doneCount,
        changedCount: progress.changedCount,
        changes,
      });
    return isDone;
  });
}

type Row = Awaited<ReturnType<typeof listRejudgings>>[number];

export function showRejudging(row: Row): Rejudging {
  return {
    id: row.id,
    ruleVersion: row.ruleVersion,
    askedBy: row.askedBy,
    askedAt: row.askedAt,
    finishedAt: row.finishedAt,
    totalCount: Math.max(row.totalCount, row.doneCount),
    doneCount: row.doneCount,
    changedCount: row.changedCount,
    changes: Object.entries(changeCounts.parse(row.changes))
      .map(([key, count]) => {
        const [from, to] = key.split(arrow);
        return { from: judgementClass.parse(from), to: judgementClass.parse(to), count };
      })
      .sort((a, b) => b.count - a.count),
  };
}
