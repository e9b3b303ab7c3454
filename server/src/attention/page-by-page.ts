import { metrics } from '../analytics/metrics.ts';
import { expectedReadingMs, readingRule } from '../rendering/service.ts';
import type { AttentionPage, Spread } from './contract.ts';
import type { PageTimes } from './queries.ts';

interface PageCounts {
  pageCount: number;
  words: readonly { pageNumber: number; wordCount: number }[];
  times: readonly PageTimes[];
  reads: readonly { pageNumber: number; count: number }[];
  spans: readonly { firstPage: number; furthestPage: number; count: number }[];
  /** Readers who had page 1, 2, … or a later one in sight. */
  reachedCounts: readonly number[];
}

/** Each page with how long it was looked at, and whether it was skipped, skimmed, read or studied. */
export function pageByPage({
  pageCount,
  words,
  times,
  reads,
  spans,
  reachedCounts,
}: PageCounts): AttentionPage[] {
  const wordsOf = new Map(words.map((page) => [page.pageNumber, page.wordCount]));
  const readsOf = new Map(reads.map((page) => [page.pageNumber, page.count]));
  const timesOf = new Map(times.map((page) => [page.pageNumber, page]));
  const last = Math.max(pageCount, reachedCounts.length);
  return Array.from({ length: last }, (_, index) => {
    const pageNumber = index + 1;
    const wordCount = wordsOf.get(pageNumber) ?? 0;
    const own = timesOf.get(pageNumber);
    const seenCount = own?.count ?? 0;
    const readCount = Math.min(readsOf.get(pageNumber) ?? 0, seenCount);
    const studiedCount = Math.min(readCount, own?.studiedCount ?? 0);
    const passed = sumOf(
      spans.filter((span) => span.firstPage <= pageNumber && span.furthestPage >= pageNumber),
    );
    const passedCount = Math.max(passed, seenCount);
    return {
      pageNumber,
      wordCount,
      expectedMs: Math.round(expectedReadingMs(wordCount)),
      seenCount,
      activeMs: own && seenCount >= metrics.attention.minimumN ? spreadOf(own) : null,
      passedCount,
      skippedCount: passedCount - seenCount,
      skimmedCount: seenCount - readCount,
      readCount: readCount - studiedCount,
      studiedCount,
      reachedCount: reachedCounts[index] ?? 0,
    };
  });
}

/**
 * From how many tenths of a second on each page, the first one first, is studied: the time that its words take. Less than what
 * counts as read never is.
 */
export function studiedTenths(
  words: readonly { pageNumber: number; wordCount: number }[],
  pageCount: number,
): number[] {
  const wordsOf = new Map(words.map((page) => [page.pageNumber, page.wordCount]));
  return Array.from({ length: pageCount }, (_, index) => {
    const expectedMs = expectedReadingMs(wordsOf.get(index + 1) ?? 0);
    return Math.ceil(Math.max(readingRule.minimumMs, expectedMs) / 100);
  });
}

/** Between the value below a quartile and the one above it, as `quantile` finds it in a list. */
function spreadOf({ count, below, above }: PageTimes): Spread {
  const [low, median, high] = [0.25, 0.5, 0.75].map((share, index) => {
    const place = (count - 1) * share;
    const [from, to] = [below[index] ?? 0, above[index] ?? 0];
    return (from + (to - from) * (place - Math.floor(place))) * 100;
  });
  return { median: median ?? 0, low: low ?? 0, high: high ?? 0 };
}

/** The quartiles of values that each stand there so many times. */
export function quartilesOf(values: readonly { value: number; count: number }[]): Spread | null {
  const sorted = values.toSorted((a, b) => a.value - b.value);
  const n = sumOf(sorted);
  if (n === 0) return null;
  const at = (share: number) => {
    const place = (n - 1) * share;
    const low = valueAt(sorted, Math.floor(place));
    return low + (valueAt(sorted, Math.ceil(place)) - low) * (place - Math.floor(place));
  };
  return { median: at(0.5), low: at(0.25), high: at(0.75) };
}

function valueAt(sorted: readonly { value: number; count: number }[], place: number): number {
  let before = 0;
  for (const { value, count } of sorted) {
    before += count;
    if (place < before) return value;
  }
  return sorted.at(-1)?.value ?? 0;
}

/** Of how far readers got, how many had page 1, 2, … or a later one in sight. */
export function reachedFrom(
  furthest: readonly { furthestPage: number; readerCount: number }[],
  pageCount: number,
): number[] {
  const last = Math.max(pageCount, ...furthest.map(({ furthestPage }) => furthestPage));
  return Array.from({ length: last }, (_, index) =>
    furthest.reduce((sum, each) => sum + (each.furthestPage > index ? each.readerCount : 0), 0),
  );
}

/** More points than these say nothing more on a screen. */
const mostPoints = 120;

/** How many readers played it at each of so many moments, evenly from its beginning to its end. */
export function playedAt(
  changes: readonly { second: number; step: number }[],
  durationMs: number,
): { second: number; readerCount: number }[] {
  const seconds = Math.max(1, Math.ceil(durationMs / 1000));
  const pointCount = Math.min(seconds, mostPoints);
  return Array.from({ length: pointCount }, (_, index) => {
    const second = Math.floor((index * seconds) / pointCount);
    const readerCount = changes.reduce((sum, change) => sum + (change.second <= second ? change.step : 0), 0);
    return { second, readerCount };
  });
}

function sumOf(rows: readonly { count: number }[]): number {
  return rows.reduce((sum, { count }) => sum + count, 0);
}
