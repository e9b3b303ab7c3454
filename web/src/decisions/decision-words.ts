import { formatCalendarDay, formatList, formatNumber, plural } from '../lib/format.ts';
import type { Decision } from './api.ts';

type Subject = Pick<Decision, 'kind' | 'ownerName' | 'on' | 'terms' | 'assetCount'>;

/** "Archived 3 assets", "Tagged 12 assets Security and Procurement": what was decided, as a sentence without its end. */
export function decisionWords({ kind, ownerName, on, terms, assetCount }: Subject): string {
  const assets = plural(assetCount, 'asset');
  switch (kind) {
    case 'archive':
      return `Archived ${assets}`;
    case 'assign':
      return ownerName === null ? `Took the owner off ${assets}` : `Gave ${assets} to ${ownerName}`;
    case 'request_review':
      return on === null
        ? `Took the review date off ${assets}`
        : `Asked for a review of ${assets} by ${formatCalendarDay(on)}`;
    case 'add_tags':
      return `Tagged ${assets} ${formatList(terms.map((term) => term.name))}`;
    case 'promote':
      return `Recommended ${assets} to reps${on === null ? '' : ` until ${formatCalendarDay(on)}`}`;
  }
}

type Effect = NonNullable<Decision['effect']>;
type Measure = 'shares' | 'opens' | 'reads';

/** Which number the decision was meant to move. */
export const aimOf: Record<Decision['kind'], Measure> = {
  archive: 'shares',
  assign: 'reads',
  request_review: 'reads',
  add_tags: 'shares',
  promote: 'shares',
};

/**
 * What became of it, beside what became of everything else, so that a quiet month is not taken for its doing:
 * "Shared 4 times in the 30 days before and 11 in the 30 since. Everything else went from 120 to 118."
 */
export function effectWords(kind: Decision['kind'], effect: Effect): string {
  const { days, assets, others } = effect;
  const measure = aimOf[kind];
  const verb = { shares: 'Shared', opens: 'Opened', reads: 'Read' }[measure];
  const [mine, theirs] = [assets[measure], others[measure]];
  const before = mine.before === 0 ? `Never ${verb.toLowerCase()}` : `${verb} ${times(mine.before)}`;
  return `${before} in the ${plural(days, 'day')} before and ${times(mine.after)} in the ${plural(days, 'day')} since. Everything else went from ${formatNumber(theirs.before)} to ${formatNumber(theirs.after)}.`;
}

function times(count: number): string {
  if (count === 0) return 'never';
  return count === 1 ? 'once' : plural(count, 'time');
}
