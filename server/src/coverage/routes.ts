import type { IRouter } from 'express';
import type { Context } from '../context.ts';
import { curators, everyUser } from '../http/actor.ts';
import { route } from '../http/route.ts';
import { readCoverageCell } from './cell.ts';
import * as contract from './contract.ts';
import { readCoverage, readObjections } from './service.ts';
import { setCoverageTarget } from './targets.ts';

export function mountCoverage(router: IRouter, ctx: Context): void {
  route(router, contract.readCoverage, everyUser, ({ query }) => readCoverage(ctx, query));
  route(router, contract.readCoverageCell, everyUser, ({ query }) => readCoverageCell(ctx, query));
  route(router, contract.setCoverageTarget, curators, ({ body, actor }) =>
    setCoverageTarget(ctx, actor, body),
  );
  route(router, contract.readObjections, everyUser, ({ query }) => readObjections(ctx, query));
}
