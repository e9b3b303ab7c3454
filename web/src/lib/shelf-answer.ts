import type { ShelfReport } from '@offshelf/server/contract/analytics';
import { formatDay, formatNumber, formatPercent } from './format.ts';

/** Below this many assets a percentage says more than is known, so the counts come first. */
export const fewAssets = 10;

/** The answer to "How much of what we make reaches buyers?" in one sentence, after the definition of the unused rate. */
export function answerSentence(report: ShelfReport): string {
  const { value, part, n } = report.unusedRate.current;
  if (value === null || n === 0) return 'No asset counts yet.';
  const isWhole = isRecorded(report, report.windowStart.getTime());
  const when = isWhole
    ? `in the last ${daysOf(report).toString()} days`
    : `since recording began on ${formatDay(report.recordingSince ?? report.asOf)}`;
  const stayed = isWhole ? 'stayed' : 'has stayed';
  if (n === 1 && part === 1) return `Your one eligible asset ${stayed} on the shelf ${when}.`;
  if (n === 1) return `Your one eligible asset ${isWhole ? 'was' : 'has been'} used ${when}.`;
  const all = formatNumber(n);
  if (part === 0) return `All of your ${all} eligible assets ${isWhole ? 'were' : 'have been'} used ${when}.`;
  if (part === n)
    return `None of your ${all} eligible assets ${isWhole ? 'left' : 'has left'} the shelf ${when}.`;
  if (n < fewAssets)
    return `${formatNumber(part)} of ${all} eligible assets ${isWhole ? 'stayed' : 'have stayed'} on the shelf ${when}.`;
  return `${formatPercent(value)} of your library ${stayed} on the shelf ${when}.`;
}

/** Whether a window was recorded from its beginning; a tenth that is missing changes no answer. */
export function isRecorded(report: ShelfReport, windowStart: number): boolean {
  const { recordingSince } = report;
  const slackMs = (report.windowEnd.getTime() - report.windowStart.getTime()) / 10;
  return recordingSince !== null && recordingSince.getTime() <= windowStart + slackMs;
}

export function daysOf({ windowStart, windowEnd }: Pick<ShelfReport, 'windowStart' | 'windowEnd'>): number {
  return Math.round((windowEnd.getTime() - windowStart.getTime()) / 86_400_000);
}
