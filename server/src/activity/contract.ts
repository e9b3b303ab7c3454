import { z } from 'zod';
import { dealListItem } from '../deals/contract.ts';
import { endpoint, id, instant } from '../http/contract.ts';
import { policyNote, recipient, shareLinkState } from '../shares/contract.ts';
import { forwarding, visit, visitorKeyKind } from '../tracking/contract.ts';

/** Whoever reads is waiting from the first page on; after a day nobody's answer is late. */
export const overdueAfterHours = 24;
/** Older reading is no reason to act. */
export const actWithinDays = 14;
/** For how long at most a share link can be put off. */
export const mostSnoozeDays = 14;

export const followUpKind = z.enum(['mail', 'call', 'meeting', 'other']);
export type FollowUpKind = z.infer<typeof followUpKind>;

export const followUp = z.object({
  id: id('fup'),
  shareLinkId: id('lnk'),
  kind: followUpKind,
  note: z.string(),
  byName: z.string(),
  isOwn: z.boolean(),
  followedUpAt: instant,
});
export type FollowUp = z.infer<typeof followUp>;

const dealValue = {
  openDealCount: z.int(),
  openValue: z.array(z.object({ currency: z.string(), amount: z.number() })),
};

/** A visitor who read, and the key that tells them from others. */
const reader = z.object({
  visitorId: id('vis'),
  keyKind: visitorKeyKind,
  name: z.string().nullable(),
  email: z.string().nullable(),
});
export type Reader = z.infer<typeof reader>;

/** Distinct visitors judged human, with the middle 90% of what the judgements' probabilities allow. */
const readerCount = z.object({ value: z.int(), low: z.int(), high: z.int() });

const title = {
  /** What it leads to: one of the two. */
  assetId: id('ast').nullable(),
  roomId: id('room').nullable(),
  /** Of the asset or the room. */
  title: z.string(),
  pageCount: z.int(),
  /** Of a video or sound: its length. */
  durationMs: z.int().nullable(),
};

/**
 * A share link that a person read and that nobody followed up since. It is in the list from the first read page of a
 * visit judged human-likely or human-confirmed, for 14 days. What settles it: a follow-up by anybody on this or another
 * share link of the same sender to the same recipient, or a newer share link of the sender to the same recipient; reading
 * that begins after that brings it back. Of a channel, of which nobody knows who comes, only what a reader read who is
 * known by name or address.
 */
export const actNowEntry = z.object({
  shareLinkId: id('lnk'),
  ...title,
  recipient,
  senderName: z.string(),
  isOwn: z.boolean(),
  /** Who read since the last follow-up, whoever read last first. */
  readers: z.array(reader),
  readerCount,
  /** Of all visits to it in these days: how many were automated or of our own company, and are not counted. */
  hiddenCount: z.int(),
  readPageCount: z.int(),
  activeMs: z.int(),
  /** Whether one of the visits is judged human-confirmed; else they are likely ones. */
  isConfirmed: z.boolean(),
  firstReadAt: instant,
  lastReadAt: instant,
  /** From then on it is overdue. */
  dueAt: instant,
  isOverdue: z.boolean(),
  snoozedUntil: instant.nullable(),
  ...dealValue,
});
export type ActNowEntry = z.infer<typeof actNowEntry>;

/**
 * What to do next, the most important first: a confirmed person before a likely one, then by how much was read, how fresh
 * it is and what the account's open deals are worth. `own`: the actor's share links. `team`: those of everybody in a
 * manager's team; of everybody where the manager has none, and for marketing and admins.
 */
export const listActNow = endpoint({
  method: 'GET',
  path: '/act-now',
  query: z.object({ whose: z.enum(['own', 'team']).default('own') }),
  response: z.object({
    items: z.array(actNowEntry),
    /** Put off by the actor, soonest first. */
    snoozed: z.array(actNowEntry),
    /** Also of those that the list has no room for. */
    totalCount: z.int(),
    overdueCount: z.int(),
    asOf: instant,
  }),
});

const shareLinkParams = z.object({ shareLinkId: id('lnk') });

/** By the sender, managers, marketing and admins. */
export const addFollowUp = endpoint({
  method: 'POST',
  path: '/share-links/:shareLinkId/follow-ups',
  params: shareLinkParams,
  body: z.object({
    kind: followUpKind.default('mail'),
    note: z.string().trim().max(500).default(''),
    visitorId: id('vis').nullable().default(null),
  }),
  response: followUp,
});

/** Takes one back, by who noted it; reading that it settled waits again. Doing so twice changes nothing. */
export const undoFollowUp = endpoint({
  method: 'POST',
  path: '/follow-ups/:followUpId/undo',
  params: z.object({ followUpId: id('fup') }),
});

/** Takes a share link out of the actor's own list until then; everybody else's stays as it is. */
export const snoozeShareLink = endpoint({
  method: 'POST',
  path: '/share-links/:shareLinkId/snooze',
  params: shareLinkParams,
  body: z.object({ until: instant }),
});

export const unsnoozeShareLink = endpoint({
  method: 'DELETE',
  path: '/share-links/:shareLinkId/snooze',
  params: shareLinkParams,
});

/** What happened to one share link. A visit carries its pages, downloads and watched ranges. */
export const linkEvent = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('made'),
    at: instant,
    byName: z.string(),
    /** Whose share link it was forwarded from, and whether the prospect did that. */
    forwardedFrom: z.object({ shareLinkId: id('lnk'), recipientName: z.string() }).nullable(),
    isByProspect: z.boolean(),
  }),
  z.object({ kind: z.literal('mailed'), at: instant }),
  z.object({ kind: z.literal('visit'), at: instant, visit }),
  z.object({
    kind: z.literal('download'),
    at: instant,
    visitId: id('vis'),
    reader,
    title: z.string(),
  }),
  z.object({
    kind: z.literal('forwarded'),
    at: instant,
    shareLinkId: id('lnk'),
    recipientName: z.string(),
    isByProspect: z.boolean(),
  }),
  z.object({ kind: z.literal('expired'), at: instant }),
  z.object({ kind: z.literal('revoked'), at: instant, byName: z.string().nullable() }),
  z.object({ kind: z.literal('restored'), at: instant, byName: z.string().nullable() }),
  /** The policy, from then on. */
  z.object({ kind: z.literal('changed'), at: instant, byName: z.string().nullable(), policy: policyNote }),
  z.object({
    kind: z.literal('transferred'),
    at: instant,
    fromName: z.string().nullable(),
    toName: z.string().nullable(),
    byName: z.string().nullable(),
  }),
  /** In the room, after it was sent. */
  z.object({ kind: z.literal('item_added'), at: instant, assetId: id('ast'), title: z.string() }),
  z.object({ kind: z.literal('item_removed'), at: instant, assetId: id('ast'), title: z.string() }),
  z.object({ kind: z.literal('followed_up'), at: instant, followUp }),
  /** A question in the room, with its answer once there is one. */
  z.object({
    kind: z.literal('asked'),
    at: instant,
    questionId: id('que'),
    byName: z.string(),
    text: z.string(),
    answer: z.string().nullable(),
    answeredByName: z.string().nullable(),
  }),
]);
export type LinkEvent = z.infer<typeof linkEvent>;

/** Everything that is known of one share link, newest first: to its sender, managers, marketing and admins. */
export const readLinkTimeline = endpoint({
  method: 'GET',
  path: '/share-links/:shareLinkId/timeline',
  params: shareLinkParams,
  response: z.object({
    shareLinkId: id('lnk'),
    ...title,
    recipient,
    senderName: z.string(),
    isOwn: z.boolean(),
    /** Whether the actor is told no more of those who read it. */
    isMuted: z.boolean(),
    state: shareLinkState,
    /** How long each version that was opened is, for strips of its pages. */
    versions: z.array(
      z.object({ assetVersionId: id('ver'), pageCount: z.int(), durationMs: z.int().nullable() }),
    ),
    events: z.array(linkEvent),
    readerCount,
    /** Of the visitors judged human, how many are known by which key. */
    visitorCounts: z.record(visitorKeyKind, z.int()),
    forwarding: forwarding.nullable(),
    linkHitCount: z.int(),
    /** Set while somebody's reading waits for an answer. */
    waiting: z
      .object({ dueAt: instant, isOverdue: z.boolean(), snoozedUntil: instant.nullable() })
      .nullable(),
    asOf: instant,
  }),
});
export type LinkTimeline = z.output<(typeof readLinkTimeline)['response']>;

const sentToAccount = z.object({
  shareLinkId: id('lnk'),
  ...title,
  recipient,
  senderName: z.string(),
  isOwn: z.boolean(),
  sentAt: instant,
  state: shareLinkState,
  readerCount,
  /** Pages that a person read. */
  readPageCount: z.int(),
  /** Null where the actor may know that it was read, not for how long. */
  activeMs: z.int().nullable(),
  /** Whether others than the one it was made for read it; null as well where the actor may not know. */
  forwarding: forwarding.nullable(),
  lastReadAt: instant.nullable(),
  lastOpenedAt: instant.nullable(),
  lastFollowUp: followUp.nullable(),
});
export type SentToAccount = z.infer<typeof sentToAccount>;

export const accountEvent = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('sent'),
    at: instant,
    shareLinkId: id('lnk'),
    isByProspect: z.boolean(),
  }),
  z.object({
    kind: z.literal('opened'),
    at: instant,
    shareLinkId: id('lnk'),
    visitId: id('vis'),
    reader,
    judgedAs: z.enum(['human-confirmed', 'human-likely']),
    readPageCount: z.int(),
    hasDownloaded: z.boolean(),
    /** Null and empty where the actor may know that it was read, not for how long. */
    activeMs: z.int().nullable(),
    pages: z.array(
      z.object({ assetVersionId: id('ver'), pageNumber: z.int(), activeMs: z.int(), isRead: z.boolean() }),
    ),
    /** What was opened, with the ranges that were played. */
    opened: z.array(
      z.object({
        assetVersionId: id('ver'),
        title: z.string(),
        pageCount: z.int(),
        durationMs: z.int().nullable(),
        watched: z.array(z.tuple([z.int(), z.int()])),
      }),
    ),
  }),
  z.object({ kind: z.literal('followed_up'), at: instant, shareLinkId: id('lnk'), followUp }),
  z.object({ kind: z.literal('deal_moved'), at: instant, dealId: id('deal'), stage: z.string() }),
  z.object({
    kind: z.literal('deal_closed'),
    at: instant,
    dealId: id('deal'),
    outcome: z.enum(['won', 'lost']),
  }),
]);
export type AccountEvent = z.infer<typeof accountEvent>;

/**
 * What all colleagues sent to an account and its contacts, and what became of it, newest first. Every signed-in user sees
 * who sent what to whom, that and how many pages of it a person read, and who followed up, so that nobody sends the same
 * twice. For how long each page was read is shown for the actor's own share links only, and for all of them to managers,
 * marketing and admins. Visits that were not people stand nowhere here.
 */
export const readAccountActivity = endpoint({
  method: 'GET',
  path: '/accounts/:accountId/activity',
  params: z.object({ accountId: id('acc') }),
  response: z.object({
    account: z.object({
      id: id('acc'),
      name: z.string(),
      industry: z.string().nullable(),
      region: z.string().nullable(),
    }),
    contacts: z.array(z.object({ id: id('con'), name: z.string(), email: z.string() })),
    deals: z.array(
      z.object({
        id: id('deal'),
        amount: z.number(),
        currency: z.string(),
        stage: z.string(),
        outcome: z.enum(['open', 'won', 'lost']),
        ownerName: z.string().nullable(),
        openedAt: instant,
        closedAt: instant.nullable(),
      }),
    ),
    ...dealValue,
    shareLinks: z.array(sentToAccount),
    events: z.array(accountEvent),
    /** There is more than this answer holds; what is oldest is left out. */
    hasMore: z.boolean(),
    asOf: instant,
  }),
});
export type AccountActivity = z.output<(typeof readAccountActivity)['response']>;

/**
 * How one deal moved, and what was sent for it and read: the share links for which it was chosen, and those to its account
 * while it was open for which none was. Who is told how much is the same as for an account.
 */
export const readDealActivity = endpoint({
  method: 'GET',
  path: '/deals/:dealId/activity',
  params: z.object({ dealId: id('deal') }),
  response: z.object({
    deal: dealListItem,
    /** In the base currency; null where none is chosen. Its amount is null where nobody said what the deal's is worth. */
    worth: z.object({ currency: z.string(), amount: z.number().nullable() }).nullable(),
    /** Each time that it entered a stage, the first one first. */
    stages: z.array(z.object({ stage: z.string(), enteredAt: instant })),
    /** Of its account. */
    contacts: z.array(z.object({ id: id('con'), name: z.string(), email: z.string() })),
    shareLinks: z.array(sentToAccount),
    events: z.array(accountEvent),
    /** There is more than this answer holds; what is oldest is left out. */
    hasMore: z.boolean(),
    asOf: instant,
  }),
});
export type DealActivity = z.output<(typeof readDealActivity)['response']>;
