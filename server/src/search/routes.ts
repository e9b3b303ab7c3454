import type { IRouter } from 'express';
import type { Context } from '../context.ts';
import { everyUser } from '../http/actor.ts';
import { route } from '../http/route.ts';
import * as contract from './contract.ts';
import { listRecentSearches } from './queries.ts';
import { createSearch, recordSearchAction } from './service.ts';

const recentWindowMs = 90 * 86_400_000;

export function mountSearch(router: IRouter, ctx: Context): void {
  route(router, contract.createSearch, everyUser, ({ actor, body }) => createSearch(ctx, actor, body));

  route(router, contract.recordSearchAction, everyUser, ({ actor, params, body }) =>
    recordSearchAction(ctx, actor, { ...body, searchId: params.searchId }),
  );

  route(router, contract.listRecentSearches, everyUser, async ({ actor }) => {
    const since = new Date(ctx.clock().getTime() - recentWindowMs);
    return { items: await listRecentSearches(ctx.db, actor.userId, since) };
  });
}
