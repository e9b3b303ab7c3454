import * as contract from '@offshelf/server/contract/analytics';
import { listVisits } from '@offshelf/server/contract/tracking';
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { call } from '../lib/api.ts';

export type { Metric, MetricKey, Rung, ShelfReport, Spine } from '@offshelf/server/contract/analytics';
export type { JudgementClass, Visit } from '@offshelf/server/contract/tracking';
export type MyLink = (typeof contract.listMyLinks.response._output)['items'][number];
export type MyLinksPage = typeof contract.listMyLinks.response._output;

export const periods = [30, 90, 180] as const;
export type Period = (typeof periods)[number];

/** The shelf of the last days. While another period is read, the one before stays in sight. */
export function shelfReportQuery(days: Period = 90) {
  return queryOptions({
    queryKey: ['shelf-report', days],
    queryFn: ({ signal }) => call(contract.shelfReport, { query: { days }, signal }),
    placeholderData: keepPreviousData,
  });
}

/** Every metric with its one definition. They change with a release only. */
export const metricsQuery = queryOptions({
  queryKey: ['metrics'],
  queryFn: ({ signal }) => call(contract.listMetrics, { signal }),
  staleTime: 60 * 60_000,
});

/** The user's share links, newest first, with what became of each. */
export const myLinksQuery = infiniteQueryOptions({
  queryKey: ['my-links'],
  queryFn: ({ pageParam, signal }) =>
    call(contract.listMyLinks, { query: { limit: 200, ...(pageParam && { cursor: pageParam }) }, signal }),
  initialPageParam: null as string | null,
  getNextPageParam: (last) => last.nextCursor,
  refetchInterval: 60_000,
});

/** Every visit to a share link, newest first, also those that were not people. */
export function visitsQuery(shareLinkId: string) {
  return queryOptions({
    queryKey: ['visits', shareLinkId],
    queryFn: ({ signal }) => call(listVisits, { params: { shareLinkId }, signal }),
    refetchInterval: 60_000,
  });
}

/** Some of the metrics, in the order asked for. */
export function definitions(
  metrics: readonly contract.Metric[],
  keys: readonly contract.MetricKey[],
): contract.Metric[] {
  return keys.flatMap((key) => metrics.filter((metric) => metric.key === key));
}
