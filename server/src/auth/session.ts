import type { CookieOptions, Request, RequestHandler, Response } from 'express';
import type { Config } from '../config.ts';
import type { Context } from '../context.ts';
import { type Role, setActor } from '../http/actor.ts';
import { listCookies, needsSecureCookies } from '../http/cookies.ts';
import { hashToken, newToken } from '../http/ids.ts';
import { deleteSession, extendSession, findSession, insertSession } from './queries.ts';

const dayMs = 86_400_000;
const lifetimeMs = 30 * dayMs;

/**
 * Says on whose behalf a request runs. The user is read with every request, so that a changed role or a
 * deactivation counts from the next request on.
 */
export function readSessionCookie({ db, config, clock }: Context): RequestHandler {
  return async (req, res, next) => {
    const token = readToken(config, req);
    if (token === undefined) {
      next();
      return;
    }
    const now = clock();
    const tokenHash = hashToken(token);
    const session = await findSession(db, tokenHash, now);
    if (session) {
      const { userId, name, email, role, expiresAt } = session;
      setActor(req, { userId, name, email, role: role as Role });
      if (expiresAt.getTime() < now.getTime() + lifetimeMs - dayMs) {
        await extendSession(db, tokenHash, new Date(now.getTime() + lifetimeMs));
        setCookie(config, res, token);
      }
    }
    next();
  };
}

/** Always under a new token: one that the browser brought along is ended, never taken over. */
export async function startSession(ctx: Context, req: Request, res: Response, userId: string): Promise<void> {
  const { db, config, clock } = ctx;
  const earlier = readToken(config, req);
  if (earlier !== undefined) await deleteSession(db, hashToken(earlier));
  const token = newToken();
  const now = clock();
  const expiresAt = new Date(now.getTime() + lifetimeMs);
  await insertSession(db, { tokenHash: hashToken(token), userId, createdAt: now, expiresAt });
  setCookie(config, res, token);
}

export async function endSession({ db, config }: Context, req: Request, res: Response): Promise<void> {
  const token = readToken(config, req);
  if (token !== undefined) await deleteSession(db, hashToken(token));
  res.clearCookie(cookieName(config), cookieOptions(config));
}

/** Whether the session of this hash still lets somebody in. */
export async function hasOpenSession(
  { db, clock }: Pick<Context, 'db' | 'clock'>,
  hash: string,
): Promise<boolean> {
  return (await findSession(db, hash, clock())) !== undefined;
}

/** The hash under which this request's session is kept; empty without one. */
export function sessionHashOf(config: Config, req: Request): string {
  const token = readToken(config, req);
  return token === undefined ? '' : hashToken(token);
}

/** With the prefix a browser takes the cookie only over https, for this host alone and for every path. */
function cookieName(config: Config): string {
  return needsSecureCookies(config) ? '__Host-offshelf' : 'offshelf';
}

function cookieOptions(config: Config): CookieOptions {
  return { path: '/', httpOnly: true, sameSite: 'lax', secure: needsSecureCookies(config) };
}

function setCookie(config: Config, res: Response, token: string): void {
  res.cookie(cookieName(config), token, { ...cookieOptions(config), maxAge: lifetimeMs });
}

function readToken(config: Config, req: Request): string | undefined {
  return listCookies(req, cookieName(config)).find((token) => /^[\w-]{32}$/.test(token));
}
