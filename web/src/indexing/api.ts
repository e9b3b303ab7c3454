import * as contract from '@offshelf/server/contract/indexing';
import { queryOptions } from '@tanstack/react-query';
import { call } from '../lib/api.ts';
import { queryClient } from '../lib/query-client.ts';

export type SearchIndex = typeof contract.readSearchIndex.response._output;
export type IndexEngine = SearchIndex['engines'][number];

const whileRebuildingMs = 1_000;
const otherwiseMs = 5_000;

/** Which engine answers and how far each is; asked again, because either may change at any time. */
export const searchIndexQuery = queryOptions({
  queryKey: ['search-index'],
  queryFn: ({ signal }) => call(contract.readSearchIndex, { signal }),
  refetchInterval: ({ state }) => (state.data && isRebuilding(state.data) ? whileRebuildingMs : otherwiseMs),
});

export function isRebuilding({ rebuild }: SearchIndex): boolean {
  return rebuild?.state === 'queued' || rebuild?.state === 'running';
}

export async function startRebuild(): Promise<void> {
  queryClient.setQueryData(searchIndexQuery.queryKey, await call(contract.rebuildSearchIndex, {}));
}
