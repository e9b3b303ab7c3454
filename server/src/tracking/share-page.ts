import { showsInline } from '../http/send-file.ts';
import type { OpenedShareLink } from '../shares/service.ts';
import { Html, html } from './html.ts';
import type { ImageSize } from './image-size.ts';
import { readingRule } from './reading.ts';
import type { Page } from './send-page.ts';

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
  /** The version as safe HTML and its length, when it is text. */
  text: { html: string; wordCount: number } | undefined;
  /** How large the picture is, when it is one that says so. */
  imageSize: ImageSize | undefined;
}

type Kind = 'image' | 'video' | 'audio' | 'text' | 'web_link' | 'file';

/** The page of a share link: who sent it, what they say, what they can see, and then the content. */
export function sharePage(view: ShareView): Page {
  const { share, path, pageToken } = view;
  const kind = kindOf(view);
  const content = renderContent(kind, view);
  const isOffered = kind !== 'file' && kind !== 'web_link' && share.allowsDownload;
  const body = html`<header class="top">
<p class="from"><span class="seal" aria-hidden="true">${initialsOf(share.senderName)}</span><span><b>${share.senderName}</b> shared this with <b>${share.recipientName}</b></span></p>
${share.message && html`<blockquote class="note">${paragraphs(share.message)}</blockquote>`}
<h1>${share.assetTitle}</h1>
${renderNotice(view)}
</header>
<main id="content" class="${kind}">
${content}
</main>
${isOffered && html`<footer class="bar"><span>From ${share.senderName}</span>${downloadButton(view)}</footer>`}`;
  // Where the content can not be read in the browser there is no page to count time for.
  const countsPage = kind !== 'file' && kind !== 'web_link';
  const data =
    pageToken === undefined
      ? undefined
      : html` data-page-token="${pageToken}" data-kind="${kind === 'audio' ? 'video' : kind}"${countsPage && html` data-page="1"`}`;
  return {
    status: 200,
    title: share.assetTitle,
    body,
    ...(data && { data }),
    headers: { Link: `<${path}>; rel="canonical"` },
  };
}

function kindOf({ share, text }: ShareView): Kind {
  if (share.url !== null) return 'web_link';
  if (text !== undefined) return 'text';
  if (!showsInline(share.mediaType)) return 'file';
  const [family] = share.mediaType.split('/');
  return family === 'image' || family === 'video' || family === 'audio' ? family : 'file';
}

function renderContent(kind: Kind, view: ShareView): Html {
  const { share, path, text, imageSize } = view;
  const source = `${path}/content`;
  switch (kind) {
    case 'image':
      return html`<img src="${source}" alt="${share.assetTitle}"${imageSize && html` width="${imageSize.width}" height="${imageSize.height}"`} decoding="async">`;
    case 'video':
      return html`<video controls playsinline preload="metadata" src="${source}" aria-label="${share.assetTitle}"></video>`;
    case 'audio':
      return html`<audio controls preload="metadata" src="${source}" aria-label="${share.assetTitle}"></audio>`;
    case 'text':
      return renderText(text, share.assetTitle);
    case 'web_link':
      return renderWebLink(share);
    case 'file':
      return renderFile(view);
  }
}

function renderText(text: ShareView['text'], title: string): Html {
  const minutes = Math.max(1, Math.round((text?.wordCount ?? 0) / readingRule.wordsPerMinute));
  return html`<p class="meta">${minutes} min to read</p>
<article class="prose">${new Html(withoutTitle(text?.html ?? '', title))}</article>`;
}

/** Most texts begin with their title, which stands above them already. */
function withoutTitle(contentHtml: string, title: string): string {
  const [heading, text] = /^\s*<h1[^>]*>([^<]*)<\/h1>/.exec(contentHtml) ?? [];
  return heading !== undefined && text?.trim() === title ? contentHtml.slice(heading.length) : contentHtml;
}

function renderWebLink({ url }: OpenShare): Html {
  const address = new URL(url ?? '');
  return html`<div class="card">
<p class="sheet" aria-hidden="true">WWW</p>
<div><p class="name">${address.host}</p>
<p class="meta">A web page. It opens in a new tab and keeps its own rules about what it records.</p></div>
<a class="button" href="${address.href}" target="_blank" rel="noopener noreferrer nofollow">Open ${address.host}</a>
</div>`;
}

function renderFile(view: ShareView): Html {
  const { fileName, mediaType, sizeBytes, allowsDownload, senderName } = view.share;
  const name = fileName ?? 'File';
  return html`<div class="card">
<p class="sheet" aria-hidden="true">${extensionOf(name)}</p>
<div><p class="name">${name}</p>
<p class="meta">${describeType(mediaType, name)}, ${describeSize(sizeBytes ?? 0)}</p></div>
${
  allowsDownload
    ? downloadButton(view)
    : html`<p class="hint">This file can't be shown here, and downloads are off for this link. Ask ${senderName} for a copy.</p>`
}
</div>`;
}

function downloadButton({ share, path, privacy }: ShareView): Html {
  const address = `${path}/download${privacy === 'private' ? '?private=1' : ''}`;
  return html`<a class="button" href="${address}" download>Download <small>${describeSize(share.sizeBytes ?? 0)}</small></a>`;
}

function renderNotice({ share: { senderName }, path, privacy }: ShareView): Html {
  if (privacy === 'signal')
    return html`<p class="notice">Your browser asks not to be tracked, so this view is private: ${senderName} is told nothing about it.</p>`;
  if (privacy === 'private')
    return html`<p class="notice">This view is private: ${senderName} is told nothing about it. <a href="${path}">Leave private view</a></p>`;
  return html`<p class="notice">${senderName} can see when this page is opened, for how long, on what kind of device, and whether it is downloaded. <a href="${path}?private=1">View it privately</a></p>`;
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

function extensionOf(name: string): string {
  return /\.([a-z0-9]{1,5})$/i.exec(name)?.[1]?.toUpperCase() ?? 'FILE';
}

const typeNames: [RegExp, string][] = [
  [/pdf/, 'PDF document'],
  [/presentation|powerpoint|keynote/, 'Presentation'],
  [/sheet|excel|csv|numbers/, 'Spreadsheet'],
  [/word|opendocument\.text|pages|rtf/, 'Document'],
  [/zip|compressed|tar/, 'Archive'],
  [/^image\//, 'Image'],
  [/^video\//, 'Video'],
  [/^audio\//, 'Audio'],
  [/^text\//, 'Text'],
];

function describeType(mediaType: string, name: string): string {
  const known = typeNames.find(([pattern]) => pattern.test(mediaType))?.[1];
  return known ?? `${extensionOf(name)} file`;
}

function describeSize(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 || value >= 10 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}
