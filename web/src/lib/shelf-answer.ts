import type { Reach } from '@offshelf/server/contract/analytics';
import { formatCalendarDay, formatDay, formatNumber, formatPercent } from './format.ts';

/** Below this many assets a percentage says more than is known, so the counts come first. */
export const fewAssets = 10;

/** Of what the sentence speaks when it is not the whole library or not every buyer. */
export interface AnswerScope {
  isOfSomeAssets?: boolean;
  isOfSomeBuyers?: boolean;
}

/** The answer to "How much of what we make reaches buyers?" in one sentence, after the definition of the unused rate. */
export function answerSentence(
  report: Reach,
  { isOfSomeAssets = false, isOfSomeBuyers = false }: AnswerScope = {},
): string {
  const { value, part, n } = report.unusedRate.current;
  if (value === null || n === 0) return 'No asset counts yet.';
  const isWhole = isRecorded(report, report.window.start);
  const when = isWhole
    ? windowWords(report)
    : `since recording began on ${formatDay(report.recordingSince ?? report.asOf)}`;
  const was = (isOne: boolean) => (isWhole ? (isOne ? 'was' : 'were') : isOne ? 'has been' : 'have been');
  const unused = (isOne: boolean) => {
    if (isOfSomeBuyers) return `${was(isOne)} not shared with these buyers`;
    return isWhole ? 'stayed on the shelf' : `${isOne ? 'has' : 'have'} stayed on the shelf`;
  };
  const used = (isOne: boolean) => `${was(isOne)} ${isOfSomeBuyers ? 'shared with these buyers' : 'used'}`;
  const mine = isOfSomeAssets ? 'these' : 'your';
  if (n === 1)
    return `${isOfSomeAssets ? 'This one' : 'Your one'} eligible asset ${part === 1 ? unused(true) : used(true)} ${when}.`;
  const all = formatNumber(n);
  if (part === 0) return `All of ${mine} ${all} eligible assets ${used(false)} ${when}.`;
  if (part === n) {
    const none = isOfSomeBuyers ? used(true) : isWhole ? 'left the shelf' : 'has left the shelf';
    return `None of ${mine} ${all} eligible assets ${none} ${when}.`;
  }
  if (n < fewAssets) return `${formatNumber(part)} of ${all} eligible assets ${unused(false)} ${when}.`;
  return `${formatPercent(value)} of ${isOfSomeAssets ? 'these assets' : 'your library'} ${unused(true)} ${when}.`;
}

/** Whether a window was recorded from its beginning; a tenth that is missing changes no answer. */
export function isRecorded({ recordingSince, window }: Reach, start: Date): boolean {
  const slackMs = (window.end.getTime() - window.start.getTime()) / 10;
  return recordingSince !== null && recordingSince.getTime() <= start.getTime() + slackMs;
}

export function daysOf({ window }: Pick<Reach, 'window'>): number {
  return Math.round((Date.parse(window.lastDay) - Date.parse(window.firstDay)) / 86_400_000) + 1;
}

/** "in the last 90 days", or which days where the window ended before. */
function windowWords(report: Pick<Reach, 'window' | 'asOf'>): string {
  const { window } = report;
  if (isCurrent(report)) return `in the last ${daysOf({ window }).toString()} days`;
  if (window.firstDay === window.lastDay) return `on ${formatCalendarDay(window.firstDay)}`;
  const isThisYear = window.firstDay.slice(0, 4) === window.lastDay.slice(0, 4);
  const first = formatCalendarDay(window.firstDay);
  return `from ${isThisYear ? first.replace(/ \d{4}$/, '') : first} to ${formatCalendarDay(window.lastDay)}`;
}

/** The window's last day is not over: it ends with the moment at which it was read, when no more than that is counted. */
function isCurrent({ window, asOf }: Pick<Reach, 'window' | 'asOf'>): boolean {
  return window.end.getTime() > asOf.getTime() - 60_000;
}
