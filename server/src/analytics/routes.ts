import type { IRouter } from 'express';
import type { Context } from '../context.ts';
import { everyUser } from '../http/actor.ts';
import { route } from '../http/route.ts';
import * as contract from './contract.ts';
import { metrics } from './metrics.ts';
import { readMyLinks, readShelfReport } from './service.ts';

export function mountAnalytics(router: IRouter, ctx: Context): void {
  route(router, contract.listMetrics, everyUser, () => ({
    items: contract.metricKey.options.map((key) => ({ key, ...metrics[key] })),
  }));
  route(router, contract.shelfReport, everyUser, ({ query }) => readShelfReport(ctx, query.days));
  route(router, contract.listMyLinks, everyUser, ({ query, actor }) => readMyLinks(ctx, actor, query));
}
