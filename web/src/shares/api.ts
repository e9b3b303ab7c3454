import { findAccounts, findContacts } from '@offshelf/server/contract/accounts';
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
  void queryClient.invalidateQueries({ queryKey: ['shelf-report'] });
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
