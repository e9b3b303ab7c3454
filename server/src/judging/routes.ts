import type { IRouter } from 'express';
import type { Context } from '../context.ts';
import { admins, curators, everyUser } from '../http/actor.ts';
import { route } from '../http/route.ts';
import * as contract from './contract.ts';
import { readMeasurement } from './measurement.ts';
import { explainVisit, overruleVisit, undoOverruling } from './overruling.ts';
import { rejudgePast } from './rejudging.ts';

export function mountJudging(router: IRouter, ctx: Context): void {
  route(router, contract.explainVisit, everyUser, ({ actor, params }) =>
    explainVisit(ctx, actor, params.visitId),
  );
  route(router, contract.overruleVisit, everyUser, ({ actor, params, body }) =>
    overruleVisit(ctx, actor, params.visitId, body.said),
  );
  route(router, contract.undoOverruling, everyUser, ({ actor, params }) =>
    undoOverruling(ctx, actor, params.visitId),
  );
  route(router, contract.readMeasurement, curators, () => readMeasurement(ctx));
  route(router, contract.rejudgePast, admins, ({ actor }) => rejudgePast(ctx, actor));
}
