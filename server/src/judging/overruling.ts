import { z } from 'zod';
import type { Context } from '../context.ts';
import type { Database } from '../db/database.ts';
import type { Actor } from '../http/actor.ts';
import { Problem } from '../http/problem.ts';
import { enqueue } from '../jobs/catalog.ts';
import {
  type JudgementClass,
  judgementClass,
  judgementReason,
  type MadeJudgement,
  type Overruling,
  type VisitReasons,
} from './contract.ts';
import { judgeAndKeep } from './judge-visits.ts';
import {
  findPattern,
  findVisitSender,
  insertOverruling,
  listJudgementsOf,
  undoOverrulings,
} from './overruling-queries.ts';
import { ruleVersion } from './rules.ts';

const words: Record<Overruling, { class: JudgementClass; probability: number; sentence: string }> = {
  own: { class: 'internal', probability: 0, sentence: 'Somebody of your team said: this was one of us.' },
  person: {
    class: 'human-confirmed',
    probability: 1,
    sentence: 'Somebody of your team said: this was a person.',
  },
  machine: { class: 'scanner', probability: 0, sentence: 'Somebody of your team said: this was a machine.' },
};

const reasonList = z.array(judgementReason);

/** What counts, what the rules say, and everything that was thought before. */
export async function explainVisit({ db }: Context, actor: Actor, visitId: string): Promise<VisitReasons> {
  const { startedAt } = await getVisit(db, actor, visitId);
  const rows = await listJudgementsOf(db, visitId);
  const current = rows.find((row) => row.judgedByUserId !== null && !row.undoneAt);
  const byRules = rows.find((row) => row.judgedByUserId === null);
  const counts = current ?? byRules;
  if (!counts) throw new Problem('not_found', 'This visit was not judged yet. Ask again in a moment.');
  const observed = byRules && (await findPattern(db, byRules.ruleVersion, byRules.pattern));
  return {
    visitId,
    startedAt,
    current: show(counts),
    byRules: byRules ? show(byRules) : null,
    observed: observed ?? null,
    history: rows.filter((row) => row !== counts).map(show),
  };
}

/** A person's word counts from now on, whatever the rules come to think. */
export async function overruleVisit(
  ctx: Context,
  actor: Actor,
  visitId: string,
  said: Overruling,
): Promise<VisitReasons> {
  const { db, clock, log } = ctx;
  await getVisit(db, actor, visitId);
  const now = clock();
  await db.transaction().execute(async (trx) => {
    const byRules = (await listJudgementsOf(trx, visitId)).find((row) => row.judgedByUserId === null);
    await undoOverrulings(trx, visitId, now);
    const { class: judgedAs, probability, sentence } = words[said];
    await insertOverruling(trx, {
      visitId,
      class: judgedAs,
      probability,
      reasons: [{ rule: 'person', weight: 0, sentence }] as unknown as object as never,
      ruleVersion,
      pattern: byRules?.pattern ?? '',
      judgedByUserId: actor.userId,
      judgedAt: now,
    });
    await tellOfVisit(trx, visitId);
  });
  log.info({ event: 'visit_overruled', visitId, said, userId: actor.userId });
  return explainVisit(ctx, actor, visitId);
}

/** The rules count again, by what is known now. */
export async function undoOverruling({ db, clock, log }: Context, actor: Actor, visitId: string) {
  await getVisit(db, actor, visitId);
  const now = clock();
  if ((await undoOverrulings(db, visitId, now)) === 0) return;
  await judgeAndKeep(db, now, [visitId]);
  await tellOfVisit(db, visitId);
  log.info({ event: 'visit_overruling_undone', visitId, userId: actor.userId });
}

/** What was told of it may not be right any more. */
async function tellOfVisit(db: Database, visitId: string): Promise<void> {
  await enqueue(db, 'notify-visit', { visitId }, { key: `notify-visit:${visitId}` });
}

async function getVisit(db: Database, actor: Actor, visitId: string) {
  const visit = await findVisitSender(db, visitId);
  if (!visit || (visit.createdByUserId !== actor.userId && actor.role === 'rep'))
    throw new Problem('not_found', 'You have no visit with this id.');
  return visit;
}

type Row = Awaited<ReturnType<typeof listJudgementsOf>>[number];

function show(row: Row): MadeJudgement {
  return {
    class: judgementClass.parse(row.class),
    probability: row.probability,
    reasons: reasonList.parse(row.reasons),
    ruleVersion: row.ruleVersion,
    judgedAt: row.judgedAt,
    judgedBy: row.judgedByUserId === null ? null : (row.judgedBy ?? 'A former colleague'),
    isUndone: row.undoneAt !== null,
  };
}
