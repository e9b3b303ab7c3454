import type { IRouter } from 'express';
import type { Context } from '../context.ts';
import { type Access, curators, everyUser } from '../http/actor.ts';
import { route } from '../http/route.ts';
import { readFreshness } from '../rollups/service.ts';
import * as contract from './contract.ts';
import { readAssetEvidence } from './evidence.ts';
import { addSynonymForGap, dismissGap, requestForGap, undoGapDecision } from './gap-decisions.ts';
import { readGaps } from './gap-snapshot.ts';
import { describeMetric } from './metric-sources.ts';
import { readNotRight } from './not-right.ts';
import { listRung, readReachReport, readShelfContent } from './reach.ts';
import { readMyLinks } from './service.ts';
import { readTaxonomyHealth } from './taxonomy-health.ts';

/** What is missing concerns those who make content and those who lead sales; the names of searchers are in it. */
const gapReaders = [...curators, 'manager'] as const satisfies Access;

export function mountAnalytics(router: IRouter, ctx: Context): void {
  route(router, contract.listMetrics, everyUser, () => ({
    items: contract.metricKey.options.map(describeMetric),
  }));
  route(router, contract.readFreshness, everyUser, async () => ({
    ...(await readFreshness(ctx.db)),
    now: ctx.clock(),
  }));
  route(router, contract.readReach, everyUser, ({ query }) => readReachReport(ctx, query));
  route(router, contract.readShelf, everyUser, ({ query }) => readShelfContent(ctx, query));
  route(router, contract.listRungAssets, everyUser, ({ query }) => listRung(ctx, query));
  route(router, contract.listMyLinks, everyUser, ({ query, actor }) => readMyLinks(ctx, actor, query));
  route(router, contract.listAssetEvidence, everyUser, ({ query, actor }) =>
    readAssetEvidence(ctx, actor, query.asset),
  );

  route(router, contract.readNotRight, everyUser, ({ params, actor }) =>
    readNotRight(ctx, actor, params.assetId),
  );

  route(router, contract.listGaps, gapReaders, ({ query }) => readGaps(ctx, query.days));
  route(router, contract.requestForGap, curators, ({ body, actor }) =>
    requestForGap(ctx, actor, body.clusterKey),
  );
  route(router, contract.addSynonymForGap, curators, ({ body, actor }) => addSynonymForGap(ctx, actor, body));
  route(router, contract.dismissGap, curators, ({ body, actor }) => dismissGap(ctx, actor, body.clusterKey));
  route(router, contract.undoGapDecision, curators, ({ body }) => undoGapDecision(ctx, body.clusterKey));
  route(router, contract.taxonomyHealth, curators, () => readTaxonomyHealth(ctx));
}
