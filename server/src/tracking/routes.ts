import {
  type IRouter,
  json,
  type NextFunction,
  type Request,
  type Response,
  Router,
  urlencoded,
} from 'express';
import type { z } from 'zod';
import { readSessionCookie } from '../auth/session.ts';
import type { Context } from '../context.ts';
import { translateDatabaseError } from '../db/problems.ts';
import { everyUser, findActor } from '../http/actor.ts';
import { listCookies, needsSecureCookies } from '../http/cookies.ts';
import { refuseOtherOrigins } from '../http/origin.ts';
import { listFaults, Problem, requestId } from '../http/problem.ts';
import { route } from '../http/route.ts';
import { translateStorageError } from '../storage/problems.ts';
import * as contract from './contract.ts';
import { addressKeyOf, userAgentOf } from './hits.ts';
import { networkOf } from './network.ts';
import { createRateLimit, type RateLimit } from './rate.ts';
import { brokenPage, foreignFormPage, unavailablePage, wrongMethodPage } from './refusal-page.ts';
import { type Page, sendPage } from './send-page.ts';
import { listVisits } from './service.ts';
import { createSharePages } from './share-pages.ts';
import { readViewerBundle } from './viewer-bundle.ts';
import { openVisit, recordDownload } from './visits.ts';

/** Below `/api`: what the people who share may ask. */
export function mountTrackingApi(router: IRouter, ctx: Context): void {
  route(router, contract.listVisits, everyUser, ({ actor, params }) =>
    listVisits(ctx, actor, params.shareLinkId),
  );
}

/** At the root: the public pages, and what their script posts. */
export function mountTracking(router: IRouter, ctx: Context): void {
  router.use('/s', sharePageRouter(ctx));
  router.use('/t', visitRouter(ctx));
}

type Answer = (req: Request, res: Response) => Promise<Page | undefined>;

function sharePageRouter(ctx: Context): Router {
  const router = Router({ strict: true });
  const bundle = readViewerBundle(ctx.log);
  const pages = createSharePages(ctx);
  const answer = (find: Answer) => async (req: Request, res: Response) => {
    const page = await find(req, res);
    if (page) await sendPage(req, res, bundle, page);
  };
  const refuseMethod = (allowed: string) => answer(async () => wrongMethodPage(allowed));
  const form = [refuseOtherOrigins(ctx.config.publicUrl), urlencoded({ extended: false, limit: 4_096 })];

  router.route('/:token').get(answer(pages.show)).all(refuseMethod('GET, HEAD'));
  router.route('/:token/pages').get(answer(pages.refresh)).all(refuseMethod('GET, HEAD'));
  router.route('/:token/pages/:pageNumber/image').get(answer(pages.pageImage)).all(refuseMethod('GET, HEAD'));
  router.route('/:token/pages/:pageNumber/text').get(answer(pages.pageText)).all(refuseMethod('GET, HEAD'));
  router.route('/:token/content').get(answer(pages.content)).all(refuseMethod('GET, HEAD'));
  router.route('/:token/download').get(answer(pages.download)).all(refuseMethod('GET, HEAD'));
  router.route('/:token/passcode').post(form, answer(pages.tryPasscode)).all(refuseMethod('POST'));
  router.use(async (error: unknown, req: Request, res: Response, next: NextFunction) => {
    if (res.headersSent) {
      next(error);
      return;
    }
    const page = pageOf(error);
    if (page) await sendPage(req, res, bundle, page);
    else if (error instanceof Problem || isRequestFault(error)) next(error);
    else {
      ctx.log.error({ event: 'share_page_failed', requestId: requestId(req), err: error });
      await sendPage(req, res, bundle, brokenPage(requestId(req)));
    }
  });
  return router;
}

/** The page for what went wrong, where there is a kinder answer than a problem document. */
function pageOf(error: unknown): Page | undefined {
  const problem =
    error instanceof Problem ? error : (translateDatabaseError(error) ?? translateStorageError(error));
  if (problem?.code === 'wrong_origin') return foreignFormPage();
  if (problem?.code === 'unavailable' || problem?.code === 'storage_unavailable') return unavailablePage();
  return undefined;
}

/** What Express and its readers refuse of a request, such as a form that is too large. */
function isRequestFault(error: unknown): boolean {
  const { status } = error as { status?: number };
  return status !== undefined && status < 500;
}

const visitorCookie = 'offshelf_visitor';
const visitorKeptMs = 180 * 86_400_000;

function visitRouter(ctx: Context): Router {
  const router = Router();
  const readJson = json({ limit: 4_096 });
  const openings = createRateLimit({ perSecond: 1, burst: 30 });
  const downloads = createRateLimit({ perSecond: 1, burst: 30 });
  const limit = (rate: RateLimit, req: Request, detail: string) => {
    if (rate.take(addressKeyOf(req), ctx.clock().getTime())) return;
    const problem = new Problem('too_many_attempts', detail);
    problem.retryAfterSeconds = 15;
    throw problem;
  };

  router.post('/visits', readJson, readSessionCookie(ctx), async (req, res) => {
    const body = parse(contract.visitOpening, req.body);
    limit(openings, req, 'Too many visits begin at this address. Wait a moment.');
    const { visitToken, newVisitorKey } = await openVisit(ctx, {
      pageToken: body.pageToken,
      visitToken: body.visitToken,
      visitorKey: listCookies(req, visitorCookie)[0] ?? null,
      userAgent: userAgentOf(req),
      network: networkOf(req.ip),
      isInternal: findActor(req) !== undefined,
    });
    if (newVisitorKey !== null)
      // Seen below /t only, so that asking for a page never tells who asks.
      res.cookie(visitorCookie, newVisitorKey, {
        path: '/t',
        httpOnly: true,
        sameSite: 'strict',
        secure: needsSecureCookies(ctx.config),
        maxAge: visitorKeptMs,
      });
    res.status(201).set('Cache-Control', 'no-store').json({ visitToken });
  });

  router.post('/downloads', readJson, async (req, res) => {
    const { visitToken } = parse(contract.downloadNote, req.body);
    limit(downloads, req, 'Too many downloads begin at this address. Wait a moment.');
    await recordDownload(ctx, visitToken);
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
