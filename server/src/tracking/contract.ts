import { z } from 'zod';
import { endpoint, id, instant } from '../http/contract.ts';
import { browserFacts, judgement } from '../judging/contract.ts';

/**
 * By what a visitor is known, from the surest to the weakest: a code that came back from a mailbox, an address that was
 * typed, a cookie, a hash that changes every day, or only this visit.
 */
export const visitorKeyKind = z.enum(['code', 'email', 'cookie', 'daily', 'visit']);
export type VisitorKeyKind = z.infer<typeof visitorKeyKind>;

export const visit = z.object({
  id: id('vis'),
  visitor: z.object({
    id: id('vis'),
    keyKind: visitorKeyKind,
    name: z.string().nullable(),
    email: z.string().nullable(),
  }),
  startedAt: instant,
  lastActiveAt: instant,
  activeMs: z.int(),
  /** Such as "Safari on iPhone". */
  device: z.string(),
  country: z.string().nullable(),
  versionNumber: z.int(),
  downloadedAt: instant.nullable(),
  /** What was opened in this visit: one version, or each that was opened of a room. */
  opened: z.array(
    z.object({
      assetVersionId: id('ver'),
      assetId: id('ast'),
      title: z.string(),
      versionNumber: z.int(),
      openedAt: instant,
      downloadedAt: instant.nullable(),
      /** Of a video or sound, the seconds that were played, as [from, to). */
      watched: z.array(z.tuple([z.int(), z.int()])),
    }),
  ),
  pages: z.array(
    z.object({
      assetVersionId: id('ver'),
      pageNumber: z.int(),
      activeMs: z.int(),
      isRead: z.boolean(),
    }),
  ),
  judgement,
});
export type Visit = z.infer<typeof visit>;

/** Whether somebody else than the recipient has it, how sure that is, and what speaks for it. */
export const forwarding = z.object({
  likelihood: z.enum(['low', 'medium', 'high']),
  reasons: z.array(z.string()),
});
export type Forwarding = z.infer<typeof forwarding>;

/** Every visit to a share link, also those that were not people, and how many raw requests there were. */
export const listVisits = endpoint({
  method: 'GET',
  path: '/share-links/:shareLinkId/visits',
  params: z.object({ shareLinkId: id('lnk') }),
  response: z.object({
    items: z.array(visit),
    linkHitCount: z.int(),
    /** How many visitors there are of each kind of key; a unique is only as sure as its key. */
    visitorCounts: z.record(visitorKeyKind, z.int()),
    /** Null when nothing speaks for it, and where more than one person is expected. */
    forwarding: forwarding.nullable(),
    asOf: instant,
  }),
});

/** What the public page posts, below `/t`. The page token binds share link and version; the body names neither. */
export const visitOpening = z.object({
  pageToken: z.string().max(600),
  /** The visit token of an earlier load of this tab, to go on with its visit. */
  visitToken: z.string().max(600).nullable().default(null),
  tabKey: z.string().regex(/^[0-9a-z]{8,32}$/),
  signals: browserFacts.default({}),
});

export const visitOpened = z.object({ visitToken: z.string() });

export const downloadNote = z.object({ visitToken: z.string().max(600) });

/**
 * Cumulative totals of one tab, of no page where there is nothing to read in the browser: sending it again,
 * late or out of order changes nothing. Answered with nothing, or with `visitOpened` when a new visit has begun.
 */
export const beat = z.object({
  visitToken: z.string().max(600),
  tabKey: z.string().regex(/^[0-9a-z]{8,32}$/),
  pages: z
    .array(z.object({ page: z.int().min(1).max(10_000), activeMs: z.int().min(0).max(86_400_000) }))
    .max(50),
  /** Seconds of the video or sound that were played, as [from, to); they are added to those that are known. */
  watched: z
    .array(z.tuple([z.int().min(0).max(86_400), z.int().min(0).max(86_400)]))
    .max(50)
    .default([]),
  hasTrustedInput: z.boolean().default(false),
  /** Of the beats of this tab to this visit, counted from 1: a gap tells of one that was lost. */
  number: z.int().min(1).max(65_535).optional(),
  /** What the script knows of its surroundings, when that has changed. */
  signals: browserFacts.optional(),
  /** How long ago the last activity was, for a message that waited; without it the activity is now. */
  ageMs: z.int().min(0).default(0),
});
export type Beat = z.infer<typeof beat>;
