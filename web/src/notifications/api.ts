import * as contract from '@offshelf/server/contract/notifications';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { call } from '../lib/api.ts';
import { queryClient, showEarly } from '../lib/query-client.ts';
import { notifyProblem, notifyUndo } from '../ui/notify.tsx';

export type {
  Kind,
  Notification,
  Preferences,
  Timing,
  Webhook,
  WebhookDelivery,
  WebhookEvent,
} from '@offshelf/server/contract/notifications';
export type NotificationPage = typeof contract.listNotifications.response._output;
type Pages = { pages: NotificationPage[]; pageParams: unknown[] };

/** Where the browser listens; the stream itself is no answer that could be parsed. */
export const streamPath = `/api${contract.streamNotifications.path}`;

const pageSize = 30;

/** How often is asked while nothing is heard by itself. */
export const pollMs = 30_000;

export const unreadQuery = queryOptions({
  queryKey: ['notifications', 'unread'],
  queryFn: async ({ signal }) =>
    (await call(contract.listNotifications, { query: { limit: 1 }, signal })).unreadCount,
});

export const notificationsQuery = infiniteQueryOptions({
  queryKey: ['notifications', 'list'],
  queryFn: ({ pageParam, signal }) =>
    call(contract.listNotifications, {
      query: { limit: pageSize, ...(pageParam && { cursor: pageParam }) },
      signal,
    }),
  initialPageParam: '',
  getNextPageParam: ({ nextCursor }) => nextCursor,
});

export async function readLatest(): Promise<contract.Notification | undefined> {
  return (await call(contract.listNotifications, { query: { limit: 1 } })).items[0];
}

/** Somebody read just now: whatever tells of readers is asked anew. */
export function refreshWhatTells(): void {
  for (const queryKey of [
    ['notifications', 'list'],
    ['act-now'],
    ['link-timeline'],
    ['account-activity'],
    ['visits'],
    ['my-links'],
    ['rooms'],
  ])
    void queryClient.invalidateQueries({ queryKey });
}

/** Shows the change at once and takes it back when it fails. */
async function change(
  edit: (item: contract.Notification) => contract.Notification,
  send: () => Promise<unknown>,
): Promise<void> {
  let difference = 0;
  const takeBack = await showEarly<Pages>(['notifications', 'list'], (data) => ({
    ...data,
    pages: data.pages.map((page) => ({
      ...page,
      items: page.items.map((item) => {
        const next = edit(item);
        difference += Number(item.isRead) - Number(next.isRead);
        return next;
      }),
    })),
  }));
  const takeBackCount = await showEarly<number>(unreadQuery.queryKey, (count) =>
    Math.max(0, count + difference),
  );
  try {
    await send();
  } catch (error) {
    takeBack();
    takeBackCount();
    throw error;
  } finally {
    void queryClient.invalidateQueries({ queryKey: ['notifications'] });
  }
}

export function markRead(notificationId: string): Promise<void> {
  return change(
    (item) => (item.id === notificationId ? { ...item, isRead: true } : item),
    () => call(contract.readNotification, { params: { notificationId } }),
  );
}

export function markUnread(notificationId: string): Promise<void> {
  return change(
    (item) => (item.id === notificationId ? { ...item, isRead: false } : item),
    () => call(contract.unreadNotification, { params: { notificationId } }),
  );
}

/** What came after the newest one in sight stays unread. */
export function markAllRead(until: Date): Promise<void> {
  return change(
    (item) => (item.toldAt <= until ? { ...item, isRead: true } : item),
    () => call(contract.readAllNotifications, { body: { until } }),
  );
}

export const mutedQuery = queryOptions({
  queryKey: ['notifications', 'muted'],
  queryFn: async ({ signal }) => (await call(contract.listMutedShareLinks, { signal })).items,
});

interface Muted {
  shareLinkId: string;
  isMuted: boolean;
  title: string;
  recipient: { name: string };
}

/** Tells no more of a share link of one's own, or again; a mute can be undone. */
export async function toggleMute({ shareLinkId, isMuted, title, recipient }: Muted): Promise<void> {
  try {
    await setMute(shareLinkId, !isMuted);
    if (!isMuted)
      notifyUndo(`You are told no more of ${title}, sent to ${recipient.name}`, () =>
        setMute(shareLinkId, false).catch(notifyProblem),
      );
  } catch (error) {
    notifyProblem(error);
  }
}

async function setMute(shareLinkId: string, isMuted: boolean): Promise<void> {
  const timelineKey = ['link-timeline', shareLinkId];
  const takeBack = await showEarly<object>(timelineKey, (data) => ({ ...data, isMuted }));
  try {
    await change(
      (item) => (item.shareLinkId === shareLinkId ? { ...item, isMuted } : item),
      () => call(isMuted ? contract.muteShareLink : contract.unmuteShareLink, { params: { shareLinkId } }),
    );
  } catch (error) {
    takeBack();
    throw error;
  } finally {
    void queryClient.invalidateQueries({ queryKey: timelineKey });
  }
}

export const preferencesQuery = queryOptions({
  queryKey: ['notification-preferences'],
  queryFn: ({ signal }) => call(contract.readPreferences, { signal }),
});

type PreferenceChanges = Partial<
  Pick<contract.Preferences, 'kinds' | 'quiet' | 'digestHour' | 'timeZone'>
> & {
  slackUrl?: string | null;
};

export const hereZone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Shows the change at once and takes it back when it fails. The first one also says in which time zone the days are. */
export async function changePreferences({ slackUrl, ...given }: PreferenceChanges): Promise<void> {
  const isFirst = queryClient.getQueryData(preferencesQuery.queryKey)?.isChosen === false;
  const changes = { ...(isFirst && { timeZone: hereZone }), ...given };
  const takeBack = await showEarly<contract.Preferences>(preferencesQuery.queryKey, (before) => ({
    ...before,
    // A new address may be refused.
    ...(slackUrl === undefined && changes),
  }));
  try {
    const after = await call(contract.changePreferences, {
      body: { ...changes, ...(slackUrl !== undefined && { slackUrl }) },
    });
    queryClient.setQueryData(preferencesQuery.queryKey, after);
  } catch (error) {
    takeBack();
    throw error;
  }
}

export function testChannel(channel: 'email' | 'slack'): Promise<void> {
  return call(contract.testChannel, { body: { channel } });
}

export const webhooksQuery = queryOptions({
  queryKey: ['webhooks'],
  queryFn: async ({ signal }) => (await call(contract.listWebhooks, { signal })).items,
  refetchInterval: ({ state }) =>
    state.data?.some(({ lastDelivery }) => lastDelivery?.state === 'waiting') ? 2_000 : 15_000,
});

/** While a delivery waits for its answer it is looked at often. */
export function deliveriesQuery(webhookId: string) {
  return queryOptions({
    queryKey: ['webhook-deliveries', webhookId],
    queryFn: async ({ signal }) =>
      (await call(contract.listWebhookDeliveries, { params: { webhookId }, signal })).items,
    refetchInterval: ({ state }) =>
      state.data?.some((delivery) => delivery.state === 'waiting' && delivery.tryCount === 0)
        ? 1_000
        : 15_000,
  });
}

interface WebhookInput {
  url: string;
  events: contract.WebhookEvent[];
}

/** Answers the secret, which is shown this once. */
export async function createWebhook(input: WebhookInput): Promise<string> {
  const { secret } = await call(contract.createWebhook, { body: input });
  await refreshWebhooks();
  return secret;
}

export async function changeWebhook(
  webhookId: string,
  changes: Partial<WebhookInput & { isEnabled: boolean }>,
): Promise<void> {
  await call(contract.changeWebhook, { params: { webhookId }, body: changes });
  await refreshWebhooks();
}

export async function deleteWebhook(webhookId: string): Promise<void> {
  await call(contract.deleteWebhook, { params: { webhookId } });
  await refreshWebhooks();
}

export async function rotateSecret(webhookId: string): Promise<string> {
  const { secret } = await call(contract.rotateWebhookSecret, { params: { webhookId } });
  await refreshWebhooks();
  return secret;
}

export async function testWebhook(webhookId: string): Promise<void> {
  await call(contract.testWebhook, { params: { webhookId } });
  await refreshWebhooks();
}

export async function replayDelivery(webhookDeliveryId: string): Promise<void> {
  await call(contract.replayWebhookDelivery, { params: { webhookDeliveryId } });
  await refreshWebhooks();
}

async function refreshWebhooks(): Promise<void> {
  await Promise.all(
    [['webhooks'], ['webhook-deliveries']].map((queryKey) => queryClient.invalidateQueries({ queryKey })),
  );
}
