import { z } from 'zod';
import { day, endpoint, id, instant } from '../http/contract.ts';
import { slice, window } from '../slices/contract.ts';

const subject = { assetId: id('ast'), title: z.string(), ownerName: z.string().nullable() };

/** Of the share links of a week to this asset, how many somebody read within 14 days. */
const readWeek = z.object({ week: day, shared: z.int(), read: z.int() });

const part = z.object({ sharedCount: z.int(), readCount: z.int() });

export const fallingAsset = z.object({
  ...subject,
  /** The Monday of the first week after the change. */
  sinceOn: day,
  before: part,
  after: part,
  weeks: z.array(readWeek),
});
export type FallingAsset = z.infer<typeof fallingAsset>;

export const hotStaleAsset = z.object({
  ...subject,
  /** Days of the window on which sales shared or downloaded it, or a buyer read it. */
  usedDays: z.int(),
  readDays: z.int(),
  reviewOn: day.nullable(),
  hasOwner: z.boolean(),
});
export type HotStaleAsset = z.infer<typeof hotStaleAsset>;

export const expiringAsset = z.object({
  ...subject,
  endsOn: day,
  /** Null: its review is due. Else this share link ends, though it is being read. */
  link: z.object({ shareLinkId: id('lnk'), recipientName: z.string(), senderName: z.string() }).nullable(),
  /** Days of the window on which a buyer read it; of a share link, by that link. */
  readDays: z.int(),
});
export type ExpiringAsset = z.infer<typeof expiringAsset>;

export const heldVersion = z.object({
  ...subject,
  shareLinkId: id('lnk'),
  recipientName: z.string(),
  accountName: z.string().nullable(),
  senderUserId: id('usr'),
  senderName: z.string(),
  heldNumber: z.int(),
  currentNumber: z.int(),
  /** The share link keeps it; else it is what they read last, and the link shows the current one. */
  isPinned: z.boolean(),
  lastReadAt: instant.nullable(),
});
export type HeldVersion = z.infer<typeof heldVersion>;

export const flaggedAsset = z.object({
  ...subject,
  userCount: z.int(),
  flags: z.array(
    z.object({
      userName: z.string(),
      reason: z.enum(['outdated', 'wrong']),
      note: z.string(),
      flaggedAt: instant,
    }),
  ),
});
export type FlaggedAsset = z.infer<typeof flaggedAsset>;

function section<Item extends z.ZodType>(item: Item) {
  return z.object({ count: z.int(), items: z.array(item) });
}

/** What is going off: each list with how many there are, and the first of them. */
export const readAging = endpoint({
  method: 'GET',
  path: '/report/aging',
  query: slice.extend({ most: z.coerce.number().int().min(1).max(500).default(200) }),
  response: z.object({
    asOf: instant,
    window,
    /** The answer in one sentence. */
    says: z.string(),
    falling: section(fallingAsset).extend({
      /** When it was looked for; null: not yet. */
      countedAt: instant.nullable(),
      /** Assets with enough share links to tell. */
      testedCount: z.int(),
    }),
    hotStale: section(hotStaleAsset),
    expiring: section(expiringAsset),
    held: section(heldVersion),
    flagged: section(flaggedAsset),
  }),
});
export type Aging = z.infer<(typeof readAging)['response']>;

export const flagAnswerKind = z.enum(['answered', 'fixed', 'still_right']);
export type FlagAnswerKind = z.infer<typeof flagAnswerKind>;

export const flagAnswer = z.object({
  id: id('fla'),
  assetId: id('ast'),
  kind: flagAnswerKind,
  sentence: z.string(),
  answeredByName: z.string(),
  answeredAt: instant,
  /** It answers what the reader of this said. */
  isForMe: z.boolean(),
});
export type FlagAnswer = z.infer<typeof flagAnswer>;

const assetParams = z.object({ assetId: id('ast') });

/** Answers everybody who has said so far that the asset is wrong or outdated. For its owner and for marketing. */
export const answerFlags = endpoint({
  method: 'POST',
  path: '/assets/:assetId/flag-answers',
  params: assetParams,
  body: z.object({
    kind: flagAnswerKind,
    sentence: z.string().trim().min(1, 'Say it in a sentence.').max(500),
  }),
  response: flagAnswer,
});

export const takeAnswerBack = endpoint({
  method: 'DELETE',
  path: '/flag-answers/:answerId',
  params: z.object({ answerId: id('fla') }),
});

/** What was answered about an asset in the last 90 days, newest first. */
export const listFlagAnswers = endpoint({
  method: 'GET',
  path: '/assets/:assetId/flag-answers',
  params: assetParams,
  response: z.object({ items: z.array(flagAnswer) }),
});
