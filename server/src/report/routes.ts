import { type IRouter, text } from 'express';
import type { Context } from '../context.ts';
import { type Access, anybody, curators } from '../http/actor.ts';
import { Problem } from '../http/problem.ts';
import { route } from '../http/route.ts';
import { readBrief } from './brief.ts';
import * as contract from './contract.ts';
import { readGapTile } from './gap-tile.ts';
import { readSubscription, stopPath, subscribe, unsubscribe, unsubscribeByToken } from './subscription.ts';

const readers = [...curators, 'manager'] as const satisfies Access;

export function mountReport(router: IRouter, ctx: Context): void {
  route(router, contract.readGapTile, readers, ({ query }) => readGapTile(ctx, query));
  route(router, contract.readBrief, readers, ({ query: { locale, ...slice } }) =>
    readBrief(ctx, slice, locale),
  );
  route(router, contract.readSubscription, readers, ({ actor }) => readSubscription(ctx, actor));
  route(router, contract.subscribe, readers, ({ body, actor }) => subscribe(ctx, actor, body));
  route(router, contract.unsubscribe, readers, ({ actor }) => unsubscribe(ctx, actor.userId));
  route(router, contract.unsubscribeByToken, anybody, ({ body }) => unsubscribeByToken(ctx, body.token));
}

/**
 * The button of mail programs (RFC 8058): a POST from their servers, without a cookie and from no page of ours, so it stands
 * before whatever asks for an origin. Its token is what it may do.
 */
export function mountUnsubscribing(router: IRouter, ctx: Context): void {
  router.post(stopPath, text({ type: () => true, limit: '4kb' }), async (req, res) => {
    const body = typeof req.body === 'string' ? req.body : '';
    if (!/List-Unsubscribe[\s\S]*One-Click/i.test(body))
      throw new Problem('invalid_request', 'Send List-Unsubscribe=One-Click in the body.');
    await unsubscribeByToken(ctx, String(req.query.token ?? ''));
    res.set('Cache-Control', 'no-store').type('text/plain').send('The brief is not sent any more.\n');
  });
}
