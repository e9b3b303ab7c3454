import { z } from 'zod';
import { assetCard, audience } from '../assets/contract.ts';
import { endpoint, id, instant } from '../http/contract.ts';
import { dimensionKey } from '../taxonomy/contract.ts';

/** Terms of one dimension widen a search (or), dimensions narrow it (and). */
export const searchFilters = z.object({
  termIds: z.array(id('trm')).max(100).default([]),
  audience: audience.nullable().default(null),
});
export type SearchFilters = z.infer<typeof searchFilters>;

/** A piece of text with the matched stretches marked. */
export const snippet = z.array(z.object({ text: z.string(), isMatch: z.boolean() }));
export type Snippet = z.infer<typeof snippet>;

export const searchHit = z.object({
  asset: assetCard,
  position: z.int(),
  /** The title with the matched words marked. */
  title: snippet,
  /** The sentence that matched, null when only the title or a tag did. */
  excerpt: snippet.nullable(),
  /** The page that the excerpt is from, to open it there; null when it is of the title, a tag or a description. */
  pageNumber: z.int().nullable(),
  /** Users of a sales role who shared it in the last 90 days. */
  sharedByCount: z.int(),
  /** Visits in the last 90 days that were judged human. */
  humanOpenCount: z.int(),
});
export type SearchHit = z.infer<typeof searchHit>;

export const facet = z.object({
  dimensionKey,
  name: z.string(),
  terms: z.array(z.object({ id: id('trm'), name: z.string(), count: z.int(), isSelected: z.boolean() })),
});
export type Facet = z.infer<typeof facet>;

/**
 * Searches the published assets and logs the search. Each search names the one before it in `refines`; what
 * was only typing on the way to this one leaves the log.
 */
export const createSearch = endpoint({
  method: 'POST',
  path: '/searches',
  body: z.object({
    query: z.string().trim().max(400),
    filters: searchFilters.prefault({}),
    refines: id('srh').nullable().default(null),
    offset: z.int().min(0).max(1000).default(0),
    limit: z.int().min(1).max(50).default(20),
  }),
  response: z.object({
    searchId: id('srh'),
    items: z.array(searchHit),
    facets: z.array(facet),
    total: z.int(),
    tookMs: z.int(),
  }),
});

export const recordSearchAction = endpoint({
  method: 'POST',
  path: '/searches/:searchId/actions',
  params: z.object({ searchId: id('srh') }),
  body: z.object({
    assetId: id('ast'),
    kind: z.enum(['opened', 'shared', 'downloaded', 'dismissed']),
    /** How long an opened asset stayed open, once that is known. */
    dwellMs: z.int().min(0).max(86_400_000).nullable().default(null),
  }),
});

export const listRecentSearches = endpoint({
  method: 'GET',
  path: '/searches/recent',
  response: z.object({
    items: z.array(
      z.object({ query: z.string(), filters: searchFilters, resultCount: z.int(), searchedAt: instant }),
    ),
  }),
});
