import { randomUUID } from 'node:crypto';
import type { RequestListener } from 'node:http';
import express from 'express';
import { mountAccounts } from './accounts/routes.ts';
import { mountAnalytics } from './analytics/routes.ts';
import { mountAssets } from './assets/routes.ts';
import { mountAuth } from './auth/routes.ts';
import { readSessionCookie } from './auth/session.ts';
import { mountCollections } from './collections/routes.ts';
import type { Context } from './context.ts';
import { translateDatabaseError } from './db/problems.ts';
import { limitBodyTime } from './http/body-time.ts';
import { mountHealth } from './http/health.ts';
import { refuseOtherOrigins } from './http/origin.ts';
import { noRoute, problemHandler, setRequestId } from './http/problem.ts';
import { serveWebApp } from './http/web-app.ts';
import { mountIndexing } from './indexing/routes.ts';
import { mountJobs } from './jobs/routes.ts';
import { mountRendering } from './rendering/routes.ts';
import { mountRequests } from './requests/routes.ts';
import { mountSearch } from './search/routes.ts';
import { mountShares } from './shares/routes.ts';
import { translateStorageError } from './storage/problems.ts';
import { mountTaxonomy } from './taxonomy/routes.ts';
import { createBeatHandler } from './tracking/beats.ts';
import { mountTracking, mountTrackingApi } from './tracking/routes.ts';

/** Everything that is answered over HTTP: the public share pages, the API below /api, and the web app. */
export function createApp(ctx: Context): RequestListener {
  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  app.set('trust proxy', ctx.config.trustProxy);
  app.use((req, res, next) => {
    const id = randomUUID();
    setRequestId(req, id);
    res.set({ 'X-Request-Id': id, 'X-Content-Type-Options': 'nosniff', 'Referrer-Policy': 'no-referrer' });
    next();
  });
  mountTracking(app, ctx);

  const api = express.Router();
  api.use(readSessionCookie(ctx), refuseOtherOrigins(ctx.config.publicUrl));
  mountHealth(api, ctx);
  mountJobs(api, ctx);
  mountAuth(api, ctx);
  mountAccounts(api, ctx);
  mountTaxonomy(api, ctx);
  mountAssets(api, ctx);
  mountRendering(api, ctx);
  mountCollections(api, ctx);
  mountIndexing(api, ctx);
  mountSearch(api, ctx);
  mountRequests(api, ctx);
  mountShares(api, ctx);
  mountTrackingApi(api, ctx);
  mountAnalytics(api, ctx);
  api.use(noRoute);
  app.use('/api', api);

  app.use(serveWebApp());
  app.use(noRoute);
  app.use(problemHandler(ctx.log, [translateStorageError, translateDatabaseError]));

  // Beats are most of the traffic and need nothing of Express, so they are taken first.
  const handleBeat = createBeatHandler(ctx);
  return (req, res) => {
    limitBodyTime(req, res);
    if (!handleBeat(req, res)) app(req, res);
  };
}
