import type { Request, Response } from 'express';
import { z } from 'zod';
import { limitTries } from '../auth/service.ts';
import type { Context } from '../context.ts';
import { Problem } from '../http/problem.ts';
import { recipientEmail } from '../shares/contract.ts';
import { admitsEmail, checkPasscode, type OpenedAsset, type OpenedRoom } from '../shares/service.ts';
import { addressKeyOf } from '../tracking/hits.ts';
import type { Guest } from '../tracking/token.ts';
import { checkEmailCode, sendEmailCode } from './email-codes.ts';
import { codePage, emailPage, type GateForm, noMailPage, passcodePage } from './gate-pages.ts';
import { forgetPending, grantGuest, readGuest, readPending, rememberPending } from './guest.ts';
import { grantPasscode, hasPasscodeGrant } from './passcode.ts';
import { tooManyTriesPage } from './refusal-page.ts';
import type { Page } from './send-page.ts';

export type OpenLink = OpenedAsset | OpenedRoom;

/** What stands between a browser and an open share link. */
type Gate = 'passcode' | 'email' | 'code' | 'mail';

/** Who reads, as far as the policy asks; or what is to be done first. */
export type GateAnswer =
  | { guest: Guest | null; isAsked: boolean; gate?: never }
  | { gate: Gate; email: string; guest?: never; isAsked?: never };

/** As many people may sit behind one address. An accepted one counts as well: each has pages drawn for it. */
const emailTries = { max: 60, windowMs: 15 * 60_000 };

/** Looks at the cookies of the browser, and at nothing else: asking has no effect. */
export async function passGates(ctx: Context, req: Request, link: OpenLink): Promise<GateAnswer> {
  const { shareLinkId, gate } = link;
  if (link.hasPasscode && !hasPasscodeGrant(ctx, req, link)) return { gate: 'passcode', email: '' };
  if (gate === 'none') return { guest: null, isAsked: false };
  const guest = await readGuest(ctx, req, shareLinkId);
  if (gate === 'ask')
    return { guest: guest?.name || guest?.email ? guest : null, isAsked: guest === undefined };
  // The policy may have become stricter since the address was given.
  const isKnown = guest?.email && (guest.isVerified || gate === 'required') && admitsEmail(link, guest.email);
  if (isKnown) return { guest, isAsked: false };
  if (gate === 'required') return { gate: 'email', email: guest?.email ?? '' };
  if (!ctx.config.mail) return { gate: 'mail', email: '' };
  const pending = readPending(ctx, req, shareLinkId);
  if (pending === undefined || !admitsEmail(link, pending)) return { gate: 'email', email: '' };
  return { gate: req.query.other === undefined ? 'code' : 'email', email: pending };
}

/** The page with the form for this gate. */
export function gatePage(
  link: OpenLink,
  gate: Gate,
  form: Pick<GateForm, 'path' | 'isPrivate' | 'problem'> & { email: string },
): Page {
  const { senderName } = link;
  if (gate === 'passcode') return passcodePage({ ...form, senderName });
  if (gate === 'code') return codePage({ ...form, senderName });
  if (gate === 'mail') return noMailPage(senderName);
  const hasList = link.allowedDomains.length > 0 || link.allowedEmails.length > 0;
  return emailPage({ ...form, senderName, isVerified: link.gate === 'verified', hasList });
}

/** Somebody at a gate, with what they sent. */
export interface AtGate {
  req: Request;
  res: Response;
  link: OpenLink;
  path: string;
  isPrivate: boolean;
}

/** Each works without script. Answers the page to show again, or undefined where the way is free. */
export function createGateForms(ctx: Context) {
  async function tryPasscode({ req, res, link, path, isPrivate }: AtGate): Promise<Page | undefined> {
    const { passcode } = passcodeForm.parse(req.body ?? {});
    const isRight = await orWait(() =>
      checkPasscode(ctx, link.shareLinkId, passcode, addressKeyOf(ctx, req)),
    );
    if (typeof isRight === 'number') return tooManyTriesPage(isRight);
    if (!isRight) {
      const problem = 'That is not the passcode. Check it and try again.';
      return gatePage(link, 'passcode', { path, isPrivate, email: '', problem });
    }
    grantPasscode(ctx, res, tokenOf(req), link);
    return undefined;
  }

  async function takeEmail({ req, res, link, path, isPrivate }: AtGate): Promise<Page | undefined> {
    const { email: typed } = emailForm.parse(req.body ?? {});
    const again = (problem: string) => gatePage(link, 'email', { path, isPrivate, email: typed, problem });
    const { shareLinkId, senderName } = link;
    if (link.gate === 'verified' && !ctx.config.mail)
      return gatePage(link, 'mail', { path, isPrivate, email: '' });
    const addressKey = addressKeyOf(ctx, req);
    const tries = [{ key: `guest-email:${addressKey}`, limit: emailTries }];
    const email = recipientEmail.safeParse(typed).data;
    const waitSeconds = await orWait(() => limitTries(ctx.db, ctx.clock, tries, async () => false));
    if (typeof waitSeconds === 'number') return tooManyTriesPage(waitSeconds);
    if (email === undefined)
      return again('This does not look like an e-mail address. Check it, such as for a missing dot.');
    if (!admitsEmail(link, email))
      return again(
        `${senderName} has shared this with other addresses. If you have another one, such as the one at work, try that; or ask ${senderName} to add this one.`,
      );
    if (link.gate === 'required') {
      grantGuest(ctx, res, tokenOf(req), shareLinkId, { email, name: null, isVerified: false });
      return undefined;
    }
    const isSent = await orWait(() => sendEmailCode(ctx, { shareLinkId, email, addressKey }));
    if (typeof isSent === 'number') return tooManyTriesPage(isSent);
    rememberPending(ctx, res, tokenOf(req), shareLinkId, email);
    return undefined;
  }

  async function takeCode({ req, res, link, path, isPrivate }: AtGate): Promise<Page | undefined> {
    const { shareLinkId } = link;
    const email = readPending(ctx, req, shareLinkId);
    if (email === undefined || !admitsEmail(link, email)) return undefined;
    const { code, again } = codeForm.parse(req.body ?? {});
    const asked = { shareLinkId, email, addressKey: addressKeyOf(ctx, req) };
    const show = (problem: string) => gatePage(link, 'code', { path, isPrivate, email, problem });
    if (again) {
      const isSent = await orWait(() => sendEmailCode(ctx, asked));
      if (typeof isSent === 'number') return tooManyTriesPage(isSent);
      return isSent
        ? undefined
        : show('A code left less than half a minute ago. Give it a moment to arrive.');
    }
    const outcome = await orWait(() => checkEmailCode(ctx, asked, code));
    if (typeof outcome === 'number') return tooManyTriesPage(outcome);
    if (outcome === 'wrong') return show('That is not the code. Check the newest mail and try again.');
    if (outcome === 'lapsed') return show('This code does not work any more. Have another one sent.');
    grantGuest(ctx, res, tokenOf(req), shareLinkId, { email, name: null, isVerified: true });
    forgetPending(ctx, res, tokenOf(req));
    return undefined;
  }

  return { tryPasscode, takeEmail, takeCode };
}

/** What was asked for, or for how many seconds to wait. */
async function orWait<T>(work: () => Promise<T>): Promise<T | number> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Problem && error.code === 'too_many_attempts') return error.retryAfterSeconds ?? 900;
    throw error;
  }
}

export function tokenOf(req: Request): string {
  return String(req.params.token);
}

const passcodeForm = z.object({ passcode: z.string().max(200).catch('') });
const emailForm = z.object({ email: z.string().max(300).catch('') });
const codeForm = z.object({
  code: z.string().max(100).catch(''),
  again: z
    .string()
    .optional()
    .catch('')
    .transform((value) => value !== undefined),
});
