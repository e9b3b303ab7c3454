import type { IRouter } from 'express';
import type { Context } from '../context.ts';
import { type Access, curators, everyUser } from '../http/actor.ts';
import { route } from '../http/route.ts';
import * as contract from './contract.ts';
import { readAssetUse, readAttention } from './service.ts';

/** Names of buyers and what their deals came to are for those who lead; how an asset is read is for everybody. */
const readers = [...curators, 'manager'] as const satisfies Access;

export function mountAttention(router: IRouter, ctx: Context): void {
  route(router, contract.readAttention, everyUser, ({ params, query, actor }) =>
    readAttention(ctx, actor, params.assetId, query),
  );
  route(router, contract.readAssetUse, readers, ({ params, query, actor }) =>
    readAssetUse(ctx, actor, params.assetId, query),
  );
}
