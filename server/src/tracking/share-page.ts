import { readingRule, type ShareContent, type ShareLayer } from '../rendering/service.ts';
import type { OpenedShareLink } from '../shares/service.ts';
import {
  isLandscape,
  isUnderWay,
  listPictured,
  renderContents,
  renderLength,
  renderPages,
  renderRest,
} from './document-pages.ts';
import { Html, html } from './html.ts';
import type { Page } from './send-page.ts';
import { downloadButton, renderFile, renderWebLink } from './share-card.ts';

export type OpenShare = Exclude<OpenedShareLink, { state: 'unknown' }>;

/** Why nobody is told of this visit: the reader chose so, or their browser asks for it; or that somebody is. */
export type Privacy = 'told' | 'private' | 'signal';

export interface ShareView {
  share: OpenShare;
  /** The address of this share link, without origin. */
  path: string;
  privacy: Privacy;
  /** Present unless the view is private. */
  pageToken: string | undefined;
  content: ShareContent;
  /** The words on the first pages. */
  layers: ShareLayer[];
}

type Kind = 'pages' | 'image' | 'video' | 'audio' | 'text' | 'web_link' | 'file';

/** The page of a share link: who sent it, what they say, what they can see, and then the content. */
export function sharePage(view: ShareView): Page {
  const { share, path } = view;
  const kind = kindOf(view);
  const data = renderData(kind, view);
  return {
    status: 200,
    title: share.assetTitle,
    body: renderBody(view),
    ...(data && { data }),
    headers: { Link: `<${path}>; rel="canonical"` },
  };
}

/** Everything that a reader sees. The script asks for it again while the content is being prepared. */
export function renderBody(view: ShareView): Html {
  const { share, content } = view;
  const kind = kindOf(view);
  const layout = kind === 'pages' && (isLandscape(listPictured(content)) ? 'wide' : 'paper');
  return html`<header class="top">
<p class="from"><span class="seal" aria-hidden="true">${initialsOf(share.senderName)}</span><span><b>${share.senderName}</b> shared this with <b>${share.recipientName}</b></span></p>
${share.message && html`<blockquote class="note">${paragraphs(share.message)}</blockquote>`}
<h1>${share.assetTitle}</h1>
${renderNotice(kind, view)}
</header>
<main id="content" class="${kind}${layout && ` ${layout}`}"${content.language !== null && html` lang="${content.language}"`}>
${renderContent(kind, view)}
</main>
${renderBar(kind, view)}`;
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
${renderPages(view)}</div>
${renderRest(content, share.allowsDownload)}`;
    case 'image':
      return renderPicture(view);
    case 'video':
      return renderVideo(view);
    case 'audio':
      return html`<audio controls preload="metadata" src="${source}" aria-label="${share.assetTitle}"></audio>`;
    case 'text':
      return renderText(content, share.assetTitle);
    case 'web_link':
      return renderWebLink(view);
    case 'file':
      return renderFile(view, { isUnderWay: isUnderWay(content.state) });
  }
}

/** Its own picture, which is safe and small whatever the file was. */
function renderPicture({ share, path, content }: ShareView): Html {
  const { small, large } = content.pages[0]?.images ?? {};
  const best = large ?? small;
  const source = `${path}/pages/1/image?w=${large ? 1600 : 800}&v=${best?.blobHash.slice(0, 8)}`;
  const sources =
    small &&
    large &&
    small.width < large.width &&
    html` srcset="${source.replace('w=1600', 'w=800')} ${small.width}w, ${source} ${large.width}w" sizes="(min-width: 64rem) 60rem, 100vw"`;
  return html`<img src="${source}"${sources} width="${best?.width}" height="${best?.height}" alt="${share.assetTitle}" fetchpriority="high" decoding="async">`;
}

function renderVideo({ share, path, content }: ShareView): Html {
  const poster = content.pages[0]?.images.poster;
  const frame =
    poster &&
    html` poster="${path}/pages/1/image?w=1600&v=${poster.blobHash.slice(0, 8)}" width="${poster.width}" height="${poster.height}"`;
  return html`${content.durationMs !== null && html`<p class="meta">${describeDuration(content.durationMs)}</p>`}
<video controls playsinline preload="metadata" src="${path}/content"${frame} aria-label="${share.assetTitle}"></video>`;
}

function describeDuration(durationMs: number): string {
  const seconds = Math.max(1, Math.round(durationMs / 1000));
  if (seconds < 90) return `${seconds} seconds`;
  return `${Math.round(seconds / 60)} minutes`;
}

function renderText({ html: text, wordCount }: ShareContent, title: string): Html {
  const minutes = Math.max(1, Math.round(wordCount / readingRule.wordsPerMinute));
  return html`<p class="meta">${minutes} min to read</p>
<article class="prose">${new Html(withoutTitle(text, title))}</article>`;
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
  const hasPages = kind === 'pages' && content.pageCount > 1;
  if (!isOffered && !hasPages) return false;
  const where = hasPages
    ? html`${renderContents(content)}<span class="at">Page <b>1</b> of ${content.pageCount}</span>`
    : html`<span>From ${share.senderName}</span>`;
  return html`<footer class="bar">${where}${isOffered && downloadButton(view)}</footer>`;
}

function renderNotice(kind: Kind, { share: { senderName }, path, privacy }: ShareView): Html {
  if (privacy === 'signal')
    return html`<p class="notice">Your browser asks not to be tracked, so this view is private: ${senderName} is told nothing about it.</p>`;
  if (privacy === 'private')
    return html`<p class="notice">This view is private: ${senderName} is told nothing about it. <a href="${path}">Leave private view</a></p>`;
  return html`<p class="notice">${senderName} can see when this page is opened, ${kind === 'pages' ? 'which pages are read and for how long' : 'for how long'}, on what kind of device, and whether it is downloaded. <a href="${path}?private=1">View it privately</a></p>`;
}

function paragraphs(text: string): Html[] {
  return text
    .split(/\n\s*\n/)
    .filter((paragraph) => paragraph.trim())
    .map(
      (paragraph) =>
        html`<p>${paragraph.split('\n').map((line, index) => (index > 0 ? html`<br>${line}` : line))}</p>`,
    );
}

function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/);
  const letters = [words.at(0), words.length > 1 ? words.at(-1) : undefined].map(
    (word) => [...(word ?? '')][0] ?? '',
  );
  return letters.join('').toUpperCase();
}
