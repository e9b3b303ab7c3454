import type { IRouter } from 'express';
import type { Context } from '../context.ts';
import { type Access, everyUser } from '../http/actor.ts';
import { route } from '../http/route.ts';
import * as contract from './contract.ts';
import { changeTeam, readTeams } from './service.ts';

const leaders = ['admin', 'manager'] as const satisfies Access;

export function mountTeam(router: IRouter, ctx: Context): void {
  route(router, contract.readTeams, everyUser, ({ query, actor }) => readTeams(ctx, actor, query));
  route(router, contract.changeTeam, leaders, ({ body, actor }) => changeTeam(ctx, actor, body));
}
