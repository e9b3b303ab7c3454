import type { Database } from '../db/database.ts';
import { enqueueMany } from '../jobs/catalog.ts';
import { isHuman } from './human-opens.ts';
import { type JudgedVisit, judgeAndKeep } from './judge-visits.ts';
import { listVisitsBegun, listVisitsToJudge } from './queries.ts';

/** Judges visits by what is known now; a judgement that says nothing new is not kept, and a person's word stands. */
export async function judgeVisits(db: Database, now: Date, visitIds: string[]): Promise<void> {
  await tellOf(db, await judgeAndKeep(db, now, visitIds));
}

/** People are told of, and so is that somebody turned out to be none. */
async function tellOf(db: Database, judged: JudgedVisit[]): Promise<void> {
  const people = judged.filter(
    ({ before, after }) => isHuman({ class: after }) || (before !== null && isHuman({ class: before })),
  );
  await enqueueMany(
    db,
    'notify-visit',
    people.map(({ visitId }) => ({ payload: { visitId }, key: `notify-visit:${visitId}` })),
  );
}

const judgedAtOnce = 500;

/** Judges visits that went on since then and were not judged again, as when a process ended before it could. */
export async function judgeMissedVisits(db: Database, now: Date, activeSince: Date): Promise<number> {
  const visitIds = await listVisitsToJudge(db, activeSince, judgedAtOnce);
  await judgeVisits(db, now, visitIds);
  return visitIds.length;
}

/** Judges the visits that began in this time again, by what came to light after they began. */
export async function judgeVisitsBegun(db: Database, now: Date, from: Date, to: Date): Promise<number> {
  let count = 0;
  for (let after = ''; ; ) {
    const visitIds = await listVisitsBegun(db, { from, to, after, limit: judgedAtOnce });
    const judged = await judgeAndKeep(db, now, visitIds);
    await tellOf(
      db,
      judged.filter(({ before, after }) => before !== after),
    );
    count += visitIds.length;
    after = visitIds.at(-1) ?? '';
    if (visitIds.length < judgedAtOnce) return count;
  }
}
