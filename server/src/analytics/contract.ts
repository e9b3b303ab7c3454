import { z } from 'zod';
import { endpoint, id, instant, list, many, paging } from '../http/contract.ts';
import { judgementClass } from '../judging/contract.ts';
import { assetRequest } from '../requests/contract.ts';
import { notRightReason } from '../search/contract.ts';
import { shareLink } from '../shares/contract.ts';
import { slice, window } from '../slices/contract.ts';
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
  'reads',
  'attention',
  'visit_time',
  'completion',
  'drop_off',
  'retention',
  'shares_read',
  'deals_read',
  'stale_assets',
  'search_success',
  'gap',
  'coverage',
  'coverage_demand',
  'objection_notes',
  'reads_per_share',
  'hot_stale_assets',
  'expiring',
  'held_versions',
  'unanswered_flags',
  'influence',
  'first_place',
  'pipeline_read',
  'decision_effect',
  'adoption',
  'shares_per_seller',
  'follow_up',
  'published_assets',
  'share_links',
  'open_requests',
]);
export type MetricKey = z.infer<typeof metricKey>;

export const metric = z.object({
  key: metricKey,
  name: z.string(),
  /** The one definition, word for word as in the glossary. */
  definition: z.string(),
  unit: z.enum([
    'assets',
    'ratio',
    'visits',
    'pages',
    'share links',
    'search sessions',
    'gaps',
    'cells',
    'notes',
    'people',
    'readers',
    'deals',
    'requests',
  ]),
  minimumN: z.int(),
});

export type Metric = z.infer<typeof metric>;

/** A metric with where it comes from. */
const describedMetric = metric.extend({
  /** The definition as a query; null where no single one says it. */
  sql: z.string().nullable(),
  /** How fresh it is: as it is now, counted within a minute, or counted at night. */
  asOf: z.enum(['now', 'counted', 'nightly']),
  /** Where the API answers it. */
  endpoints: z.array(z.string()),
});
export type DescribedMetric = z.infer<typeof describedMetric>;

export const listMetrics = endpoint({
  method: 'GET',
  path: '/metrics',
  response: z.object({ items: z.array(describedMetric) }),
});

/** A number is never shown without its n and its "as of" time. The value is null below the minimum n. */
const rate = z.object({ value: z.number().nullable(), part: z.int(), n: z.int() });

/** Up to when everything is counted. */
export const readFreshness = endpoint({
  method: 'GET',
  path: '/report/freshness',
  response: z.object({
    countedAt: instant,
    /** Changes that wait to be counted. */
    waitingCount: z.int(),
    /** By the clock of the instance. */
    now: instant,
  }),
});

/** How far the library got in a slice: the unused rate and the usage ladder, each with the window before. */
export const readReach = endpoint({
  method: 'GET',
  path: '/report/reach',
  query: slice,
  response: z.object({
    /** Up to when everything is counted. */
    asOf: instant,
    window,
    before: window,
    /** Since when this instance has seen what people do; a window that begins earlier is not whole. */
    recordingSince: instant.nullable(),
    unusedRate: z.object({ current: rate, previous: rate }),
    /** Of certain buyers without the rungs "surfaced" and "opened": they come before there is a buyer. */
    ladder: z.array(
      z.object({
        rung,
        /** Assets whose highest rung this is. */
        count: z.int(),
        previousCount: z.int(),
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
  }),
});
export type Reach = z.infer<(typeof readReach)['response']>;

export const shelfGrouping = z.enum(['rung', 'contentType', 'persona', 'stage', 'owner']);
export type ShelfGrouping = z.infer<typeof shelfGrouping>;

/** Up to so many eligible assets each has a spine of its own. */
export const mostSpines = 2_000;

/** The shelf: every eligible asset with its rung; of a large library how many of each group stand on each rung. */
export const readShelf = endpoint({
  method: 'GET',
  path: '/report/reach/shelf',
  query: slice.extend({ group: shelfGrouping.default('rung') }),
  response: z.object({
    asOf: instant,
    eligibleCount: z.int(),
    /** Null where there are too many to tell apart. */
    spines: z
      .array(
        z.object({
          assetId: id('ast'),
          title: z.string(),
          rung,
          contentType: z.string().nullable(),
          personas: z.array(z.string()),
          stages: z.array(z.string()),
          ownerName: z.string().nullable(),
          isStale: z.boolean(),
        }),
      )
      .nullable(),
    /** Null where each asset has a spine. An asset of several personas or stages is in the group of its first. */
    groups: z.array(z.object({ group: z.string().nullable(), rung, count: z.int() })).nullable(),
  }),
});
export type ShelfContent = z.infer<(typeof readShelf)['response']>;
export type Spine = NonNullable<ShelfContent['spines']>[number];

/** The one thing to do about an asset where it stands. */
export const rungAdvice = z.enum(['review', 'tag', 'retitle', 'brief', 'fix', 'retire', 'spread', 'keep']);
export type RungAdvice = z.infer<typeof rungAdvice>;

export const rungAsset = z.object({
  assetId: id('ast'),
  title: z.string(),
  contentType: z.string().nullable(),
  personas: z.array(z.string()),
  stages: z.array(z.string()),
  ownerName: z.string().nullable(),
  isStale: z.boolean(),
  publishedAt: instant,
  advice: rungAdvice,
  /** Why that, in a sentence. */
  says: z.string(),
  /** Share links of users with a sales role in the window. */
  shareCount: z.int(),
  humanOpenCount: z.int(),
  /** The last day in the window on which sales shared or downloaded it. */
  lastUsedOn: z.iso.date().nullable(),
});
export type RungAsset = z.infer<typeof rungAsset>;

/** The assets that stand on one rung: those that were published first, or by title. */
export const listRungAssets = endpoint({
  method: 'GET',
  path: '/report/reach/assets',
  query: slice.extend({
    ...paging,
    rung,
    order: z.enum(['oldest', 'newest', 'title']).default('oldest'),
  }),
  response: list(rungAsset).extend({ asOf: instant, count: z.int() }),
});

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
const aboutGap = { method: 'POST', body: z.object(gapBody), response: gap, status: 200 } as const;

/** One click: makes the request that the gap speaks of. */
export const requestForGap = endpoint({ ...aboutGap, path: '/gaps/request' });

/** One click: makes a word of the gap a synonym of a term. */
export const addSynonymForGap = endpoint({
  ...aboutGap,
  path: '/gaps/synonym',
  body: z.object({ ...gapBody, termId: id('trm'), word: z.string().trim().min(1).max(80) }),
});

export const dismissGap = endpoint({ ...aboutGap, path: '/gaps/dismiss' });

/** Takes the last decision back: the request or the synonym goes too, unless somebody has built on it. */
export const undoGapDecision = endpoint({ ...aboutGap, path: '/gaps/undo' });

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
