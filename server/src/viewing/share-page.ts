import { readingRule, type ShareContent, type ShareLayer } from '../rendering/service.ts';
import type { OpenedAsset } from '../shares/service.ts';
import {
  hasSmallLetters,
  isLandscape,
  isUnderWay,
  listPictured,
  renderContents,
  renderLength,
  renderPages,
  renderRest,
} from './document-pages.ts';
import { type ForwardForm, renderForward } from './forward-form.ts';
import { type GuestCard, renderGuestCard } from './guest-card.ts';
import { Html, html } from './html.ts';
import { type Audience, renderNotice, renderTrap } from './notice.ts';
import { renderPreview } from './open-graph.ts';
import type { Page } from './send-page.ts';
import { renderSender } from './sender.ts';
import { downloadButton, renderFile, renderWebLink } from './share-card.ts';
import { markVersion, renderMark } from './watermark.ts';

export type OpenShare = OpenedAsset;

export interface ShareView {
  share: OpenShare;
  /** The address of this page, without origin: of the share link, or of an item of its room. */
  path: string;
  /** The address of the share link. */
  linkPath: string;
  audience: Audience;
  /** Present unless the view is private. */
  pageToken: string | undefined;
  content: ShareContent;
  /** The words on the first pages. */
  layers: ShareLayer[];
  /** Whose copy it is, where that is drawn on it. */
  label: string | undefined;
  /** A question to the guest, if there is one. */
  card?: GuestCard | undefined;
  /** What was typed to pass it on, and refused. */
  forward?: ForwardForm | undefined;
  /** Where pictures of it may be shown elsewhere; undefined where it is for certain people. */
  origin?: string | undefined;
  /** Where it stands in a room: the way back above it, and what comes next below. */
  inRoom?: { above: Html; below: Html };
}

type Kind = 'pages' | 'image' | 'video' | 'audio' | 'text' | 'web_link' | 'file';

/** The page of a share link: who sent it, what they say, what they can see, and then the content. */
export function sharePage(view: ShareView): Page {
  const { share, path } = view;
  const kind = kindOf(view);
  const data = renderData(kind, view);
  const hasForm = view.card !== undefined || mayForward(view);
  return {
    status: view.card?.problem === undefined ? 200 : 400,
    title: share.assetTitle,
    body: renderBody(view),
    hasForm,
    ...(view.origin !== undefined && {
      head: renderPreview({ title: share.assetTitle, origin: view.origin, picture: thumbnailOf(view) }),
    }),
    ...(data && { data }),
    headers: { Link: `<${path}>; rel="canonical"` },
  };
}

/** Everything that a reader sees. The script asks for it again while the content is being prepared. */
export function renderBody(view: ShareView): Html {
  const { share, content, inRoom, linkPath, audience } = view;
  const kind = kindOf(view);
  const layout = kind === 'pages' && layoutOf(view);
  return html`<header class="top">
${inRoom?.above ?? renderSender(share.senderName, html`shared this with <b>${share.recipientName}</b>`)}
${share.message && html`<blockquote class="note">${paragraphs(share.message)}</blockquote>`}
<h1>${share.assetTitle}</h1>
${renderNotice(
  {
    senderName: share.senderName,
    path: view.path,
    what: kind === 'pages' ? 'which pages are read and for how long' : 'for how long',
    subject: 'this page',
    mayDownload: share.allowsDownload && share.url === null,
  },
  audience,
)}
${audience.privacy === 'told' && renderTrap(linkPath)}
</header>
<main id="content" class="${kind}${layout && ` ${layout}`}"${content.language !== null && html` lang="${content.language}"`}>
${renderContent(kind, view)}
${kind !== 'pages' && renderCard(view)}
${mayForward(view) && renderForward({ senderName: share.senderName, path: linkPath, privacy: audience.privacy, form: view.forward })}
${inRoom?.below}</main>
${!share.allowsDownload && html`<aside class="unprinted"><p>${share.senderName} has shared this to be read on a screen, so it can't be printed. Ask ${share.senderName} for a copy on paper.</p></aside>`}
${renderBar(kind, view)}`;
}

/** Of a spreadsheet a phone shows a part at a size that can be read, and the rest sideways. */
function layoutOf({ share: { mediaType }, content, layers }: ShareView): string {
  const shape = isLandscape(listPictured(content)) ? 'wide' : 'paper';
  if (!/sheet|excel|csv/.test(mediaType)) return shape;
  return `${shape} grid${hasSmallLetters(content, layers) ? ' wider' : ''}`;
}

/** What the script reads. Nothing where it has nothing to do, so that there is none. */
function renderData(kind: Kind, { pageToken, content }: ShareView): Html | undefined {
  // A document tells the script which page is in view; of a file or a web link there is none to count time for.
  const isOnePage = kind === 'image' || kind === 'video' || kind === 'audio' || kind === 'text';
  if (pageToken === undefined && kind !== 'pages' && !isUnderWay(content.state)) return undefined;
  return html`${pageToken !== undefined && html` data-page-token="${pageToken}"`} data-kind="${kind === 'audio' ? 'video' : kind}"${isOnePage && html` data-page="1"`}`;
}

function kindOf({ share: { url, mediaType }, content }: ShareView): Kind {
  if (url !== null) return 'web_link';
  if (mediaType.startsWith('video/')) return 'video';
  if (mediaType.startsWith('audio/')) return 'audio';
  if (content.html !== '') return 'text';
  if (listPictured(content).length === 0) return 'file';
  return mediaType.startsWith('image/') && content.pageCount === 1 ? 'image' : 'pages';
}

function renderContent(kind: Kind, view: ShareView): Html {
  const { share, path, content } = view;
  const source = `${path}/content`;
  switch (kind) {
    case 'pages':
      return html`${renderLength(content)}
<div class="sheets">
${renderPages(view, renderCard(view))}</div>
${renderRest(content, share.allowsDownload)}`;
    case 'image':
      return renderPicture(view);
    case 'video':
      return renderVideo(view);
    case 'audio':
      return html`<audio controls preload="metadata" src="${source}" aria-label="${share.assetTitle}"></audio>`;
    case 'text':
      return renderText(view);
    case 'web_link':
      return renderWebLink(view);
    case 'file':
      return renderFile(view, { isUnderWay: isUnderWay(content.state) });
  }
}

/** Its own picture, which is safe and small whatever the file was. */
function renderPicture({ share, path, content, label }: ShareView): Html {
  const { small, large } = content.pages[0]?.images ?? {};
  const best = large ?? small;
  const source = `${path}/pages/1/image?w=${large ? 1600 : 800}&v=${best?.blobHash.slice(0, 8)}${markVersion(label)}`;
  const sources =
    small &&
    large &&
    small.width < large.width &&
    html` srcset="${source.replace('w=1600', 'w=800')} ${small.width}w, ${source} ${large.width}w" sizes="(min-width: 64rem) 60rem, 100vw"`;
  return html`<img src="${source}"${sources} width="${best?.width}" height="${best?.height}" alt="${share.assetTitle}" fetchpriority="high" decoding="async">`;
}

function renderVideo({ share, path, content, label }: ShareView): Html {
  const poster = content.pages[0]?.images.poster;
  const frame =
    poster &&
    html` poster="${path}/pages/1/image?w=1600&v=${poster.blobHash.slice(0, 8)}${markVersion(label)}" width="${poster.width}" height="${poster.height}"`;
  return html`${content.durationMs !== null && html`<p class="meta">${describeDuration(content.durationMs)}</p>`}
<div class="stage"><video controls playsinline preload="metadata" src="${path}/content"${frame} aria-label="${share.assetTitle}"></video>${renderMark(label)}</div>`;
}

export function describeDuration(durationMs: number): string {
  const seconds = Math.max(1, Math.round(durationMs / 1000));
  if (seconds < 90) return `${seconds} seconds`;
  return `${Math.round(seconds / 60)} minutes`;
}

function renderText({ content: { html: text, wordCount }, share, label }: ShareView): Html {
  const minutes = Math.max(1, Math.round(wordCount / readingRule.wordsPerMinute));
  return html`<p class="meta">${minutes} min to read</p>
<div class="stage"><article class="prose">${new Html(withoutTitle(text, share.assetTitle))}</article>${renderMark(label)}</div>`;
}

/** Most texts begin with their title, which stands above them already. */
function withoutTitle(contentHtml: string, title: string): string {
  const [heading, text] = /^\s*<h1[^>]*>([^<]*)<\/h1>/.exec(contentHtml) ?? [];
  return heading !== undefined && text?.trim() === title ? contentHtml.slice(heading.length) : contentHtml;
}

/** Stays in reach below the content: where the reader is, and the one thing to do. */
function renderBar(kind: Kind, view: ShareView): Html | false {
  const { share, content } = view;
  const isOffered = kind !== 'file' && kind !== 'web_link' && share.allowsDownload;
  if (!isOffered && kind !== 'pages') return false;
  const where =
    kind === 'pages'
      ? content.pageCount > 1 && html`<span class="word">Page </span><b>1</b> of ${content.pageCount}`
      : `From ${share.senderName}`;
  return html`<footer class="bar">${kind === 'pages' && renderContents(content)}<span class="at">${where}</span>${isOffered && downloadButton(view)}</footer>`;
}

function renderCard({ card, share: { senderName }, path }: ShareView): Html | undefined {
  return card && renderGuestCard(card, { senderName, path });
}

/** An item of a room is passed on with its room, and nothing that was shared with so many and no more. */
function mayForward({ share: { maxVisitors }, inRoom }: ShareView): boolean {
  return maxVisitors === null && !inRoom;
}

function thumbnailOf({ path, content: { pages } }: ShareView): string | undefined {
  const images = pages[0]?.images;
  if (!images) return undefined;
  const width = images.thumbnail
    ? 480
    : images.small
      ? 800
      : (images.large ?? images.poster)
        ? 1600
        : undefined;
  return width && `${path}/pages/1/image?w=${width}`;
}

export function paragraphs(text: string): Html[] {
  return text
    .split(/\n\s*\n/)
    .filter((paragraph) => paragraph.trim())
    .map(
      (paragraph) =>
        html`<p>${paragraph.split('\n').map((line, index) => (index > 0 ? html`<br>${line}` : line))}</p>`,
    );
}
