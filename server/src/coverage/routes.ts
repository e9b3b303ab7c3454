import type { IRouter } from 'express';
import type { Context } from '../context.ts';
import { type Access, curators, everyUser } from '../http/actor.ts';
import { route } from '../http/route.ts';
import { readCoverageCell } from './cell.ts';
import * as contract from './contract.ts';
import { readCoverage, readObjections } from './service.ts';
import { setCoverageTarget } from './targets.ts';

/** Those who decide what is made; the others are told by what they find. */
const deciders = [...curators, 'manager'] as const satisfies Access;

export function mountCoverage(router: IRouter, ctx: Context): void {
  route(router, contract.readCoverage, deciders, ({ query }) => readCoverage(ctx, query));
  route(router, contract.readCoverageCell, deciders, ({ query }) => readCoverageCell(ctx, query));
  route(router, contract.setCoverageTarget, curators, ({ body, actor }) =>
    setCoverageTarget(ctx, actor, body),
  );
  route(router, contract.readObjections, everyUser, ({ query }) => readObjections(ctx, query));
}
