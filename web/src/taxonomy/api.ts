import {
  createTerm,
  type Dimension,
  type DimensionKey,
  listDimensions,
  mergeTerm,
  orderTerms,
  type Term,
  updateTerm,
} from '@offshelf/server/contract/taxonomy';
import { queryOptions } from '@tanstack/react-query';
import { call } from '../lib/api.ts';
import { queryClient, showEarly } from '../lib/query-client.ts';
import { inOrder } from '../lib/reorder.ts';

export type { Dimension, DimensionKey, Term };

export const dimensionsQuery = queryOptions({
  queryKey: ['dimensions'],
  queryFn: ({ signal }) => call(listDimensions, { signal }),
  staleTime: 5 * 60_000,
});

interface Dimensions {
  items: Dimension[];
}

export interface TermEdit {
  name?: string;
  description?: string;
  synonyms?: string[];
  isRetired?: boolean;
}

/** Shows the edited term at once; the term comes back as it was when the server refuses. */
export async function editTerm(termId: string, edit: TermEdit): Promise<Term> {
  const takeBack = await showEarly<Dimensions>(dimensionsQuery.queryKey, (data) =>
    mapTerms(data, (term) => (term.id === termId ? { ...term, ...edit } : term)),
  );
  try {
    const saved = await call(updateTerm, { params: { termId }, body: edit });
    queryClient.setQueryData<Dimensions>(
      dimensionsQuery.queryKey,
      (data) => data && mapTerms(data, (term) => (term.id === termId ? saved : term)),
    );
    if (edit.name !== undefined) void queryClient.invalidateQueries({ queryKey: ['assets'] });
    return saved;
  } catch (error) {
    takeBack();
    throw error;
  }
}

function mapTerms(data: Dimensions, change: (term: Term) => Term): Dimensions {
  return { items: data.items.map((dimension) => ({ ...dimension, terms: dimension.terms.map(change) })) };
}

export async function addTerm(
  dimensionKey: DimensionKey,
  body: { name: string; description?: string; synonyms?: string[] },
): Promise<Term> {
  const added = await call(createTerm, { params: { dimensionKey }, body });
  await queryClient.invalidateQueries(dimensionsQuery);
  return added;
}

/** Puts the terms in this order at once. */
export async function moveTerms(dimensionKey: DimensionKey, termIds: string[]): Promise<void> {
  const takeBack = await showEarly<Dimensions>(dimensionsQuery.queryKey, (data) => ({
    items: data.items.map((dimension) =>
      dimension.key === dimensionKey
        ? { ...dimension, terms: inOrder(dimension.terms, ({ id }) => id, termIds) }
        : dimension,
    ),
  }));
  try {
    await call(orderTerms, { params: { dimensionKey }, body: { termIds } });
  } catch (error) {
    takeBack();
    throw error;
  }
}

export async function mergeTerms(
  termId: string,
  intoTermId: string,
): Promise<{ term: Term; movedCount: number }> {
  const answer = await call(mergeTerm, { params: { termId }, body: { intoTermId } });
  await queryClient.invalidateQueries(dimensionsQuery);
  void queryClient.invalidateQueries({ queryKey: ['assets'] });
  void queryClient.invalidateQueries({ queryKey: ['taxonomy-health'] });
  return answer;
}
