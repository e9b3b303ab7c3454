import type { Context } from '../context.ts';
import type { Database } from '../db/database.ts';
import { isUniqueViolation } from '../db/problems.ts';
import type { Actor } from '../http/actor.ts';
import { newId, newToken } from '../http/ids.ts';
import { Problem } from '../http/problem.ts';
import { hashSecret, verifySecret } from '../http/secrets.ts';
import { type AttemptLimit, forgetAttempts, giveBackAttempt, takeAttempt } from './attempts.ts';
import type { Role, User } from './contract.ts';
import {
  deleteOpenTicketsOf,
  deleteOtherSessionsOf,
  deleteSessionsOf,
  findPasswordHash,
  findUser,
  hasUsers,
  insertFirstUser,
  lockActiveAdminIds,
  type UserRow,
  updateUserRow,
} from './queries.ts';

export const windowMs = 15 * 60_000;
const signInLimit: AttemptLimit = { max: 10, windowMs };

/**
 * Counts one try at a secret; throws `too_many_attempts` once the window has no tries left. Call it outside a
 * transaction: a try counts even when what follows is rolled back.
 */
async function limitAttempts(
  db: Database,
  clock: () => Date,
  key: string,
  limit: AttemptLimit,
): Promise<void> {
  const waitMs = await takeAttempt(db, clock, key, limit);
  if (waitMs === 0) return;
  const minutes = Math.ceil(waitMs / 60_000);
  const problem = new Problem(
    'too_many_attempts',
    `Wait ${minutes === 1 ? 'a minute' : `${minutes} minutes`} and try again.`,
  );
  problem.retryAfterSeconds = Math.ceil(waitMs / 1000);
  throw problem;
}

/**
 * Checks a secret under several limits at once, and answers whether it was right. The try counts before it is checked,
 * so that many at once get no further than one after the other; a right one is given back.
 */
export async function limitTries(
  db: Database,
  clock: () => Date,
  tries: readonly { key: string; limit: AttemptLimit }[],
  check: () => Promise<boolean>,
): Promise<boolean> {
  const keys: string[] = [];
  const giveBack = () => Promise.all(keys.map((key) => giveBackAttempt(db, key)));
  try {
    for (const { key, limit } of tries) {
      await limitAttempts(db, clock, key, limit);
      keys.push(key);
    }
  } catch (error) {
    // What one limit refused was no try, so it uses up none of the others.
    await giveBack();
    throw error;
  }
  const isRight = await check();
  if (isRight) await giveBack();
  return isRight;
}

interface FirstAdmin {
  name: string;
  email: string;
  password: string;
}

/** Makes the first admin of an empty instance and answers their id. */
export async function setUp(ctx: Context, { name, email, password }: FirstAdmin): Promise<string> {
  // Looked up before the costly hash, so that a stranger can not make us work.
  if (await hasUsers(ctx.db)) refuseSetUp();
  const id = newId('usr');
  const passwordHash = await hashSecret(password);
  const row = { id, name, email, role: 'admin' as const, team: null, passwordHash, createdAt: ctx.clock() };
  const isFirst = await ctx.db.transaction().execute((trx) => insertFirstUser(trx, row));
  if (!isFirst) refuseSetUp();
  ctx.log.info({ event: 'instance_set_up', userId: id });
  return id;
}

function refuseSetUp(): never {
  throw new Problem('already_set_up', 'Sign in, or ask an admin of this instance to invite you.');
}

/** Answers the user's id. Whether it is the address or the password that is wrong can not be told apart. */
export async function signIn(
  { db, clock, log }: Context,
  credentials: { email: string; password: string },
  network: string,
): Promise<string> {
  const email = credentials.email.trim();
  const byNetwork = `sign-in:network:${network}`;
  const byAccount = `sign-in:account:${email.toLowerCase()}`;
  await limitAttempts(db, clock, byNetwork, signInLimit);
  await limitAttempts(db, clock, byAccount, signInLimit);
  const user = await findPasswordHash(db, { email });
  const isRight = await verifyPassword(user?.passwordHash, credentials.password);
  if (!user || !isRight)
    throw new Problem('wrong_credentials', 'Check both and try again, or ask for a password reset.');
  await forgetAttempts(db, byAccount);
  await giveBackAttempt(db, byNetwork);
  log.info({ event: 'signed_in', userId: user.id });
  return user.id;
}

let decoy: Promise<string> | undefined;

/**
 * Without a hash a decoy is verified, so that a missing user takes as long as a wrong password. Users that
 * came with sample data have no hash that argon2 could read, and can not sign in until they set a password.
 */
async function verifyPassword(passwordHash: string | null | undefined, password: string): Promise<boolean> {
  decoy ??= hashSecret(newToken());
  const hasPassword = passwordHash?.startsWith('$argon2') === true;
  const isRight = await verifySecret(hasPassword ? passwordHash : await decoy, password);
  return isRight && hasPassword;
}

export async function getSignedInUser(db: Database, userId: string) {
  const user = await findUser(db, userId);
  if (!user) throw new Problem('not_signed_in', 'Sign in and try again.');
  return toSignedInUser(user);
}

interface OwnChanges {
  name?: string | undefined;
  newPassword?: string | undefined;
  currentPassword?: string | undefined;
}

/** A new password ends the user's other sessions and the links that were made to set one. */
export async function updateMe(
  { db, clock }: Context,
  { userId }: Actor,
  { name, newPassword, currentPassword }: OwnChanges,
  sessionHash: string,
) {
  const passwordHash =
    newPassword === undefined
      ? undefined
      : await replacePassword(db, clock, userId, newPassword, currentPassword);
  await db.transaction().execute(async (trx) => {
    await updateUserRow(trx, userId, { name, passwordHash });
    if (passwordHash === undefined) return;
    await deleteOtherSessionsOf(trx, userId, sessionHash);
    await deleteOpenTicketsOf(trx, userId);
  });
  return getSignedInUser(db, userId);
}

async function replacePassword(
  db: Database,
  clock: () => Date,
  userId: string,
  newPassword: string,
  currentPassword = '',
): Promise<string> {
  const key = `password:${userId}`;
  await limitAttempts(db, clock, key, signInLimit);
  const user = await findPasswordHash(db, { userId });
  if (!(await verifyPassword(user?.passwordHash, currentPassword))) {
    const detail = 'This is not your current password.';
    throw new Problem('invalid_request', detail, [{ pointer: '/body/currentPassword', detail }]);
  }
  await forgetAttempts(db, key);
  return hashSecret(newPassword);
}

interface UserEdit {
  name?: string | undefined;
  role?: Role | undefined;
  team?: string | null | undefined;
  isActive?: boolean | undefined;
}

/** Deactivating ends every session and link at once; what the user owns stays theirs and counts as stale. */
export async function updateUser(ctx: Context, userId: string, { isActive, ...changes }: UserEdit) {
  return ctx.db.transaction().execute(async (trx) => {
    const adminIds = await lockActiveAdminIds(trx);
    const user = await findUser(trx, userId);
    if (!user) throw new Problem('not_found', 'There is no user with this id. Reload the list.');
    const losesAdmin = isActive === false || (changes.role !== undefined && changes.role !== 'admin');
    if (losesAdmin && adminIds.length === 1 && adminIds[0] === userId)
      throw new Problem(
        'conflict',
        `${user.name} is the last admin who can sign in. Make somebody else an admin first.`,
      );
    await updateUserRow(trx, userId, { ...changes, deactivatedAt: deactivationOf(ctx, user, isActive) });
    if (isActive === false) {
      await deleteSessionsOf(trx, userId);
      await deleteOpenTicketsOf(trx, userId);
      ctx.log.info({ event: 'user_deactivated', userId });
    }
    return toUser((await findUser(trx, userId)) ?? user);
  });
}

function deactivationOf(ctx: Context, user: UserRow, isActive: boolean | undefined): Date | null | undefined {
  if (isActive === undefined) return undefined;
  return isActive ? null : (user.deactivatedAt ?? ctx.clock());
}

export function toUser(row: UserRow): User {
  const state = row.deactivatedAt ? 'deactivated' : row.hasPassword ? 'active' : 'invited';
  const { id, name, email, role, team, isSample, createdAt } = row;
  return { id, name, email, role: role as Role, team, state, isSample, createdAt };
}

function toSignedInUser({ id, name, email, role, team }: UserRow) {
  return { id, name, email, role: role as Role, team };
}

/** Turns a taken e-mail address into the problem that names the field. */
export function refuseTakenEmail(error: unknown): never {
  if (!isUniqueViolation(error, 'user_email_key')) throw error;
  const detail = 'Somebody with this e-mail address is here already, perhaps deactivated.';
  throw new Problem('already_exists', detail, [{ pointer: '/body/email', detail }]);
}
