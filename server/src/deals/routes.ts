import type { IRouter } from 'express';
import type { Context } from '../context.ts';
import { type Access, admins, curators, everyUser } from '../http/actor.ts';
import { route } from '../http/route.ts';
import * as contract from './contract.ts';
import { changeCurrencies, readCurrencies } from './currencies.ts';
import { listDeals } from './deal-list.ts';
import { listErrors } from './import-queries.ts';
import {
  checkDealImport,
  listDealImports,
  readDealImport,
  startDealImport,
  stopDealImport,
  uploadDealImport,
} from './imports.ts';
import { removeOneDeal, upsertManyDeals, upsertOneDeal } from './upsert.ts';

/** Those who bring deals in. */
const keepers = [...curators, 'manager'] as const satisfies Access;

export function mountDeals(router: IRouter, ctx: Context): void {
  route(router, contract.listDeals, everyUser, ({ actor, query }) => listDeals(ctx, actor, query));
  route(router, contract.upsertDeals, keepers, async ({ body }) => ({
    results: await upsertManyDeals(ctx, body.deals),
  }));
  route(router, contract.upsertDeal, keepers, ({ params, body }) =>
    upsertOneDeal(ctx, params.externalId, body),
  );
  route(router, contract.removeDeal, keepers, ({ params }) => removeOneDeal(ctx, params.externalId));
  route(router, contract.uploadDealImport, keepers, ({ query, req, actor }) =>
    uploadDealImport(ctx, actor, query.fileName, req),
  );
  route(router, contract.listDealImports, keepers, async () => ({ items: await listDealImports(ctx) }));
  route(router, contract.readDealImport, keepers, ({ params }) => readDealImport(ctx, params.dealImportId));
  route(router, contract.checkDealImport, keepers, ({ params, body }) =>
    checkDealImport(ctx, params.dealImportId, body),
  );
  route(router, contract.startDealImport, keepers, ({ params }) => startDealImport(ctx, params.dealImportId));
  route(router, contract.stopDealImport, keepers, ({ params, actor }) =>
    stopDealImport(ctx, actor, params.dealImportId),
  );
  route(router, contract.listDealImportErrors, keepers, async ({ params, query }) => ({
    items: await listErrors(ctx.db, params.dealImportId, query.limit),
  }));
  route(router, contract.readCurrencies, keepers, () => readCurrencies(ctx));
  route(router, contract.changeCurrencies, admins, ({ body, actor }) => changeCurrencies(ctx, actor, body));
}
