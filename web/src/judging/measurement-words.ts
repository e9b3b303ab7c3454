import { formatNumber, formatPercent, formatRelative, plural } from '../lib/format.ts';
import type { Measurement } from './api.ts';

type Classes = Measurement['visits']['classes'];

function countOf(classes: Classes, names: string[]): number {
  return classes.filter((row) => names.includes(row.class)).reduce((sum, { count }) => sum + count, 0);
}

/** What of the visits counts, what is doubtful and what is hidden. */
export function hiddenSentence({ classes }: Measurement['visits']): string {
  const total = classes.reduce((sum, { count }) => sum + count, 0);
  if (total === 0) return 'Nobody has visited a share link in the last 30 days.';
  const people = countOf(classes, ['human-confirmed', 'human-likely']);
  const unsure = countOf(classes, ['unsure']);
  const own = countOf(classes, ['internal']);
  const machines = total - people - unsure - own;
  return `Of ${plural(total, 'visit')} in 30 days, ${formatNumber(people)} count as people’s, ${formatNumber(unsure)} ${unsure === 1 ? 'is' : 'are'} undecided, and ${formatNumber(machines)} by machines and ${formatNumber(own)} of your own are hidden.`;
}

export function corpusSentence(figures: Measurement['corpus']): string {
  const { situationCount, calledMachineCount, calledMachineRightCount, humanCount, humanFoundCount } =
    figures;
  return `In ${plural(situationCount, 'recorded situation')} the rules called ${formatNumber(calledMachineCount)} a machine and were right about ${formatNumber(calledMachineRightCount)}, and found ${formatNumber(humanFoundCount)} of ${formatNumber(humanCount)} people. They know ${formatNumber(figures.crawlerAgentFilteredCount)} of ${formatNumber(figures.crawlerAgentCount)} published crawlers, and of ${formatNumber(figures.browserSampleCount)} browsers they drop ${figures.browserDroppedCount === 0 ? 'none' : formatNumber(figures.browserDroppedCount)}.`;
}

export function lostSentence({ sentCount, receivedCount }: Measurement['beats']): string {
  const lostCount = sentCount - receivedCount;
  if (sentCount === 0) return 'No message about a reader was counted in the last 30 days.';
  if (lostCount === 0)
    return `Of ${plural(sentCount, 'message')} about readers in 30 days, none is known to be lost.`;
  return `Of ${plural(sentCount, 'message')} about readers in 30 days, ${formatNumber(lostCount)} (${formatPercent(lostCount / sentCount)}) ${lostCount === 1 ? 'was' : 'were'} lost.`;
}

export function silentSentence({ count, silentCount }: Measurement['silentVisits']): string {
  if (count === 0) return '';
  if (silentCount === 0) return `All ${plural(count, 'visit')} that may be people’s told how they went on.`;
  return `${formatNumber(silentCount)} of ${plural(count, 'visit')} that may be people’s (${formatPercent(silentCount / count)}) told nothing after they began: left at once, or cut off.`;
}

export function freshSentence({ latestJudgementAt, waitingCount }: Measurement['ages'], now: Date): string {
  if (!latestJudgementAt) return 'Nothing has been judged yet.';
  const waiting =
    waitingCount === 0
      ? 'every visit is judged'
      : `${plural(waitingCount, 'visit')} ${waitingCount === 1 ? 'waits' : 'wait'} to be judged`;
  return `The newest judgement was made ${formatRelative(latestJudgementAt, now)}, and ${waiting}.`;
}
