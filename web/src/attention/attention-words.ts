import { formatDuration, formatNumber, formatPercent, plural } from '../lib/format.ts';
import type { Attention, AttentionPage } from './api.ts';

type Told = Pick<Attention, 'kind' | 'opens' | 'readCount' | 'pages' | 'pagedCount' | 'playing'>;

/** With fewer a share says more than is known, so the counts are said. */
const fewReaders = 10;

/** How an asset is received, in one sentence. */
export function attentionAnswer(told: Told): string {
  const { opens, readCount, kind, playing, pages, pagedCount } = told;
  if (opens.value === 0) return 'No person has opened it in this time.';
  if (kind === 'playing') return playing ? playedHalfway(playing) : 'Nobody has played it.';
  if (readCount === 0)
    return `${plural(opens.value, 'person’s visit', 'visits of people')} opened it and read no page.`;
  if (pages.length > 1) return halfway(pages, pagedCount);
  return opens.value === 1
    ? 'One person’s visit read it.'
    : `${formatNumber(readCount)} of ${formatNumber(opens.value)} human opens are reads.`;
}

/** After which page most readers leave. */
export function dropOffFinding(pages: readonly AttentionPage[], pagedCount: number): string {
  const losses = pages.slice(1).map(({ reachedCount }, index) => ({
    afterPage: index + 1,
    lost: (pages[index]?.reachedCount ?? 0) - reachedCount,
  }));
  const most = losses.toSorted((a, b) => b.lost - a.lost)[0];
  if (!most || most.lost <= 0) return 'Nobody leaves before the last page';
  const after = `after page ${formatNumber(most.afterPage)}`;
  if (most.lost === pagedCount) return `Everybody stops ${after}`;
  return `Most readers are lost ${after}: ${formatNumber(most.lost)} of ${formatNumber(pagedCount)}`;
}

/** How far readers get. */
function halfway(pages: readonly AttentionPage[], pagedCount: number): string {
  const last = pages.length;
  const reachedEnd = pages.at(-1)?.reachedCount ?? 0;
  if (pagedCount === 0) return 'Nobody had a page of this version in sight.';
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

/** The page that holds people longest; one that few got to says nothing of the others. */
export function longestPage(pages: readonly AttentionPage[]): AttentionPage | undefined {
  const most = Math.max(1, ...pages.map(({ seenCount }) => seenCount));
  return pages
    .filter(({ seenCount }) => seenCount * 4 >= most)
    .toSorted((a, b) => (b.activeMs?.median ?? 0) - (a.activeMs?.median ?? 0))[0];
}

/** Which page holds people, and which they pass over. */
export function pagesFinding(pages: readonly AttentionPage[]): string {
  const longest = longestPage(pages);
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

/** When half of those who began a video or sound are gone. */
function playedHalfway({ points, readerCount, durationMs }: NonNullable<Attention['playing']>): string {
  if (readerCount === 0) return 'Nobody has played it in this time.';
  const half = points.find((point, index) => index > 0 && point.readerCount <= readerCount / 2);
  if (!half) return `More than half of the ${formatNumber(readerCount)} who played it stay to the end.`;
  const share = durationMs ? `, ${formatPercent((half.second * 1000) / durationMs)} of its length` : '';
  return `Half of the ${formatNumber(readerCount)} who played it are gone after ${formatDuration(half.second * 1000)}${share}.`;
}

/** How many are left of a video or sound. */
export function retentionFinding({ points, readerCount }: NonNullable<Attention['playing']>): string {
  if (readerCount === 0) return 'Nobody has played it in this time';
  return `${formatNumber(points.at(-1)?.readerCount ?? 0)} of ${formatNumber(readerCount)} are there at the end`;
}

/** What was left out of human opens. */
export function hiddenWords({ hiddenCount }: Attention['opens']): string | undefined {
  if (hiddenCount === 0) return undefined;
  return hiddenCount === 1
    ? '1 automated or internal visit is hidden'
    : `${formatNumber(hiddenCount)} automated or internal visits are hidden`;
}
