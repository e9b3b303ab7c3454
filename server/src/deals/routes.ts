import type { IRouter } from 'express';
import type { Context } from '../context.ts';
import { type Access, admins, curators } from '../http/actor.ts';
import { route } from '../http/route.ts';
import * as contract from './contract.ts';
import { changeCurrencies, readCurrencies } from './currencies.ts';
import { removeOneDeal, upsertManyDeals, upsertOneDeal } from './upsert.ts';

/** Those who bring deals in. */
const keepers = [...curators, 'manager'] as const satisfies Access;

export function mountDeals(router: IRouter, ctx: Context): void {
  route(router, contract.upsertDeals, keepers, async ({ body }) => ({
    results: await upsertManyDeals(ctx, body.deals),
  }));
  route(router, contract.upsertDeal, keepers, ({ params, body }) =>
    upsertOneDeal(ctx, params.externalId, body),
  );
  route(router, contract.removeDeal, keepers, ({ params }) => removeOneDeal(ctx, params.externalId));
  route(router, contract.readCurrencies, keepers, () => readCurrencies(ctx));
  route(router, contract.changeCurrencies, admins, ({ body, actor }) => changeCurrencies(ctx, actor, body));
}
