import { type Insertable, sql } from 'kysely';
import type { Database } from '../db/database.ts';
import type { DB } from '../db/types.ts';

export async function insertJudgements(db: Database, rows: Insertable<DB['judgement']>[]): Promise<void> {
  await db.insertInto('judgement').values(rows).execute();
}

/** A rule set as it is used now; it is kept once. */
export async function insertRules(
  db: Database,
  row: { version: number; rules: object; firstUsedAt: Date },
): Promise<void> {
  const rules = sql<string>`${JSON.stringify(row.rules)}::text::jsonb`;
  await db
    .insertInto('judgementRules')
    .values({ ...row, rules })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Visits that went on after they were judged, because the process ended before it could judge them again. */
export async function listVisitsToJudge(db: Database, activeSince: Date, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('visit')
    .where('visit.lastActiveAt', '>=', activeSince)
    .where('visit.erasedAt', 'is', null)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('judgement')
            .whereRef('judgement.visitId', '=', 'visit.id')
            .whereRef('judgement.judgedAt', '>=', 'visit.lastActiveAt')
            .select('judgement.id'),
        ),
      ),
    )
    .orderBy('visit.id')
    .limit(limit)
    .select('visit.id')
    .execute();
  return rows.map(({ id }) => id);
}

/** Visits that began within this time, in the order of their ids after `after`. */
export async function listVisitsBegun(
  db: Database,
  { from, to, after, limit }: { from: Date; to: Date; after: string; limit: number },
): Promise<string[]> {
  const rows = await db
    .selectFrom('visit')
    .where('startedAt', '>=', from)
    .where('startedAt', '<', to)
    .where('id', '>', after)
    .orderBy('id')
    .limit(limit)
    .select('id')
    .execute();
  return rows.map(({ id }) => id);
}

/** What was observed of these patterns under these rules. */
export async function listPatternProbabilities(
  db: Database,
  ruleVersion: number,
  patterns: string[],
): Promise<Map<string, number>> {
  const rows = await db
    .selectFrom('signalPattern')
    .where('ruleVersion', '=', ruleVersion)
    .where('pattern', 'in', patterns)
    .select(['pattern', 'probability'])
    .execute();
  return new Map(rows.map(({ pattern, probability }) => [pattern, probability]));
}
