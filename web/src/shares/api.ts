import { findAccounts, findContacts } from '@offshelf/server/contract/accounts';
import * as contract from '@offshelf/server/contract/shares';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { type CallInput, call } from '../lib/api.ts';
import { queryClient } from '../lib/query-client.ts';

export type { ShareLink } from '@offshelf/server/contract/shares';
export type MadeShareLink = (typeof contract.createShareLinks.response._output)['items'][number];
export type PolicyPatch = typeof contract.changeShareLink.body._output;

type NewShareLinks = CallInput<
  typeof contract.createShareLinks.params,
  typeof contract.createShareLinks.query,
  typeof contract.createShareLinks.body
>['body'];

export async function makeShareLinks(body: NewShareLinks): Promise<MadeShareLink[]> {
  const { items } = await call(contract.createShareLinks, { body });
  forgetShareLinks();
  return items;
}

/** What to know before sharing; asked anew whenever somebody else is named. */
export function warningsQuery(
  target: contract.ShareTarget,
  recipients: (typeof contract.checkShare.body._output)['recipients'],
) {
  return queryOptions({
    queryKey: ['share-warnings', target, recipients],
    queryFn: ({ signal }) => call(contract.checkShare, { body: { target, recipients }, signal }),
    placeholderData: keepPreviousData,
    staleTime: 10_000,
  });
}

/** What this instance can do for a sender; it changes with its configuration only. */
export const sharingQuery = queryOptions({
  queryKey: ['sharing'],
  queryFn: ({ signal }) => call(contract.readSharing, { signal }),
  staleTime: 60 * 60_000,
});

/** The URL of a share link that was made before, to copy it again. */
export async function readShareLinkUrl(shareLinkId: string): Promise<string> {
  return (await call(contract.readShareLinkUrl, { params: { shareLinkId } })).url;
}

export function childLinksQuery(shareLinkId: string) {
  return queryOptions({
    queryKey: ['share-links', 'children', shareLinkId],
    queryFn: ({ signal }) => call(contract.listChildLinks, { params: { shareLinkId }, signal }),
  });
}

/** Every list of share links is read anew after a change, the report on them included. */
async function changing<T>(work: Promise<T>): Promise<T> {
  const answer = await work;
  forgetShareLinks();
  return answer;
}

export const revokeShareLinks = (shareLinkIds: string[]) =>
  changing(call(contract.revokeShareLinks, { body: { shareLinkIds } }));
export const restoreShareLinks = (shareLinkIds: string[]) =>
  changing(call(contract.restoreShareLinks, { body: { shareLinkIds } }));
export const undoShareLinks = (shareLinkIds: string[]) =>
  changing(call(contract.undoShareLinks, { body: { shareLinkIds } }));
export const mailShareLinks = (shareLinkIds: string[]) =>
  changing(call(contract.mailShareLinks, { body: { shareLinkIds } }));
export const transferShareLinks = (shareLinkIds: string[], toUserId: string) =>
  changing(call(contract.transferShareLinks, { body: { shareLinkIds, toUserId } }));
export const transferAllShareLinks = (fromUserId: string, toUserId: string) =>
  changing(call(contract.transferAllShareLinks, { params: { userId: fromUserId }, body: { toUserId } }));
export const changeShareLink = (shareLinkId: string, body: PolicyPatch) =>
  changing(call(contract.changeShareLink, { params: { shareLinkId }, body }));

function forgetShareLinks(): void {
  for (const key of [
    'share-links',
    'my-links',
    'reach',
    'share-warnings',
    'act-now',
    'link-timeline',
    'account-activity',
    'deal-activity',
  ])
    void queryClient.invalidateQueries({ queryKey: [key] });
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
