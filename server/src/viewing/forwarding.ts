import type { Request } from 'express';
import type { Context } from '../context.ts';
import { Problem } from '../http/problem.ts';
import { findVisitorOfVisit } from '../rooms/service.ts';
import { createChildLink } from '../shares/service.ts';
import { addressKeyOf } from '../tracking/hits.ts';
import { visitIdOf } from '../tracking/token.ts';
import { type ForwardForm, forwardedPage, forwardForm, readColleague } from './forward-form.ts';
import type { OpenLink } from './gates.ts';
import { type Audience, inView } from './notice.ts';
import type { Page } from './send-page.ts';

interface Forwarder {
  link: OpenLink;
  /** The address of the share link, without origin. */
  path: string;
  audience: Audience;
  /** The page that the form stands on, with what was typed and why it was refused. */
  showAgain(form: ForwardForm): Promise<Page>;
}

/**
 * A named share link to the same for somebody whom a reader names. Works without script: the new link stands on a page
 * of its own, or the form says why there is none.
 */
export async function forward(
  ctx: Context,
  req: Request,
  { link, path, audience: { privacy }, showAgain }: Forwarder,
): Promise<Page> {
  const typed = forwardForm.parse(req.body ?? {});
  const refuse = async (status: number, problem: string, headers = {}): Promise<Page> => {
    const page = await showAgain({ ...typed, problem });
    return { ...page, status, headers: { ...page.headers, ...headers } };
  };
  const recipient = readColleague(typed);
  if (typeof recipient === 'string') return refuse(400, recipient);
  const { shareLinkId, senderName } = link;
  try {
    const { url } = await createChildLink(ctx, {
      parentShareLinkId: shareLinkId,
      visitorId: await findVisitorOfVisit(
        ctx.db,
        shareLinkId,
        privacy === 'told' ? visitIdOf(ctx, typed.visit) : null,
      ),
      addressKey: addressKeyOf(ctx, req),
      recipient,
    });
    return forwardedPage(recipient.name, url, senderName, {
      path: inView(path, privacy),
      word: link.roomId === null ? 'page' : 'room',
    });
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    if (error.code === 'forbidden') return refuse(403, error.message);
    if (error.code !== 'too_many_attempts') throw error;
    const headers = { 'Retry-After': String(error.retryAfterSeconds ?? 3_600) };
    return refuse(429, 'It was passed on a lot in a short time. Wait an hour, then try again.', headers);
  }
}
