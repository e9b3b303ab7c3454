import type { IRouter } from 'express';
import type { Context } from '../context.ts';
import { admins, curators } from '../http/actor.ts';
import { route } from '../http/route.ts';
import * as contract from './contract.ts';
import { queueRebuild } from './rebuild.ts';
import { readSearchIndex } from './status.ts';

export function mountIndexing(router: IRouter, ctx: Context): void {
  route(router, contract.readSearchIndex, curators, () => readSearchIndex(ctx));

  route(router, contract.rebuildSearchIndex, admins, async () => {
    await queueRebuild(ctx);
    return readSearchIndex(ctx);
  });
}
