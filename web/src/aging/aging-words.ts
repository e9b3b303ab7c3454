import { formatCalendarDay, formatDay, formatNumber, formatPercent, plural } from '../lib/format.ts';
import type { Aging, ExpiringAsset, FallingAsset, FlaggedAsset, HeldVersion, HotStaleAsset } from './api.ts';

/** "Reads per share fell from 80% to 30% in the week of 4 May 2026; 64 shares before, 41 after." */
export function fallWords({ before, after, sinceOn }: FallingAsset): string {
  const rate = ({ readCount, sharedCount }: FallingAsset['before']) => formatPercent(readCount / sharedCount);
  return `Reads per share fell from ${rate(before)} to ${rate(after)} in the week of ${formatCalendarDay(sinceOn)}; ${plural(before.sharedCount, 'share')} before, ${formatNumber(after.sharedCount)} after.`;
}

export function staleWords(
  { usedDays, readDays, reviewOn, hasOwner }: HotStaleAsset,
  lastDay: string,
): string {
  const why = [
    reviewOn !== null && reviewOn < lastDay && `its review was due on ${formatCalendarDay(reviewOn)}`,
    !hasOwner && 'nobody owns it',
  ].filter(Boolean);
  return `Used on ${plural(usedDays, 'day')}, read on ${formatNumber(readDays)}; ${why.join(' and ')}.`;
}

export function expiringWords({ endsOn, link, readDays }: ExpiringAsset): string {
  const what = link
    ? `The share link of ${link.recipientName}, sent by ${link.senderName}, ends`
    : 'Its review is due';
  return `${what} on ${formatCalendarDay(endsOn)}; read on ${plural(readDays, 'day')}.`;
}

export function heldWords({
  recipientName,
  accountName,
  senderName,
  heldNumber,
  currentNumber,
  isPinned,
  lastReadAt,
}: HeldVersion): string {
  const who =
    accountName && accountName !== recipientName ? `${recipientName} (${accountName})` : recipientName;
  const read = lastReadAt ? `read ${formatDay(lastReadAt)}` : 'not read yet';
  return `${who} holds version ${heldNumber.toString()} of ${currentNumber.toString()}${isPinned ? ', pinned' : ''}; sent by ${senderName}, ${read}.`;
}

export function flagWords({ userCount, flags }: FlaggedAsset): string {
  const [latest] = flags;
  const reasons = [...new Set(flags.map(({ reason }) => reason))].join(' and ');
  const note = flags.find((flag) => flag.note !== '')?.note;
  return `${userCount === 1 ? (latest?.userName ?? 'Somebody') : plural(userCount, 'colleague')} called it ${reasons}${latest ? `, last on ${formatDay(latest.flaggedAt)}` : ''}${note ? `: “${note}”` : '.'}`;
}

/** What was looked at, and what could not be told. */
export function agingEvidence({ falling }: Aging): string {
  if (falling.countedAt === null) return 'Falling reads are looked for once an hour; that was not done yet.';
  if (falling.testedCount === 0)
    return 'No asset has the 40 share links in half a year that it takes to see its reads fall.';
  return `Reads per share were looked at for ${plural(falling.testedCount, 'asset')} with 40 share links or more in half a year.`;
}

/** Why no asset is named as falling: it wasn't looked for, it can't be told, or there is none. */
export function noFallWords({ falling: { countedAt, testedCount } }: Aging): string {
  if (countedAt === null)
    return 'Not looked for yet. It is done within a minute or so of the start, and then each hour.';
  if (testedCount === 0)
    return 'It can’t be told yet: it takes 40 share links to an asset in half a year, and none has as many.';
  return `None of the ${plural(testedCount, 'asset')} with 40 share links or more is read clearly less per share than before.`;
}

/** The finding over the weeks of one asset. */
export function fallFinding({ title, before, after }: FallingAsset): string {
  return `${title}: read less per share, ${formatPercent(before.readCount / before.sharedCount)} before and ${formatPercent(after.readCount / after.sharedCount)} since`;
}
