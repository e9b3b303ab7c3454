import type { Request, RequestHandler, Response } from 'express';
import { readSessionCookie, sessionHashOf } from '../auth/session.ts';
import type { Context } from '../context.ts';
import { isDatabaseAway } from '../db/problems.ts';
import { findActor } from '../http/actor.ts';
import { sign, unsign } from '../http/secrets.ts';
import { readSignedCookies, setSignedCookie } from '../http/signed-cookie.ts';

const notFound = new WeakSet<Request>();

/** Notes who asks; while the database is away, whoever brings one of our sessions along is one of us. */
export function readOwnPeople(ctx: Context): RequestHandler {
  const readSession = readSessionCookie(ctx);
  return async (req, res, next) => {
    try {
      await readSession(req, res, () => undefined);
    } catch (error) {
      if (!isDatabaseAway(error)) throw error;
      notFound.add(req);
    }
    next();
  };
}

/** Whether `readOwnPeople` found one of us. */
export function isSignedIn({ config }: Context, req: Request): boolean {
  return findActor(req) !== undefined || (notFound.has(req) && sessionHashOf(config, req) !== '');
}

/**
 * Share pages on a host of their own never see who is signed in to the app. So whoever is, and opens a share link by way
 * of the app, gets a pass along in the address: it lets this browser be known over there as one of our own, whose visits
 * count nowhere, and opens nothing.
 */
export const passName = 'colleague';

const cookie = { name: 'offshelf_colleague', keptMs: 30 * 86_400_000, sameSite: 'strict' } as const;
/** As long as a redirect takes; an address that somebody copies is worth nothing by then. */
const passMs = 60_000;

/** For the share link of this token alone. */
export function signPass({ instanceKey, clock }: Context, token: string): string {
  return sign(instanceKey, 'colleague-pass', `${token} ${clock().getTime() + passMs}`);
}

/** Whether the address holds a pass that still counts; then the browser is remembered. */
export function takePass(ctx: Context, req: Request, res: Response): boolean {
  const pass = req.query[passName];
  const [token, until] =
    (typeof pass === 'string' && unsign(ctx.instanceKey, 'colleague-pass', pass)?.split(' ')) || [];
  if (token !== req.params.token || !(Number(until) > ctx.clock().getTime())) return false;
  setSignedCookie(ctx, res, cookie, '/t');
  return true;
}

export function isColleaguesBrowser(ctx: Context, req: Request): boolean {
  return readSignedCookies(ctx, req, cookie).length > 0;
}
