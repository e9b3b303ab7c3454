import { z } from 'zod';
import { endpoint, id, instant } from '../http/contract.ts';
import { shareLink } from '../shares/contract.ts';
import { judgementClass } from '../tracking/contract.ts';

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
]);
export type MetricKey = z.infer<typeof metricKey>;

export const metric = z.object({
  key: metricKey,
  name: z.string(),
  /** The one definition, word for word as in the glossary. */
  definition: z.string(),
  unit: z.enum(['assets', 'ratio', 'visits', 'pages', 'share links']),
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
