import { z } from 'zod';
import { endpoint, id, instant, paging } from '../http/contract.ts';

/** One that was undone has none: no list and no number knows of it. */
export const shareLinkState = z.enum(['active', 'not_started', 'expired', 'revoked']);
export type ShareLinkState = z.infer<typeof shareLinkState>;

/** A channel is a post, a newsletter or a fair, of which nobody knows who comes. */
export const recipientKind = z.enum(['person', 'account', 'channel']);
export type RecipientKind = z.infer<typeof recipientKind>;

export const recipient = z.object({
  id: id('rcp'),
  kind: recipientKind,
  name: z.string(),
  email: z.string().nullable(),
  accountId: id('acc').nullable(),
  accountName: z.string().nullable(),
});
export type Recipient = z.infer<typeof recipient>;

/**
 * What a guest is asked: nothing; a name beside the content, which may be skipped; an e-mail address before the content;
 * or an address with the code that was sent to it.
 */
export const gate = z.enum(['none', 'ask', 'required', 'verified']);
export type Gate = z.infer<typeof gate>;

/** For how long a share link that was just made can be made undone. */
export const undoMs = 60_000;

const addressShape =
  /^[^\s@"'<>()[\]\\,;:\p{C}]{1,64}@(?:[\p{L}\p{N}](?:[\p{L}\p{N}\p{M}-]*[\p{L}\p{N}\p{M}])?\.)+[\p{L}\p{M}\p{N}-]{2,63}$/u;
const domainShape = /^(?:[\p{L}\p{N}](?:[\p{L}\p{N}\p{M}-]*[\p{L}\p{N}\p{M}])?\.)+[\p{L}\p{M}\p{N}-]{2,63}$/u;

/** The address of a prospect, in any script, so that `jörg@müller.example` is one as well. */
export const recipientEmail = z
  .string()
  .trim()
  .normalize('NFC')
  .max(254, 'This is too long for an e-mail address.')
  .regex(addressShape, 'This must be an e-mail address.');

const domain = z
  .string()
  .trim()
  .toLowerCase()
  .normalize('NFC')
  .max(253)
  .regex(domainShape, 'This must be a domain such as example.com.');

const passcode = z.string().trim().min(4, 'Use at least 4 characters.').max(60);

/** What a sender decides. Everything that is left out is open. */
const policyInput = {
  gate: gate.default('none'),
  /** Whoever gives an address of these domains or one of these addresses is let in; both empty: everybody. */
  allowedDomains: z.array(domain).max(20).default([]),
  allowedEmails: z.array(recipientEmail).max(100).default([]),
  /** Draws the address of whoever reads on each page. */
  hasWatermark: z.boolean().default(false),
  allowsDownload: z.boolean().default(true),
  passcode: passcode.nullable().default(null),
  startsAt: instant.nullable().default(null),
  expiresAt: instant.nullable().default(null),
  /** Keeps the version that is current now, whatever is uploaded later. */
  isPinned: z.boolean().default(false),
  /** How many different visitors are let in; null: as many as come. */
  maxVisitors: z.int().min(1).max(10_000).nullable().default(null),
};

export const recipientInput = z.object({
  kind: recipientKind.default('person'),
  name: z.string().trim().min(1, 'Say who this is for.').max(120),
  email: recipientEmail.nullable().default(null),
  accountName: z.string().trim().max(160).nullable().default(null),
});

export const presetKey = z.enum(['open', 'ask', 'required', 'verified', 'confidential']);
export type PresetKey = z.infer<typeof presetKey>;

interface Preset {
  name: string;
  /** What it costs the prospect, and what the sender learns for it. */
  costs: string;
  learns: string;
  policy: { gate: Gate; hasWatermark: boolean; allowsDownload: boolean };
  expiresInDays: number | null;
  /** Codes travel by e-mail. */
  needsMail: boolean;
}

/** The policies that most share links have. A share link holds the policy, so a preset is only a way to choose one. */
export const presets: Record<PresetKey, Preset> = {
  open: {
    name: 'Open',
    costs: 'They read at once.',
    learns: 'You see what was read and for how long, not who it was if they pass it on.',
    policy: { gate: 'none', hasWatermark: false, allowsDownload: true },
    expiresInDays: null,
    needsMail: false,
  },
  ask: {
    name: 'Ask for a name',
    costs: 'They read at once, and may answer or skip one question beside the page.',
    learns: 'You see the name of those who tell it.',
    policy: { gate: 'ask', hasWatermark: false, allowsDownload: true },
    expiresInDays: null,
    needsMail: false,
  },
  required: {
    name: 'E-mail required',
    costs: 'They type an address before they can read; some will leave.',
    learns: 'You see an address for every reader, as they typed it.',
    policy: { gate: 'required', hasWatermark: false, allowsDownload: true },
    expiresInDays: null,
    needsMail: false,
  },
  verified: {
    name: 'E-mail verified',
    costs: 'They type an address, wait for a mail and type its code.',
    learns: 'You know who read it: the address is proven.',
    policy: { gate: 'verified', hasWatermark: false, allowsDownload: true },
    expiresInDays: null,
    needsMail: true,
  },
  confidential: {
    name: 'Confidential',
    costs: 'They prove their address, see it on every page, can’t download, and have 30 days.',
    learns: 'You know who read it, and a copy names who made it.',
    policy: { gate: 'verified', hasWatermark: true, allowsDownload: false },
    expiresInDays: 30,
    needsMail: true,
  },
};

export const shareLink = z.object({
  id: id('lnk'),
  /** What it leads to: one of the two. */
  assetId: id('ast').nullable(),
  roomId: id('room').nullable(),
  /** Of the asset or the room. */
  title: z.string(),
  assetStatus: z.enum(['draft', 'published', 'archived']).nullable(),
  recipient,
  createdByUserId: id('usr'),
  createdByName: z.string(),
  /** Who had it before it was handed over. */
  transferredFromName: z.string().nullable(),
  message: z.string(),
  gate,
  allowedDomains: z.array(z.string()),
  allowedEmails: z.array(z.string()),
  hasWatermark: z.boolean(),
  hasPasscode: z.boolean(),
  allowsDownload: z.boolean(),
  /** The version that it shows for ever, and the one that is current; null where it shows the current one. */
  pinnedVersion: z.object({ number: z.int(), currentNumber: z.int() }).nullable(),
  maxVisitors: z.int().nullable(),
  /** Chosen by somebody; null: the deals of the recipient's account that were open then. */
  deal: z.object({ id: id('deal'), name: z.string(), amount: z.number(), currency: z.string() }).nullable(),
  state: shareLinkState,
  startsAt: instant.nullable(),
  expiresAt: instant.nullable(),
  revokedAt: instant.nullable(),
  createdAt: instant,
  mailAskedAt: instant.nullable(),
  mailedAt: instant.nullable(),
  parentShareLinkId: id('lnk').nullable(),
  /** Share links that were made from this one for somebody else. */
  childCount: z.int(),
});
export type ShareLink = z.infer<typeof shareLink>;

const shareLinkParams = z.object({ shareLinkId: id('lnk') });
const shareLinkIds = z.array(id('lnk')).min(1).max(500);

const newShareLink = {
  message: z.string().trim().max(2000).default(''),
  ...policyInput,
  /** An open deal of the recipients' account; null: whichever of its deals are open. */
  dealId: id('deal').nullable().default(null),
  searchId: id('srh').nullable().default(null),
};

const madeShareLink = z.object({
  shareLink,
  url: z.string(),
  /** The name under which this address is known, where it is not the one that was typed. */
  knownAs: z.string().nullable(),
});

export const createShareLink = endpoint({
  method: 'POST',
  path: '/assets/:assetId/share-links',
  params: z.object({ assetId: id('ast') }),
  body: z.object({ recipient: recipientInput, ...newShareLink }),
  response: madeShareLink,
});

export const shareTarget = z.union([
  z.strictObject({ assetId: id('ast') }),
  z.strictObject({ roomId: id('room') }),
]);
export type ShareTarget = z.infer<typeof shareTarget>;

const recipients = z.array(recipientInput).min(1, 'Say who this is for.').max(50);

/** One share link for each recipient, so that each can be told apart, in the order of the recipients. */
export const createShareLinks = endpoint({
  method: 'POST',
  path: '/share-links',
  body: z.object({ target: shareTarget, recipients, ...newShareLink }),
  response: z.object({ items: z.array(madeShareLink) }),
});

/** What a sender should know first; each only when it is true. */
export const shareWarning = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('sent_before'),
    /** Whether it was this very person, or somebody at the same account. */
    scope: z.enum(['person', 'account']),
    recipientName: z.string(),
    accountId: id('acc').nullable(),
    accountName: z.string().nullable(),
    byName: z.string(),
    isOwn: z.boolean(),
    sentAt: instant,
    /** Pages that a person read, of how many; null for both where nobody opened it. */
    readPageCount: z.int().nullable(),
    pageCount: z.int().nullable(),
    lastOpenedAt: instant.nullable(),
  }),
  z.object({
    kind: z.literal('older_version_held'),
    recipientName: z.string(),
    byName: z.string(),
    number: z.int(),
    currentNumber: z.int(),
  }),
  z.object({ kind: z.literal('internal_only'), title: z.string() }),
  z.object({ kind: z.literal('not_published'), title: z.string(), status: z.enum(['draft', 'archived']) }),
  z.object({ kind: z.literal('review_due'), title: z.string(), reviewOn: z.string(), isPast: z.boolean() }),
  z.object({ kind: z.literal('dead_web_link'), title: z.string(), since: instant, reason: z.string() }),
]);
export type ShareWarning = z.infer<typeof shareWarning>;

/** Asked before sharing; changes nothing. The body keeps addresses out of every log. */
export const checkShare = endpoint({
  method: 'POST',
  path: '/share-links/check',
  body: z.object({ target: shareTarget, recipients: z.array(recipientInput).max(50) }),
  response: z.object({ items: z.array(shareWarning) }),
  status: 200,
});

/** What this instance can do for a sender. */
export const readSharing = endpoint({
  method: 'GET',
  path: '/sharing',
  response: z.object({
    /** Without a mail server nothing is sent from here, and no code can be. */
    canMail: z.boolean(),
  }),
});

/** Share links that the actor made, newest first, of one asset or from one other share link when it is named. */
export const listShareLinks = endpoint({
  method: 'GET',
  path: '/share-links',
  query: z.object({
    assetId: id('ast').optional(),
    roomId: id('room').optional(),
    ...paging,
  }),
  response: z.object({ items: z.array(shareLink), nextCursor: z.string().nullable() }),
});

/** Those to whom it was forwarded, the first one first. */
export const listChildLinks = endpoint({
  method: 'GET',
  path: '/share-links/:shareLinkId/children',
  params: shareLinkParams,
  response: z.object({ items: z.array(shareLink) }),
});

/** Only the sender can copy the URL again. */
export const readShareLinkUrl = endpoint({
  method: 'GET',
  path: '/share-links/:shareLinkId/url',
  params: shareLinkParams,
  response: z.object({ url: z.string() }),
});

/** Changes the policy of what was sent already; what was forwarded from it follows. What is left out stays. */
export const changeShareLink = endpoint({
  method: 'PATCH',
  path: '/share-links/:shareLinkId',
  params: shareLinkParams,
  body: z.object({
    gate: gate.optional(),
    allowedDomains: z.array(domain).max(20).optional(),
    allowedEmails: z.array(recipientEmail).max(100).optional(),
    hasWatermark: z.boolean().optional(),
    allowsDownload: z.boolean().optional(),
    /** Null takes it away. */
    passcode: passcode.nullable().optional(),
    startsAt: instant.nullable().optional(),
    expiresAt: instant.nullable().optional(),
    isPinned: z.boolean().optional(),
    maxVisitors: z.int().min(1).max(10_000).nullable().optional(),
    /** A deal of the recipient's account; null takes the choice back. */
    dealId: id('deal').nullable().optional(),
  }),
  response: shareLink,
});

/** What was changed of a policy, as the story of a share link tells it: what holds since then. */
export const policyNote = z.object({
  gate: gate.optional(),
  allowedCount: z.int().optional(),
  hasWatermark: z.boolean().optional(),
  allowsDownload: z.boolean().optional(),
  hasPasscode: z.boolean().optional(),
  startsAt: instant.nullable().optional(),
  expiresAt: instant.nullable().optional(),
  isPinned: z.boolean().optional(),
  maxVisitors: z.int().nullable().optional(),
});
export type PolicyNote = z.infer<typeof policyNote>;

const changesOne = { params: shareLinkParams, response: shareLink, status: 200 } as const;

/** From the moment this answers, the share link and what was forwarded from it open nothing more. */
export const revokeShareLink = endpoint({
  method: 'POST',
  path: '/share-links/:shareLinkId/revoke',
  ...changesOne,
});

/** Takes a revocation back, with what was revoked along with it. */
export const restoreShareLink = endpoint({
  method: 'POST',
  path: '/share-links/:shareLinkId/restore',
  ...changesOne,
});

/** All or none; answers those that it changed, which is what taking it back needs. */
export const revokeShareLinks = endpoint({
  method: 'POST',
  path: '/share-links/revoke',
  body: z.object({ shareLinkIds }),
  response: z.object({ shareLinkIds: z.array(id('lnk')) }),
  status: 200,
});

export const restoreShareLinks = endpoint({
  method: 'POST',
  path: '/share-links/restore',
  body: z.object({ shareLinkIds }),
  response: z.object({ shareLinkIds: z.array(id('lnk')) }),
  status: 200,
});

/** As if they had never been made, within a minute of making them; `conflict` after it. */
export const undoShareLinks = endpoint({
  method: 'POST',
  path: '/share-links/undo',
  body: z.object({ shareLinkIds }),
  status: 204,
});

/** Sends each to its recipient as soon as it can no longer be undone. */
export const mailShareLinks = endpoint({
  method: 'POST',
  path: '/share-links/mail',
  body: z.object({ shareLinkIds: z.array(id('lnk')).min(1).max(50) }),
  response: z.object({ items: z.array(shareLink) }),
  status: 200,
});

/** From then on they are the colleague's: the page names them, and they are told who reads. */
export const transferShareLinks = endpoint({
  method: 'POST',
  path: '/share-links/transfer',
  body: z.object({ shareLinkIds, toUserId: id('usr') }),
  response: z.object({ count: z.int() }),
  status: 200,
});

/** All share links of one user, who may have left. */
export const transferAllShareLinks = endpoint({
  method: 'POST',
  path: '/users/:userId/share-links/transfer',
  params: z.object({ userId: id('usr') }),
  body: z.object({ toUserId: id('usr') }),
  response: z.object({ count: z.int() }),
  status: 200,
});
