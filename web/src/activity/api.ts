import { findAccounts } from '@offshelf/server/contract/accounts';
import * as contract from '@offshelf/server/contract/activity';
import { queryOptions } from '@tanstack/react-query';
import { call } from '../lib/api.ts';
import { queryClient, showEarly } from '../lib/query-client.ts';

export type {
  AccountActivity,
  AccountEvent,
  ActNowEntry,
  DealActivity,
  FollowUpKind,
  LinkEvent,
  LinkTimeline,
  Reader,
  SentToAccount,
} from '@offshelf/server/contract/activity';
export type { Visit } from '@offshelf/server/contract/tracking';
export type ActNow = typeof contract.listActNow.response._output;
export type Whose = 'own' | 'team';

/** Somebody may read at any moment, and whoever waits for it looks at it. */
const liveMs = 15_000;

export function actNowQuery(whose: Whose) {
  return queryOptions({
    queryKey: ['act-now', whose],
    queryFn: ({ signal }) => call(contract.listActNow, { query: { whose }, signal }),
    refetchInterval: liveMs,
  });
}

export function linkTimelineQuery(shareLinkId: string) {
  return queryOptions({
    queryKey: ['link-timeline', shareLinkId],
    queryFn: ({ signal }) => call(contract.readLinkTimeline, { params: { shareLinkId }, signal }),
    refetchInterval: liveMs,
  });
}

export function accountActivityQuery(accountId: string) {
  return queryOptions({
    queryKey: ['account-activity', accountId],
    queryFn: ({ signal }) => call(contract.readAccountActivity, { params: { accountId }, signal }),
    refetchInterval: 60_000,
  });
}

export function dealActivityQuery(dealId: string) {
  return queryOptions({
    queryKey: ['deal-activity', dealId],
    queryFn: ({ signal }) => call(contract.readDealActivity, { params: { dealId }, signal }),
    refetchInterval: 60_000,
  });
}

export async function findAccountsByName(query: string, signal: AbortSignal) {
  return (await call(findAccounts, { query: { query }, signal })).items;
}

/** What shows whether somebody waits is read anew. */
function refresh(): void {
  for (const queryKey of [['act-now'], ['link-timeline'], ['account-activity'], ['deal-activity']])
    void queryClient.invalidateQueries({ queryKey });
}

interface Answered {
  shareLinkId: string;
  recipient: { id: string };
}

/** The entries that it settles leave the list before the server has confirmed it. */
export async function noteFollowUp(
  { shareLinkId, recipient }: Answered,
  kind: contract.FollowUpKind,
  note = '',
): Promise<contract.FollowUp> {
  const isSettled = (entry: contract.ActNowEntry) =>
    entry.shareLinkId === shareLinkId ||
    (entry.isOwn && entry.recipient.kind !== 'channel' && entry.recipient.id === recipient.id);
  const takeBack = await leaveOut(isSettled);
  try {
    const followUp = await call(contract.addFollowUp, { params: { shareLinkId }, body: { kind, note } });
    refresh();
    return followUp;
  } catch (error) {
    takeBack();
    throw error;
  }
}

export async function undoFollowUp(followUpId: string): Promise<void> {
  await call(contract.undoFollowUp, { params: { followUpId } });
  refresh();
}

export async function snoozeShareLink(shareLinkId: string, until: Date): Promise<void> {
  const takeBack = await leaveOut((entry) => entry.shareLinkId === shareLinkId);
  try {
    await call(contract.snoozeShareLink, { params: { shareLinkId }, body: { until } });
    refresh();
  } catch (error) {
    takeBack();
    throw error;
  }
}

export async function unsnoozeShareLink(shareLinkId: string): Promise<void> {
  await call(contract.unsnoozeShareLink, { params: { shareLinkId } });
  refresh();
}

function leaveOut(isLeft: (entry: contract.ActNowEntry) => boolean): Promise<() => void> {
  return showEarly<ActNow>(['act-now'], (data) => {
    const items = data.items.filter((entry) => !isLeft(entry));
    const left = data.items.length - items.length;
    const overdue = data.items.filter((entry) => isLeft(entry) && entry.isOverdue).length;
    return {
      ...data,
      items,
      totalCount: data.totalCount - left,
      overdueCount: data.overdueCount - overdue,
    };
  });
}
