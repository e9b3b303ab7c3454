import { formatPercent, plural } from '../lib/format.ts';
import type { Rep, Team } from './api.ts';

/** 3.4 hours → "3 hours", 50 → "2 days". */
export function formatHours(hours: number): string {
  if (hours < 1) return 'under an hour';
  if (hours < 48) return plural(Math.round(hours), 'hour');
  return plural(Math.round(hours / 24), 'day');
}

export function teamName(name: string | null): string {
  return name ?? 'Without a team';
}

/** The answer of the page: how many use the library at all, and whether it is more than before. */
export function adoptionSentence(teams: readonly Team[]): string {
  const [part, n, before] = teams.reduce(
    ([shared, all, earlier], { sharing, previousSharing }) => [
      shared + sharing.part,
      all + sharing.n,
      earlier + previousSharing.part,
    ],
    [0, 0, 0],
  );
  if (n === 0) return 'Nobody sells with Offshelf yet.';
  const now = `${part === n ? 'All' : part === 0 ? 'None' : part.toString()} of ${plural(n, 'seller')} shared something`;
  if (part === before) return `${now}, as many as in the days before.`;
  return `${now}, ${Math.abs(part - before).toString()} ${part > before ? 'more' : 'fewer'} than in the days before.`;
}

/** How somebody's searches and answers went, in words for those who hear the page. */
export function followUpWords({ answered, hours }: Rep['followUp']): string {
  if (answered.n === 0) return 'nobody has read what they sent';
  const part = `${answered.part.toString()} of ${answered.n.toString()} answered`;
  return hours.median === null ? part : `${part}, half within ${formatHours(hours.median)}`;
}

export function searchWords({ value, part, n }: Rep['search']): string {
  if (n === 0) return 'no searches';
  const counted = `${part.toString()} of ${plural(n, 'search', 'searches')} led to something`;
  return value === null ? counted : `${formatPercent(value)}, ${counted}`;
}
