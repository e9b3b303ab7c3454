import { formatDay, formatNumber, formatPercent } from '../lib/format.ts';
import { daysOf, fewAssets, isRecorded } from '../lib/shelf-answer.ts';
import type { Rung, ShelfReport, Spine } from './api.ts';

/** Whether there is a window before to compare with. */
export function hasBefore(report: ShelfReport): boolean {
  const beforeStart = 2 * report.windowStart.getTime() - report.windowEnd.getTime();
  return report.unusedRate.previous.n > 0 && isRecorded(report, beforeStart);
}

/** What the sentence was counted over, and the same for the window before. */
export function evidence(report: ShelfReport): string {
  const { current, previous } = report.unusedRate;
  const counted =
    current.part === current.n
      ? `Sales neither shared nor downloaded any of the ${formatNumber(current.n)}.`
      : `Sales neither shared nor downloaded ${countOf(current)} eligible assets.`;
  if (!isRecorded(report, report.windowStart.getTime())) return counted;
  const before = `the ${daysOf(report).toString()} days before`;
  if (previous.n === 0) return `${counted} In ${before} no asset was eligible.`;
  if (!hasBefore(report))
    return `${counted} There is no comparison with ${before}, because recording began on ${formatDay(report.recordingSince ?? report.asOf)}.`;
  const was =
    previous.n < fewAssets
      ? countOf(previous)
      : `${formatPercent(previous.value ?? 0)}, ${countOf(previous)}`;
  return `${counted} In ${before} it was ${was}.`;
}

/** Nothing has come up in a search yet, so that nobody can be said to have passed an asset over. */
export function isUntouched({ ladder }: ShelfReport): boolean {
  return ladder.every((step) => step.rung === 'published' || step.reachedCount === 0);
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
