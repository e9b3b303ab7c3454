import { randomUUID } from 'node:crypto';
import type { RequestListener } from 'node:http';
import express, { type Express } from 'express';
import { mountAccounts } from './accounts/routes.ts';
import { mountActivity } from './activity/routes.ts';
import { mountAging } from './aging/routes.ts';
import { mountAnalytics } from './analytics/routes.ts';
import { mountAssets } from './assets/routes.ts';
import { mountAttention } from './attention/routes.ts';
import { mountAuth } from './auth/routes.ts';
import { readSessionCookie } from './auth/session.ts';
import { mountCollections } from './collections/routes.ts';
import type { Context } from './context.ts';
import { mountCoverage } from './coverage/routes.ts';
import { translateDatabaseError } from './db/problems.ts';
import { mountDeals } from './deals/routes.ts';
import { mountDecisions } from './decisions/routes.ts';
import { mountFeedback } from './feedback/routes.ts';
import { limitBodyTime } from './http/body-time.ts';
import { mountHealth } from './http/health.ts';
import { findShareHost } from './http/hosts.ts';
import { refuseOtherOrigins } from './http/origin.ts';
import { noRoute, problemHandler, setRequestId } from './http/problem.ts';
import { serveWebApp } from './http/web-app.ts';
import { mountIndexing } from './indexing/routes.ts';
import { mountInfluence } from './influence/routes.ts';
import { mountJobs } from './jobs/routes.ts';
import { mountJudging } from './judging/routes.ts';
import { mountNotifications } from './notifications/routes.ts';
import { mountPrivacy } from './privacy/routes.ts';
import { mountRendering } from './rendering/routes.ts';
import { mountReport, mountUnsubscribing } from './report/routes.ts';
import { mountRequests } from './requests/routes.ts';
import { mountRollups } from './rollups/routes.ts';
import { mountRooms } from './rooms/routes.ts';
import { mountSearch } from './search/routes.ts';
import { mountSettings } from './settings/routes.ts';
import { mountShares } from './shares/routes.ts';
import { mountSlices } from './slices/routes.ts';
import { translateStorageError } from './storage/problems.ts';
import { mountTaxonomy } from './taxonomy/routes.ts';
import { mountTeam } from './team/routes.ts';
import { createBeatHandler } from './tracking/beats.ts';
import { createHitRecorder } from './tracking/hits.ts';
import { mountTracking, mountTrackingApi } from './tracking/routes.ts';
import { openTrackingSpool } from './tracking/spool-handlers.ts';
import { leadToShareHost, mountViewing, nothingHere } from './viewing/routes.ts';

/** What answers requests; closing it writes what is still on its way to the database. */
export interface App extends RequestListener {
  close(): Promise<void>;
  /** Ends what would stay open for ever, so that the server can stop. */
  hangUp(): void;
}

/**
 * Everything that is answered over HTTP: the public share pages, the API below /api, and the web app. Share pages with a
 * host of their own are answered there and nowhere else, and nothing else is.
 */
export function createApp(ctx: Context): App {
  const spool = openTrackingSpool(ctx);
  const shares = express.Router();
  const pageCache = mountViewing(shares, ctx, createHitRecorder(ctx, spool));
  mountTracking(shares, ctx, spool);
  const isShareHost = findShareHost(ctx.config);
  const shareApp = createExpress(ctx);
  if (isShareHost) shareApp.use(shares, nothingHere(ctx));
  endExpress(shareApp, ctx);

  const app = createExpress(ctx);
  app.use(isShareHost ? leadToShareHost(ctx) : shares);
  const api = express.Router();
  api.use(readSessionCookie(ctx), refuseOtherOrigins(ctx.config.publicUrl));
  mountHealth(api, ctx);
  mountJobs(api, ctx);
  mountAuth(api, ctx);
  mountAccounts(api, ctx);
  mountDeals(api, ctx);
  mountSettings(api, ctx);
  mountTaxonomy(api, ctx);
  mountAssets(api, ctx);
  mountRendering(api, ctx);
  mountCollections(api, ctx);
  mountIndexing(api, ctx);
  mountSearch(api, ctx);
  mountRequests(api, ctx);
  mountShares(api, ctx);
  mountRooms(api, ctx);
  mountJudging(api, ctx);
  mountTrackingApi(api, ctx);
  const notifications = mountNotifications(api, ctx);
  mountActivity(api, ctx);
  mountFeedback(api, ctx);
  mountPrivacy(api, ctx);
  mountRollups(api, ctx);
  mountSlices(api, ctx);
  mountDecisions(api, ctx);
  mountAnalytics(api, ctx);
  mountAttention(api, ctx);
  mountInfluence(api, ctx);
  mountCoverage(api, ctx);
  mountAging(api, ctx);
  mountReport(api, ctx);
  mountTeam(api, ctx);
  api.use(noRoute);
  app.use('/api', api);

  mountUnsubscribing(app, ctx);
  app.use(serveWebApp());
  endExpress(app, ctx);

  // Beats and pages that are kept are most of the traffic and need nothing of Express, so they are taken first.
  const handleBeat = createBeatHandler(ctx, spool);
  const listener: RequestListener = (req, res) => {
    limitBodyTime(req, res);
    if (isShareHost && !isShareHost(req)) app(req, res);
    else if (!handleBeat(req, res) && !pageCache.answer(req, res)) (isShareHost ? shareApp : app)(req, res);
  };
  return Object.assign(listener, {
    hangUp: () => notifications.close(),
    close: async () => {
      notifications.close();
      await spool.close();
    },
  });
}

function createExpress({ config }: Context): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  app.set('trust proxy', config.trustProxy);
  app.use((req, res, next) => {
    const id = randomUUID();
    setRequestId(req, id);
    res.set({ 'X-Request-Id': id, 'X-Content-Type-Options': 'nosniff', 'Referrer-Policy': 'no-referrer' });
    next();
  });
  return app;
}

function endExpress(app: Express, { log }: Context): void {
  app.use(noRoute);
  app.use(problemHandler(log, [translateStorageError, translateDatabaseError]));
}
