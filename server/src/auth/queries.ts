import { sql } from 'kysely';
import type { Database } from '../db/database.ts';
import type { Role } from './contract.ts';

const userColumns = [
  'id',
  'name',
  'email',
  'role',
  'team',
  'isSample',
  'createdAt',
  'deactivatedAt',
] as const;

// ── users ───────────────────────────────────────────────────────────────────────────────────────────────

function selectUsers(db: Database) {
  return db
    .selectFrom('user')
    .select(userColumns)
    .select((eb) => eb('passwordHash', 'is not', null).$castTo<boolean>().as('hasPassword'));
}

export type UserRow = Awaited<ReturnType<typeof listUserRows>>[number];

export function listUserRows(db: Database) {
  return selectUsers(db).orderBy(sql`lower(name)`).orderBy('id').execute();
}

export function findUser(db: Database, userId: string) {
  return selectUsers(db).where('id', '=', userId).executeTakeFirst();
}

export function findUserByEmail(db: Database, email: string) {
  return selectUsers(db).where(sql<string>`lower(email)`, '=', email.toLowerCase()).executeTakeFirst();
}

/** The only query that reads a password hash; somebody deactivated has none to sign in with. */
export function findPasswordHash(db: Database, by: { email: string } | { userId: string }) {
  const query = db.selectFrom('user').select(['id', 'passwordHash']).where('deactivatedAt', 'is', null);
  const found =
    'email' in by
      ? query.where(sql<string>`lower(email)`, '=', by.email.toLowerCase())
      : query.where('id', '=', by.userId);
  return found.executeTakeFirst();
}

interface NewUser {
  id: string;
  name: string;
  email: string;
  role: Role;
  team: string | null;
  passwordHash: string | null;
  createdAt: Date;
}

/** A taken address breaks `user_email_key`. */
export async function insertUser(db: Database, row: NewUser): Promise<void> {
  await db.insertInto('user').values(row).execute();
}

/** Serialised by a lock, so that of two first visits one inserts and the other does not. */
export async function insertFirstUser(db: Database, row: NewUser): Promise<boolean> {
  await sql`select pg_advisory_xact_lock(hashtext('offshelf:set-up'))`.execute(db);
  if (await hasUsers(db)) return false;
  await insertUser(db, row);
  return true;
}

export async function hasUsers(db: Database): Promise<boolean> {
  return (await db.selectFrom('user').select('id').limit(1).executeTakeFirst()) !== undefined;
}

export async function hasSampleData(db: Database): Promise<boolean> {
  const row = await db
    .selectNoFrom((eb) =>
      eb
        .or([
          eb.exists(eb.selectFrom('user').select('id').where('isSample', '=', true)),
          eb.exists(eb.selectFrom('asset').select('id').where('isSample', '=', true)),
        ])
        .$castTo<boolean>()
        .as('hasSample'),
    )
    .executeTakeFirstOrThrow();
  return row.hasSample;
}

export interface UserChanges {
  name?: string | undefined;
  role?: Role | undefined;
  team?: string | null | undefined;
  passwordHash?: string | undefined;
  deactivatedAt?: Date | null | undefined;
}

export async function updateUserRow(db: Database, userId: string, changes: UserChanges): Promise<void> {
  const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
  if (Object.keys(given).length === 0) return;
  await db.updateTable('user').set(given).where('id', '=', userId).execute();
}

/** Admins who can sign in, locked so that two of them can not take each other's role at once. */
export async function lockActiveAdminIds(db: Database): Promise<string[]> {
  const rows = await db
    .selectFrom('user')
    .select('id')
    .where('role', '=', 'admin')
    .where('deactivatedAt', 'is', null)
    .where('passwordHash', 'is not', null)
    .orderBy('id')
    .forUpdate()
    .execute();
  return rows.map((row) => row.id);
}

// ── sessions ────────────────────────────────────────────────────────────────────────────────────────────

export function findSession(db: Database, tokenHash: string, now: Date) {
  return db
    .selectFrom('session')
    .innerJoin('user', 'user.id', 'session.userId')
    .select(['user.id as userId', 'user.name', 'user.email', 'user.role', 'session.expiresAt'])
    .where('session.tokenHash', '=', tokenHash)
    .where('session.expiresAt', '>', now)
    .where('user.deactivatedAt', 'is', null)
    .executeTakeFirst();
}

interface NewSession {
  tokenHash: string;
  userId: string;
  createdAt: Date;
  expiresAt: Date;
}

export async function insertSession(db: Database, row: NewSession): Promise<void> {
  await db.insertInto('session').values(row).execute();
}

export async function extendSession(db: Database, tokenHash: string, expiresAt: Date): Promise<void> {
  await db.updateTable('session').set({ expiresAt }).where('tokenHash', '=', tokenHash).execute();
}

export async function deleteSession(db: Database, tokenHash: string): Promise<void> {
  await db.deleteFrom('session').where('tokenHash', '=', tokenHash).execute();
}

export async function deleteSessionsOf(db: Database, userId: string): Promise<void> {
  await db.deleteFrom('session').where('userId', '=', userId).execute();
}

export async function deleteOtherSessionsOf(db: Database, userId: string, tokenHash: string): Promise<void> {
  await db.deleteFrom('session').where('userId', '=', userId).where('tokenHash', '<>', tokenHash).execute();
}

// ── tickets ─────────────────────────────────────────────────────────────────────────────────────────────

interface NewTicket {
  tokenHash: string;
  kind: 'invite' | 'reset';
  userId: string;
  createdAt: Date;
  expiresAt: Date;
}

export async function insertTicket(db: Database, row: NewTicket): Promise<void> {
  await db.insertInto('userTicket').values(row).execute();
}

/** A ticket that still works, and whose it is. */
export function findOpenTicket(db: Database, tokenHash: string, now: Date) {
  return db
    .selectFrom('userTicket')
    .innerJoin('user', 'user.id', 'userTicket.userId')
    .select(['userTicket.kind', 'user.id as userId', 'user.name', 'user.email'])
    .where('userTicket.tokenHash', '=', tokenHash)
    .where('userTicket.usedAt', 'is', null)
    .where('userTicket.expiresAt', '>', now)
    .where('user.deactivatedAt', 'is', null)
    .executeTakeFirst();
}

/** True for exactly one caller, however many try at once. */
export async function markTicketUsed(db: Database, tokenHash: string, now: Date): Promise<boolean> {
  const row = await db
    .updateTable('userTicket')
    .set({ usedAt: now })
    .where('tokenHash', '=', tokenHash)
    .where('usedAt', 'is', null)
    .where('expiresAt', '>', now)
    .returning('userId')
    .executeTakeFirst();
  return row !== undefined;
}

export async function deleteOpenTicketsOf(db: Database, userId: string): Promise<void> {
  await db.deleteFrom('userTicket').where('userId', '=', userId).where('usedAt', 'is', null).execute();
}

// ── attempts ────────────────────────────────────────────────────────────────────────────────────────────

/** Tries with this key queue up behind each other until the transaction ends, so that none is missed. */
export async function lockAttempts(db: Database, key: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('offshelf:attempt'), hashtext(${key}))`.execute(db);
}

/** The latest tries since then, newest first; one more than `limit` is never needed. */
export function listAttempts(db: Database, key: string, since: Date, limit: number) {
  return db
    .selectFrom('attempt')
    .select(['id', 'attemptedAt'])
    .where('key', '=', key)
    .where('attemptedAt', '>', since)
    .orderBy('attemptedAt', 'desc')
    .limit(limit)
    .execute();
}

export async function insertAttempt(db: Database, key: string, attemptedAt: Date): Promise<void> {
  await db.insertInto('attempt').values({ key, attemptedAt }).execute();
}

export async function deleteAttempts(db: Database, key: string): Promise<void> {
  await db.deleteFrom('attempt').where('key', '=', key).execute();
}

export async function deleteLatestAttempt(db: Database, key: string): Promise<void> {
  await db
    .deleteFrom('attempt')
    .where('id', '=', (eb) =>
      eb.selectFrom('attempt').select('id').where('key', '=', key).orderBy('attemptedAt', 'desc').limit(1),
    )
    .execute();
}

// ── sweeping ────────────────────────────────────────────────────────────────────────────────────────────

export async function deleteExpired(
  db: Database,
  before: { sessions: Date; tickets: Date; attempts: Date },
): Promise<{ sessions: number; tickets: number; attempts: number }> {
  const sessions = await db
    .deleteFrom('session')
    .where('expiresAt', '<=', before.sessions)
    .executeTakeFirst();
  const tickets = await db
    .deleteFrom('userTicket')
    .where('expiresAt', '<=', before.tickets)
    .executeTakeFirst();
  const attempts = await db
    .deleteFrom('attempt')
    .where('attemptedAt', '<=', before.attempts)
    .executeTakeFirst();
  return {
    sessions: Number(sessions.numDeletedRows),
    tickets: Number(tickets.numDeletedRows),
    attempts: Number(attempts.numDeletedRows),
  };
}
