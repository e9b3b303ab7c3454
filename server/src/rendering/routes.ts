import type { IRouter } from 'express';
import type { Context } from '../context.ts';
import { everyUser } from '../http/actor.ts';
import { route } from '../http/route.ts';
import * as contract from './contract.ts';
import { readVersionText } from './service.ts';

export function mountRendering(router: IRouter, ctx: Context): void {
  route(router, contract.readVersionText, everyUser, ({ actor, params }) =>
    readVersionText(ctx.db, actor, params.assetVersionId),
  );
}
