import type { ItemProgress, RoomContent, RoomContentItem, ShownQuestion } from '../rooms/service.ts';
import type { OpenedRoom } from '../shares/service.ts';
import { describeDay, describeMoment } from './dates.ts';
import { type ForwardForm, renderForward } from './forward-form.ts';
import { type GuestCard, renderGuestCard } from './guest-card.ts';
import { type Html, html } from './html.ts';
import { type Audience, inView, renderNotice, renderTrap } from './notice.ts';
import { renderPreview } from './open-graph.ts';
import { type QuestionForm, renderQuestions } from './room-questions.ts';
import type { Page } from './send-page.ts';
import { renderSender } from './sender.ts';
import { describeDuration, paragraphs } from './share-page.ts';

export interface RoomView {
  share: OpenedRoom;
  content: RoomContent;
  questions: ShownQuestion[];
  /** The address of the share link, without origin. */
  path: string;
  audience: Audience;
  /** Present unless the view is private. */
  pageToken: string | undefined;
  form: QuestionForm;
  /** What was typed to pass it on, and refused. */
  forward: ForwardForm | undefined;
  /** A question to the guest, if there is one. */
  card: GuestCard | undefined;
  /** Where pictures of the room may be shown elsewhere; undefined where it is for certain people. */
  origin: string | undefined;
}

/** The page of a room: what its sender says, the next step, the items in order, and what was asked. */
export function roomPage(view: RoomView): Page {
  const { content, path, pageToken, origin } = view;
  const pictured = content.items.find(({ hasThumbnail }) => hasThumbnail);
  const picture = pictured && `${path}/items/${pictured.assetId}/pages/1/image?w=480`;
  return {
    status: view.form.problem === undefined ? 200 : 400,
    title: content.name,
    ...(origin !== undefined && { head: renderPreview({ title: content.name, origin, picture }) }),
    body: renderRoom(view),
    bundle: 'room',
    hasForm: true,
    ...(pageToken !== undefined && {
      data: html` data-page-token="${pageToken}" data-kind="room"`,
    }),
    headers: { Link: `<${path}>; rel="canonical"` },
  };
}

function renderRoom(view: RoomView): Html {
  const { share, content, path, audience, card } = view;
  const { privacy } = audience;
  return html`<header class="top">
${renderSender(share.senderName, html`put this together for <b>${share.recipientName}</b>`)}
${share.message && html`<blockquote class="note">${paragraphs(share.message)}</blockquote>`}
<h1>${content.name}</h1>
${content.note && html`<div class="lead">${paragraphs(content.note)}</div>`}
<p class="meta sum">${describeRoom(content)}. <span role="status" data-sum></span></p>
${renderNotice(
  {
    senderName: share.senderName,
    path,
    what: 'what in it is read and for how long',
    subject: 'this room',
    mayDownload: share.allowsDownload && !share.hasWatermark,
  },
  audience,
)}
${privacy === 'told' && renderTrap(path)}
</header>
<main id="content" class="room">
${card && renderGuestCard(card, { senderName: share.senderName, path })}
${renderNextStep(content, path)}
${renderItems(view)}
${renderQuestions({ ...view, privacy })}
${share.maxVisitors === null && renderForward({ senderName: share.senderName, path, privacy, form: view.forward })}
</main>`;
}

// ── the next step ───────────────────────────────────────────────────────────────────────────────────────

function renderNextStep({ nextStep }: RoomContent, path: string): Html | false {
  if (!nextStep) return false;
  const { label, url, at } = nextStep;
  const what =
    url !== null
      ? html`<p class="name">${label}</p><a class="button" href="${url}" target="_blank" rel="noopener noreferrer nofollow">Open ${new URL(url).host}</a>`
      : html`<p class="name">${label}</p>${
          at !== null &&
          html`<p class="when"><time datetime="${at.toISOString()}" data-when>${describeMoment(at, 'full')}</time></p><a class="button calm" href="${path}/next-step.ics" download>Add to my calendar</a>`
        }`;
  return html`<section class="next" aria-labelledby="next"><h2 id="next">Next step</h2>${what}</section>`;
}

/** The next step as a calendar takes it: a meeting of half an hour. */
export function renderCalendar(
  { nextStep }: RoomContent,
  shareLinkId: string,
  now: Date,
): string | undefined {
  if (!nextStep?.at) return undefined;
  const stamp = (moment: Date) => `${moment.toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;
  const escaped = nextStep.label.replace(/[\\;,]/g, '\\$&').replace(/\s+/g, ' ');
  return [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Offshelf//Room//EN',
    'BEGIN:VEVENT',
    `UID:${shareLinkId}-${stamp(nextStep.at)}`,
    `DTSTAMP:${stamp(now)}`,
    `DTSTART:${stamp(nextStep.at)}`,
    `DTEND:${stamp(new Date(nextStep.at.getTime() + 30 * 60_000))}`,
    ...foldLine(`SUMMARY:${escaped}`),
    'END:VEVENT',
    'END:VCALENDAR',
    '',
  ].join('\r\n');
}

/** RFC 5545: no line of a calendar is longer than 75 bytes; a space goes on with the last one. */
function foldLine(line: string): string[] {
  const lines = [''];
  for (const letter of line) {
    if (Buffer.byteLength(`${lines.at(-1)}${letter}`) > 74) lines.push(' ');
    lines[lines.length - 1] += letter;
  }
  return lines;
}

// ── the items ───────────────────────────────────────────────────────────────────────────────────────────

function renderItems(view: RoomView): Html {
  const { content, share } = view;
  if (content.items.length === 0)
    return html`<p class="empty">There is nothing in this room at the moment. ${share.senderName} may be about to change it; come back later, or ask.</p>`;
  return html`<ol class="items" aria-label="What is in this room">
${content.items.map((item, index) => renderItem(view, item, index))}</ol>`;
}

function renderItem(
  { share, path, audience: { privacy } }: RoomView,
  item: RoomContentItem,
  index: number,
): Html {
  const { assetId, assetTitle, note, addedAt, hasThumbnail } = item;
  const address = `${path}/items/${assetId}`;
  // The share link was made with what was in the room then; everything later is told apart.
  const isLater = addedAt.getTime() > share.createdAt.getTime() + 60_000;
  const picture = hasThumbnail
    ? html`<img src="${address}/pages/1/image?w=480" alt="" width="160" height="112" decoding="async"${index > 2 && html` loading="lazy"`}>`
    : html`<span class="blank" aria-hidden="true">${item.url === null ? (item.fileName?.split('.').at(-1)?.slice(0, 4).toUpperCase() ?? '') : 'WWW'}</span>`;
  return html`<li id="item-${assetId}" data-item="${assetId}">
<span class="thumb">${picture}</span>
<div><h2><a href="${inView(address, privacy)}">${assetTitle}</a></h2>
${note && html`<p class="why">${note}</p>`}
<p class="meta facts"><span>${describeItem(item)} <span data-state></span></span><b class="fresh" data-fresh${!isLater && html` hidden`}>${isLater && `Added ${describeDay(addedAt)}`}</b></p></div>
</li>
`;
}

function describeItem({
  url,
  readablePages,
  expectedMs,
  durationMs,
  mediaType,
  fileName,
}: RoomContentItem): string {
  if (url !== null) return 'A web page';
  if (/^(video|audio)\//.test(mediaType))
    return durationMs === null
      ? 'To watch'
      : `${describeDuration(durationMs)} to ${mediaType.startsWith('audio/') ? 'listen to' : 'watch'}`;
  if (readablePages === 0)
    return `${/\.([a-z0-9]{1,5})$/i.exec(fileName ?? '')?.[1]?.toUpperCase() ?? 'A'} file`;
  const minutes = `${describeMinutes(expectedMs)} to read`;
  return readablePages > 1 ? `${readablePages} pages, about ${minutes}` : minutes;
}

function describeMinutes(ms: number): string {
  return `${Math.max(1, Math.round(ms / 60_000))} min`;
}

function describeRoom({ items }: RoomContent): string {
  const expectedMs = items.reduce((sum, item) => sum + item.expectedMs, 0);
  const count = `${items.length} ${items.length === 1 ? 'item' : 'items'}`;
  return expectedMs > 0 ? `${count}, about ${describeMinutes(expectedMs)} in all` : count;
}

// ── where the reader stands ─────────────────────────────────────────────────────────────────────────────

export interface RoomProgress {
  sum: string;
  /** By the id of the asset. */
  states: Record<string, string>;
  fresh: string[];
}

/** What the script writes beside each item once it knows who reads. */
export function describeProgress(items: ItemProgress[]): RoomProgress {
  const pages = items.reduce((sum, { readablePages }) => sum + readablePages, 0);
  const read = items.reduce((sum, { readPages }) => sum + readPages, 0);
  const fresh = items.filter(({ isNew }) => isNew).map(({ assetId }) => assetId);
  const opened = items.filter(({ isOpened }) => isOpened).length;
  const position =
    opened === 0
      ? ''
      : pages > 0
        ? `You have read ${read} of ${pages} ${pages === 1 ? 'page' : 'pages'}.`
        : `You have opened ${opened} of ${items.length}.`;
  const news =
    fresh.length > 0 &&
    `${fresh.length} ${fresh.length === 1 ? 'item is' : 'items are'} new since your last visit.`;
  return {
    sum: [news, position].filter(Boolean).join(' '),
    states: Object.fromEntries(items.map((item) => [item.assetId, describeState(item)])),
    fresh,
  };
}

function describeState({ isOpened, readPages, readablePages, watchedMs, durationMs }: ItemProgress): string {
  if (!isOpened) return '';
  if (durationMs !== null && durationMs > 0) {
    const share = Math.round((100 * watchedMs) / durationMs);
    return share >= 95 ? 'played to the end' : share > 0 ? `${share}% played` : 'opened';
  }
  if (readablePages === 0) return 'opened';
  if (readPages >= readablePages) return 'read';
  if (readPages === 0) return 'opened';
  return `${readPages} of ${readablePages} read`;
}
