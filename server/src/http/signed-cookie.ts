import type { Request, Response } from 'express';
import type { Context } from '../context.ts';
import { listCookies, needsSecureShareCookies } from './cookies.ts';
import { sign, unsign } from './secrets.ts';

/** A cookie of share pages that nobody but us can make. */
export interface SignedCookie {
  name: string;
  keptMs: number;
  sameSite?: 'lax' | 'strict';
}

/** Has the browser say this again for as long as it is kept, below this path and nowhere else. */
export function setSignedCookie(
  { config, clock, instanceKey }: Context,
  res: Response,
  { name, keptMs, sameSite = 'lax' }: SignedCookie,
  path: string,
  words: unknown[] = [],
): void {
  const until = clock().getTime() + keptMs;
  res.cookie(name, sign(instanceKey, purposeOf(name), JSON.stringify([until, ...words])), {
    path,
    httpOnly: true,
    sameSite,
    secure: needsSecureShareCookies(config),
    maxAge: keptMs,
  });
}

/** What a browser was made to say and when, by every cookie of this name that is ours and still counts. */
export function readSignedCookies(
  { clock, instanceKey }: Pick<Context, 'clock' | 'instanceKey'>,
  req: Request,
  { name, keptMs }: SignedCookie,
): { words: unknown[]; saidAt: number }[] {
  const now = clock().getTime();
  return listCookies(req, name).flatMap((cookie) => {
    const payload = unsign(instanceKey, purposeOf(name), cookie);
    if (payload === undefined) return [];
    const [until, ...words] = JSON.parse(payload) as [number, ...unknown[]];
    return until > now ? [{ words, saidAt: until - keptMs }] : [];
  });
}

export function clearSignedCookie(
  { config }: Context,
  res: Response,
  { name, sameSite = 'lax' }: SignedCookie,
  path: string,
): void {
  res.clearCookie(name, { path, httpOnly: true, sameSite, secure: needsSecureShareCookies(config) });
}

/** Signed for one name, so that no cookie passes for another. */
function purposeOf(name: string): string {
  return `cookie ${name}`;
}
