import { listAssetEvidence } from '@offshelf/server/contract/analytics';
import { listRequests } from '@offshelf/server/contract/requests';
import * as contract from '@offshelf/server/contract/search';
import { type InfiniteData, queryOptions } from '@tanstack/react-query';
import { call } from '../lib/api.ts';
import { queryClient } from '../lib/query-client.ts';
import { mapHits } from './answer-hits.ts';
import { keepSearchOf, pinSearch, searchThatShowed } from './api.ts';

export type AssetEvidence = (typeof listAssetEvidence.response._output)['items'][number];

/** Puts an asset aside for a search, with what is wrong with it; said again it adds a note. */
export async function sayNotRight(
  assetId: string,
  reason: contract.NotRightReason,
  note = '',
): Promise<void> {
  const searchId = searchThatShowed(assetId);
  keepSearchOf(assetId);
  if (!searchId) return;
  const body = { assetId, kind: 'dismissed', reason, note } as const;
  await call(contract.recordSearchAction, { params: { searchId }, body });
}

export async function takeNotRightBack(assetId: string): Promise<void> {
  const searchId = searchThatShowed(assetId);
  if (searchId) await call(contract.deleteNotRight, { params: { searchId, assetId } });
}

/** Shows at once, wherever the asset stands in the answer of this search, that it was put aside or taken back. */
export function markNotRight(
  searchId: string,
  assetId: string,
  reason: contract.NotRightReason | null,
): void {
  const mark = (hit: contract.SearchHit) => (hit.asset.id === assetId ? { ...hit, notRight: reason } : hit);
  queryClient.setQueriesData<InfiniteData<contract.SearchAnswer>>({ queryKey: ['search'] }, (data) =>
    data?.pages[0]?.searchId === searchId
      ? { ...data, pages: data.pages.map((page) => mapHits(page, mark)) }
      : data,
  );
}

export const recentSearchesQuery = queryOptions({
  queryKey: ['recent-searches'],
  queryFn: ({ signal }) => call(contract.listRecentSearches, { signal }),
  staleTime: 0,
});

/** The text of a search that is too long for an address. */
export function askedQuestionQuery(searchId: string) {
  return queryOptions({
    queryKey: ['asked', searchId],
    queryFn: ({ signal }) => call(contract.readSearch, { params: { searchId }, signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** An address names the search now, in place of its text. */
export function pinQuestion(searchId: string, asked: contract.Question): void {
  queryClient.setQueryData(askedQuestionQuery(searchId).queryKey, asked);
  pinSearch(searchId);
}

export const savedSearchesQuery = queryOptions({
  queryKey: ['saved-searches'],
  queryFn: ({ signal }) => call(contract.listSavedSearches, { signal }),
});

function refreshSaved(): void {
  void queryClient.invalidateQueries({ queryKey: savedSearchesQuery.queryKey });
}

export async function saveSearch(asked: contract.Question, name: string): Promise<contract.SavedSearch> {
  const { query, filters, plainTermIds, accountId } = asked;
  const saved = await call(contract.createSavedSearch, {
    body: { name, query, filters, plainTermIds, accountId },
  });
  refreshSaved();
  return saved;
}

export async function changeSavedSearch(
  savedSearchId: string,
  body: { name?: string; isSeen?: true },
): Promise<void> {
  await call(contract.updateSavedSearch, { params: { savedSearchId }, body });
  refreshSaved();
}

export async function forgetSavedSearch(savedSearchId: string): Promise<void> {
  await call(contract.deleteSavedSearch, { params: { savedSearchId } });
  refreshSaved();
}

export const myRequestsQuery = queryOptions({
  queryKey: ['requests', 'mine', 'few'],
  queryFn: ({ signal }) => call(listRequests, { query: { isOwn: 'true', limit: 4 }, signal }),
});

/** How assets are received, for cards; the cards do not wait for it. */
export function assetEvidenceQuery(assetIds: readonly string[]) {
  const asked = [...assetIds].toSorted();
  return queryOptions({
    queryKey: ['asset-evidence', asked],
    queryFn: ({ signal }) => call(listAssetEvidence, { query: { asset: asked }, signal }),
    staleTime: 5 * 60_000,
    retry: false,
  });
}
