import type { ShareWarning } from '@offshelf/server/contract/shares';
import { formatCalendarDay, formatDay, formatRelative, plural } from '../lib/format.ts';

interface WarningWords {
  /** What is the matter. */
  title: string;
  detail: string;
  /** Whether it should be noticed, or only known. */
  tone: 'look' | 'plain';
}

/** A warning as a sender reads it: what it is, and what to make of it. */
export function warningWords(warning: ShareWarning, now: Date): WarningWords {
  switch (warning.kind) {
    case 'sent_before':
      return sentBefore(warning, now);
    case 'older_version_held':
      return {
        title: `${warning.recipientName} holds version ${warning.number.toString()}`,
        detail: `${warning.byName} pinned it; version ${warning.currentNumber.toString()} is current. A new link shows the current one.`,
        tone: 'look',
      };
    case 'internal_only':
      return {
        title: `“${warning.title}” is internal only`,
        detail: 'It is for you, not for buyers. Marketing can change its audience.',
        tone: 'look',
      };
    case 'not_published':
      return {
        title: `“${warning.title}” is ${warning.status === 'draft' ? 'a draft' : 'archived'}`,
        detail: 'Publish it, then it can be shared.',
        tone: 'look',
      };
    case 'review_due':
      return {
        title: warning.isPast
          ? `It was to be reviewed by ${formatCalendarDay(warning.reviewOn)}`
          : `It is to be reviewed by ${formatCalendarDay(warning.reviewOn)}`,
        detail: warning.isPast
          ? 'It may be out of date. Look before you send it.'
          : 'After that it counts as stale.',
        tone: warning.isPast ? 'look' : 'plain',
      };
    case 'dead_web_link':
      return {
        title: 'The web page does not open',
        detail: `${warning.reason.replace(/\.?$/, '.')} It has been so since ${formatDay(warning.since)}.`,
        tone: 'look',
      };
  }
}

type SentBefore = Extract<ShareWarning, { kind: 'sent_before' }>;

function sentBefore(warning: SentBefore, now: Date): WarningWords {
  const { isOwn, byName, recipientName, accountName, scope, sentAt } = warning;
  const whom = scope === 'person' || !accountName ? recipientName : `${recipientName} at ${accountName}`;
  return {
    title: `${isOwn ? 'You' : byName} sent this to ${whom} ${formatRelative(sentAt, now)}`,
    detail: readWords(warning, now),
    tone: isOwn ? 'plain' : 'look',
  };
}

function readWords({ readPageCount, pageCount, lastOpenedAt }: SentBefore, now: Date): string {
  if (readPageCount === null || !lastOpenedAt) return 'No person has opened it yet.';
  const when = `last opened ${formatRelative(lastOpenedAt, now)}`;
  if (readPageCount === 0) return `It was opened and not read, ${when}.`;
  if (pageCount === null || pageCount <= 1) return `It was read, ${when}.`;
  return readPageCount >= pageCount
    ? `All ${plural(pageCount, 'page')} were read, ${when}.`
    : `${readPageCount.toString()} of ${plural(pageCount, 'page')} ${readPageCount === 1 ? 'was' : 'were'} read, ${when}.`;
}
