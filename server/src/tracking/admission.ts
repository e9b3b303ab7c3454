import type { Request, Response } from 'express';
import type { Context } from '../context.ts';
import { readSignedCookies, setSignedCookie } from '../http/signed-cookie.ts';

const cookieOf = (shareLinkId: string) => ({ name: `offshelf_in_${shareLinkId}`, keptMs: 180 * 86_400_000 });

/**
 * Tells the pages of a share link for few that this browser is one of them: the key of a visitor is not sent there. It
 * says nothing but that.
 */
export function grantAdmission(ctx: Context, res: Response, shareLinkId: string): void {
  setSignedCookie(ctx, res, cookieOf(shareLinkId), '/s');
}

export function hasAdmission(
  ctx: Pick<Context, 'clock' | 'instanceKey'>,
  req: Request,
  shareLinkId: string,
): boolean {
  return readSignedCookies(ctx, req, cookieOf(shareLinkId)).length > 0;
}
