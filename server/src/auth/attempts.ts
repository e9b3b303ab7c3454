import type { Database } from '../db/database.ts';
import { hashToken } from '../http/ids.ts';
import { deleteAttempts, deleteLatestAttempt, insertAttempt, listAttempts, lockAttempts } from './queries.ts';

export interface AttemptLimit {
  max: number;
  windowMs: number;
}

/** Counts a try and answers 0, or does not count it and answers for how long to wait. */
export function takeAttempt(
  db: Database,
  clock: () => Date,
  key: string,
  limit: AttemptLimit,
): Promise<number> {
  const hashedKey = hashToken(key);
  return db.transaction().execute(async (trx) => {
    await lockAttempts(trx, hashedKey);
    const now = clock();
    const recent = await listAttempts(trx, hashedKey, new Date(now.getTime() - limit.windowMs), limit.max);
    const oldest = recent[limit.max - 1];
    if (oldest) return Math.max(1, oldest.attemptedAt.getTime() + limit.windowMs - now.getTime());
    await insertAttempt(trx, hashedKey, now);
    return 0;
  });
}

/** Success: everything that was counted with this key is forgotten. */
export function forgetAttempts(db: Database, key: string): Promise<void> {
  return deleteAttempts(db, hashToken(key));
}

/** The latest try was none after all; the earlier ones still count. */
export function giveBackAttempt(db: Database, key: string): Promise<void> {
  return deleteLatestAttempt(db, hashToken(key));
}
