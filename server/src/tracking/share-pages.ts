import type { Request, Response } from 'express';
import { z } from 'zod';
import { refuseUnsafe } from '../assets/service.ts';
import type { Context } from '../context.ts';
import { Problem } from '../http/problem.ts';
import { sendFile } from '../http/send-file.ts';
import { findShareContent, listShareLayers, type ShareContent } from '../rendering/service.ts';
import { checkPasscode, openShareLink } from '../shares/service.ts';
import { inlineLayerPages, listPictured } from './document-pages.ts';
import { addressKeyOf, createHitRecorder } from './hits.ts';
import { sendPageImage, sendPageText } from './page-parts.ts';
import { grantPasscode, hasPasscodeGrant } from './passcode.ts';
import {
  expiredPage,
  noDownloadPage,
  passcodePage,
  quarantinedPage,
  revokedPage,
  tooManyTriesPage,
  unknownPage,
} from './refusal-page.ts';
import { type Page, sendFragment } from './send-page.ts';
import { type OpenShare, type Privacy, renderBody, type ShareView, sharePage } from './share-page.ts';
import { signPageToken } from './token.ts';

/** A share link that may be shown to this browser, or the page that says why not. */
type Admission =
  | { share: OpenShare; path: string; refusal?: never }
  | { refusal: Page; share?: OpenShare; path?: never };

/** What a stranger with a share link can ask for. Each answers a page, or sends the bytes itself. */
export function createSharePages(ctx: Context) {
  const hits = createHitRecorder(ctx);

  async function admit(req: Request): Promise<Admission> {
    const token = String(req.params.token);
    const opened = /^[\w-]{20,64}$/.test(token)
      ? await openShareLink(ctx, token)
      : { state: 'unknown' as const };
    if (opened.state === 'unknown') return { refusal: unknownPage() };
    const { senderName } = opened;
    const path = `/s/${token}`;
    if (opened.state === 'revoked') return { share: opened, refusal: revokedPage(senderName) };
    if (opened.state === 'expired')
      return { share: opened, refusal: expiredPage(senderName, opened.expiresAt ?? ctx.clock()) };
    if (opened.hasPasscode && !hasPasscodeGrant(ctx, req, opened.shareLinkId)) {
      const isPrivate = privacyOf(req) === 'private';
      return { share: opened, refusal: passcodePage({ senderName, path, isPrivate, isWrong: false }) };
    }
    if (opened.threat !== null) return { share: opened, refusal: quarantinedPage(senderName) };
    return { share: opened, path };
  }

  /** Has no effect but a link hit, and not even that in private view. */
  async function show(req: Request): Promise<Page> {
    const admission = await admit(req);
    const page = admission.refusal ?? (await render(req, admission.share, admission.path));
    if (admission.share) noteHit(req, admission.share, page.status);
    return page;
  }

  function noteHit(req: Request, { shareLinkId }: OpenShare, status: number): void {
    if (privacyOf(req) === 'told') hits.record(req, shareLinkId, status);
  }

  async function render(req: Request, share: OpenShare, path: string): Promise<Page> {
    const privacy = privacyOf(req);
    const { shareLinkId, versionId: assetVersionId } = share;
    const pageToken =
      privacy === 'told'
        ? signPageToken(ctx.instanceKey, { shareLinkId, assetVersionId, issuedAt: ctx.clock().getTime() })
        : undefined;
    return sharePage({ ...(await view(req, share, path)), pageToken });
  }

  async function view(req: Request, share: OpenShare, path: string): Promise<ShareView> {
    const content = (await findShareContent(ctx.db, share.versionId)) ?? nothingKnown;
    const layers =
      listPictured(content).length > 0
        ? await listShareLayers(ctx.db, share.versionId, inlineLayerPages)
        : [];
    return { share, path, privacy: privacyOf(req), pageToken: undefined, content, layers };
  }

  /** What of the page may have changed since: asked for while the content is being prepared. Nobody's hit. */
  async function refresh(req: Request, res: Response): Promise<Page | undefined> {
    const { share, path, refusal } = await admit(req);
    if (refusal) return refusal;
    await sendFragment(req, res, renderBody(await view(req, share, path)));
    return undefined;
  }

  /** What is sent of a file waits for the virus scanner, where there is one. */
  async function admitToFile(req: Request): Promise<Admission> {
    const admission = await admit(req);
    if (!admission.refusal) refuseUnsafe(ctx, admission.share);
    return admission;
  }

  async function pageImage(req: Request, res: Response): Promise<Page | undefined> {
    const { share, refusal } = await admitToFile(req);
    if (refusal) return refusal;
    return (await sendPageImage(ctx, req, res, share.versionId)) ? undefined : unknownPage();
  }

  async function pageText(req: Request, res: Response): Promise<Page | undefined> {
    const { share, refusal } = await admitToFile(req);
    if (refusal) return refusal;
    return (await sendPageText(ctx, req, res, share.versionId)) ? undefined : unknownPage();
  }

  async function content(req: Request, res: Response): Promise<Page | undefined> {
    const { share, refusal } = await admitToFile(req);
    if (refusal) return refusal;
    // Everything else is shown by its pages, so the file itself is a download.
    if (!/^(video|audio)\//.test(share.mediaType) && !share.allowsDownload)
      return noDownloadPage(share.senderName, `/s/${req.params.token}`);
    return sendVersion(req, res, share, 'inline');
  }

  async function download(req: Request, res: Response): Promise<Page | undefined> {
    const { share, refusal } = await admitToFile(req);
    if (refusal) return refusal;
    if (!share.allowsDownload) return noDownloadPage(share.senderName, `/s/${req.params.token}`);
    noteHit(req, share, 200);
    return sendVersion(req, res, share, 'attachment');
  }

  async function sendVersion(
    req: Request,
    res: Response,
    { blobHash, sizeBytes, fileName, mediaType }: OpenShare,
    disposition: 'inline' | 'attachment',
  ): Promise<Page | undefined> {
    if (blobHash === null) return unknownPage();
    res.set('X-Robots-Tag', 'noindex, nofollow');
    await sendFile(ctx.blobs, req, res, {
      hash: blobHash,
      sizeBytes: sizeBytes ?? 0,
      fileName: fileName ?? 'file',
      mediaType,
      disposition,
    });
    return undefined;
  }

  /** Works without script: the right passcode is remembered in a cookie and leads to the page. */
  async function tryPasscode(req: Request, res: Response): Promise<Page | undefined> {
    const { share, refusal } = await admit(req);
    const path = `/s/${req.params.token}`;
    const { passcode, private: wantsPrivate } = passcodeForm.parse(req.body ?? {});
    if (share && refusal?.hasForm) {
      const isRight = await checkTry(req, share.shareLinkId, passcode);
      if (isRight !== true) {
        noteHit(req, share, isRight === false ? 401 : 429);
        return isRight === false
          ? passcodePage({ senderName: share.senderName, path, isPrivate: wantsPrivate, isWrong: true })
          : tooManyTriesPage(isRight);
      }
      grantPasscode(ctx, res, String(req.params.token), share.shareLinkId);
    } else if (refusal) return refusal;
    res.set('Cache-Control', 'no-store').redirect(303, wantsPrivate ? `${path}?private=1` : path);
    return undefined;
  }

  /** Whether the passcode is right, or for how many seconds to wait. */
  async function checkTry(req: Request, shareLinkId: string, passcode: string): Promise<boolean | number> {
    try {
      return await checkPasscode(ctx, shareLinkId, passcode, addressKeyOf(req));
    } catch (error) {
      if (error instanceof Problem && error.code === 'too_many_attempts')
        return error.retryAfterSeconds ?? 900;
      throw error;
    }
  }

  return { show, refresh, pageImage, pageText, content, download, tryPasscode };
}

/** The version was removed between two questions. */
const nothingKnown: ShareContent = {
  state: 'unsupported',
  reason: null,
  language: null,
  durationMs: null,
  pageCount: 1,
  renderedPageCount: 0,
  wordCount: 0,
  html: '',
  pages: [],
};

const passcodeForm = z.object({
  passcode: z.string().max(200).catch(''),
  private: z
    .literal('1')
    .optional()
    .catch(undefined)
    .transform((value) => value === '1'),
});

/** A browser that asks not to be tracked gets the private view without having to choose it. */
function privacyOf(req: Request): Privacy {
  if (req.query.private !== undefined || req.body?.private !== undefined) return 'private';
  return req.get('Sec-GPC') === '1' || req.get('DNT') === '1' ? 'signal' : 'told';
}
