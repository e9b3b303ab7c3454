import type { Objections } from '../coverage/api.ts';
import { formatNumber, plural } from '../lib/format.ts';

type Counted = Objections['items'][number];

/** Fewer notes than this rise and fall by chance. */
const fewest = 5;

/** "now, 3 before" with what that means where there is enough to say it. */
export function riseWords({ count, beforeCount }: Pick<Counted, 'count' | 'beforeCount'>): string {
  const before = `${formatNumber(beforeCount)} before`;
  if (count + beforeCount < fewest) return `now, ${before}`;
  if (count >= 2 * beforeCount && count - beforeCount >= 3) return `now, ${before}: rising`;
  if (beforeCount >= 2 * count && beforeCount - count >= 3) return `now, ${before}: fading`;
  return `now, ${before}`;
}

/** Which objection is heard most, or rises fastest, in one sentence with its n. */
export function objectionsAnswer({ items }: Objections): string {
  const total = items.reduce((sum, { count }) => sum + count, 0);
  const named = items.filter(({ term }) => term !== null);
  const rising = named
    .filter((item) => riseWords(item).endsWith('rising'))
    .toSorted((a, b) => b.count - b.beforeCount - (a.count - a.beforeCount))[0];
  if (total === 0) return 'Nobody noted an objection in these days.';
  if (rising)
    return `“${rising.term?.name}” is rising: ${formatNumber(rising.count)} of ${plural(total, 'note')}, ${formatNumber(rising.beforeCount)} in the time before.`;
  const first = named[0];
  if (!first || first.count === 0)
    return `${plural(total, 'note')}, and nobody has said yet which objections they are.`;
  return `“${first.term?.name}” is heard most: ${formatNumber(first.count)} of ${plural(total, 'note')}.`;
}
