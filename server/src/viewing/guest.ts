import type { Request, Response } from 'express';
import type { Context } from '../context.ts';
import { clearSignedCookie, readSignedCookies, setSignedCookie } from '../http/signed-cookie.ts';
import { wasForgotten } from '../tracking/service.ts';
import type { Guest } from '../tracking/token.ts';

/** Who this browser told us that its reader is. */
const guestCookie = { name: 'offshelf_guest', keptMs: 30 * 24 * 60 * 60_000 };
/** The address that a code is on its way to. */
const pendingCookie = { name: 'offshelf_code', keptMs: 60 * 60_000 };

/** Known on this share link only, and below no other path. Somebody who skipped the question has neither name nor address. */
export function grantGuest(
  ctx: Context,
  res: Response,
  token: string,
  shareLinkId: string,
  { email, name, isVerified }: Guest,
): void {
  setSignedCookie(ctx, res, guestCookie, `/s/${token}`, [shareLinkId, email, name, isVerified]);
}

/** Nobody, once they were erased: they may say it anew. */
export async function readGuest(ctx: Context, req: Request, shareLinkId: string): Promise<Guest | undefined> {
  const said = readSignedCookies(ctx, req, guestCookie).find(({ words }) => words[0] === shareLinkId);
  if (!said) return undefined;
  const [, email, name, isVerified] = said.words as [string, string | null, string | null, boolean];
  const guest = { email, name, isVerified, saidAt: said.saidAt };
  return (await wasForgotten(ctx, guest)) ? undefined : guest;
}

export function rememberPending(
  ctx: Context,
  res: Response,
  token: string,
  shareLinkId: string,
  email: string,
): void {
  setSignedCookie(ctx, res, pendingCookie, `/s/${token}`, [shareLinkId, email]);
}

export function readPending(ctx: Context, req: Request, shareLinkId: string): string | undefined {
  const said = readSignedCookies(ctx, req, pendingCookie).find(({ words }) => words[0] === shareLinkId);
  return said?.words[1] as string | undefined;
}

export function forgetPending(ctx: Context, res: Response, token: string): void {
  clearSignedCookie(ctx, res, pendingCookie, `/s/${token}`);
}
