import { z } from 'zod';
import { endpoint, id } from '../http/contract.ts';

export const dimensionKey = z.enum([
  'persona',
  'stage',
  'objection',
  'industry',
  'region',
  'product',
  'language',
  'content_type',
]);
export type DimensionKey = z.infer<typeof dimensionKey>;

export const term = z.object({
  id: id('trm'),
  dimensionKey,
  name: z.string(),
  description: z.string(),
  synonyms: z.array(z.string()),
  position: z.int(),
  isRetired: z.boolean(),
  /** Assets that are not archived. */
  assetCount: z.int(),
});
export type Term = z.infer<typeof term>;

export const dimension = z.object({
  key: dimensionKey,
  name: z.string(),
  description: z.string(),
  isMultiple: z.boolean(),
  terms: z.array(term),
});
export type Dimension = z.infer<typeof dimension>;

/** What an asset, a card or a facet shows of a term. */
export const termTag = z.object({ id: id('trm'), dimensionKey, name: z.string() });
export type TermTag = z.infer<typeof termTag>;

export const listDimensions = endpoint({
  method: 'GET',
  path: '/dimensions',
  response: z.object({ items: z.array(dimension) }),
});

const termName = z.string().trim().min(1, 'Give the term a name.').max(80);
export const mostSynonyms = 60;
const synonyms = z.array(z.string().trim().min(1).max(80)).max(mostSynonyms);
const termParams = z.object({ termId: id('trm') });

export const createTerm = endpoint({
  method: 'POST',
  path: '/dimensions/:dimensionKey/terms',
  params: z.object({ dimensionKey }),
  body: z.object({
    name: termName,
    description: z.string().trim().max(500).default(''),
    synonyms: synonyms.default([]),
  }),
  response: term,
});

export const updateTerm = endpoint({
  method: 'PATCH',
  path: '/terms/:termId',
  params: termParams,
  body: z.object({
    name: termName.optional(),
    description: z.string().trim().max(500).optional(),
    synonyms: synonyms.optional(),
    isRetired: z.boolean().optional(),
  }),
  response: term,
});

/** The assets of the first term get the second; the first term's name becomes a synonym of it and the term goes. */
export const mergeTerm = endpoint({
  method: 'POST',
  path: '/terms/:termId/merge',
  params: termParams,
  body: z.object({ intoTermId: id('trm') }),
  response: z.object({ term, movedCount: z.int() }),
  status: 200,
});

export const orderTerms = endpoint({
  method: 'PUT',
  path: '/dimensions/:dimensionKey/order',
  params: z.object({ dimensionKey }),
  body: z.object({ termIds: z.array(id('trm')).max(500) }),
  response: dimension,
});
