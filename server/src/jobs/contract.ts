import { z } from 'zod';
import { endpoint, id, instant, list } from '../http/contract.ts';

export const jobRunState = z.enum(['queued', 'running', 'done', 'failed']);

export const jobRun = z.object({
  id: id('job'),
  name: z.string(),
  state: jobRunState,
  tries: z.int(),
  maxTries: z.int(),
  error: z.string().nullable(),
  queuedAt: instant,
  startedAt: instant.nullable(),
  finishedAt: instant.nullable(),
});

export const listJobRuns = endpoint({
  method: 'GET',
  path: '/job-runs',
  query: z.object({
    cursor: z.string().max(500).optional(),
    limit: z.coerce.number().int().min(1).max(200).default(50),
    state: jobRunState.optional(),
  }),
  response: list(jobRun).extend({ counts: z.record(jobRunState, z.int()) }),
});

/** Puts a failed run back into the queue. */
export const retryJobRun = endpoint({
  method: 'POST',
  path: '/job-runs/:jobRunId/retry',
  params: z.object({ jobRunId: id('job') }),
  response: jobRun,
  status: 200,
});
