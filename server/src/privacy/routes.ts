import type { IRouter } from 'express';
import type { Context } from '../context.ts';
import { admins } from '../http/actor.ts';
import { route } from '../http/route.ts';
import * as contract from './contract.ts';
import { erasePerson, exportPerson, lookUpPerson, readPrivacy, sweepNow } from './service.ts';

export function mountPrivacy(router: IRouter, ctx: Context): void {
  route(router, contract.readPrivacy, admins, () => readPrivacy(ctx));
  route(router, contract.sweepNow, admins, () => sweepNow(ctx));
  route(router, contract.lookUpPerson, admins, ({ body }) => lookUpPerson(ctx, body.email));
  route(router, contract.exportPerson, admins, ({ actor, body }) => exportPerson(ctx, actor, body.email));
  route(router, contract.erasePerson, admins, ({ actor, body }) => erasePerson(ctx, actor, body.email));
}
