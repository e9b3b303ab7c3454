import { type jobRunState, listJobRuns, retryJobRun } from '@offshelf/server/contract/jobs';
import { infiniteQueryOptions } from '@tanstack/react-query';
import { call } from '../lib/api.ts';

export type JobRunState = typeof jobRunState._output;
export type JobRun = typeof retryJobRun.response._output;

/** Runs, newest first; asked again every few seconds, because they change by themselves. */
export function jobRunsQuery(state: JobRunState | undefined) {
  return infiniteQueryOptions({
    queryKey: ['job-runs', state ?? 'all'],
    queryFn: ({ signal, pageParam }) => call(listJobRuns, { query: { state, cursor: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    refetchInterval: 5000,
  });
}

export function retry(jobRunId: string) {
  return call(retryJobRun, { params: { jobRunId } });
}
