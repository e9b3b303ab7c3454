import type { IRouter } from 'express';
import type { Context } from '../context.ts';
import { curators, everyUser } from '../http/actor.ts';
import { route } from '../http/route.ts';
import * as contract from './contract.ts';
import {
  askForCount,
  readInfluence,
  readInfluenceLines,
  readOneInfluence,
  readTieExperiment,
} from './service.ts';

export function mountInfluence(router: IRouter, ctx: Context): void {
  route(router, contract.readInfluence, everyUser, ({ query }) => readInfluence(ctx, query));
  route(router, contract.readTieExperiment, everyUser, () => readTieExperiment(ctx));
  route(router, contract.readAssetInfluence, everyUser, ({ params, query }) =>
    readOneInfluence(ctx, params.assetId, query),
  );
  route(router, contract.countInfluence, curators, () => askForCount(ctx));
  route(router, contract.listAssetInfluence, everyUser, ({ query }) =>
    readInfluenceLines(ctx, query.assetId),
  );
}
