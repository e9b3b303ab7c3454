import { z } from 'zod';
import { metric, metricKey } from '../analytics/contract.ts';
import { endpoint, id, instant } from '../http/contract.ts';
import { slice, window } from '../slices/contract.ts';
import { termTag } from '../taxonomy/contract.ts';

/** What the open deals of some people are worth in the base currency; those without a rate are counted instead. */
const pipeline = {
  openDealCount: z.int(),
  openValue: z.number(),
  unconvertedDealCount: z.int(),
};

/** What sales asked for and did not find, in short: the gaps that cost most, objections rising, requests due. */
export const readGapTile = endpoint({
  method: 'GET',
  path: '/report/gaps',
  query: slice,
  response: z.object({
    /** When the gaps were counted. */
    asOf: instant,
    window,
    before: window,
    /** The answer in one sentence. */
    says: z.string(),
    searchCount: z.int(),
    failedCount: z.int(),
    openGapCount: z.int(),
    gaps: z.array(
      z.object({
        clusterKey: z.string(),
        query: z.string(),
        kind: z.enum(['no_result', 'no_success']),
        searchCount: z.int(),
        peopleCount: z.int(),
        ...pipeline,
      }),
    ),
    baseCurrency: z.string().nullable(),
    /** Noted or searched for by more people than in the window before; the steepest first. */
    rising: z.array(
      z.object({
        term: termTag,
        noteCount: z.int(),
        noteBeforeCount: z.int(),
        searcherCount: z.int(),
        searcherBeforeCount: z.int(),
      }),
    ),
    requests: z.object({
      openCount: z.int(),
      overdueCount: z.int(),
      /** Overdue ones first, then those that are due soonest. */
      items: z.array(
        z.object({
          id: id('req'),
          title: z.string(),
          dueOn: z.iso.date().nullable(),
          isOverdue: z.boolean(),
          isPlanned: z.boolean(),
          voteCount: z.int(),
        }),
      ),
    }),
  }),
});
export type GapTile = z.infer<(typeof readGapTile)['response']>;

const briefQuestion = z.object({
  key: z.enum(['reach', 'coverage', 'influence', 'gaps', 'aging']),
  ask: z.string(),
  answer: z.string(),
  /** What the answer was counted over, what it is compared with, and how sure it is. */
  evidence: z.array(z.string()),
  rows: z.array(z.object({ name: z.string(), says: z.string() })),
  /** Its page in the app. */
  path: z.string(),
  metrics: z.array(metricKey),
});
export type BriefQuestion = z.infer<typeof briefQuestion>;

/** The report on one page: the answers with their evidence, what was decided, and how each number is counted. */
export const readBrief = endpoint({
  method: 'GET',
  path: '/report/brief',
  query: slice.extend({ locale: z.string().max(35).optional() }),
  response: z.object({
    asOf: instant,
    window,
    before: window,
    /** Which days, assets and buyers it is about, in words. */
    sliceSays: z.string(),
    questions: z.array(briefQuestion),
    decisions: z.array(z.object({ says: z.string(), effectSays: z.string().nullable() })),
    definitions: z.array(metric),
  }),
});
export type Brief = z.infer<(typeof readBrief)['response']>;

export const briefSubscription = z.object({
  /** 1 is Monday. */
  weekday: z.int().min(1).max(7),
  hour: z.int().min(0).max(23),
  /** How numbers and days are written. */
  locale: z.string().min(2).max(35),
  /** The slice, as it stands behind the question mark of the page's address. */
  query: z.string().max(4000),
});
export type BriefSubscription = z.infer<typeof briefSubscription>;

const ownSubscription = z.object({
  subscription: briefSubscription.nullable(),
  /** Whether this instance sends mail at all. */
  canSend: z.boolean(),
  email: z.string(),
  /** By whose clock day and hour are meant. */
  timeZone: z.string(),
});

export const readSubscription = endpoint({
  method: 'GET',
  path: '/brief-subscription',
  response: ownSubscription,
});

export const subscribe = endpoint({
  method: 'PUT',
  path: '/brief-subscription',
  body: briefSubscription,
  response: ownSubscription,
});

export const unsubscribe = endpoint({ method: 'DELETE', path: '/brief-subscription' });

/** From the link at the foot of a mail, without signing in. */
export const unsubscribeByToken = endpoint({
  method: 'POST',
  path: '/brief-subscription/unsubscribe',
  body: z.object({ token: z.string().max(500) }),
  response: z.object({ email: z.string() }),
  status: 200,
});
