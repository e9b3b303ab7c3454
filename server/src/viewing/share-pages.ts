import type { Request, Response } from 'express';
import { refuseUnsafe } from '../assets/service.ts';
import type { Context } from '../context.ts';
import { sendFile } from '../http/send-file.ts';
import type { ShareContent } from '../rendering/service.ts';
import { asksToBeLeftAlone, createPrivacyModeReader } from '../settings/service.ts';
import type { OpenedRoom } from '../shares/service.ts';
import type { HitRecorder } from '../tracking/hits.ts';
import { isFull } from '../tracking/service.ts';
import { signPageToken } from '../tracking/token.ts';
import { inlineLayerPages, listPictured } from './document-pages.ts';
import type { ForwardForm } from './forward-form.ts';
import { forward } from './forwarding.ts';
import {
  type AtGate,
  createGateForms,
  type GateAnswer,
  gatePage,
  type OpenLink,
  passGates,
  tokenOf,
} from './gates.ts';
import { grantGuest } from './guest.ts';
import { emptyCard, type GuestCard, readGuestCard } from './guest-card.ts';
import type { KnownLinks } from './known-links.ts';
import type { Audience } from './notice.ts';
import { isForAnybody } from './open-graph.ts';
import { sendPageImage, sendPageText } from './page-parts.ts';
import {
  expiredPage,
  noDownloadPage,
  notStartedPage,
  quarantinedPage,
  revokedPage,
  tooManyVisitorsPage,
  unknownPage,
} from './refusal-page.ts';
import { createRoomPages, type OpenItem, type OpenRoom, openItem, renderRoom } from './room-pages.ts';
import { type Page, sendFragment } from './send-page.ts';
import { type OpenShare, renderBody, type ShareView, sharePage } from './share-page.ts';
import { createWatermarks, labelOf } from './watermark.ts';

/** Who reads, and what is asked of them still. */
interface Reader {
  audience: Audience;
  isAsked: boolean;
}

/** A share link that may be shown to this browser, or the page that says why not. */
type Admission =
  | (Reader & { share: OpenShare; path: string; inRoom?: OpenItem['inRoom']; room?: never; refusal?: never })
  | (Reader & { room: OpenedRoom; path: string; share?: never; refusal?: never })
  | { refusal: Page; link?: OpenLink | undefined; share?: never; room?: never; path?: never };

type LinkAdmission =
  | (Reader & { link: OpenLink; refusal?: never; gate?: never })
  | { link?: OpenLink; refusal: Page; gate?: GateAnswer['gate'] };
type OpenAsset = Extract<Admission, { share: OpenShare }>;

/** What a stranger with a share link can ask for. Each answers a page, or sends the bytes itself. */
export function createSharePages(ctx: Context, hits: HitRecorder, known: KnownLinks) {
  const readPrivacyMode = createPrivacyModeReader(ctx);
  const watermarks = createWatermarks(ctx);
  const gates = createGateForms(ctx);

  /** What the share link leads to, once whoever asks may see it. */
  async function admit(req: Request): Promise<Admission> {
    const admitted = await admitToLink(req);
    if (admitted.refusal) return admitted;
    const { link, audience, isAsked } = admitted;
    const path = pathOf(req);
    const { assetId } = req.params;
    if (link.roomId === null) {
      if (assetId !== undefined) return { refusal: unknownPage() };
      return link.threat === null
        ? { share: withoutOriginal(link), path, audience, isAsked }
        : { link, refusal: quarantinedPage(link.senderName) };
    }
    if (assetId === undefined) return { room: link, path, audience, isAsked };
    const isPrivate = audience.privacy === 'private';
    const item = await openItem(ctx, known, { room: link, path, isPrivate }, String(assetId));
    if ('refusal' in item) return item;
    if (item.share.threat === null) return { ...item, share: withoutOriginal(item.share), audience, isAsked };
    return { refusal: quarantinedPage(link.senderName) };
  }

  /** The share link, whatever it leads to, or why it does not open for this browser. */
  async function admitToLink(req: Request): Promise<LinkAdmission> {
    const token = tokenOf(req);
    const link = /^[\w-]{20,64}$/.test(token) ? await known.open(token) : { state: 'unknown' as const };
    if (link.state === 'unknown' || link.state === 'undone') return { refusal: unknownPage() };
    const { senderName } = link;
    if (link.state === 'revoked') return { link, refusal: revokedPage(senderName) };
    if (link.state === 'expired')
      return { link, refusal: expiredPage(senderName, link.expiresAt ?? ctx.clock()) };
    if (link.state === 'not_started')
      return { link, refusal: notStartedPage(senderName, link.startsAt ?? ctx.clock()) };
    const passed = await passGates(ctx, req, link);
    if (passed.gate) {
      const { gate, email } = passed;
      const form = { path: pathOf(req), isPrivate: wantsPrivacy(req), email };
      return { link, gate, refusal: gatePage(link, gate, form) };
    }
    const { guest, isAsked } = passed;
    const { maxVisitors, shareLinkId } = link;
    if (maxVisitors !== null && (await isFull(ctx, req, { shareLinkId, maxVisitors, guest })))
      return { link, refusal: tooManyVisitorsPage(senderName, maxVisitors) };
    return { link, isAsked, audience: { ...(await privacyFor(req)), guest } };
  }

  /** A browser that asks not to be tracked gets the private view, as far as the instance promises it. */
  async function privacyFor(req: Request): Promise<Omit<Audience, 'guest'>> {
    const privacyMode = await readPrivacyMode();
    const isSignal = asksToBeLeftAlone(req.headers, privacyMode);
    const privacy = wantsPrivacy(req) ? 'private' : isSignal ? 'signal' : 'told';
    return { privacy, privacyMode, asksNotToBeTracked: req.get('DNT') === '1' };
  }

  /** A room itself has no file and no pages. */
  async function admitToAsset(req: Request): Promise<Exclude<Admission, { room: OpenedRoom }>> {
    const admission = await admit(req);
    return admission.room ? { refusal: unknownPage() } : admission;
  }

  async function admitToRoom(req: Request): Promise<OpenRoom | { refusal: Page }> {
    const admission = await admit(req);
    if (admission.refusal) return admission;
    return admission.room ? openRoom(admission) : { refusal: unknownPage() };
  }

  function openRoom(open: Extract<Admission, { room: OpenedRoom }>): OpenRoom {
    const { room, path, audience } = open;
    return {
      room,
      path,
      audience,
      pageToken: pageTokenFor(audience, room.shareLinkId, null),
      card: cardFor(open),
      origin: isForAnybody(room) ? ctx.config.shareUrl : undefined,
    };
  }

  /** Nobody is told what somebody says who reads privately, so they are not asked. */
  function cardFor({ audience, isAsked }: Reader): GuestCard | undefined {
    return isAsked && audience.privacy === 'told' ? emptyCard : undefined;
  }

  function pageTokenFor({ privacy, guest }: Audience, shareLinkId: string, assetVersionId: string | null) {
    if (privacy !== 'told') return undefined;
    const issuedAt = ctx.clock().getTime();
    return signPageToken(ctx.instanceKey, { shareLinkId, assetVersionId, issuedAt, guest });
  }

  /** Has no effect but a link hit, and not even that in private view. */
  async function show(req: Request): Promise<Page> {
    const admission = await admit(req);
    if (admission.refusal) {
      if (admission.link) await noteHit(req, admission.link, admission.refusal.status);
      return admission.refusal;
    }
    const page = admission.room ? await renderRoom(known, openRoom(admission)) : await render(admission);
    await noteHit(req, admission.room ?? admission.share, page.status);
    return page;
  }

  /** Nobody sees the link to this; whoever follows it is noted and finds nothing. */
  async function trap(req: Request): Promise<Page> {
    const { share, room } = await admit(req);
    const page = unknownPage();
    const link = room ?? share;
    if (link) await noteHit(req, link, page.status);
    return page;
  }

  async function noteHit(
    req: Request,
    { shareLinkId }: Pick<OpenLink, 'shareLinkId'>,
    status: number,
  ): Promise<void> {
    if ((await privacyFor(req)).privacy === 'told') await hits.record(req, shareLinkId, status);
  }

  /** With what was typed into one of its forms, where that was refused. */
  async function render(
    open: OpenAsset,
    typed: { card?: GuestCard; forward?: ForwardForm } = {},
  ): Promise<Page> {
    const { shareLinkId, versionId } = open.share;
    const pageToken = pageTokenFor(open.audience, shareLinkId, versionId);
    return sharePage({ ...(await view(open)), pageToken, ...typed });
  }

  async function view(open: OpenAsset): Promise<ShareView> {
    const { share, path, inRoom, audience } = open;
    const content = (await known.content(share.versionId)) ?? nothingKnown;
    const layers =
      listPictured(content).length > 0 ? await known.layers(share.versionId, inlineLayerPages) : [];
    return {
      share,
      path,
      linkPath: path.split('/', 3).join('/'),
      audience,
      pageToken: undefined,
      content,
      layers,
      label: labelOf(share, audience.guest, ctx.clock()),
      card: cardFor(open),
      origin: isForAnybody(share) ? ctx.config.shareUrl : undefined,
      ...(inRoom && { inRoom }),
    };
  }

  /** What of the page may have changed since: asked for while the content is being prepared. Nobody's hit. */
  async function refresh(req: Request, res: Response): Promise<Page | undefined> {
    const admission = await admitToAsset(req);
    if (admission.refusal) return admission.refusal;
    await sendFragment(req, res, renderBody(await view(admission)));
    return undefined;
  }

  /** What is sent of a file waits for the virus scanner, where there is one. */
  async function admitToFile(req: Request): Promise<Exclude<Admission, { room: OpenedRoom }>> {
    const admission = await admitToAsset(req);
    if (!admission.refusal) refuseUnsafe(ctx, admission.share);
    return admission;
  }

  async function pageImage(req: Request, res: Response): Promise<Page | undefined> {
    const admission = await admitToFile(req);
    if (admission.refusal) return admission.refusal;
    const { share, audience } = admission;
    const label = labelOf(share, audience.guest, ctx.clock());
    const page = { assetVersionId: share.versionId, label };
    return (await sendPageImage({ blobs: ctx.blobs, known, watermarks }, req, res, page))
      ? undefined
      : unknownPage();
  }

  async function pageText(req: Request, res: Response): Promise<Page | undefined> {
    const { share, refusal } = await admitToFile(req);
    if (refusal) return refusal;
    return (await sendPageText(known, req, res, share.versionId)) ? undefined : unknownPage();
  }

  async function content(req: Request, res: Response): Promise<Page | undefined> {
    const { share, path, refusal } = await admitToFile(req);
    if (refusal) return refusal;
    // Everything else is shown by its pages, so the file itself is a download.
    if (!/^(video|audio)\//.test(share.mediaType) && !share.allowsDownload)
      return noDownloadPage(share.senderName, path);
    return sendVersion(req, res, share, 'inline');
  }

  async function download(req: Request, res: Response): Promise<Page | undefined> {
    const { share, path, refusal } = await admitToFile(req);
    if (refusal) return refusal;
    if (!share.allowsDownload) return noDownloadPage(share.senderName, path);
    await noteHit(req, share, 200);
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

  /** A form at a gate: it leads to the page, or says again what is missing. Works without script. */
  function atGate(wanted: GateAnswer['gate'][], pass: (gate: AtGate) => Promise<Page | undefined>) {
    return async (req: Request, res: Response): Promise<Page | undefined> => {
      const { link, refusal, gate } = await admitToLink(req);
      const isPrivate = wantsPrivacy(req);
      const path = pathOf(req);
      if (!link || (refusal && gate === undefined)) return refusal;
      if (wanted.includes(gate)) {
        const page = await pass({ req, res, link, path, isPrivate });
        if (page && page.status !== 200) await noteHit(req, link, page.status);
        if (page) return page;
      }
      res.set('Cache-Control', 'no-store').redirect(303, isPrivate ? `${path}?private=1` : path);
      return undefined;
    };
  }

  const tryPasscode = atGate(['passcode'], gates.tryPasscode);
  const takeEmail = atGate(['email', 'code'], gates.takeEmail);
  const takeCode = atGate(['code'], gates.takeCode);

  /** The question beside the content: what was said is kept in a cookie, and told with the next visit. */
  async function takeGuest(req: Request, res: Response): Promise<Page | undefined> {
    const admission = await admit(req);
    if (admission.refusal) return admission.refusal;
    const link = admission.room ?? admission.share;
    const said = readGuestCard(req.body);
    if (link.gate === 'ask' && 'card' in said)
      return admission.room
        ? renderRoom(known, { ...openRoom(admission), card: said.card })
        : render(admission, { card: said.card });
    if (link.gate === 'ask' && 'guest' in said)
      grantGuest(ctx, res, tokenOf(req), link.shareLinkId, said.guest);
    res.set('Cache-Control', 'no-store').redirect(303, admission.path);
    return undefined;
  }

  async function passOn(req: Request): Promise<Page> {
    const admission = await admit(req);
    if (admission.refusal) return admission.refusal;
    const { audience, path, room, share } = admission;
    const showAgain = (form: ForwardForm) =>
      room ? renderRoom(known, openRoom(admission), { forward: form }) : render(admission, { forward: form });
    return forward(ctx, req, { link: room ?? share, path, audience, showAgain });
  }

  const rooms = createRoomPages(ctx, known, admitToRoom);
  return {
    show,
    trap,
    refresh,
    pageImage,
    pageText,
    content,
    download,
    tryPasscode,
    takeEmail,
    takeCode,
    takeGuest,
    passOn,
    rooms,
  };
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

/** Whoever draws on pages whose copy it is gives nobody one without. */
function withoutOriginal(share: OpenShare): OpenShare {
  return share.hasWatermark ? { ...share, allowsDownload: false } : share;
}

function pathOf(req: Request): string {
  return `/s/${tokenOf(req)}`;
}

function wantsPrivacy(req: Request): boolean {
  return req.query.private !== undefined || req.body?.private !== undefined;
}
