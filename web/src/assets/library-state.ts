import { id } from '@offshelf/server/contract/http';
import { z } from 'zod';
import type { LibraryFilter } from './api.ts';

const list = <Item extends z.ZodType>(item: Item) =>
  z.preprocess((value) => (typeof value === 'string' ? [value] : value), z.array(item).max(50)).catch([]);

/** The library's state as its address holds it. */
export const libraryState = z.object({
  q: z.string().max(200).catch(''),
  status: z.enum(['draft', 'published', 'archived']).optional().catch(undefined),
  audience: z.enum(['internal', 'external']).optional().catch(undefined),
  term: list(id('trm')),
  owner: z
    .union([z.enum(['me', 'none']), id('usr')])
    .optional()
    .catch(undefined),
  stale: z.literal('true').optional().catch(undefined),
  sort: z.enum(['updated', 'title', 'published', 'review']).optional().catch(undefined),
  /** Pictures instead of the table. */
  view: z.literal('grid').optional().catch(undefined),
});
export type LibraryState = z.output<typeof libraryState>;

export function filterOf(state: LibraryState): LibraryFilter {
  return {
    query: state.q.trim(),
    status: state.status,
    audience: state.audience,
    termIds: state.term,
    owner: state.owner,
    isStale: state.stale === 'true',
    sort: state.sort ?? 'updated',
  };
}

/** What narrows the list apart from its status. */
export function isNarrowed({ q, audience, term, owner, stale }: LibraryState): boolean {
  return (
    q.trim() !== '' || audience !== undefined || term.length > 0 || owner !== undefined || stale !== undefined
  );
}

export const noFilter = {
  q: '',
  audience: undefined,
  term: [],
  owner: undefined,
  stale: undefined,
} satisfies Partial<LibraryState>;
