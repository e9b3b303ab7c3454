import { formatDuration, formatNumber, formatPercent, plural } from '../lib/format.ts';
import type { Attention, AttentionPage } from './api.ts';

type Told = Pick<Attention, 'kind' | 'opens' | 'readCount' | 'pages' | 'pagedCount' | 'playing'>;

/** With fewer a share says more than is known, so the counts are said. */
const fewReaders = 10;

/** How an asset is received, in one sentence. */
export function attentionAnswer(told: Told): string {
  const { opens, readCount, kind, playing, pages, pagedCount } = told;
  if (opens.value === 0) return 'No person has opened it in this time.';
  if (kind === 'playing') return playing ? playingFinding(playing) : 'Nobody has played it.';
  if (readCount === 0)
    return `${plural(opens.value, 'person’s visit', 'visits of people')} opened it and read no page.`;
  return dropOffFinding(pages, pagedCount);
}

/** Where readers leave. */
export function dropOffFinding(pages: readonly AttentionPage[], pagedCount: number): string {
  const last = pages.length;
  const reachedEnd = pages.at(-1)?.reachedCount ?? 0;
  if (pagedCount === 0) return 'Nobody had a page of this version in sight.';
  if (last === 1) return `${plural(pagedCount, 'reader')} had its one page in sight.`;
  if (pagedCount === 1) {
    const furthest = pages.findLast(({ reachedCount }) => reachedCount > 0)?.pageNumber ?? 1;
    return furthest === last
      ? `The one reader got to the last of ${formatNumber(last)} pages.`
      : `The one reader got to page ${formatNumber(furthest)} of ${formatNumber(last)}.`;
  }
  const half = pages.find(({ reachedCount }) => reachedCount <= pagedCount / 2);
  if (!half || reachedEnd > pagedCount / 2) return `${someOf(reachedEnd, pagedCount)} get to the last page.`;
  const gone = pagedCount - half.reachedCount;
  return `${gone * 2 === pagedCount ? 'Half of the readers' : someOf(gone, pagedCount)} stop before page ${formatNumber(half.pageNumber)} of ${formatNumber(last)}.`;
}

/** "9 of 14 readers", and from ten readers on "64% of 140 readers". */
function someOf(part: number, all: number): string {
  if (part === all) return `All ${formatNumber(all)} readers`;
  if (part === 0) return `None of ${formatNumber(all)} readers`;
  return `${all < fewReaders ? formatNumber(part) : formatPercent(part / all)} of ${formatNumber(all)} readers`;
}

/** Which page holds people, and which they pass over. */
export function pagesFinding(pages: readonly AttentionPage[]): string {
  const seen = pages.filter(({ seenCount }) => seenCount > 0);
  const longest = seen.toSorted((a, b) => (b.activeMs?.median ?? 0) - (a.activeMs?.median ?? 0))[0];
  if (!longest?.activeMs) return 'No page was in sight of a person.';
  const held = `Page ${formatNumber(longest.pageNumber)} holds people longest, ${formatDuration(longest.activeMs.median)}`;
  if (pages.length === 1)
    return `It holds people for ${formatDuration(longest.activeMs.median)} of the ${formatDuration(longest.expectedMs)} that its words take`;
  const skipped = pages
    .filter(({ skippedCount, passedCount }) => skippedCount * 4 >= passedCount && skippedCount >= 2)
    .toSorted((a, b) => b.skippedCount / b.passedCount - a.skippedCount / a.passedCount)[0];
  return skipped
    ? `${held}; page ${formatNumber(skipped.pageNumber)} is skipped by ${formatNumber(skipped.skippedCount)} of ${formatNumber(skipped.passedCount)}`
    : held;
}

/** How much of a video or sound is left when half of those who began it are gone. */
export function playingFinding({
  points,
  readerCount,
  durationMs,
}: NonNullable<Attention['playing']>): string {
  if (readerCount === 0) return 'Nobody has played it in this time.';
  const end = points.at(-1)?.readerCount ?? 0;
  if (end > readerCount / 2)
    return `${formatNumber(end)} of ${formatNumber(readerCount)} who played it are still there at the end.`;
  const half = points.find((point, index) => index > 0 && point.readerCount <= readerCount / 2);
  const share = half ? half.second / Math.max(1, durationMs / 1000) : 1;
  return `Half of the ${formatNumber(readerCount)} who played it are gone after ${formatDuration((half?.second ?? 0) * 1000)}, ${formatPercent(share)} of its length.`;
}

/** What was left out of human opens. */
export function hiddenWords({ hiddenCount }: Attention['opens']): string | undefined {
  if (hiddenCount === 0) return undefined;
  return hiddenCount === 1
    ? '1 automated or internal visit is hidden'
    : `${formatNumber(hiddenCount)} automated or internal visits are hidden`;
}
