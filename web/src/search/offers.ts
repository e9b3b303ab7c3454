import type { Question } from '@offshelf/server/contract/search';
import type { Dimension, Term } from '@offshelf/server/contract/taxonomy';
import { type Facet, situationDimensions, type Understanding } from './api.ts';

export interface Offer {
  term: Term;
  dimensionName: string;
  count: number;
}

const mostOffers = 2;
/** A message holds many words that are no filter. */
const longestQuery = 160;

interface Asked {
  query: string;
  understanding: Understanding;
  dimensions: readonly Dimension[];
  facets: readonly Facet[];
  filters: Question['filters'];
  plainTermIds: readonly string[];
}

/** Terms whose name or synonym stands in the words although they were not read as one: one click makes it a filter. */
export function findOffers(asked: Asked): Offer[] {
  if (asked.query.length > longestQuery) return [];
  const words = ` ${fold(asked.query)} `;
  if (words.trim().length < 2) return [];
  const taken = new Set([
    ...asked.filters.termIds,
    ...asked.plainTermIds,
    ...asked.understanding.terms.map(({ term }) => term.id),
    ...asked.understanding.operators.flatMap(({ termId }) => termId ?? []),
  ]);
  const counts = new Map(asked.facets.flatMap((facet) => facet.terms.map(({ id, count }) => [id, count])));
  const counted = new Set<string>([
    ...situationDimensions,
    ...asked.facets.map((facet) => facet.dimensionKey),
  ]);
  return asked.dimensions
    .flatMap((dimension) => dimension.terms.map((term) => ({ term, dimensionName: dimension.name })))
    .filter(({ term }) => !term.isRetired && !taken.has(term.id))
    .map((offer) => ({
      ...offer,
      // What was not counted among the results is counted in the library.
      count: counts.get(offer.term.id) ?? (counted.has(offer.term.dimensionKey) ? 0 : offer.term.assetCount),
      length: Math.max(
        0,
        ...[offer.term.name, ...offer.term.synonyms]
          .map(fold)
          .filter((name) => name.length > 1 && words.includes(` ${name} `))
          .map((name) => name.length),
      ),
    }))
    .filter(({ count, length }) => count > 0 && length > 0)
    .toSorted((a, b) => b.length - a.length || b.count - a.count)
    .slice(0, mostOffers)
    .map(({ term, dimensionName, count }) => ({ term, dimensionName, count }));
}

/** Words and nothing else, so that "Too expensive!" is found in "it’s too expensive". */
function fold(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}
