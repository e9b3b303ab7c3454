import type { IRouter } from 'express';
import type { Context } from '../context.ts';
import { everyUser } from '../http/actor.ts';
import { route } from '../http/route.ts';
import * as contract from './contract.ts';
import { readFreshness } from './service.ts';

export function mountRollups(router: IRouter, ctx: Context): void {
  route(router, contract.readCounting, everyUser, async () => ({
    ...(await readFreshness(ctx.db)),
    asOf: ctx.clock(),
  }));
}
