import type { IRouter } from 'express';
import type { Context } from '../context.ts';
import { type Access, curators, everyUser } from '../http/actor.ts';
import { route } from '../http/route.ts';
import * as contract from './contract.ts';
import { readPipeline } from './pipeline.ts';
import {
  askForCount,
  readInfluence,
  readInfluenceLines,
  readOneInfluence,
  readTieExperiment,
} from './service.ts';

/** What is known of deals and accounts is for those who lead; a line on an asset is for everybody. */
const readers = [...curators, 'manager'] as const satisfies Access;

export function mountInfluence(router: IRouter, ctx: Context): void {
  route(router, contract.readInfluence, readers, ({ query }) => readInfluence(ctx, query));
  route(router, contract.readPipelineRead, readers, ({ query }) => readPipeline(ctx, query));
  route(router, contract.readTieExperiment, readers, () => readTieExperiment(ctx));
  route(router, contract.readAssetInfluence, readers, ({ params, query }) =>
    readOneInfluence(ctx, params.assetId, query),
  );
  route(router, contract.countInfluence, curators, () => askForCount(ctx));
  route(router, contract.listAssetInfluence, everyUser, ({ query }) =>
    readInfluenceLines(ctx, query.assetId),
  );
}
