import * as contract from '@offshelf/server/contract/collections';
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { call } from '../lib/api.ts';
import { changeInTurn, queryClient } from '../lib/query-client.ts';
import { inOrder } from '../lib/reorder.ts';

export type {
  Collection,
  CollectionCard,
  CollectionChoice,
  CollectionItem,
} from '@offshelf/server/contract/collections';

export type CollectionPart = 'all' | 'own' | 'pinned';

export function collectionsQuery(part: CollectionPart, query: string) {
  return infiniteQueryOptions({
    queryKey: ['collections', 'list', part, query],
    queryFn: ({ pageParam, signal }) =>
      call(contract.listCollections, {
        query: { part, query, limit: 60, ...(pageParam && { cursor: pageParam }) },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.nextCursor,
    placeholderData: keepPreviousData,
  });
}

/** What stands on everybody's Find home; an empty one would lead nowhere. */
export const pinnedCollectionsQuery = queryOptions({
  queryKey: ['collections', 'pinned'],
  queryFn: ({ signal }) => call(contract.listCollections, { query: { part: 'pinned', limit: 24 }, signal }),
  select: ({ items }) => items.filter(({ itemCount }) => itemCount > 0).slice(0, 8),
  staleTime: 60_000,
});

export function collectionQuery(collectionId: string) {
  return queryOptions({
    queryKey: ['collections', 'one', collectionId],
    queryFn: ({ signal }) => call(contract.readCollection, { params: { collectionId }, signal }),
  });
}

export function collectionChoicesQuery(assetId: string) {
  return queryOptions({
    queryKey: ['collections', 'choices', assetId],
    queryFn: ({ signal }) => call(contract.listCollectionChoices, { params: { assetId }, signal }),
    staleTime: 0,
  });
}

/** Whatever shows a collection reads it anew, but not the choices, which would change places under the hand that ticks. */
function renew(): void {
  void queryClient.invalidateQueries({
    queryKey: ['collections'],
    predicate: ({ queryKey }) => queryKey[1] !== 'choices',
  });
}

/** For when one comes or goes. */
function renewAll(): void {
  void queryClient.invalidateQueries({ queryKey: ['collections'] });
}

export async function makeCollection(body: {
  name: string;
  description?: string;
  assetIds?: string[];
}): Promise<contract.Collection> {
  const made = await call(contract.createCollection, { body });
  queryClient.setQueryData(collectionQuery(made.id).queryKey, made);
  renewAll();
  return made;
}

export async function editCollection(
  collectionId: string,
  body: { name?: string; description?: string },
): Promise<contract.Collection> {
  const edited = await call(contract.updateCollection, { params: { collectionId }, body });
  queryClient.setQueryData(collectionQuery(collectionId).queryKey, edited);
  renew();
  return edited;
}

export async function deleteCollection(collectionId: string): Promise<void> {
  await call(contract.deleteCollection, { params: { collectionId } });
  queryClient.removeQueries({ queryKey: collectionQuery(collectionId).queryKey });
  renewAll();
}

export async function restoreCollection(collectionId: string): Promise<void> {
  await call(contract.restoreCollection, { params: { collectionId } });
  renewAll();
}

export async function setPinned(collectionId: string, isPinned: boolean): Promise<void> {
  const endpoint = isPinned ? contract.pinCollection : contract.unpinCollection;
  await changeEarly(
    collectionId,
    (collection) => ({ ...collection, isPinned }),
    () => call(endpoint, { params: { collectionId } }),
  );
}

export async function addToCollection(
  collectionId: string,
  assetId: string,
  body: { note?: string; place?: number } = {},
): Promise<void> {
  await call(contract.addToCollection, { params: { collectionId, assetId }, body });
  renew();
}

export async function removeFromCollection(collectionId: string, assetId: string): Promise<void> {
  await changeEarly(
    collectionId,
    (collection) => ({
      ...collection,
      itemCount: collection.items.filter(({ asset }) => asset.id !== assetId).length,
      items: collection.items.filter(({ asset }) => asset.id !== assetId),
    }),
    () => call(contract.removeFromCollection, { params: { collectionId, assetId } }),
  );
}

export async function writeNote(collectionId: string, assetId: string, note: string): Promise<void> {
  await changeEarly(
    collectionId,
    (collection) => ({
      ...collection,
      items: collection.items.map((item) => (item.asset.id === assetId ? { ...item, note } : item)),
    }),
    () => call(contract.updateCollectionItem, { params: { collectionId, assetId }, body: { note } }),
  );
}

export async function orderCollection(collectionId: string, assetIds: string[]): Promise<void> {
  await changeEarly(
    collectionId,
    (collection) => ({ ...collection, items: inOrder(collection.items, ({ asset }) => asset.id, assetIds) }),
    () => call(contract.orderCollection, { params: { collectionId }, body: { assetIds } }),
  );
}

function changeEarly(
  collectionId: string,
  change: (data: contract.Collection) => contract.Collection,
  send: () => Promise<unknown>,
): Promise<void> {
  return changeInTurn<contract.Collection>(collectionQuery(collectionId).queryKey, {
    change,
    send,
    onSettled: renew,
  });
}
