import { z } from 'zod';
import { humanOpens } from '../analytics/contract.ts';
import { day, endpoint, id, instant } from '../http/contract.ts';
import { slice, window } from '../slices/contract.ts';

/** Of one asset only its days and its buyers can be chosen. */
const query = slice.omit({ persona: true, product: true, language: true });
const params = z.object({ assetId: id('ast') });

/** The middle of a number of values, and the quartiles around it. */
const spread = z.object({ median: z.number(), low: z.number(), high: z.number() });
export type Spread = z.infer<typeof spread>;

const attentionPage = z.object({
  pageNumber: z.int(),
  wordCount: z.int(),
  /** By its words, or 6 seconds without any. */
  expectedMs: z.int(),
  /** Visits that had it in sight, and their active time; null where there is none. */
  seenCount: z.int(),
  activeMs: spread.nullable(),
  /** Visits that came past it. The four add up to them. */
  passedCount: z.int(),
  skippedCount: z.int(),
  skimmedCount: z.int(),
  readCount: z.int(),
  studiedCount: z.int(),
  /** Readers who had this page or a later one in sight. */
  reachedCount: z.int(),
});
export type AttentionPage = z.infer<typeof attentionPage>;

const comparedVersion = z.object({
  versionId: id('ver'),
  number: z.int(),
  isCurrent: z.boolean(),
  uploadedAt: instant,
  pageCount: z.int(),
  visitCount: z.int(),
  readerCount: z.int(),
  readCount: z.int(),
  /** Null with fewer visits than that takes. */
  activeMs: spread.nullable(),
  completion: spread.nullable(),
  /** Readers who had a page in sight, and how many of them had page 1, 2, … or a later one in sight. */
  pagedCount: z.int(),
  reachedCounts: z.array(z.int()),
});
export type ComparedVersion = z.infer<typeof comparedVersion>;

/** How people read one version of an asset page by page, and how its versions compare. */
export const readAttention = endpoint({
  method: 'GET',
  path: '/assets/:assetId/attention',
  params,
  query: query.extend({ version: id('ver').optional() }),
  response: z.object({
    asOf: instant,
    window,
    title: z.string(),
    /** What is told of it: pages, or what was played of a video or sound. */
    kind: z.enum(['pages', 'playing']),
    versionId: id('ver'),
    /** Of all versions. */
    opens: humanOpens,
    readCount: z.int(),
    pages: z.array(attentionPage),
    /** Readers of this version who had a page in sight. */
    pagedCount: z.int(),
    playing: z
      .object({
        /** Null while its length is not known; the points end with what was played then. */
        durationMs: z.int().nullable(),
        readerCount: z.int(),
        points: z.array(z.object({ second: z.int(), readerCount: z.int() })),
      })
      .nullable(),
    /** The newest first; all that there are. */
    versions: z.array(comparedVersion),
    /** From the Monday on; the first and the last may not be whole weeks. */
    weeks: z.array(z.object({ week: day, openCount: z.int(), readCount: z.int() })),
  }),
});
export type Attention = z.infer<(typeof readAttention)['response']>;

function section<Item extends z.ZodType>(item: Item) {
  return z.object({ count: z.int(), items: z.array(item) });
}

const useAccount = z.object({
  accountId: id('acc'),
  name: z.string(),
  readerCount: z.int(),
  readCount: z.int(),
  activeMs: z.int(),
  lastReadAt: instant,
  /** Deals for which it was read, by how they stand now. */
  openCount: z.int(),
  wonCount: z.int(),
  lostCount: z.int(),
});
export type UseAccount = z.infer<typeof useAccount>;

const sender = z.object({ userId: id('usr'), name: z.string(), shareCount: z.int(), readCount: z.int() });

const holder = z.object({
  shareLinkId: id('lnk'),
  recipientName: z.string(),
  accountName: z.string().nullable(),
  senderName: z.string(),
  heldNumber: z.int(),
  /** The share link keeps it; else it is what they read last, and the link shows the current one. */
  isPinned: z.boolean(),
  lastReadAt: instant.nullable(),
});

const outcome = z.object({
  outcome: z.enum(['open', 'won', 'lost']),
  dealCount: z.int(),
  /** In the base currency; of deals in a currency without a rate nothing is added. */
  amount: z.number(),
  unconvertedCount: z.int(),
});

/** Where an asset stands, who sent it, who read it and how their deals stand; of long lists the first. */
export const readAssetUse = endpoint({
  method: 'GET',
  path: '/assets/:assetId/use',
  params,
  query,
  response: z.object({
    asOf: instant,
    window,
    baseCurrency: z.string().nullable(),
    collections: z.array(z.object({ collectionId: id('col'), name: z.string() })),
    rooms: section(z.object({ roomId: id('room'), name: z.string(), shareCount: z.int() })),
    /** Share links made in the window, by themselves and with a room, and those of them that a person read. */
    shares: z.object({ directCount: z.int(), roomCount: z.int(), readCount: z.int() }),
    /** By name: it is no ranking. */
    senders: section(sender),
    /** Who read last stands first. */
    accounts: section(useAccount),
    outcomes: z.array(outcome),
    /** Who has an older version than the current one, by a share link that can still be opened. */
    holders: section(holder),
  }),
});
export type AssetUse = z.infer<(typeof readAssetUse)['response']>;
