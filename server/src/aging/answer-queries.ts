import { type Insertable, sql } from 'kysely';
import type { Database } from '../db/database.ts';
import type { DB } from '../db/types.ts';
import type { FlagAnswer } from './contract.ts';

export async function insertAnswer(db: Database, row: Insertable<DB['flagAnswer']>): Promise<void> {
  await db.insertInto('flagAnswer').values(row).execute();
}

export function findAnswer(db: Database, answerId: string) {
  return db.selectFrom('flagAnswer').select('answeredByUserId').where('id', '=', answerId).executeTakeFirst();
}

export async function markAnswerUndone(db: Database, answerId: string, undoneAt: Date): Promise<void> {
  await db
    .updateTable('flagAnswer')
    .set({ undoneAt })
    .where('id', '=', answerId)
    .where('undoneAt', 'is', null)
    .execute();
}

/** What was answered about an asset, and which of it answers what this user said? */
export async function listAnswers(
  db: Database,
  { assetId, userId, since }: { assetId: string; userId: string; since: Date },
): Promise<FlagAnswer[]> {
  const { rows } = await sql<FlagAnswer>`
    select f.id, f.asset_id, f.kind, f.sentence, u.name as answered_by_name, f.answered_at, exists (
      select from search_action x join search s on s.id = x.search_id
      where x.asset_id = f.asset_id and s.user_id = ${userId} and x.kind = 'dismissed'
        and x.reason in ('outdated', 'wrong') and x.acted_at <= f.answered_at
    ) as is_for_me
    from flag_answer f join "user" u on u.id = f.answered_by_user_id
    where f.asset_id = ${assetId} and f.undone_at is null and f.answered_at > ${since}
    order by f.answered_at desc limit 20`.execute(db);
  return rows;
}
