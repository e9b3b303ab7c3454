import { createHmac, randomInt, timingSafeEqual } from 'node:crypto';
import { deliverMail } from '../auth/mail.ts';
import { limitTries } from '../auth/service.ts';
import type { Context } from '../context.ts';
import { newId } from '../http/ids.ts';
import { Problem } from '../http/problem.ts';
import { seal, unseal } from '../http/secrets.ts';
import { enqueue, type JobPayload } from '../jobs/catalog.ts';
import {
  deleteEmailCodesBefore,
  findCodeMail,
  insertEmailCode,
  takeCodeTry,
  useEmailCode,
} from './email-code-queries.ts';

const minute = 60_000;
const codeMs = 10 * minute;
const mostTries = 5;
/** After a day a code proves nothing any more. */
export const codesKeptMs = 24 * 60 * minute;
const sealPurpose = 'email-code';
/** For so long nobody gets a second mail. */
const resendMs = 30_000;

interface Asked {
  shareLinkId: string;
  email: string;
  /** Of the browser that asks, for limits. */
  addressKey: string;
}

/**
 * Mails a code to an address that a guest typed, unless one left a moment ago; answers whether. Sending is limited for
 * each address on this link, for each address on all links, for each browser, and for the link; then
 * `too_many_attempts`.
 */
export async function sendEmailCode(
  ctx: Context,
  { shareLinkId, email, addressKey }: Asked,
): Promise<boolean> {
  const { db, clock, instanceKey } = ctx;
  const mailbox = mailboxKeyOf(ctx, email);
  const limits = [
    { key: `code-sent:${addressKey}`, limit: { max: 20, windowMs: 60 * minute } },
    { key: `code-sent:${mailbox}`, limit: { max: 10, windowMs: 60 * minute } },
    { key: `code-sent:${shareLinkId}`, limit: { max: 60, windowMs: 60 * minute } },
    { key: `code-sent:${shareLinkId}:${mailbox}`, limit: { max: 5, windowMs: 15 * minute } },
  ];
  if (!(await isFirstIn(ctx, `code-again:${shareLinkId}:${mailbox}`, resendMs))) return false;
  // What was sent counts: a try is never given back.
  await limitTries(db, clock, limits, async () => false);
  const now = clock();
  const id = newId('code');
  const code = randomInt(1_000_000).toString().padStart(6, '0');
  await db.transaction().execute(async (trx) => {
    await deleteEmailCodesBefore(trx, new Date(now.getTime() - codesKeptMs));
    await insertEmailCode(trx, {
      id,
      shareLinkId,
      email,
      codeHash: hashCode(ctx, id, code),
      sentAt: now,
      expiresAt: new Date(now.getTime() + codeMs),
    });
    const payload = { emailCodeId: id, sealedCode: seal(instanceKey, sealPurpose, code) };
    await enqueue(trx, 'send-email-code', payload, { priority: -10, maxTries: 4 });
  });
  ctx.log.info({ event: 'email_code_made', shareLinkId, emailCodeId: id });
  return true;
}

/** Of many at once only one. */
async function isFirstIn({ db, clock }: Context, key: string, windowMs: number): Promise<boolean> {
  try {
    await limitTries(db, clock, [{ key, limit: { max: 1, windowMs } }], async () => false);
    return true;
  } catch (error) {
    if (error instanceof Problem && error.code === 'too_many_attempts') return false;
    throw error;
  }
}

/**
 * Whether this code was sent to the address in the last minutes and was not used. Each holds for five tries; beyond that
 * they are limited for each browser and for each address, and throw `too_many_attempts`.
 */
export async function checkEmailCode(
  ctx: Context,
  { shareLinkId, email, addressKey }: Asked,
  typed: string,
): Promise<'right' | 'wrong' | 'lapsed'> {
  const { db, clock } = ctx;
  const code = typed.normalize('NFKC').replace(/[\s-]/g, '');
  // Nothing that was sent looks like this, so it is a slip and no guess.
  if (!/^\d{6}$/.test(code)) return 'wrong';
  const limits = [
    { key: `code:${shareLinkId}:${addressKey}`, limit: { max: 30, windowMs: 15 * minute } },
    {
      key: `code:${shareLinkId}:${mailboxKeyOf(ctx, email)}`,
      limit: { max: 20, windowMs: 15 * minute },
    },
  ];
  let outcome: 'right' | 'wrong' | 'lapsed' = 'wrong';
  await limitTries(db, clock, limits, async () => {
    const now = clock();
    const holding = await takeCodeTry(db, { shareLinkId, email, mostTries }, now);
    if (holding.length === 0) outcome = 'lapsed';
    const match = holding.find(({ id, codeHash }) => isSame(codeHash, hashCode(ctx, id, code)));
    if (match && (await useEmailCode(db, match.id, now))) outcome = 'right';
    return outcome === 'right';
  });
  return outcome;
}

/** Of a million codes a hash alone would hide nothing, so it takes the instance key as well. */
function hashCode({ instanceKey }: Context, id: string, code: string): string {
  return createHmac('sha256', instanceKey).update(`email-code\0${id}\0${code}`).digest('base64url');
}

/** Limits are kept without the address that they are for. */
function mailboxKeyOf({ instanceKey }: Context, email: string): string {
  return createHmac('sha256', instanceKey).update(`mailbox\0${email.toLowerCase()}`).digest('base64url');
}

function isSame(one: string, other: string): boolean {
  return one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));
}

/** A job. What nobody can use any more is not sent. */
export async function mailEmailCode(
  ctx: Context,
  { emailCodeId, sealedCode }: JobPayload<'send-email-code'>,
): Promise<void> {
  const { db, config, clock, log, instanceKey } = ctx;
  const mail = await findCodeMail(db, emailCodeId);
  if (!mail || mail.usedAt || mail.revokedAt || mail.undoneAt || mail.expiresAt <= clock()) {
    log.info({ event: 'email_code_dropped', emailCodeId });
    return;
  }
  if (!config.mail) throw new Error('No mail server is set. Set SMTP_URL and MAIL_FROM.');
  const code = unseal(instanceKey, sealPurpose, sealedCode);
  if (code === undefined) throw new Error('The code was sealed with another instance key.');
  const { senderName } = mail;
  const text = [
    `Your code is ${code}`,
    `Type it where you opened “${mail.title}”, which ${senderName} shared with you. It works once, for 10 minutes.`,
    'Nobody needs this code but you. If you did not ask for it, ignore this mail; nothing opens without it.',
  ].join('\n\n');
  await deliverMail(config.mail, {
    to: mail.email,
    subject: `${code} is your code for what ${senderName.replace(/\s+/g, ' ').trim()} shared`,
    text: `${text}\n`,
  });
  log.info({ event: 'email_code_sent', emailCodeId });
}
