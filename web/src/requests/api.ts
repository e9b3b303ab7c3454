import { listAssets } from '@offshelf/server/contract/assets';
import type { Caller } from '@offshelf/server/contract/http';
import * as contract from '@offshelf/server/contract/requests';
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { call } from '../lib/api.ts';
import { queryClient, showEarly } from '../lib/query-client.ts';

export type { AssetRequest, RequestStatus } from '@offshelf/server/contract/requests';

/** Every request, newest first; the page sorts and counts them by their state. */
export const requestsQuery = infiniteQueryOptions({
  queryKey: ['requests'],
  queryFn: ({ pageParam, signal }) =>
    call(contract.listRequests, { query: { limit: 200, ...(pageParam && { cursor: pageParam }) }, signal }),
  initialPageParam: null as string | null,
  getNextPageParam: (last) => last.nextCursor,
  refetchInterval: 60_000,
});

type NewRequest = Caller<typeof contract.createRequest.body>;
type RequestEdit = Caller<typeof contract.updateRequest.body>;

export async function makeRequest(body: NewRequest): Promise<contract.AssetRequest> {
  const made = await call(contract.createRequest, { body });
  await renew();
  return made;
}

export async function editRequest(requestId: string, body: RequestEdit): Promise<contract.AssetRequest> {
  const edited = await call(contract.updateRequest, { params: { requestId }, body });
  await renew();
  return edited;
}

export async function removeRequest(requestId: string): Promise<void> {
  await call(contract.deleteRequest, { params: { requestId } });
  await renew();
}

interface Pages {
  pages: { items: contract.AssetRequest[] }[];
}

/** Shows the vote at once; it comes back as it was when the server refuses. */
export async function vote(request: contract.AssetRequest, name: string): Promise<void> {
  const hasVoted = !request.hasVoted;
  const takeBack = await showEarly<Pages>(requestsQuery.queryKey, (data) => ({
    ...data,
    pages: data.pages.map((page) => ({
      ...page,
      items: page.items.map((item) =>
        item.id === request.id
          ? {
              ...item,
              hasVoted,
              voteCount: item.voteCount + (hasVoted ? 1 : -1),
              voterNames: hasVoted
                ? [...item.voterNames, name]
                : item.voterNames.filter((one) => one !== name),
            }
          : item,
      ),
    })),
  }));
  try {
    const params = { requestId: request.id };
    await (hasVoted ? call(contract.voteForRequest, { params }) : call(contract.withdrawVote, { params }));
  } catch (error) {
    takeBack();
    throw error;
  }
  await renew();
}

/** Gaps know of the requests that were made for them. */
async function renew(): Promise<void> {
  void queryClient.invalidateQueries({ queryKey: ['gaps'] });
  await queryClient.invalidateQueries({ queryKey: requestsQuery.queryKey });
}

/** Published assets whose titles hold these words, to answer a request with one. */
export function answerAssetsQuery(query: string) {
  return queryOptions({
    queryKey: ['assets', 'answers', query],
    queryFn: ({ signal }) => call(listAssets, { query: { query, status: 'published', limit: 20 }, signal }),
    placeholderData: keepPreviousData,
  });
}
