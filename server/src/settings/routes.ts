import type { IRouter } from 'express';
import type { Context } from '../context.ts';
import { everyUser } from '../http/actor.ts';
import { route } from '../http/route.ts';
import * as contract from './contract.ts';
import { changeSettings, readSettings } from './service.ts';

export function mountSettings(router: IRouter, ctx: Context): void {
  route(router, contract.readSettings, everyUser, () => readSettings(ctx.db));
  route(router, contract.changeSettings, ['admin'], ({ actor, body }) => changeSettings(ctx, actor, body));
}
