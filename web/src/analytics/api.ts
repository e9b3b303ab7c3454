import * as contract from '@offshelf/server/contract/analytics';
import { listVisits } from '@offshelf/server/contract/tracking';
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { call } from '../lib/api.ts';
import { queryClient } from '../lib/query-client.ts';
import { type SliceState, sliceQuery } from '../slices/api.ts';

export type {
  DescribedMetric,
  Gap,
  Metric,
  MetricKey,
  Reach,
  Spine,
} from '@offshelf/server/contract/analytics';
export type Rung = contract.Rung;
export type RungAsset = contract.RungAsset;
export type ShelfGrouping = contract.ShelfGrouping;
export type { Visit } from '@offshelf/server/contract/tracking';
export type MyLink = (typeof contract.listMyLinks.response._output)['items'][number];
export type MyLinksPage = typeof contract.listMyLinks.response._output;

/** The unused rate and the ladder of a slice. While another slice is read, the one before stays in sight. */
export function reachQuery(slice: SliceState) {
  const query = sliceQuery(slice);
  return queryOptions({
    queryKey: ['reach', query],
    queryFn: ({ signal }) => call(contract.readReach, { query, signal }),
    placeholderData: keepPreviousData,
    refetchInterval: 60_000,
  });
}

/** Up to when everything is counted. */
export const freshnessQuery = queryOptions({
  queryKey: ['freshness'],
  queryFn: ({ signal }) => call(contract.readFreshness, { signal }),
  refetchInterval: 15_000,
});

/** The shelf of a slice, grouped. */
export function shelfQuery(slice: SliceState, group: ShelfGrouping) {
  const query = { ...sliceQuery(slice), group };
  return queryOptions({
    queryKey: ['reach', 'shelf', query],
    queryFn: ({ signal }) => call(contract.readShelf, { query, signal }),
    placeholderData: keepPreviousData,
    refetchInterval: 60_000,
  });
}

export type RungOrder = 'oldest' | 'newest' | 'title';

/** The assets on a rung, a page at a time. */
export function rungQuery(slice: SliceState, rung: Rung, order: RungOrder) {
  const query = { ...sliceQuery(slice), rung, order };
  return infiniteQueryOptions({
    queryKey: ['reach', 'rung', query],
    queryFn: ({ pageParam, signal }) => readRungPage(slice, rung, order, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.nextCursor,
    placeholderData: keepPreviousData,
  });
}

function readRungPage(
  slice: SliceState,
  rung: Rung,
  order: RungOrder,
  cursor: string | null,
  signal?: AbortSignal,
) {
  const query = { ...sliceQuery(slice), rung, order, limit: 100, ...(cursor && { cursor }) };
  return call(contract.listRungAssets, { query, signal });
}

/** All assets on a rung, for a file. */
export async function readWholeRung(slice: SliceState, rung: Rung, order: RungOrder): Promise<RungAsset[]> {
  const assets: RungAsset[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof readRungPage>> = await readRungPage(slice, rung, order, cursor);
    assets.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return assets;
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

/** The few that were made last. */
export const recentlySharedQuery = queryOptions({
  // Not below the key of the long list, which is changed early and has pages.
  queryKey: ['share-links', 'recent'],
  queryFn: ({ signal }) => call(contract.listMyLinks, { query: { limit: 4 }, signal }),
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

/** What colleagues found not right about an asset; for its owner and for marketing. */
export function notRightQuery(assetId: string) {
  return queryOptions({
    queryKey: ['not-right', assetId],
    queryFn: ({ signal }) => call(contract.readNotRight, { params: { assetId }, signal }),
  });
}

/** What was searched for in vain, what was done about it, and what closed by itself. */
export const gapsQuery = queryOptions({
  queryKey: ['gaps'],
  queryFn: ({ signal }) => call(contract.listGaps, { signal }),
  refetchInterval: 60_000,
});

export type GapList = typeof contract.listGaps.response._output;

export const requestForGap = (clusterKey: string) =>
  settle(call(contract.requestForGap, { body: { clusterKey } }), clusterKey);
export const dismissGap = (clusterKey: string) =>
  settle(call(contract.dismissGap, { body: { clusterKey } }), clusterKey);
export const undoGapDecision = (clusterKey: string) =>
  settle(call(contract.undoGapDecision, { body: { clusterKey } }), clusterKey);
export const addSynonymForGap = (clusterKey: string, termId: string, word: string) =>
  settle(call(contract.addSynonymForGap, { body: { clusterKey, termId, word } }), clusterKey);

/** The gap in its new state takes the place of the old one at once; its requests and terms are read anew. */
async function settle(answer: Promise<contract.Gap>, clusterKey: string): Promise<contract.Gap> {
  const gap = await answer;
  queryClient.setQueryData<GapList>(
    gapsQuery.queryKey,
    (data) =>
      data && { ...data, items: data.items.map((item) => (item.clusterKey === clusterKey ? gap : item)) },
  );
  for (const queryKey of [['gaps'], ['requests'], ['dimensions'], ['taxonomy-health']])
    void queryClient.invalidateQueries({ queryKey });
  return gap;
}

/** Terms that nobody uses, terms that overlap, and words that no term knows. */
export const taxonomyHealthQuery = queryOptions({
  queryKey: ['taxonomy-health'],
  queryFn: ({ signal }) => call(contract.taxonomyHealth, { signal }),
});

export type TaxonomyHealth = contract.TaxonomyHealth;
