import { formatDuration, formatNumber, plural } from '../lib/format.ts';
import { paths } from '../lib/paths.ts';
import { readerName } from '../ui/reader-words.ts';
import type { Kind, Notification, Timing, WebhookEvent } from './api.ts';

type Told = Pick<
  Notification,
  'news' | 'reader' | 'recipient' | 'title' | 'readPageCount' | 'pageCount' | 'durationMs'
>;

/** What somebody did last, in parts around the title: "Dana Okafor" "read 6 of 8 pages of" "Pricing". */
export function sayNews(told: Told): { who: string; did: string } {
  return { who: readerName(told.reader, told.recipient), did: didOf(told) };
}

function didOf({ news, readPageCount, pageCount, durationMs }: Told): string {
  if (news === 'asked') return 'asks in';
  if (news === 'downloaded') return 'downloaded';
  if (news === 'came_back') return 'came back to';
  const count = Math.min(readPageCount, pageCount);
  if (count === 0) return 'opened';
  if (pageCount <= 1) return durationMs === null ? 'read' : 'watched';
  return count === pageCount
    ? `read all ${formatNumber(pageCount)} pages of`
    : `read ${formatNumber(count)} of ${formatNumber(pageCount)} pages of`;
}

/** To whom it was sent, where the sentence names somebody else. */
export function sentTo({ reader, recipient }: Pick<Told, 'reader' | 'recipient'>): string | null {
  if (recipient.kind === 'account' || readerName(reader, recipient) === recipient.name) return null;
  return recipient.kind === 'channel' ? `by way of ${recipient.name}` : `sent to ${recipient.name}`;
}

/** Where the whole of it is told, or a question is answered. */
export function storyPath({ question, roomId, shareLinkId }: Notification): string {
  return question && roomId ? paths.room(roomId) : paths.shareLink(shareLinkId);
}

/** "4 min in 2 visits"; nothing yet of somebody who has only just opened it. */
export function sayTime({
  activeMs,
  visitCount,
}: Pick<Notification, 'activeMs' | 'visitCount'>): string | null {
  if (activeMs < 1_000) return null;
  const time = formatDuration(activeMs);
  return visitCount > 1 ? `${time} in ${plural(visitCount, 'visit')}` : time;
}

/** How far it was read, where the sentence says something else. */
export function sayPages({ news, readPageCount, pageCount }: Told): string | null {
  const isUnsaid = news === 'downloaded' || news === 'came_back';
  if (!isUnsaid || readPageCount === 0 || pageCount <= 1) return null;
  return `${formatNumber(Math.min(readPageCount, pageCount))} of ${plural(pageCount, 'page')} read`;
}

export const forwardingWords: Record<NonNullable<Notification['forwarding']>, string> = {
  low: 'perhaps forwarded',
  medium: 'probably forwarded',
  high: 'very probably forwarded',
};

export const kindWords: Record<Kind, { name: string; says: string }> = {
  reading: {
    name: 'A person reads what you sent',
    says: 'Once for each reader, and again when they read more, come back or download.',
  },
  question: { name: 'Somebody asks in a room', says: 'It stays open until one of you has answered.' },
};

export const timingWords: Record<Timing, string> = {
  at_once: 'At once',
  digest: 'Once a day',
  off: 'Never',
};

export const eventWords: Record<WebhookEvent, { name: string; says: string }> = {
  'visit.read': { name: 'Somebody read', says: 'A person opened a share link for the first time.' },
  'visit.updated': {
    name: 'Somebody read more',
    says: 'The same person read more pages, came back on another day, or downloaded.',
  },
  'question.asked': { name: 'Somebody asked', says: 'A question was written in a room.' },
  'share_link.created': {
    name: 'Share link made',
    says: 'A minute after it was made, once it can’t be undone.',
  },
};

/** What a message to another system was about. */
export function deliveryWords(event: string): string {
  return event === 'test'
    ? 'Test'
    : (Object.entries(eventWords).find(([name]) => name === event)?.[1].name ?? event);
}

const weekday = new Intl.DateTimeFormat('en-GB', { weekday: 'long', day: 'numeric', month: 'long' });

/** Under which day a list names something. */
export function dayHeading(date: Date, now: Date): string {
  const days = Math.round((startOf(now) - startOf(date)) / 86_400_000);
  if (days <= 0) return 'Today';
  return days === 1 ? 'Yesterday' : weekday.format(date);
}

function startOf(date: Date): number {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}

/** 1,350 minutes after midnight → 22:30 */
export function formatMinuteOfDay(minutes: number): string {
  const two = (value: number) => value.toString().padStart(2, '0');
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

/** 22:30 → 1,350; undefined for what is no time of a day. */
export function parseMinuteOfDay(text: string): number | undefined {
  const [, hours, minutes] = /^(\d{1,2}):(\d{2})$/.exec(text.trim()) ?? [];
  if (hours === undefined || Number(hours) > 23 || Number(minutes) > 59) return undefined;
  return Number(hours) * 60 + Number(minutes);
}
