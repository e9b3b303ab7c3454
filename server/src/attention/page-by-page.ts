import { metrics } from '../analytics/metrics.ts';
import { expectedReadingMs, readingRule } from '../rendering/service.ts';
import type { AttentionPage, Spread } from './contract.ts';

interface PageCounts {
  pageCount: number;
  words: readonly { pageNumber: number; wordCount: number }[];
  times: readonly { pageNumber: number; tenths: number; count: number }[];
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
  const timesOf = Map.groupBy(times, ({ pageNumber }) => pageNumber);
  const last = Math.max(pageCount, reachedCounts.length);
  return Array.from({ length: last }, (_, index) => {
    const pageNumber = index + 1;
    const wordCount = wordsOf.get(pageNumber) ?? 0;
    const own = timesOf.get(pageNumber) ?? [];
    const seenCount = sumOf(own);
    const readCount = Math.min(readsOf.get(pageNumber) ?? 0, seenCount);
    const studiedCount = Math.min(
      readCount,
      sumOf(own.filter(({ tenths }) => tenths * 100 >= studiedMs(wordCount))),
    );
    const passed = sumOf(
      spans.filter((span) => span.firstPage <= pageNumber && span.furthestPage >= pageNumber),
    );
    const passedCount = Math.max(passed, seenCount);
    return {
      pageNumber,
      wordCount,
      expectedMs: Math.round(expectedReadingMs(wordCount)),
      seenCount,
      activeMs:
        seenCount < metrics.attention.minimumN
          ? null
          : spreadOf(own.map(({ tenths, count }) => ({ value: tenths * 100, count }))),
      passedCount,
      skippedCount: passedCount - seenCount,
      skimmedCount: seenCount - readCount,
      readCount: readCount - studiedCount,
      studiedCount,
      reachedCount: reachedCounts[index] ?? 0,
    };
  });
}

/** Whoever takes the time that its words take has studied a page; less than what counts as read never is. */
function studiedMs(wordCount: number): number {
  return Math.max(readingRule.minimumMs, expectedReadingMs(wordCount));
}

/** The quartiles of values that each stand there so many times, as `quantile` finds them of a list. */
function spreadOf(values: readonly { value: number; count: number }[]): Spread | null {
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
