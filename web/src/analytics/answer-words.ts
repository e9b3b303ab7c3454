import { formatDay, formatNumber, formatPercent } from '../lib/format.ts';
import { daysOf, fewAssets, isRecorded } from '../lib/shelf-answer.ts';
import { rungWords } from '../ui/rungs.ts';
import type { Reach, Rung } from './api.ts';

/** Whether there is a window before to compare with. */
export function hasBefore(report: Reach): boolean {
  return report.unusedRate.previous.n > 0 && isRecorded(report, report.before.start);
}

/** What the sentence was counted over, and the same for the window before. */
export function evidence(report: Reach): string {
  const { current, previous } = report.unusedRate;
  const isOfEverybody = isAboutEverybody(report);
  const counted =
    current.part === current.n
      ? `Sales ${isOfEverybody ? 'neither shared nor downloaded any' : 'shared none'} of the ${formatNumber(current.n)}${isOfEverybody ? '' : ' with them'}.`
      : `Sales ${isOfEverybody ? 'neither shared nor downloaded' : 'did not share'} ${countOf(current)} eligible assets${isOfEverybody ? '' : ' with them'}.`;
  if (!isRecorded(report, report.window.start)) return counted;
  const before = beforeWords(report);
  if (previous.n === 0) return `${counted} In ${before} no asset was eligible.`;
  if (!hasBefore(report))
    return `${counted} There is no comparison with ${before}, because recording began on ${formatDay(report.recordingSince ?? report.asOf)}.`;
  const was =
    previous.n < fewAssets
      ? countOf(previous)
      : `${formatPercent(previous.value ?? 0)}, ${countOf(previous)}`;
  return `${counted} In ${before} it was ${was}.`;
}

/** "the 90 days before" */
export function beforeWords(report: Reach): string {
  const days = daysOf(report);
  return days === 1 ? 'the day before' : `the ${formatNumber(days)} days before`;
}

/** Nothing has come up in a search yet, so that nobody can be said to have passed an asset over. */
export function isUntouched({ ladder }: Reach): boolean {
  return (
    isAboutEverybody({ ladder }) &&
    ladder.every((step) => step.rung === 'published' || step.reachedCount === 0)
  );
}

function countOf({ part, n }: { part: number; n: number }): string {
  return `${formatNumber(part)} of ${formatNumber(n)}`;
}

/** How far the content got with buyers, which the unused rate does not say. */
export function buyersSentence({ ladder, unusedRate }: Reach): string {
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
export function mainStops(ladder: Reach['ladder']): Reach['ladder'] {
  const stops = ladder.filter((step) => stoppingRungs.includes(step.rung) && step.count > 0);
  const most = Math.max(0, ...stops.map((step) => step.count));
  return stops.filter((step) => step.count === most);
}

/** Of certain buyers nobody can tell who saw and opened an asset inside, so those rungs are not there. */
export function isAboutEverybody({ ladder }: Pick<Reach, 'ladder'>): boolean {
  return ladder.some((step) => step.rung === 'opened');
}

/** Where an asset stopped, in the words of a legend. */
export function stopName(rung: Rung, report: Pick<Reach, 'ladder'>): string {
  return rung === 'published' && !isAboutEverybody(report)
    ? 'Not shared with these buyers'
    : rungWords[rung].stop;
}
