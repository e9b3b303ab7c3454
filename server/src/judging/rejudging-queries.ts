import { type Insertable, sql } from 'kysely';
import type { Database } from '../db/database.ts';
import type { DB } from '../db/types.ts';

export async function countVisits(db: Database): Promise<number> {
  const { count } = await db
    .selectFrom('visit')
    .select(sql<number>`count(*)::int`.as('count'))
    .executeTakeFirstOrThrow();
  return count;
}

/** Nobody can ask for a second one while another looks whether one runs. */
export async function lockRejudgings(db: Database): Promise<void> {
  await sql`lock table rejudging in share row exclusive mode`.execute(db);
}

export async function insertRejudging(db: Database, row: Insertable<DB['rejudging']>): Promise<void> {
  await db.insertInto('rejudging').values(row).execute();
}

/** Newest first. */
export function listRejudgings(db: Database, limit: number) {
  return db
    .selectFrom('rejudging')
    .leftJoin('user', 'user.id', 'rejudging.askedByUserId')
    .selectAll('rejudging')
    .select('user.name as askedBy')
    .orderBy('rejudging.askedAt', 'desc')
    .orderBy('rejudging.id', 'desc')
    .limit(limit)
    .execute();
}

export function findRejudging(db: Database, id: string) {
  return db
    .selectFrom('rejudging')
    .leftJoin('user', 'user.id', 'rejudging.askedByUserId')
    .where('rejudging.id', '=', id)
    .selectAll('rejudging')
    .select('user.name as askedBy')
    .executeTakeFirst();
}

export async function lockRejudging(db: Database, id: string) {
  return db.selectFrom('rejudging').where('id', '=', id).selectAll().forUpdate().executeTakeFirst();
}

interface Progress {
  doneCount: number;
  changedCount: number;
  changes: Record<string, number>;
  lastVisitId: string;
  finishedAt: Date | null;
}

export async function updateRejudging(db: Database, id: string, progress: Progress): Promise<void> {
  await db
    .updateTable('rejudging')
    .set({ ...progress, changes: sql<string>`${JSON.stringify(progress.changes)}::text::jsonb` })
    .where('id', '=', id)
    .execute();
}

export async function listVisitIdsAfter(db: Database, after: string, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('visit')
    .where('id', '>', after)
    .orderBy('id')
    .limit(limit)
    .select('id')
    .execute();
  return rows.map(({ id }) => id);
}
