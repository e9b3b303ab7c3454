import type { Dimension } from '@offshelf/server/contract/taxonomy';
import type { Question } from './api.ts';

/** A question in a few words, to name or to list it: what was typed, then what was chosen. */
export function describeQuestion(
  { query, filters, accountId }: Question,
  dimensions: readonly Pick<Dimension, 'terms'>[],
  longest = 60,
): string {
  const terms = dimensions
    .flatMap((dimension) => dimension.terms)
    .filter(({ id }) => filters.termIds.includes(id))
    .map(({ name }) => name);
  const audience =
    filters.audience && { internal: 'internal only', external: 'can be shared' }[filters.audience];
  const words = [
    query.replace(/\s+/g, ' ').trim(),
    ...terms,
    ...(audience ? [audience] : []),
    ...(accountId ? ['for an account'] : []),
  ].filter(Boolean);
  const text = words.join(', ') || 'Everything';
  return text.length > longest ? `${text.slice(0, longest - 1).trimEnd()}…` : text;
}

/** Two questions that ask for the same; the order of the terms does not matter. */
export function isSameQuestion(one: Question, other: Question): boolean {
  const key = ({ query, filters, plainTermIds, accountId }: Question) =>
    JSON.stringify([
      query.trim(),
      filters.termIds.toSorted(),
      filters.audience,
      plainTermIds.toSorted(),
      accountId,
    ]);
  return key(one) === key(other);
}
