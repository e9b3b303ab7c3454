import { type IRouter, json, type Request, Router } from 'express';
import type { z } from 'zod';
import type { Context } from '../context.ts';
import { isDatabaseAway } from '../db/problems.ts';
import { everyUser } from '../http/actor.ts';
import { needsSecureShareCookies } from '../http/cookies.ts';
import { listFaults, Problem } from '../http/problem.ts';
import { route } from '../http/route.ts';
import { grantAdmission } from './admission.ts';
import { readOwnPeople } from './colleague.ts';
import * as contract from './contract.ts';
import { addressKeyOf } from './hits.ts';
import { createRateLimit, type RateLimit } from './rate.ts';
import { listVisits } from './service.ts';
import type { TrackingSpool } from './spool-handlers.ts';
import { readVisitToken } from './token.ts';
import { createVisitOpener } from './visit-opening.ts';
import { visitorCookie } from './visitor-key.ts';
import { getGrant, recordDownload } from './visits.ts';

/** Below `/api`: what the people who share may ask. */
export function mountTrackingApi(router: IRouter, ctx: Context): void {
  route(router, contract.listVisits, everyUser, ({ actor, params }) =>
    listVisits(ctx, actor, params.shareLinkId),
  );
}

/** At the root: what the script of the public pages posts. */
export function mountTracking(router: IRouter, ctx: Context, spool: TrackingSpool): void {
  router.use('/t', visitRouter(ctx, spool));
}

const visitorKeptMs = 180 * 86_400_000;

function visitRouter(ctx: Context, spool: TrackingSpool): Router {
  const router = Router();
  const readJson = json({ limit: 4_096 });
  const openings = createRateLimit({ perSecond: 1, burst: 30 });
  const openVisit = createVisitOpener(ctx, spool);
  const downloads = createRateLimit({ perSecond: 1, burst: 30 });
  const limit = (rate: RateLimit, req: Request, detail: string) => {
    if (rate.take(addressKeyOf(ctx, req), ctx.clock().getTime())) return;
    const problem = new Problem('too_many_attempts', detail);
    problem.retryAfterSeconds = 15;
    throw problem;
  };

  router.post('/visits', readJson, readOwnPeople(ctx), async (req, res) => {
    const body = parse(contract.visitOpening, req.body);
    limit(openings, req, 'Too many visits begin at this address. Wait a moment.');
    const opened = await openVisit(req, body);
    if (!opened) {
      res.status(204).end();
      return;
    }
    const { visitToken, newCookieKey, admittedTo } = opened;
    if (admittedTo !== null) grantAdmission(ctx, res, admittedTo);
    if (newCookieKey !== null)
      // Seen below /t only, so that asking for a page never tells who asks.
      res.cookie(visitorCookie, newCookieKey, {
        path: '/t',
        httpOnly: true,
        sameSite: 'strict',
        secure: needsSecureShareCookies(ctx.config),
        maxAge: visitorKeptMs,
      });
    // No `no-store`, here and in every answer to the script: the page would lose its place in the back/forward cache.
    res.status(201).json({ visitToken });
  });

  router.post('/downloads', readJson, async (req, res) => {
    const { visitToken } = parse(contract.downloadNote, req.body);
    limit(downloads, req, 'Too many downloads begin at this address. Wait a moment.');
    const now = ctx.clock();
    const grant = getGrant(readVisitToken(ctx.instanceKey, visitToken, now.getTime()));
    const { visitId, assetVersionId } = grant;
    if (assetVersionId === null) throw new Problem('not_found', 'Nothing is open in this visit.');
    await recordDownload(ctx, visitId, assetVersionId, now).catch(async (error: unknown) => {
      if (!isDatabaseAway(error)) throw error;
      await spool.append('download', { visitId, assetVersionId, downloadedAt: now.toISOString() });
    });
    res.status(204).end();
  });
  return router;
}

function parse<S extends z.ZodType>(schema: S, body: unknown): z.output<S> {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  throw new Problem(
    'invalid_request',
    'Check the fields that are named and send it again.',
    listFaults('body', result.error.issues),
  );
}
