import type { Aging } from './contract.ts';

type Counted = Record<'falling' | 'hotStale' | 'expiring' | 'held' | 'flagged', { count: number }> &
  Pick<Aging, 'falling'>;

const mostParts = 3;

/** The answer to "What is going off?" in one sentence: what needs somebody soonest first. */
export function answerAging({ falling, hotStale, expiring, held, flagged }: Counted): string {
  const parts = [
    said(
      flagged.count,
      'asset was called wrong and nobody answered',
      'assets were called wrong and nobody answered',
    ),
    said(hotStale.count, 'asset in use is stale', 'assets in use are stale'),
    said(
      held.count,
      'share link left an old version with a buyer',
      'share links left an old version with buyers',
    ),
    said(
      falling.count,
      'asset is read less per share than before',
      'assets are read less per share than before',
    ),
    said(
      expiring.count,
      'thing that buyers read ends within 30 days',
      'things that buyers read end within 30 days',
    ),
  ].filter((part) => part !== '');
  if (parts.length === 0)
    return falling.countedAt === null
      ? 'Nothing that is in use is going off, as far as it is counted: falling reads were not looked for yet.'
      : 'Nothing that is in use is going off.';
  const shown = parts.slice(0, mostParts);
  const last = shown.pop() ?? '';
  return `${shown.length > 0 ? `${shown.join(', ')} and ${last}` : last}.`;
}

function said(count: number, one: string, many: string): string {
  if (count === 0) return '';
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}
