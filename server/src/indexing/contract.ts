import { z } from 'zod';
import { endpoint, instant } from '../http/contract.ts';

/** A piece of text with the matched stretches marked. */
export const snippet = z.array(z.object({ text: z.string(), isMatch: z.boolean() }));
export type Snippet = z.infer<typeof snippet>;

/** Which engine answers and how far each is. */
export const searchIndex = z.object({
  answeredBy: z.enum(['postgres', 'meilisearch']),
  /** Why PostgreSQL answers although Meilisearch is set up; null when all is well. */
  fallbackReason: z.string().nullable(),
  engines: z.array(
    z.object({
      key: z.enum(['postgres', 'meilisearch']),
      version: z.string().nullable(),
      isReachable: z.boolean(),
      documentCount: z.int().nullable(),
      /** Changes that are not in it yet. */
      waitingCount: z.int(),
      failedCount: z.int(),
      oldestWaitingAt: instant.nullable(),
    }),
  ),
  publishedCount: z.int(),
  rebuild: z
    .object({
      state: z.enum(['queued', 'running', 'done', 'failed']),
      doneCount: z.int(),
      totalCount: z.int(),
      startedAt: instant.nullable(),
      finishedAt: instant.nullable(),
      reason: z.string().nullable(),
    })
    .nullable(),
});

export const readSearchIndex = endpoint({ method: 'GET', path: '/search-index', response: searchIndex });

export const rebuildSearchIndex = endpoint({
  method: 'POST',
  path: '/search-index/rebuilds',
  response: searchIndex,
  status: 202,
});
