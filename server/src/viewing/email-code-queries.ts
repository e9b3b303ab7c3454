import type { Insertable } from 'kysely';
import { sql } from 'kysely';
import type { Database } from '../db/database.ts';
import type { DB } from '../db/types.ts';

export async function insertEmailCode(db: Database, row: Insertable<DB['emailCode']>): Promise<void> {
  await db.insertInto('emailCode').values(row).execute();
}

/** Proves nothing any more, and names an address. */
export async function deleteEmailCodesBefore(db: Database, expiredAt: Date): Promise<number> {
  const result = await db.deleteFrom('emailCode').where('expiresAt', '<', expiredAt).executeTakeFirst();
  return Number(result.numDeletedRows);
}

/** Counts a try on every code of this address that still holds, and answers them. Each holds for so many tries. */
export async function takeCodeTry(
  db: Database,
  { shareLinkId, email, mostTries }: { shareLinkId: string; email: string; mostTries: number },
  now: Date,
): Promise<{ id: string; codeHash: string }[]> {
  const { rows } = await sql<{ id: string; codeHash: string }>`
    update email_code set try_count = try_count + 1
    where share_link_id = ${shareLinkId} and lower(email) = lower(${email}) and used_at is null
      and expires_at > ${now} and try_count < ${mostTries}
    returning id, code_hash`.execute(db);
  return rows;
}

/** Whether it was not used before. */
export async function useEmailCode(db: Database, id: string, now: Date): Promise<boolean> {
  const row = await db
    .updateTable('emailCode')
    .set({ usedAt: now })
    .where('id', '=', id)
    .where('usedAt', 'is', null)
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

/** To whom a code goes, and what it opens. */
export function findCodeMail(db: Database, id: string) {
  return db
    .selectFrom('emailCode')
    .innerJoin('shareLink', 'shareLink.id', 'emailCode.shareLinkId')
    .innerJoin('user', 'user.id', 'shareLink.createdByUserId')
    .leftJoin('asset', 'asset.id', 'shareLink.assetId')
    .leftJoin('room', 'room.id', 'shareLink.roomId')
    .select((eb) => [
      'emailCode.email',
      'emailCode.expiresAt',
      'emailCode.usedAt',
      'shareLink.revokedAt',
      'shareLink.undoneAt',
      'user.name as senderName',
      eb.fn.coalesce('asset.title', 'room.name').as('title'),
    ])
    .where('emailCode.id', '=', id)
    .executeTakeFirst();
}
