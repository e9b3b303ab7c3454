import { z } from 'zod';
import { endpoint, id, instant } from '../http/contract.ts';

export const judgementClass = z.enum([
  'human-confirmed',
  'human-likely',
  'unsure',
  'scanner',
  'preview',
  'prefetch',
  'bot',
  'agent',
  'internal',
]);
export type JudgementClass = z.infer<typeof judgementClass>;

export const judgement = z.object({
  class: judgementClass,
  probability: z.number(),
  reasons: z.array(z.string()),
  ruleVersion: z.int(),
});
export type Judgement = z.infer<typeof judgement>;

export const visit = z.object({
  id: id('vis'),
  startedAt: instant,
  lastActiveAt: instant,
  activeMs: z.int(),
  /** Such as "Safari on iPhone". */
  device: z.string(),
  versionNumber: z.int(),
  downloadedAt: instant.nullable(),
  pages: z.array(z.object({ pageNumber: z.int(), activeMs: z.int(), isRead: z.boolean() })),
  judgement,
});
export type Visit = z.infer<typeof visit>;

/** Every visit to a share link, also those that were not people, and how many raw requests there were. */
export const listVisits = endpoint({
  method: 'GET',
  path: '/share-links/:shareLinkId/visits',
  params: z.object({ shareLinkId: id('lnk') }),
  response: z.object({ items: z.array(visit), linkHitCount: z.int(), asOf: instant }),
});

/** What the public page posts, below `/t`. The page token binds share link and version; the body names neither. */
export const visitOpening = z.object({
  pageToken: z.string().max(600),
  /** The visit token of an earlier load of this tab, to go on with its visit. */
  visitToken: z.string().max(600).nullable().default(null),
  tabKey: z.string().regex(/^[0-9a-z]{8,32}$/),
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
  hasTrustedInput: z.boolean().default(false),
  /** How long ago the last activity was, for a message that waited; without it the activity is now. */
  ageMs: z.int().min(0).default(0),
});
export type Beat = z.infer<typeof beat>;
