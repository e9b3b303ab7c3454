import { findAccounts, findContacts } from '@offshelf/server/contract/accounts';
import { readAsset } from '@offshelf/server/contract/assets';
import * as contract from '@offshelf/server/contract/shares';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { type CallInput, call } from '../lib/api.ts';
import { queryClient } from '../lib/query-client.ts';

export type { ShareLink } from '@offshelf/server/contract/shares';
export type MadeShareLink = typeof contract.createShareLink.response._output;

type NewShareLink = CallInput<
  typeof contract.createShareLink.params,
  typeof contract.createShareLink.query,
  typeof contract.createShareLink.body
>;

export async function makeShareLink(input: NewShareLink): Promise<MadeShareLink> {
  const made = await call(contract.createShareLink, input);
  forgetShareLinks();
  return made;
}

/** The URL of a share link that was made before, to copy it again. */
export async function readShareLinkUrl(shareLinkId: string): Promise<string> {
  return (await call(contract.readShareLinkUrl, { params: { shareLinkId } })).url;
}

export async function revokeShareLink(shareLinkId: string): Promise<contract.ShareLink> {
  const shareLink = await call(contract.revokeShareLink, { params: { shareLinkId } });
  forgetShareLinks();
  return shareLink;
}

export async function restoreShareLink(shareLinkId: string): Promise<contract.ShareLink> {
  const shareLink = await call(contract.restoreShareLink, { params: { shareLinkId } });
  forgetShareLinks();
  return shareLink;
}

/** Every list of share links is read anew, the report on them included. */
function forgetShareLinks(): void {
  void queryClient.invalidateQueries({ queryKey: ['share-links'] });
  void queryClient.invalidateQueries({ queryKey: ['my-links'] });
}

/** Share links that the user made for one asset, newest first. */
export function shareLinksQuery(assetId: string) {
  return queryOptions({
    queryKey: ['share-links', assetId],
    queryFn: ({ signal }) => call(contract.listShareLinks, { query: { assetId }, signal }),
  });
}

export function contactsQuery(query: string) {
  return queryOptions({
    queryKey: ['contacts', query],
    queryFn: ({ signal }) => call(findContacts, { query: { query }, signal }),
    placeholderData: keepPreviousData,
  });
}

export function accountsQuery(query: string) {
  return queryOptions({
    queryKey: ['accounts', query],
    queryFn: ({ signal }) => call(findAccounts, { query: { query }, signal }),
    placeholderData: keepPreviousData,
  });
}

/** The asset with its talk track; the same entry that its page and its preview read. */
export function sharedAssetQuery(assetId: string) {
  return queryOptions({
    queryKey: ['assets', 'one', assetId],
    queryFn: ({ signal }) => call(readAsset, { params: { assetId }, signal }),
  });
}
