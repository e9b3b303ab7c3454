import { isHuman } from '../judging/human-opens.ts';
import { activeMsOf, countReadPages } from '../tracking/reading.ts';
import { type ActNowEntry, overdueAfterHours } from './contract.ts';
import type { LinkRow, OpenDealValue, VisitRow } from './queries.ts';
import { countReaders, hasRead, listReaders } from './read-visits.ts';

const hourMs = 3_600_000;

type Waiting = Pick<
  ActNowEntry,
  | 'readers'
  | 'readerCount'
  | 'readPageCount'
  | 'activeMs'
  | 'isConfirmed'
  | 'firstReadAt'
  | 'lastReadAt'
  | 'dueAt'
  | 'isOverdue'
>;

/**
 * What waits for an answer of one share link, from the visits since the last one; undefined where no person has read a
 * page, or where nobody could be answered: whoever comes by a channel and says no name.
 */
export function findWaiting(
  { recipientKind }: Pick<LinkRow, 'recipientKind'>,
  visits: readonly VisitRow[],
  now: Date,
): Waiting | undefined {
  const read = visits.filter(
    (visit) => hasRead(visit) && (recipientKind !== 'channel' || visit.name !== null || visit.email !== null),
  );
  const human = read.filter(isHuman);
  const first = human.at(-1);
  const last = human[0];
  if (!first || !last) return undefined;
  const dueAt = new Date(first.startedAt.getTime() + overdueAfterHours * hourMs);
  return {
    readers: listReaders(human),
    readerCount: countReaders(read),
    readPageCount: countReadPages(human),
    activeMs: human.reduce((sum, visit) => sum + activeMsOf(visit), 0),
    isConfirmed: human.some((visit) => visit.class === 'human-confirmed'),
    firstReadAt: first.startedAt,
    lastReadAt: new Date(Math.max(...human.map(({ lastActiveAt }) => lastActiveAt.getTime()))),
    dueAt,
    isOverdue: dueAt <= now,
  };
}

type Ranked = Pick<
  ActNowEntry,
  'isConfirmed' | 'readPageCount' | 'pageCount' | 'activeMs' | 'lastReadAt' | 'openValue'
>;

/**
 * How much an entry matters. A confirmed person outweighs everything; then a document read to its end counts about as
 * much as reading of the last hours, and an open deal of a million as much as either.
 */
export function weigh(entry: Ranked, now: Date): number {
  const hours = Math.max(0, (now.getTime() - entry.lastReadAt.getTime()) / hourMs);
  const freshness = 0.5 ** (hours / 48);
  const completion = Math.min(1, entry.readPageCount / Math.max(1, entry.pageCount));
  const minutes = Math.min(1, Math.log2(1 + entry.activeMs / 60_000) / 4);
  // Currencies are not converted: only the size of the number counts here.
  const worth = Math.max(0, ...entry.openValue.map(({ amount }) => amount));
  const value = Math.min(1, Math.log10(1 + worth / 1000) / 3);
  return (entry.isConfirmed ? 10 : 0) + completion * 0.6 + minutes * 0.4 + freshness + value;
}

/** What each account's open deals are worth, as entries show it. */
export function dealValueOf(accountId: string | null, values: readonly OpenDealValue[]) {
  const own = values.filter((row) => row.accountId === accountId);
  return {
    openDealCount: own.reduce((sum, row) => sum + row.dealCount, 0),
    openValue: own.map(({ currency, amount }) => ({ currency, amount })),
  };
}
