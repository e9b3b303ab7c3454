import { z } from 'zod';
import { endpoint, id, instant, many } from '../http/contract.ts';
import { judgementClass } from '../judging/contract.ts';
import { assetRequest } from '../requests/contract.ts';
import { notRightReason } from '../search/contract.ts';
import { shareLink } from '../shares/contract.ts';
import { termTag } from '../taxonomy/contract.ts';

/** The rungs of the usage ladder, lowest first. */
export const rung = z.enum(['published', 'surfaced', 'opened', 'shared', 'reached', 'read', 'moved']);
export type Rung = z.infer<typeof rung>;

export const metricKey = z.enum([
  'eligible_assets',
  'used_assets',
  'unused_rate',
  'usage_ladder',
  'human_opens',
  'read_pages',
  'stale_assets',
  'search_success',
  'gap',
]);
export type MetricKey = z.infer<typeof metricKey>;

export const metric = z.object({
  key: metricKey,
  name: z.string(),
  /** The one definition, word for word as in the glossary. */
  definition: z.string(),
  unit: z.enum(['assets', 'ratio', 'visits', 'pages', 'share links', 'search sessions', 'gaps']),
  minimumN: z.int(),
});

export type Metric = z.infer<typeof metric>;

export const listMetrics = endpoint({
  method: 'GET',
  path: '/metrics',
  response: z.object({ items: z.array(metric) }),
});

/** A number is never shown without its n and its "as of" time. The value is null below the minimum n. */
const rate = z.object({ value: z.number().nullable(), part: z.int(), n: z.int() });

export const shelfReport = endpoint({
  method: 'GET',
  path: '/shelf-report',
  query: z.object({
    days: z.coerce
      .number()
      .pipe(z.union([z.literal(30), z.literal(90), z.literal(180)]))
      .default(90),
  }),
  response: z.object({
    asOf: instant,
    windowStart: instant,
    windowEnd: instant,
    /** Since when this instance has seen what people do; a window that begins earlier is not whole. */
    recordingSince: instant.nullable(),
    unusedRate: z.object({ current: rate, previous: rate }),
    ladder: z.array(
      z.object({
        rung,
        /** Assets whose highest rung this is. */
        count: z.int(),
        /** Assets that reached this rung or a higher one. */
        reachedCount: z.int(),
        previousReachedCount: z.int(),
        /** Why assets stop here, and what to do next. */
        cause: z.string(),
        action: z.string(),
      }),
    ),
    /** Published, but for less than 30 days at the end of the window. */
    notYetEligibleCount: z.int(),
    nextEligibleAt: instant.nullable(),
    staleCount: z.int(),
    spines: z.array(
      z.object({
        assetId: id('ast'),
        title: z.string(),
        rung,
        contentType: z.string().nullable(),
        personas: z.array(z.string()),
        stages: z.array(z.string()),
        ownerName: z.string().nullable(),
        isStale: z.boolean(),
        publishedAt: instant,
        shareCount: z.int(),
        humanOpenCount: z.int(),
        lastUsedAt: instant.nullable(),
      }),
    ),
  }),
});
export type ShelfReport = z.infer<(typeof shelfReport)['response']>;
export type Spine = ShelfReport['spines'][number];

/** Human opens with the interval that the judgements' probabilities give, and what was left out. */
export const humanOpens = z.object({ value: z.int(), low: z.int(), high: z.int(), hiddenCount: z.int() });

/** The actor's share links, newest first, with what became of them. */
export const listMyLinks = endpoint({
  method: 'GET',
  path: '/my-links',
  query: z.object({
    cursor: z.string().max(500).optional(),
    limit: z.coerce.number().int().min(1).max(200).default(50),
  }),
  response: z.object({
    items: z.array(
      z.object({
        shareLink,
        humanOpens,
        readPageCount: z.int(),
        pageCount: z.int(),
        activeMs: z.int(),
        lastHumanAt: instant.nullable(),
        latestClass: judgementClass.nullable(),
      }),
    ),
    nextCursor: z.string().nullable(),
    asOf: instant,
  }),
});

/** What is known of how these assets are received, for cards: a number with its interval. */
export const listAssetEvidence = endpoint({
  method: 'GET',
  path: '/asset-evidence',
  query: z.object({
    asset: many(id('ast')).refine((ids) => ids.length <= 50, 'Ask for at most 50 assets at once.'),
  }),
  response: z.object({
    items: z.array(z.object({ assetId: id('ast'), humanOpens })),
    asOf: instant,
  }),
});

/** What colleagues found not right about the current version in the last 90 days; each reason counts once a user. */
export const readNotRight = endpoint({
  method: 'GET',
  path: '/assets/:assetId/not-right',
  params: z.object({ assetId: id('ast') }),
  response: z.object({
    userCount: z.int(),
    reasons: z.array(z.object({ reason: notRightReason, userCount: z.int() })),
    /** In their words, the newest first. */
    notes: z.array(z.string()),
    asOf: instant,
  }),
});

// ── gaps ────────────────────────────────────────────────────────────────────────────────────────────────

/** Searches that ask for the same and fail: nothing was found, or nothing that was found was used. */
export const gap = z.object({
  clusterKey: z.string(),
  /** The wording that most people used; its terms when nobody typed one. */
  query: z.string(),
  isTyped: z.boolean(),
  /** Failed searches that were texts of buyers. Their words stay with those who pasted them. */
  pastedCount: z.int(),
  /** Other wordings of the same, spelling mistakes among them. */
  variants: z.array(z.object({ query: z.string(), count: z.int() })),
  terms: z.array(termTag),
  kind: z.enum(['no_result', 'no_success']),
  /** Search sessions that failed since it opened last; typing on the way is not counted. */
  searchCount: z.int(),
  people: z.array(z.object({ userId: id('usr'), name: z.string(), count: z.int() })),
  lastAt: instant,
  /** Open deals of the people who searched, by currency. */
  openDealCount: z.int(),
  openValue: z.array(z.object({ currency: z.string(), amount: z.number() })),
  notRight: z.array(
    z.object({
      assetId: id('ast'),
      assetTitle: z.string(),
      reason: notRightReason,
      count: z.int(),
      notes: z.array(z.string()),
    }),
  ),
  state: z.enum(['open', 'acted_on', 'closed', 'dismissed']),
  /** Why it is in this state, in a sentence. */
  stateSays: z.string(),
  request: assetRequest.pick({ id: true, title: true, status: true }).nullable(),
  /** The term and the word that were joined because of it. */
  synonym: z.object({ term: termTag, word: z.string() }).nullable(),
  /** Terms that the unknown words may mean. */
  suggestedTerms: z.array(termTag),
  /** The words of it that neither a term nor an asset knows. */
  unknownWords: z.array(z.string()),
});
export type Gap = z.infer<typeof gap>;

export const listGaps = endpoint({
  method: 'GET',
  path: '/gaps',
  query: z.object({ days: z.coerce.number().int().min(1).max(365).default(90) }),
  response: z.object({
    /** Open ones first, those that cost the most people the most searches before others; at most 200. */
    items: z.array(gap),
    /** Finished search sessions, and how many of them failed. */
    searchCount: z.int(),
    failedCount: z.int(),
    asOf: instant,
    recordingSince: instant.nullable(),
  }),
});

const gapBody = { clusterKey: z.string().min(1).max(2000) };

/** One click: makes the request that the gap speaks of. */
export const requestForGap = endpoint({
  method: 'POST',
  path: '/gaps/request',
  body: z.object(gapBody),
  response: gap,
  status: 200,
});

/** One click: makes a word of the gap a synonym of a term. */
export const addSynonymForGap = endpoint({
  method: 'POST',
  path: '/gaps/synonym',
  body: z.object({ ...gapBody, termId: id('trm'), word: z.string().trim().min(1).max(80) }),
  response: gap,
  status: 200,
});

export const dismissGap = endpoint({
  method: 'POST',
  path: '/gaps/dismiss',
  body: z.object(gapBody),
  response: gap,
  status: 200,
});

/** Takes the last decision back: the request or the synonym goes too, unless somebody has built on it. */
export const undoGapDecision = endpoint({
  method: 'POST',
  path: '/gaps/undo',
  body: z.object(gapBody),
  response: gap,
  status: 200,
});

// ── taxonomy health ─────────────────────────────────────────────────────────────────────────────────────

export const taxonomyHealth = endpoint({
  method: 'GET',
  path: '/taxonomy-health',
  response: z.object({
    /** Terms that no published asset has, and those that nobody searched for and whose assets nobody used. */
    unusedTerms: z.array(
      z.object({
        term: termTag,
        assetCount: z.int(),
        says: z.string(),
        /** What to do: ask for what is missing, tag assets, look at the assets it has, or do without the term. */
        advice: z.enum(['request', 'tag', 'review', 'retire']),
      }),
    ),
    /** Since when use has been counted, or why it can't be told yet. */
    useSays: z.string(),
    isUseKnown: z.boolean(),
    /** Pairs of one dimension that mostly stand on the same assets. */
    overlaps: z.array(
      z.object({
        first: termTag,
        second: termTag,
        firstCount: z.int(),
        secondCount: z.int(),
        commonCount: z.int(),
      }),
    ),
    /** Words that several people typed and that no term knows. */
    unknownWords: z.array(
      z.object({
        word: z.string(),
        searchCount: z.int(),
        userCount: z.int(),
        failedCount: z.int(),
        suggestions: z.array(termTag),
      }),
    ),
    countedSince: instant,
    asOf: instant,
  }),
});
export type TaxonomyHealth = z.infer<(typeof taxonomyHealth)['response']>;
