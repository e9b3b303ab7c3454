import type { Request, Response } from 'express';
import type { Context } from '../context.ts';
import { listCookies, needsSecureCookies } from '../http/cookies.ts';
import { sign, unsign } from '../http/secrets.ts';

const cookieName = 'offshelf_pass';
const purpose = 'passcode-grant';
const grantMs = 12 * 60 * 60_000;

/** Lets this browser open this share link for half a day; no other share link, and no other path. */
export function grantPasscode(
  { config, clock, instanceKey }: Context,
  res: Response,
  token: string,
  shareLinkId: string,
): void {
  const until = clock().getTime() + grantMs;
  res.cookie(cookieName, sign(instanceKey, purpose, `${shareLinkId} ${until}`), {
    path: `/s/${token}`,
    httpOnly: true,
    sameSite: 'lax',
    secure: needsSecureCookies(config),
    maxAge: grantMs,
  });
}

export function hasPasscodeGrant(
  { clock, instanceKey }: Context,
  req: Request,
  shareLinkId: string,
): boolean {
  const [cookie] = listCookies(req, cookieName);
  const [grantedId, until] = (cookie && unsign(instanceKey, purpose, cookie)?.split(' ')) || [];
  return grantedId === shareLinkId && Number(until) > clock().getTime();
}
