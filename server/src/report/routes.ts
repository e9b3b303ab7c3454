import type { IRouter } from 'express';
import type { Context } from '../context.ts';
import { type Access, anybody, curators } from '../http/actor.ts';
import { route } from '../http/route.ts';
import { readBrief } from './brief.ts';
import * as contract from './contract.ts';
import { readGapTile } from './gap-tile.ts';
import { readSubscription, subscribe, unsubscribe, unsubscribeByToken } from './subscription.ts';

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
