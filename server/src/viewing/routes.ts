import {
  type IRouter,
  json,
  type NextFunction,
  type Request,
  type RequestHandler,
  type Response,
  Router,
  urlencoded,
} from 'express';
import type { Context } from '../context.ts';
import { translateDatabaseError } from '../db/problems.ts';
import { refuseOtherOrigins } from '../http/origin.ts';
import { Problem, requestId } from '../http/problem.ts';
import { translateStorageError } from '../storage/problems.ts';
import { isSignedIn, passName, readOwnPeople, signPass, takePass } from '../tracking/colleague.ts';
import type { HitRecorder } from '../tracking/hits.ts';
import { createKnownLinks } from './known-links.ts';
import { asksForPrivacy, createPageCache, type PageCache } from './page-cache.ts';
import {
  brokenPage,
  foreignFormPage,
  unavailablePage,
  unknownPage,
  wrongMethodPage,
} from './refusal-page.ts';
import { type Page, sendPage } from './send-page.ts';
import { createSharePages } from './share-pages.ts';
import { readViewerBundles } from './viewer-bundle.ts';

/** At the root: the pages that prospects see. What it answers can be asked first, in front of Express. */
export function mountViewing(router: IRouter, ctx: Context, hits: HitRecorder): PageCache {
  const cache = createPageCache(ctx, hits);
  router.use('/s', sharePageRouter(ctx, hits, cache));
  return cache;
}

/** On a host that has nothing but share pages: every other address. */
export function nothingHere({ log }: Context): RequestHandler {
  const bundle = readViewerBundles(log);
  return async (req, res) => {
    await sendPage(req, res, bundle, unknownPage());
  };
}

/** What was sent before share pages had a host of their own still opens, over there; our own people get a pass along. */
export function leadToShareHost(ctx: Context): Router {
  const router = Router();
  router.use('/s', readOwnPeople(ctx), (req, res, next) => {
    if (req.method !== 'GET' && req.method !== 'HEAD') return next();
    const address = new URL(`${ctx.config.shareUrl}/s${req.url}`);
    const token = address.pathname.split('/')[2] ?? '';
    if (isSignedIn(ctx, req)) address.searchParams.set(passName, signPass(ctx, token));
    return res.set('Cache-Control', 'no-store').redirect(307, address.href);
  });
  return router;
}

type Answer = (req: Request, res: Response) => Promise<Page | undefined>;

function sharePageRouter(ctx: Context, hits: HitRecorder, cache: PageCache): Router {
  const router = Router({ strict: true });
  const bundle = readViewerBundles(ctx.log);
  const known = createKnownLinks(ctx);
  const pages = createSharePages(ctx, hits, known);
  const { rooms } = pages;
  const answer = (find: Answer) => async (req: Request, res: Response) => {
    const page = await find(req, res);
    if (page) await sendPage(req, res, bundle, page);
  };
  const refuseMethod = (allowed: string) => answer(async () => wrongMethodPage(allowed));

  /** The pass of a colleague leaves the address as soon as it has done its work. */
  function welcome(req: Request, res: Response, next: NextFunction): void {
    if (!takePass(ctx, req, res)) {
      next();
      return;
    }
    const address = new URL(req.originalUrl, ctx.config.shareUrl);
    address.searchParams.delete(passName);
    res.set('Cache-Control', 'no-store').redirect(303, `${address.pathname}${address.search}`);
  }

  /** What is the same for everybody is kept and answered in front of Express from then on. */
  async function showPage(req: Request<{ token: string }>, res: Response): Promise<void> {
    const keep = cache.prepare(req, req.params.token);
    const page = await pages.show(req);
    const sent = await sendPage(req, res, bundle, page);
    if (page.status === 200 && res.getHeader('Set-Cookie') === undefined)
      await keep?.(sent).catch((err: unknown) => ctx.log.debug({ event: 'page_not_kept', err }));
  }

  /** Whoever asks in another way than readers do leaves a link hit, too. */
  async function refuseToShow(req: Request<{ token: string }>, res: Response): Promise<void> {
    const opened = await known.open(req.params.token);
    const page = wrongMethodPage('GET, HEAD');
    const isPrivate = req.query.private !== undefined || asksForPrivacy(req.headers);
    if (opened.state !== 'unknown' && !isPrivate) await hits.record(req, opened.shareLinkId, page.status);
    await sendPage(req, res, bundle, page);
  }

  // A question may be long, and in letters that take nine bytes each in a form.
  const longForm = [
    refuseOtherOrigins(ctx.config.shareUrl),
    urlencoded({ extended: false, limit: 200_000, parameterLimit: 20 }),
  ];
  const form = [refuseOtherOrigins(ctx.config.shareUrl), urlencoded({ extended: false, limit: 4_096 })];

  router.route('/:token').get(welcome, showPage).all(refuseToShow);
  router.route('/:token/pages').get(answer(pages.refresh)).all(refuseMethod('GET, HEAD'));
  router.route('/:token/pages/:pageNumber/image').get(answer(pages.pageImage)).all(refuseMethod('GET, HEAD'));
  router.route('/:token/pages/:pageNumber/text').get(answer(pages.pageText)).all(refuseMethod('GET, HEAD'));
  router.route('/:token/content').get(answer(pages.content)).all(refuseMethod('GET, HEAD'));
  router.route('/:token/trap').get(answer(pages.trap)).all(refuseMethod('GET, HEAD'));
  router.route('/:token/download').get(answer(pages.download)).all(refuseMethod('GET, HEAD'));
  router.route('/:token/passcode').post(form, answer(pages.tryPasscode)).all(refuseMethod('POST'));
  router.route('/:token/email').post(form, answer(pages.takeEmail)).all(refuseMethod('POST'));
  router.route('/:token/code').post(form, answer(pages.takeCode)).all(refuseMethod('POST'));
  router.route('/:token/guest').post(form, answer(pages.takeGuest)).all(refuseMethod('POST'));
  router
    .route('/:token/progress')
    .post(json({ limit: 4_096 }), answer(rooms.progress))
    .all(refuseMethod('POST'));
  router.route('/:token/next-step.ics').get(answer(rooms.calendar)).all(refuseMethod('GET, HEAD'));
  router.route('/:token/forward').post(form, answer(pages.passOn)).all(refuseMethod('POST'));
  router.route('/:token/questions').post(longForm, answer(rooms.ask)).all(refuseMethod('POST'));
  const item = '/:token/items/:assetId';
  router.route(item).get(answer(pages.show)).all(refuseMethod('GET, HEAD'));
  router.route(`${item}/pages`).get(answer(pages.refresh)).all(refuseMethod('GET, HEAD'));
  router.route(`${item}/pages/:pageNumber/image`).get(answer(pages.pageImage)).all(refuseMethod('GET, HEAD'));
  router.route(`${item}/pages/:pageNumber/text`).get(answer(pages.pageText)).all(refuseMethod('GET, HEAD'));
  router.route(`${item}/guest`).post(form, answer(pages.takeGuest)).all(refuseMethod('POST'));
  router.route(`${item}/content`).get(answer(pages.content)).all(refuseMethod('GET, HEAD'));
  router.route(`${item}/download`).get(answer(pages.download)).all(refuseMethod('GET, HEAD'));
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
