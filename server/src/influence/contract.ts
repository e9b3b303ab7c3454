import { z } from 'zod';
import { endpoint, id, instant, many } from '../http/contract.ts';
import { slice } from '../slices/contract.ts';

const count = z.int();

const group = z.object({ dealCount: count, progressedCount: count });

/** What is known of an asset; deals count once at each stage. */
export const assetInfluence = z.object({
  assetId: id('ast'),
  title: z.string(),
  /** Of which somebody read it before the landmark, and of those alike which nobody did. */
  exposed: group,
  unexposed: group,
  /** Null where there is not enough. In shares: 0.1 is 10 points. */
  difference: z
    .object({
      estimate: z.number(),
      low: z.number(),
      high: z.number(),
      /** Moved towards the mean of all assets, the further the less is known. */
      shrunken: z.number(),
      /** Of those marked at this level such a share is expected to be chance. */
      falseDiscoveryRate: z.number(),
      /** The interval leaves zero out after the correction for many assets. */
      isSure: z.boolean(),
    })
    .nullable(),
  /** The chance to find a true difference of 10 points with so many deals. */
  power: z.number().nullable(),
  /** About so many more deals of which somebody reads it; 0 where there are enough. */
  moreDealCount: count,
});
export type AssetInfluence = z.infer<typeof assetInfluence>;

const cohort = z.object({
  enteredCount: count,
  tooYoungCount: count,
  leftEarlyCount: count,
  /** What is left to compare. */
  dealCount: count,
  progressedCount: count,
  /** Of assets that were read in any of them. */
  readAssetCount: count,
});

export const influence = z.object({
  /** Up to when deals and reads are counted; null: never yet. */
  asOf: instant.nullable(),
  landmarkDays: count,
  outcomeDays: count,
  lookBackDays: count,
  minimum: z.object({ exposed: count, unexposed: count, outcome: count }),
  cohort,
  /** With enough deals, by the shrunken estimate. */
  known: z.array(assetInfluence),
  knownCount: count,
  sureCount: count,
  /** Without enough, those that are nearest to it first. */
  unknown: z.array(assetInfluence),
  unknownCount: count,
});
export type Influence = z.infer<typeof influence>;

export const readInfluence = endpoint({
  method: 'GET',
  path: '/report/influence',
  query: slice.extend({ limit: z.coerce.number().int().min(1).max(100).default(40) }),
  response: influence,
});

export const amountBand = z.enum(['low', 'middle', 'high', 'unknown']);
export type AmountBand = z.infer<typeof amountBand>;

export const influenceStratum = z.object({
  stage: z.string(),
  amountBand,
  segment: z.string(),
  exposed: group,
  unexposed: group,
});

export const readAssetInfluence = endpoint({
  method: 'GET',
  path: '/report/influence/assets/:assetId',
  params: z.object({ assetId: id('ast') }),
  query: slice,
  response: z.object({
    asOf: instant.nullable(),
    asset: assetInfluence,
    /** Those that compare something, most weight first. */
    strata: z.array(influenceStratum),
    /** Deals that read it but have none alike that did not. */
    withoutMatchCount: count,
    bands: z.object({ lowUpTo: z.number().nullable(), middleUpTo: z.number().nullable() }),
  }),
});
export type AssetInfluenceDetail = z.infer<typeof readAssetInfluence.response>;

/** Counts again, in the background. */
export const countInfluence = endpoint({ method: 'POST', path: '/report/influence/count', status: 202 });

/** One line of evidence for each asset, in the order asked for. */
export const listAssetInfluence = endpoint({
  method: 'GET',
  path: '/asset-influence',
  query: z.object({ assetId: many(id('ast')).pipe(z.array(id('ast')).max(100)) }),
  response: z.object({
    asOf: instant.nullable(),
    items: z.array(
      z.object({
        assetId: id('ast'),
        standing: z.enum(['lifts', 'lowers', 'unclear', 'unknown', 'unread']),
        estimate: z.number().nullable(),
        low: z.number().nullable(),
        high: z.number().nullable(),
        dealCount: count,
        moreDealCount: count.nullable(),
      }),
    ),
  }),
});
export type InfluenceLine = z.infer<typeof listAssetInfluence.response>['items'][number];

const shown = z.object({ searchCount: count, openedCount: count, share: z.number().nullable() });

/** What placing first changed where two assets fitted a search equally and chance chose. */
export const readTieExperiment = endpoint({
  method: 'GET',
  path: '/report/influence/first-place',
  response: z.object({
    asOf: instant,
    minimumN: count,
    first: shown,
    second: shown,
    /** Null below the minimum n. */
    difference: z.object({ estimate: z.number(), low: z.number(), high: z.number() }).nullable(),
    moreSearchCount: count,
  }),
});
export type TieExperiment = z.infer<typeof readTieExperiment.response>;

const deals = z.object({ dealCount: count, value: z.number() });
const partsOfPipeline = {
  open: deals,
  /** Of which a share link was read in these days by a person who is confirmed. */
  confirmed: deals,
  /** The same with likely people. */
  read: deals,
};

/** How much of the open pipeline is being read: a description. */
export const readPipelineRead = endpoint({
  method: 'GET',
  path: '/report/influence/pipeline',
  query: slice,
  response: z.object({
    /** Null: not counted yet. */
    asOf: instant.nullable(),
    days: count,
    /** In which values are; null: no currency has a rate. */
    baseCurrency: z.string().nullable(),
    ...partsOfPipeline,
    /** Of the value of the open deals; null: they are worth nothing, or nothing that can be converted. */
    confirmedShare: z.number().nullable(),
    readShare: z.number().nullable(),
    stages: z.array(z.object({ stage: z.string(), ...partsOfPipeline })),
    /** Deals in a currency without a rate, which are in none of the above; values are in their currency. */
    unconverted: z.array(z.object({ currency: z.string(), ...partsOfPipeline })),
  }),
});
export type PipelineRead = z.infer<typeof readPipelineRead.response>;
