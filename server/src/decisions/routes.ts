import type { IRouter } from 'express';
import type { Context } from '../context.ts';
import { type Access, curators, everyUser } from '../http/actor.ts';
import { route } from '../http/route.ts';
import * as contract from './contract.ts';
import { decide, listDecisions, listPromotions, undoDecision } from './service.ts';

const readers = [...curators, 'manager'] as const satisfies Access;

export function mountDecisions(router: IRouter, ctx: Context): void {
  route(router, contract.decide, curators, async ({ body, actor }) => ({
    decision: await decide(ctx, actor, body),
  }));
  route(router, contract.undoDecision, curators, ({ params, actor }) =>
    undoDecision(ctx, actor, params.decisionId),
  );
  route(router, contract.listDecisions, readers, ({ query }) => listDecisions(ctx, query));
  route(router, contract.listPromotions, everyUser, () => listPromotions(ctx));
}
