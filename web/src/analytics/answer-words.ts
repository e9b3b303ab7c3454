import { formatDay, formatNumber, formatPercent } from '../lib/format.ts';
import type { Rung, ShelfReport, Spine } from './api.ts';

/** Below this many assets a percentage says more than is known, so the counts come first. */
const fewAssets = 10;

export function daysOf({ windowStart, windowEnd }: Pick<ShelfReport, 'windowStart' | 'windowEnd'>): number {
  return Math.round((windowEnd.getTime() - windowStart.getTime()) / 86_400_000);
}

/** The answer to "How much of what we make reaches buyers?" in one sentence, after the definition of the unused rate. */
export function answerSentence(report: ShelfReport): string {
  const { value, part, n } = report.unusedRate.current;
  const when = `in the last ${daysOf(report).toString()} days`;
  if (value === null || n === 0) return 'No asset counts yet.';
  if (n === 1)
    return part === 1
      ? `Your one eligible asset stayed on the shelf ${when}.`
      : `Your one eligible asset was used ${when}.`;
  if (part === 0) return `All of your ${formatNumber(n)} eligible assets were used ${when}.`;
  if (part === n) return `None of your ${formatNumber(n)} eligible assets left the shelf ${when}.`;
  if (n < fewAssets)
    return `${formatNumber(part)} of ${formatNumber(n)} eligible assets stayed on the shelf ${when}.`;
  return `${formatPercent(value)} of your library stayed on the shelf ${when}.`;
}

/** Whether the window before was recorded from its first day; otherwise there is nothing to compare with. */
export function hasBefore({ recordingSince, windowStart, windowEnd, unusedRate }: ShelfReport): boolean {
  const beforeStart = 2 * windowStart.getTime() - windowEnd.getTime();
  return unusedRate.previous.n > 0 && recordingSince !== null && recordingSince.getTime() <= beforeStart;
}

/** What the sentence was counted over, and the same for the window before. */
export function evidence(report: ShelfReport): string {
  const { current, previous } = report.unusedRate;
  const days = daysOf(report).toString();
  const counted = `Sales neither shared nor downloaded ${countOf(current)} eligible assets`;
  const { recordingSince } = report;
  if (recordingSince === null || recordingSince > report.windowStart)
    return `${counted}, as far as Offshelf saw: it has recorded since ${formatDay(recordingSince ?? report.asOf)} only.`;
  if (!hasBefore(report))
    return `${counted}. The ${days} days before can’t be compared: ${
      previous.n === 0 ? 'no asset was eligible then' : `recording began on ${formatDay(recordingSince)}`
    }.`;
  const before =
    previous.n < fewAssets
      ? countOf(previous)
      : `${formatPercent(previous.value ?? 0)}, ${countOf(previous)}`;
  return `${counted}. In the ${days} days before it was ${before}.`;
}

function countOf({ part, n }: { part: number; n: number }): string {
  return `${formatNumber(part)} of ${formatNumber(n)}`;
}

/** How far the content got with buyers, which the unused rate does not say. */
export function buyersSentence({ ladder, unusedRate }: ShelfReport): string {
  const reachedCount = (rung: Rung) => ladder.find((step) => step.rung === rung)?.reachedCount ?? 0;
  const [opened, read] = [reachedCount('reached'), reachedCount('read')];
  if (opened === 0) return 'No person has opened one of them by a share link.';
  const ofAll = `${formatNumber(opened)} of the ${formatNumber(unusedRate.current.n)}`;
  if (read === 0) return `People outside opened ${ofAll} and read none.`;
  if (read === opened) return `People outside opened ${ofAll} and read ${read === 1 ? 'it' : 'every one'}.`;
  return `People outside opened ${ofAll} and read ${formatNumber(read)}.`;
}

const stoppingRungs: Rung[] = ['published', 'surfaced', 'opened', 'shared', 'reached'];

/** The rungs below "read" where most assets stop; more than one when they are equal. */
export function mainStops(ladder: ShelfReport['ladder']): ShelfReport['ladder'] {
  const stops = ladder.filter((step) => stoppingRungs.includes(step.rung) && step.count > 0);
  const most = Math.max(0, ...stops.map((step) => step.count));
  return stops.filter((step) => step.count === most);
}

/** What is wrong with an asset itself, which comes before what its rung calls for. */
export function fixFirst(spine: Spine): string | null {
  if (spine.isStale) return 'Review it, it is stale';
  const missing = [
    ...(spine.contentType === null ? ['content type'] : []),
    ...(spine.personas.length === 0 ? ['persona'] : []),
    ...(spine.stages.length === 0 ? ['stage'] : []),
  ];
  return missing.length > 0 ? `Add ${missing.join(', ')}` : null;
}
