import { z } from 'zod';
import { endpoint, id, instant, list, paging } from '../http/contract.ts';
import { recipient } from '../shares/contract.ts';
import { visitorKeyKind } from '../tracking/contract.ts';

/** What a thread says last: that somebody opened it, read more, came back on another day, downloaded, or asked in a room. */
export const news = z.enum(['opened', 'read_more', 'came_back', 'downloaded', 'asked']);
export type News = z.infer<typeof news>;

export const likelihood = z.enum(['low', 'medium', 'high']);

/**
 * What one visitor did with one share link, always up to date and unread again when it says something new; or what
 * somebody asked in a room.
 */
export const notification = z.object({
  id: id('ntf'),
  shareLinkId: id('lnk'),
  /** What it leads to: one of the two. */
  assetId: id('ast').nullable(),
  roomId: id('room').nullable(),
  /** Of the asset or the room. */
  title: z.string(),
  /** Of a room: what was opened in the latest visit. */
  openedTitles: z.array(z.string()),
  pageCount: z.int(),
  /** Of a video or sound: its length. */
  durationMs: z.int().nullable(),
  /** Who read or asked; whoever asks unseen is no visitor. */
  reader: z.object({
    visitorId: id('vis').nullable(),
    keyKind: visitorKeyKind.nullable(),
    name: z.string().nullable(),
    email: z.string().nullable(),
  }),
  recipient,
  news,
  question: z.object({ id: id('que'), text: z.string(), isAnswered: z.boolean() }).nullable(),
  /** Whether one of the visits is judged human-confirmed; else they are likely ones. */
  isConfirmed: z.boolean(),
  visitCount: z.int(),
  readPageCount: z.int(),
  activeMs: z.int(),
  hasDownloaded: z.boolean(),
  /** Such as "Safari on iPhone"; of the latest visit. */
  device: z.string(),
  /** How likely it is that the share link was passed on, as far as it is. */
  forwarding: likelihood.nullable(),
  lastActiveAt: instant,
  /** When it last said something new. */
  toldAt: instant,
  isRead: z.boolean(),
  isMuted: z.boolean(),
});
export type Notification = z.infer<typeof notification>;

/** The actor's own, what was told last first. */
export const listNotifications = endpoint({
  method: 'GET',
  path: '/notifications',
  query: z.object(paging),
  response: list(notification).extend({ unreadCount: z.int() }),
});

/**
 * Server-sent events: `unread` with `{ unreadCount }` at first and whenever something changed. Whoever hears it asks for
 * the list again.
 */
export const streamNotifications = endpoint({ method: 'GET', path: '/notifications/stream' });

const notificationParams = z.object({ notificationId: id('ntf') });

export const readNotification = endpoint({
  method: 'POST',
  path: '/notifications/:notificationId/read',
  params: notificationParams,
});

export const unreadNotification = endpoint({
  method: 'DELETE',
  path: '/notifications/:notificationId/read',
  params: notificationParams,
});

/** All that was told until then, so that what came meanwhile stays unread. */
export const readAllNotifications = endpoint({
  method: 'POST',
  path: '/notifications/read',
  body: z.object({ until: instant }),
});

const muteParams = z.object({ shareLinkId: id('lnk') });

/** A share link of the actor's own is told of no more: its threads go on and are never unread. */
export const muteShareLink = endpoint({
  method: 'PUT',
  path: '/share-links/:shareLinkId/mute',
  params: muteParams,
});

export const unmuteShareLink = endpoint({
  method: 'DELETE',
  path: '/share-links/:shareLinkId/mute',
  params: muteParams,
});

/** The actor's own share links of which they are told no more, the last one first. */
export const listMutedShareLinks = endpoint({
  method: 'GET',
  path: '/notifications/muted',
  response: z.object({
    items: z.array(z.object({ shareLinkId: id('lnk'), title: z.string(), recipient, mutedAt: instant })),
  }),
});

export const timing = z.enum(['at_once', 'digest', 'off']);
export type Timing = z.infer<typeof timing>;

const minuteOfDay = z.int().min(0).max(1_439);

const timeZone = z
  .string()
  .max(64)
  .refine((zone) => {
    try {
      new Intl.DateTimeFormat('en-GB', { timeZone: zone });
      return true;
    } catch {
      return false;
    }
  }, 'This is not a time zone. Write it like Europe/Berlin.');

/** What somebody can be told of: that a person reads, and that somebody asks in a room. */
export const kind = z.enum(['reading', 'question']);
export type Kind = z.infer<typeof kind>;

const choice = z.object({
  /** Whether the bell counts it. */
  isInApp: z.boolean(),
  email: timing,
  slack: timing,
});
export const kinds = z.object({ reading: choice, question: choice });

const hours = {
  /** When mail and Slack wait, in minutes after midnight; it may end on the next day. */
  quiet: z.object({ from: minuteOfDay, until: minuteOfDay }).nullable(),
  /** When the daily digest leaves. */
  digestHour: z.int().min(0).max(23),
  timeZone,
};

export const preferences = z.object({
  kinds,
  ...hours,
  /** Whether mails can be sent at all. */
  hasMail: z.boolean(),
  /** Where they go. */
  emailAddress: z.string(),
  hasSlack: z.boolean(),
  /** Whether anything was ever chosen; until then the defaults hold. */
  isChosen: z.boolean(),
});
export type Preferences = z.infer<typeof preferences>;

export const readPreferences = endpoint({
  method: 'GET',
  path: '/notifications/preferences',
  response: preferences,
});

export const changePreferences = endpoint({
  method: 'PATCH',
  path: '/notifications/preferences',
  body: z
    .object({
      kinds: z.object({ reading: choice.partial(), question: choice.partial() }).partial(),
      ...hours,
      slackUrl: z.string().trim().max(500).nullable(),
    })
    .partial(),
  response: preferences,
});

/** Sends a message to the actor by this channel, now; a fault of it is the answer. */
export const testChannel = endpoint({
  method: 'POST',
  path: '/notifications/test',
  body: z.object({ channel: z.enum(['email', 'slack']) }),
});

// ── webhooks ────────────────────────────────────────────────────────────────────────────────────────────

/** What other systems can be told of. */
export const webhookEvent = z.enum(['visit.read', 'visit.updated', 'question.asked', 'share_link.created']);
export type WebhookEvent = z.infer<typeof webhookEvent>;

export const webhook = z.object({
  id: id('whk'),
  url: z.string(),
  events: z.array(webhookEvent),
  createdAt: instant,
  createdBy: z.string().nullable(),
  /** The first failure since the last success. */
  failingSince: instant.nullable(),
  disabledAt: instant.nullable(),
  disabledReason: z.string().nullable(),
  /** Until then the secret before the last change signs as well. */
  previousSecretUntil: instant.nullable(),
  lastDelivery: z
    .object({
      state: z.enum(['waiting', 'delivered', 'failed']),
      createdAt: instant,
      status: z.int().nullable(),
    })
    .nullable(),
});
export type Webhook = z.infer<typeof webhook>;

/** With the secret, which is shown this once. */
const withSecret = z.object({ webhook, secret: z.string() });

const webhookInput = {
  url: z.string().trim().min(1).max(2_000),
  events: z.array(webhookEvent).min(1, 'Choose at least one event.'),
};

export const listWebhooks = endpoint({
  method: 'GET',
  path: '/webhooks',
  response: z.object({ items: z.array(webhook) }),
});

export const createWebhook = endpoint({
  method: 'POST',
  path: '/webhooks',
  body: z.object(webhookInput),
  response: withSecret,
});

const webhookParams = z.object({ webhookId: id('whk') });

export const changeWebhook = endpoint({
  method: 'PATCH',
  path: '/webhooks/:webhookId',
  params: webhookParams,
  body: z.object({ ...webhookInput, isEnabled: z.boolean() }).partial(),
  response: webhook,
});

export const deleteWebhook = endpoint({
  method: 'DELETE',
  path: '/webhooks/:webhookId',
  params: webhookParams,
});

/** A new secret; for a day the one before it signs as well. */
export const rotateWebhookSecret = endpoint({
  method: 'POST',
  path: '/webhooks/:webhookId/secret',
  params: webhookParams,
  response: withSecret,
});

export const webhookDelivery = z.object({
  id: id('whd'),
  messageId: z.string(),
  event: z.string(),
  payload: z.record(z.string(), z.unknown()),
  createdAt: instant,
  state: z.enum(['waiting', 'delivered', 'failed']),
  tryCount: z.int(),
  nextTryAt: instant.nullable(),
  triedAt: instant.nullable(),
  responseStatus: z.int().nullable(),
  responseExcerpt: z.string(),
  error: z.string().nullable(),
  tookMs: z.int().nullable(),
});
export type WebhookDelivery = z.infer<typeof webhookDelivery>;

/** Newest first. */
export const listWebhookDeliveries = endpoint({
  method: 'GET',
  path: '/webhooks/:webhookId/deliveries',
  params: webhookParams,
  response: z.object({ items: z.array(webhookDelivery) }),
});

/** Sends an event that says that it is a test. */
export const testWebhook = endpoint({
  method: 'POST',
  path: '/webhooks/:webhookId/test',
  params: webhookParams,
  response: webhookDelivery,
});

/** Sends the same message again, under the same id. */
export const replayWebhookDelivery = endpoint({
  method: 'POST',
  path: '/webhook-deliveries/:webhookDeliveryId/replay',
  params: z.object({ webhookDeliveryId: id('whd') }),
  response: webhookDelivery,
});
