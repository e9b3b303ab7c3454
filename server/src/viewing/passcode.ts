import type { Request, Response } from 'express';
import type { Context } from '../context.ts';
import { readSignedCookies, setSignedCookie } from '../http/signed-cookie.ts';
import type { OpenLink } from './gates.ts';

const cookie = { name: 'offshelf_pass', keptMs: 12 * 60 * 60_000 };

type Link = Pick<OpenLink, 'shareLinkId' | 'passcodeMark'>;

/** Lets this browser open this share link for half a day; no other share link, no other path, and by no other passcode. */
export function grantPasscode(
  ctx: Context,
  res: Response,
  token: string,
  { shareLinkId, passcodeMark }: Link,
): void {
  setSignedCookie(ctx, res, cookie, `/s/${token}`, [shareLinkId, passcodeMark]);
}

export function hasPasscodeGrant(ctx: Context, req: Request, { shareLinkId, passcodeMark }: Link): boolean {
  return readSignedCookies(ctx, req, cookie).some(
    ({ words: [grantedId, mark] }) => grantedId === shareLinkId && mark === passcodeMark,
  );
}
