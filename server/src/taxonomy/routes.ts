import type { IRouter } from 'express';
import type { Context } from '../context.ts';
import { curators, everyUser } from '../http/actor.ts';
import { route } from '../http/route.ts';
import * as contract from './contract.ts';
import { createTerm, listDimensions, mergeTerm, orderTerms, updateTerm } from './service.ts';

export function mountTaxonomy(router: IRouter, ctx: Context): void {
  route(router, contract.listDimensions, everyUser, async () => ({ items: await listDimensions(ctx.db) }));

  route(router, contract.createTerm, curators, ({ params, body }) =>
    createTerm(ctx, params.dimensionKey, body),
  );

  route(router, contract.updateTerm, curators, ({ params, body }) => updateTerm(ctx, params.termId, body));

  route(router, contract.mergeTerm, curators, ({ params, body }) =>
    mergeTerm(ctx, params.termId, body.intoTermId),
  );

  route(router, contract.orderTerms, curators, ({ params, body }) =>
    orderTerms(ctx, params.dimensionKey, body.termIds),
  );
}
