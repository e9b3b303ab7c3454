import * as contract from '@offshelf/server/contract/report';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { call } from '../lib/api.ts';
import { queryClient } from '../lib/query-client.ts';
import { type SliceState, sliceQuery } from '../slices/api.ts';

export type { Brief, BriefQuestion, BriefSubscription, GapTile } from '@offshelf/server/contract/report';

/** What was not found, objections rising and requests due, in short. Below the key of gaps, which decisions read anew. */
export function gapTileQuery(slice: SliceState) {
  const query = sliceQuery(slice);
  return queryOptions({
    queryKey: ['gaps', 'tile', query],
    queryFn: ({ signal }) => call(contract.readGapTile, { query, signal }),
    placeholderData: keepPreviousData,
    refetchInterval: 60_000,
  });
}

export function briefQuery(slice: SliceState) {
  const query = { ...sliceQuery(slice), locale: navigator.language };
  return queryOptions({
    queryKey: ['brief', query],
    queryFn: ({ signal }) => call(contract.readBrief, { query, signal }),
    placeholderData: keepPreviousData,
  });
}

export const subscriptionQuery = queryOptions({
  queryKey: ['brief-subscription'],
  queryFn: ({ signal }) => call(contract.readSubscription, { signal }),
});

export async function subscribe(body: contract.BriefSubscription) {
  queryClient.setQueryData(subscriptionQuery.queryKey, await call(contract.subscribe, { body }));
}

export async function unsubscribe() {
  await call(contract.unsubscribe, {});
  await queryClient.invalidateQueries({ queryKey: subscriptionQuery.queryKey });
}

export const unsubscribeByToken = (token: string) => call(contract.unsubscribeByToken, { body: { token } });
