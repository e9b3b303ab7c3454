import { sql } from 'kysely';
import type { Database } from '../db/database.ts';

export interface Target {
  personaTermId: string | null;
  stageTermId: string | null;
  objectionTermId: string | null;
}

/** How many assets are wanted where? */
export function listTargets(db: Database) {
  return db
    .selectFrom('coverageTarget')
    .select(['personaTermId', 'stageTermId', 'objectionTermId', 'wantedCount'])
    .execute();
}

const isTarget = ({ personaTermId, stageTermId, objectionTermId }: Target) => sql<boolean>`
  persona_term_id is not distinct from ${personaTermId} and stage_term_id is not distinct from ${stageTermId}
  and objection_term_id is not distinct from ${objectionTermId}`;

/** Those who set targets take turns, so that each is told what was wanted right before. */
export async function lockTargets(db: Database): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('offshelf:coverage-targets'))`.execute(db);
}

export async function findTarget(db: Database, target: Target): Promise<number | null> {
  const row = await db
    .selectFrom('coverageTarget')
    .select('wantedCount')
    .where(isTarget(target))
    .executeTakeFirst();
  return row?.wantedCount ?? null;
}

export async function putTarget(
  db: Database,
  target: Target,
  set: { wantedCount: number | null; setByUserId: string; setAt: Date },
): Promise<void> {
  await db.deleteFrom('coverageTarget').where(isTarget(target)).execute();
  if (set.wantedCount === null) return;
  await db
    .insertInto('coverageTarget')
    .values({ ...target, ...set, wantedCount: set.wantedCount })
    .execute();
}

/** The currency that all others are converted to. */
export async function findBaseCurrency(db: Database): Promise<string | null> {
  const row = await db
    .selectFrom('currencyRate')
    .select('currency')
    .where('isBase', '=', true)
    .executeTakeFirst();
  return row?.currency ?? null;
}
