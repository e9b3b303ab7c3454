import type { z } from 'zod';
import type { Context } from '../context.ts';
import type { Actor } from '../http/actor.ts';
import { Problem } from '../http/problem.ts';
import { sign, unsign } from '../http/secrets.ts';
import { readSettings } from '../settings/service.ts';
import type { BriefSubscription, readSubscription as readSubscriptionEndpoint } from './contract.ts';
import {
  deleteSubscription,
  findSubscription,
  findUserAddress,
  putSubscription,
} from './subscription-queries.ts';

type OwnSubscription = z.output<(typeof readSubscriptionEndpoint)['response']>;

const purpose = 'brief-unsubscribe';
/** In the web app, whose page it is for whoever opens it. */
export const stopPath = '/unsubscribe';

export async function readSubscription({ db, config }: Context, actor: Actor): Promise<OwnSubscription> {
  const [subscription, { timeZone }] = await Promise.all([
    findSubscription(db, actor.userId),
    readSettings(db),
  ]);
  return {
    subscription: subscription ?? null,
    canSend: config.mail !== null,
    email: actor.email,
    timeZone,
  };
}

export async function subscribe(
  ctx: Context,
  actor: Actor,
  wanted: BriefSubscription,
): Promise<OwnSubscription> {
  if (!ctx.config.mail)
    throw new Problem(
      'unavailable',
      'This instance has no mail server, so nothing would be sent. Ask an admin to set SMTP_URL.',
    );
  await putSubscription(ctx.db, { ...wanted, userId: actor.userId, subscribedAt: ctx.clock() });
  ctx.log.info({ event: 'brief_subscribed', userId: actor.userId });
  return readSubscription(ctx, actor);
}

export async function unsubscribe({ db, log }: Context, userId: string): Promise<void> {
  await deleteSubscription(db, userId);
  log.info({ event: 'brief_unsubscribed', userId });
}

/**
 * For people, who press a button there, and for mail programs, which send a POST and so need what a fragment does not carry.
 * The token says whose subscription it is and nothing else, so it may stand in a mail for as long as the mail is kept.
 */
export function unsubscribeUrls(
  { config, instanceKey }: Context,
  userId: string,
): { page: string; oneClick: string } {
  const token = sign(instanceKey, purpose, userId);
  const page = `${config.publicUrl}${stopPath}`;
  return { page: `${page}#${token}`, oneClick: `${page}?token=${encodeURIComponent(token)}` };
}

export async function unsubscribeByToken(ctx: Context, token: string): Promise<{ email: string }> {
  const userId = unsign(ctx.instanceKey, purpose, token);
  const user = userId === undefined ? undefined : await findUserAddress(ctx.db, userId);
  if (userId === undefined || !user)
    throw new Problem('not_found', 'This link is not complete. Copy the whole link from the mail.');
  await unsubscribe(ctx, userId);
  return { email: user.email };
}
