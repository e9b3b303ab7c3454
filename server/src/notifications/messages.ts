import { mailPage, quietStyle } from '../auth/mail.ts';
import type { Config } from '../config.ts';
import { escapeHtml } from '../documents/escape-html.ts';
import type { ThreadRow } from './queries.ts';

export interface Message {
  threads: ThreadRow[];
  isDigest: boolean;
}

/** It shows that a channel works, and what it will look like. */
export const testMessage: Message = { threads: [], isDigest: false };

const keyWords: Record<string, string> = {
  code: 'known by a proven address',
  email: 'known by the address they typed',
  cookie: 'known by a cookie',
  daily: 'known by a key of the day',
  visit: 'known by this visit only',
};

const forwardingWords: Record<string, string> = {
  low: 'Perhaps forwarded',
  medium: 'Probably forwarded',
  high: 'Very probably forwarded',
};

/** By what a visitor is called: a name, an address, or the recipient whose share link it is. */
function readerName(thread: ThreadRow): string {
  const { visitorEmail, visitorName, recipientEmail, recipientKind, recipientName } = thread;
  const isRecipient = visitorEmail !== null && visitorEmail.toLowerCase() === recipientEmail?.toLowerCase();
  if (isRecipient && recipientKind === 'person') return recipientName;
  const own = visitorName ?? visitorEmail;
  if (own) return own;
  if (recipientKind === 'person') return recipientName;
  return recipientKind === 'account' ? `Somebody at ${recipientName}` : 'Somebody';
}

function plural(count: number, one: string): string {
  return `${count.toString()} ${count === 1 ? one : `${one}s`}`;
}

function duration(ms: number): string {
  return ms < 60_000
    ? `${Math.max(1, Math.round(ms / 1_000)).toString()} s`
    : `${Math.round(ms / 60_000).toString()} min`;
}

/** "Dana Okafor came back to “Pricing”". */
function headline(thread: ThreadRow): string {
  const { news, title } = thread;
  if (news === 'asked') return oneLine(`${readerName(thread)} asks in “${title}”`);
  const did =
    news === 'downloaded' ? 'downloaded' : news === 'came_back' ? 'came back to' : readWords(thread);
  return oneLine(`${readerName(thread)} ${did} “${title}”`);
}

function readWords({ readPageCount, pageCount, durationMs }: ThreadRow): string {
  if (readPageCount === 0) return 'opened';
  if (pageCount <= 1) return durationMs === null ? 'read' : 'watched';
  return readPageCount >= pageCount
    ? `read all ${pageCount.toString()} pages of`
    : `read ${readPageCount.toString()} of ${pageCount.toString()} pages of`;
}

/** What else there is to know, in parts: time, pages, device, how sure it is. */
function details(thread: ThreadRow): string[] {
  const { news, readPageCount, pageCount, activeMs, visitCount, device, keyKind } = thread;
  if (news === 'asked') return [oneLine(thread.questionText ?? '')];
  const saysPages = news === 'downloaded' || news === 'came_back';
  return [
    ...(saysPages && readPageCount > 0
      ? [`${Math.min(readPageCount, pageCount).toString()} of ${plural(pageCount, 'page')} read`]
      : []),
    `${duration(activeMs)}${visitCount > 1 ? ` in ${plural(visitCount, 'visit')}` : ''}`,
    device,
    ...(thread.openedTitles.length > 0 ? [`Opened ${thread.openedTitles.join(', ')}`] : []),
    (keyKind && keyWords[keyKind]) ?? '',
    thread.isConfirmed ? 'a person' : 'probably a person',
    ...(thread.forwarding ? [forwardingWords[thread.forwarding] ?? ''] : []),
    ...(thread.accountName && thread.recipientKind === 'person' ? [thread.accountName] : []),
  ].filter((part) => part !== '');
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

/** The page of the app that tells the whole story. */
export function storyUrl({ publicUrl }: Config, shareLinkId: string): string {
  return `${publicUrl}/my-links/${shareLinkId}`;
}

/** Where a question is answered, or the story is told. */
function pageUrl(config: Config, { questionId, roomId, shareLinkId }: ThreadRow): string {
  return questionId !== null && roomId !== null
    ? `${config.publicUrl}/collections/rooms/${roomId}`
    : storyUrl(config, shareLinkId);
}

const settingsPath = '/settings/notifications';
const testWords = 'This is how Offshelf tells you when somebody reads what you sent. It works.';

function subjectOf({ threads, isDigest }: Message): string {
  const [first] = threads;
  if (!first) return 'A test from Offshelf';
  if (!isDigest && threads.length === 1) return headline(first);
  return threads.length === 1
    ? `Your day: ${headline(first)}`
    : threads.some(({ news }) => news === 'asked')
      ? `${threads.length.toString()} people read or asked`
      : `${threads.length.toString()} people read what you sent`;
}

export function composeMail(
  config: Config,
  message: Message,
): { subject: string; text: string; html: string } {
  const { threads } = message;
  const subject = subjectOf(message);
  const settingsUrl = config.publicUrl + settingsPath;
  const parts = threads.map((thread) => ({
    head: headline(thread),
    more: details(thread).join(' · '),
    url: pageUrl(config, thread),
  }));
  const text = [
    ...(parts.length === 0 ? [testWords] : parts.map(({ head, more, url }) => `${head}\n${more}\n${url}`)),
    `When you are told, and how: ${settingsUrl}`,
  ].join('\n\n');
  const items = parts.map(
    ({ head, more, url }) =>
      `<p style="margin:0 0 2px;font-weight:600"><a href="${escapeHtml(url)}" style="color:inherit">${escapeHtml(head)}</a></p>
<p style="${quietStyle};margin-bottom:18px">${escapeHtml(more)}</p>`,
  );
  const html = mailPage(
    subject,
    items.length > 0 ? items.join('\n') : `<p style="margin:0 0 18px">${testWords}</p>`,
    `<a href="${escapeHtml(settingsUrl)}" style="color:inherit">When you are told, and how</a>`,
  );
  return { subject, text: `${text}\n`, html };
}

/** Slack takes three signs for its own. */
function escapeSlack(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

const mostBlocks = 40;

export function composeSlack(config: Config, message: Message): object {
  const { threads } = message;
  if (threads.length === 0) return { text: testWords };
  const shown = threads.slice(0, mostBlocks);
  const lines = shown.map((thread) => {
    const url = pageUrl(config, thread);
    return `*<${url}|${escapeSlack(headline(thread)).replaceAll('|', '¦')}>*\n${escapeSlack(details(thread).join(' · '))}`;
  });
  const left = threads.length - shown.length;
  return {
    text: escapeSlack(subjectOf(message)),
    blocks: [...lines, ...(left > 0 ? [`And ${left.toString()} more in Offshelf.`] : [])].map((text) => ({
      type: 'section',
      // Otherwise Slack makes links and mentions of names such as @channel, which anybody can give themselves.
      text: { type: 'mrkdwn', text: text.slice(0, 2_900), verbatim: true },
    })),
  };
}
