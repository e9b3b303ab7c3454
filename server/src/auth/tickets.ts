import type { Context } from '../context.ts';
import type { Database } from '../db/database.ts';
import type { Actor } from '../http/actor.ts';
import { hashToken, newId, newToken } from '../http/ids.ts';
import { Problem } from '../http/problem.ts';
import { hashSecret, seal, unseal } from '../http/secrets.ts';
import { enqueue, type JobPayload } from '../jobs/catalog.ts';
import { takeAttempt } from './attempts.ts';
import type { Role } from './contract.ts';
import { deliverMail } from './mail.ts';
import {
  deleteOpenTicketsOf,
  deleteSessionsOf,
  findOpenTicket,
  findUser,
  findUserByEmail,
  insertTicket,
  insertUser,
  markTicketUsed,
  type UserRow,
  updateUserRow,
} from './queries.ts';
import { refuseTakenEmail, toUser, windowMs } from './service.ts';

const dayMs = 86_400_000;
const lifetimeMs = { invite: 7 * dayMs, reset: dayMs } as const;
const pages = { invite: 'join', reset: 'reset' } as const;
type TicketKind = keyof typeof pages;

interface Invitation {
  name: string;
  email: string;
  role: Role;
  team: string | null;
}

export async function inviteUser(ctx: Context, actor: Actor, invitation: Invitation) {
  const userId = newId('usr');
  return ctx.db
    .transaction()
    .execute(async (trx) => {
      await insertUser(trx, { ...invitation, id: userId, passwordHash: null, createdAt: ctx.clock() });
      const user = await findUser(trx, userId);
      if (!user) throw new Problem('not_found');
      return { user: toUser(user), invite: await handOutTicket(ctx, trx, user, actor.userId) };
    })
    .catch(refuseTakenEmail);
}

/** Ends the links that were made before, so that only the newest works. */
export async function createTicket(ctx: Context, actor: Actor, userId: string) {
  return ctx.db.transaction().execute(async (trx) => {
    const user = await findUser(trx, userId);
    if (!user) throw new Problem('not_found', 'There is no user with this id. Reload the list.');
    if (user.deactivatedAt)
      throw new Problem('conflict', `${user.name} is deactivated. Activate them first, then make the link.`);
    await deleteOpenTicketsOf(trx, userId);
    return handOutTicket(ctx, trx, user, actor.userId);
  });
}

async function handOutTicket(ctx: Context, trx: Database, user: UserRow, byUserId: string) {
  const { url, kind, expiresAt } = await makeTicket(ctx, trx, user);
  if (ctx.config.mail) {
    const sealedUrl = seal(ctx.instanceKey, 'mail', url);
    const payload = { userId: user.id, byUserId, kind, sealedUrl, expiresAt: expiresAt.toISOString() };
    await enqueue(trx, 'send-mail', payload);
  }
  ctx.log.info({ event: 'ticket_made', kind, userId: user.id, byUserId });
  return { url, isMailed: ctx.config.mail !== null, expiresAt };
}

/** The token travels behind the #, where neither proxies nor logs see it. */
async function makeTicket({ config, clock }: Context, trx: Database, user: UserRow) {
  const kind: TicketKind = user.hasPassword ? 'reset' : 'invite';
  const token = newToken();
  const now = clock();
  const expiresAt = new Date(now.getTime() + lifetimeMs[kind]);
  await insertTicket(trx, { tokenHash: hashToken(token), kind, userId: user.id, createdAt: now, expiresAt });
  return { url: `${config.publicUrl}/${pages[kind]}#${token}`, kind, expiresAt };
}

/**
 * Queues the same job for every address, so that neither the answer nor its time tells which address
 * belongs to a user. The limit is kept silently for the same reason.
 */
export async function requestReset(ctx: Context, email: string, network: string): Promise<void> {
  if (!ctx.config.mail) return;
  const limit = { max: 10, windowMs };
  const address = email.trim().toLowerCase();
  if ((await takeAttempt(ctx.db, ctx.clock, `reset:network:${network}`, limit)) > 0) return;
  if ((await takeAttempt(ctx.db, ctx.clock, `reset:account:${address}`, { ...limit, max: 3 })) > 0) return;
  await enqueue(ctx.db, 'send-reset', { sealedEmail: seal(ctx.instanceKey, 'mail', address) });
}

export async function readTicket({ db, clock }: Context, token: string) {
  const ticket = (await findOpenTicket(db, hashToken(token), clock())) ?? refuseTicket();
  return { ...ticket, kind: ticket.kind as TicketKind };
}

/** Sets the password and ends every session that was begun with the old one. Answers the user's id. */
export async function redeemTicket(ctx: Context, token: string, password: string): Promise<string> {
  const tokenHash = hashToken(token);
  const { userId } = await readTicket(ctx, token);
  const passwordHash = await hashSecret(password);
  await ctx.db.transaction().execute(async (trx) => {
    if (!(await markTicketUsed(trx, tokenHash, ctx.clock()))) refuseTicket();
    await updateUserRow(trx, userId, { passwordHash });
    await deleteOpenTicketsOf(trx, userId);
    await deleteSessionsOf(trx, userId);
  });
  ctx.log.info({ event: 'ticket_redeemed', userId });
  return userId;
}

function refuseTicket(): never {
  throw new Problem('ticket_expired', 'Ask an admin for a new link, or ask for a reset on the sign-in page.');
}

/** Mails a link that was handed out; the address is read now, so that it is in no queue. */
export async function sendMail(ctx: Context, payload: JobPayload<'send-mail'>): Promise<void> {
  const url = unseal(ctx.instanceKey, 'mail', payload.sealedUrl);
  if (!url) throw new Error('The link was sealed with another instance key. Make a new link for this user.');
  const user = await findUser(ctx.db, payload.userId);
  const expiresAt = new Date(payload.expiresAt);
  if (!user || user.deactivatedAt || expiresAt <= ctx.clock()) {
    ctx.log.info({ event: 'mail_dropped', kind: payload.kind, userId: payload.userId });
    return;
  }
  const sender = await findUser(ctx.db, payload.byUserId);
  await deliverTicket(ctx, user, { kind: payload.kind, url, expiresAt, byName: sender?.name });
}

/** Somebody asked for a reset of this address. Nothing happens for an address without a user. */
export async function sendReset(ctx: Context, payload: JobPayload<'send-reset'>): Promise<void> {
  const email = unseal(ctx.instanceKey, 'mail', payload.sealedEmail);
  const user = email === undefined ? undefined : await findUserByEmail(ctx.db, email);
  if (!user || user.deactivatedAt) return;
  await deliverTicket(ctx, user, await makeTicket(ctx, ctx.db, user));
}

interface TicketMail {
  kind: TicketKind;
  url: string;
  expiresAt: Date;
  byName?: string | undefined;
}

async function deliverTicket(ctx: Context, user: UserRow, ticket: TicketMail): Promise<void> {
  if (!ctx.config.mail)
    throw new Error('No mail server is set. Set SMTP_URL and MAIL_FROM, or copy the link by hand.');
  await deliverMail(ctx.config.mail, { to: user.email, ...writeTicketMail(user.name, ticket) });
  ctx.log.info({ event: 'mail_sent', kind: ticket.kind, userId: user.id });
}

function writeTicketMail(name: string, { kind, url, expiresAt, byName }: TicketMail) {
  const until = `${expiresAt.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  const [subject, opening] =
    kind === 'invite'
      ? [
          'Your invitation to Offshelf',
          `${byName ?? 'An admin'} has invited you to Offshelf. Choose a password here:`,
        ]
      : ['Reset your Offshelf password', 'Choose a new password for Offshelf here:'];
  const closing =
    kind === 'invite'
      ? 'If you do not know what this is about, ignore this mail.'
      : 'If you did not ask for this, ignore this mail. Your password stays as it is.';
  const text = [`Hello ${name},`, opening, url, `The link works once, until ${until}.`, closing].join('\n\n');
  return { subject, text: `${text}\n` };
}
