import { z } from 'zod';
import { endpoint, id, instant } from '../http/contract.ts';

/**
 * What the headers of a request say, kept instead of them. Nothing of it tells one browser from another of its kind;
 * what is missing is not known, and no rule applies to it.
 */
export const requestFacts = z
  .object({
    /** What the request says it is for: looked at now, or fetched in case somebody looks. */
    purpose: z.enum(['view', 'prefetch', 'prerender', 'preview']),
    method: z.enum(['GET', 'HEAD', 'POST', 'OTHER']),
    /**
     * What `Sec-Fetch-*` says: a page that is opened, a script of our page, anything else, headers that contradict each
     * other, none where none is expected, or none although a browser such as it says to be sends them.
     */
    fetchMetadata: z.enum(['navigation', 'script', 'other', 'contradictory', 'absent', 'missing']),
    /** Whether the client hints name the same browser and system as the user agent. */
    clientHints: z.enum(['agree', 'disagree', 'absent', 'missing']),
    hasLanguage: z.boolean(),
    /** It takes compressed answers, as every browser does. */
    takesCompressed: z.boolean(),
  })
  .partial();
export type RequestFacts = z.infer<typeof requestFacts>;

/**
 * What the script of the page says of its surroundings, sent whole each time and kept as it was told last. Nothing of it
 * tells one browser from another of its kind.
 */
export const browserFacts = z
  .object({
    /** `navigator.webdriver`: the browser says that a program drives it. */
    isWebdriver: z.boolean(),
    /** The window has an outside, an inside that fits into it, and a screen that it fits onto. */
    hasGeometry: z.boolean(),
    /** The window had the focus at some time. */
    hasHadFocus: z.boolean(),
    /** `navigator.userActivation.hasBeenActive`: the browser itself saw somebody press or type. */
    isActivated: z.boolean(),
    hasTouch: z.boolean(),
    /** Of pointer, wheel, touch and key, how many kinds of trusted input there were. */
    inputKinds: z.int().min(0).max(4),
    /** From the page being visible to the first trusted input; null as long as there was none. */
    msToFirstInput: z.int().min(0).max(86_400_000).nullable(),
    /** A script made input up: events that are not trusted. */
    hasMadeUpInput: z.boolean(),
    hasScrolled: z.boolean(),
    /** Something focused or followed the link that no person can see or reach. */
    hasTouchedTrap: z.boolean(),
  })
  .partial();
export type BrowserFacts = z.infer<typeof browserFacts>;

/** What a visit is. Of these only `human-confirmed` and `human-likely` count as people. */
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

/** A rule that applied, with its log-odds towards a person and a sentence for people. */
export const judgementReason = z.object({ rule: z.string(), weight: z.number(), sentence: z.string() });

export const judgement = z.object({
  class: judgementClass,
  /** That it was a person. */
  probability: z.number(),
  reasons: z.array(judgementReason),
  ruleVersion: z.int(),
});
export type Judgement = z.infer<typeof judgement>;

/** A judgement of a visit as it was made, by the rules or by a person. */
export const madeJudgement = judgement.extend({
  judgedAt: instant,
  /** Who said so; null where the rules did. */
  judgedBy: z.string().nullable(),
  /** Taken back since. */
  isUndone: z.boolean(),
});
export type MadeJudgement = z.infer<typeof madeJudgement>;

/** Why a visit counts as what it counts as. */
export const visitReasons = z.object({
  visitId: id('vis'),
  startedAt: instant,
  /** What counts now. */
  current: madeJudgement,
  /** What the rules say, whatever counts. */
  byRules: madeJudgement.nullable(),
  /** How visits with the same signs turned out, where some were confirmed. */
  observed: z
    .object({ humanCount: z.int(), otherCount: z.int(), low: z.number(), high: z.number() })
    .nullable(),
  /** Newest first, without the current one. */
  history: z.array(madeJudgement),
});
export type VisitReasons = z.infer<typeof visitReasons>;

const visitParams = z.object({ visitId: id('vis') });

export const explainVisit = endpoint({
  method: 'GET',
  path: '/visits/:visitId/judgement',
  params: visitParams,
  response: visitReasons,
});

/** What a person knows of a visit: it was one of us, somebody else, or nobody. */
export const overruling = z.enum(['own', 'person', 'machine']);
export type Overruling = z.infer<typeof overruling>;

export const overruleVisit = endpoint({
  method: 'POST',
  path: '/visits/:visitId/judgement',
  params: visitParams,
  body: z.object({ said: overruling }),
  response: visitReasons,
});

/** Takes back what a person said, so that the rules count again. */
export const undoOverruling = endpoint({
  method: 'DELETE',
  path: '/visits/:visitId/judgement',
  params: visitParams,
});

/** A rule in plain words: what it decides alone, or how much it weighs. */
export const rule = z.object({
  name: z.string(),
  decides: judgementClass.nullable(),
  probability: z.number().nullable(),
  weight: z.number().nullable(),
  sentence: z.string(),
});
export type Rule = z.infer<typeof rule>;

export const rejudging = z.object({
  id: id('rej'),
  ruleVersion: z.int(),
  askedBy: z.string().nullable(),
  askedAt: instant,
  finishedAt: instant.nullable(),
  totalCount: z.int(),
  doneCount: z.int(),
  changedCount: z.int(),
  changes: z.array(z.object({ from: judgementClass, to: judgementClass, count: z.int() })),
});
export type Rejudging = z.infer<typeof rejudging>;

/** What the rules make of the recorded situations of the corpus. */
export const corpusFigures = z.object({
  ruleVersion: z.int(),
  situationCount: z.int(),
  /** Of what was called a machine, how many were. */
  calledMachineCount: z.int(),
  calledMachineRightCount: z.int(),
  /** Of the people, how many were called so. */
  humanCount: z.int(),
  humanFoundCount: z.int(),
  /** Whatever was left undecided. */
  unsureCount: z.int(),
  crawlerAgentCount: z.int(),
  crawlerAgentFilteredCount: z.int(),
  browserSampleCount: z.int(),
  browserDroppedCount: z.int(),
});
export type CorpusFigures = z.infer<typeof corpusFigures>;

const classCounts = z.array(z.object({ class: judgementClass, count: z.int() }));

/** How well this instance measures, as far as it can know. */
export const measurement = z.object({
  asOf: instant,
  ruleVersion: z.int(),
  rules: z.array(rule),
  corpus: corpusFigures,
  /** Visits that began in the last 30 days. */
  visits: z.object({ classes: classCounts, overruledCount: z.int(), confirmedCount: z.int() }),
  /** Requests of the last 30 days, by what they declare of themselves; `unsure` declared nothing. */
  requests: z.object({ classes: classCounts, count: z.int() }),
  /** Of visits of the last 30 days that may be people's, how many beats were sent, as their numbers show, and how many came. */
  beats: z.object({ sentCount: z.int(), receivedCount: z.int() }),
  /** Of the same visits, those that told nothing after they began. */
  silentVisits: z.object({ count: z.int(), silentCount: z.int() }),
  calibration: z.object({
    asOf: instant.nullable(),
    confirmedCount: z.int(),
    /** What the rules alone say, and what it turned out to be. */
    rows: z.array(
      z.object({
        from: z.number(),
        to: z.number(),
        count: z.int(),
        predicted: z.number(),
        observed: z.number(),
        low: z.number(),
        high: z.number(),
      }),
    ),
  }),
  ages: z.object({
    latestJudgementAt: instant.nullable(),
    latestActivityAt: instant.nullable(),
    /** Visits that went on after they were last judged. */
    waitingCount: z.int(),
    /** When the counts that search ranks by were last made. */
    latestRollupAt: instant.nullable(),
  }),
  /** Newest first. */
  rejudgings: z.array(rejudging),
});
export type Measurement = z.infer<typeof measurement>;

export const readMeasurement = endpoint({ method: 'GET', path: '/measurement', response: measurement });

/** Judges the past again by the rules of today; the one that runs is answered when there is one. */
export const rejudgePast = endpoint({ method: 'POST', path: '/measurement/rejudgings', response: rejudging });
