import type { Insertable } from 'kysely';
import type { Database } from '../db/database.ts';
import type { DB } from '../db/types.ts';

export function findVisitSender(db: Database, visitId: string) {
  return db
    .selectFrom('visit')
    .innerJoin('shareLink', 'shareLink.id', 'visit.shareLinkId')
    .where('visit.id', '=', visitId)
    .select(['visit.startedAt', 'shareLink.createdByUserId'])
    .executeTakeFirst();
}

const mostRemembered = 100;

/** Every judgement of a visit, newest first. */
export function listJudgementsOf(db: Database, visitId: string) {
  return db
    .selectFrom('judgement')
    .leftJoin('user', 'user.id', 'judgement.judgedByUserId')
    .where('judgement.visitId', '=', visitId)
    .orderBy('judgement.id', 'desc')
    .limit(mostRemembered)
    .select([
      'judgement.id',
      'judgement.class',
      'judgement.probability',
      'judgement.reasons',
      'judgement.ruleVersion',
      'judgement.pattern',
      'judgement.judgedAt',
      'judgement.judgedByUserId',
      'judgement.undoneAt',
      'user.name as judgedBy',
    ])
    .execute();
}

export async function insertOverruling(db: Database, row: Insertable<DB['judgement']>): Promise<void> {
  await db.insertInto('judgement').values(row).execute();
}

/** Every word of a person about this visit that still counts; how many there were. */
export async function undoOverrulings(db: Database, visitId: string, now: Date): Promise<number> {
  const { numUpdatedRows } = await db
    .updateTable('judgement')
    .set({ undoneAt: now })
    .where('visitId', '=', visitId)
    .where('judgedByUserId', 'is not', null)
    .where('undoneAt', 'is', null)
    .executeTakeFirst();
  return Number(numUpdatedRows);
}

export function findPattern(db: Database, ruleVersion: number, pattern: string) {
  return db
    .selectFrom('signalPattern')
    .where('ruleVersion', '=', ruleVersion)
    .where('pattern', '=', pattern)
    .select(['humanCount', 'otherCount', 'low', 'high'])
    .executeTakeFirst();
}
