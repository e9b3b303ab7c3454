import { z } from 'zod';
import { assetCard } from '../assets/contract.ts';
import { day, endpoint, id, instant, list, paging } from '../http/contract.ts';
import { termTag } from '../taxonomy/contract.ts';

/** What may be decided about many assets at once, with what it needs. */
export const decisionAction = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('archive') }),
  /** Null: nobody owns it from then on. */
  z.object({ kind: z.literal('assign'), ownerUserId: id('usr').nullable() }),
  /** Its owner is to look at it by then; null: it needs no review. */
  z.object({ kind: z.literal('request_review'), reviewOn: day.nullable() }),
  z.object({ kind: z.literal('add_tags'), termIds: z.array(id('trm')).min(1).max(20) }),
  /** Reps see it recommended until the end of that day. */
  z.object({ kind: z.literal('promote'), untilOn: day }),
]);
export type DecisionAction = z.infer<typeof decisionAction>;
export type DecisionKind = DecisionAction['kind'];

const beforeAndAfter = z.object({ before: z.int(), after: z.int() });
const activity = z.object({ shares: beforeAndAfter, opens: beforeAndAfter, reads: beforeAndAfter });
export type DecisionActivity = z.infer<typeof activity>;

/** As many days after the decision as before it, for its assets and, to compare with, for all others. */
export const decisionEffect = z.object({
  days: z.int(),
  assets: activity,
  others: activity,
  otherCount: z.int(),
  /** Assets that were edited since by whom it was asked; null where nothing was asked of anybody. */
  doneCount: z.int().nullable(),
});
export type DecisionEffect = z.infer<typeof decisionEffect>;

export const decision = z.object({
  id: id('dec'),
  kind: z.enum(['archive', 'assign', 'request_review', 'add_tags', 'promote']),
  ownerName: z.string().nullable(),
  /** The day of a review, or the last day of a promotion. */
  on: day.nullable(),
  terms: z.array(termTag),
  note: z.string(),
  madeOn: z.string(),
  assetCount: z.int(),
  /** Some of them, by title. */
  assets: z.array(z.object({ assetId: id('ast'), title: z.string() })),
  decidedByName: z.string(),
  decidedAt: instant,
  undoneAt: instant.nullable(),
  undoneByName: z.string().nullable(),
  /** Null until it is a week old, and where it was taken back. */
  effect: decisionEffect.nullable(),
  effectAsOf: instant.nullable(),
});
export type Decision = z.infer<typeof decision>;

export const decide = endpoint({
  method: 'POST',
  path: '/decisions',
  body: z.object({
    action: decisionAction,
    assetIds: z.array(id('ast')).min(1).max(500),
    note: z.string().trim().max(500).default(''),
    madeOn: z
      .string()
      .max(1000)
      .regex(/^(\/(?![/\\]).*)?$/, 'This must be a page of Offshelf.')
      .default(''),
  }),
  /** Null when every asset was like that already, so that nothing was decided. */
  response: z.object({ decision: decision.nullable() }),
});

/** Takes back exactly what the decision changed; what others changed since stays. */
export const undoDecision = endpoint({
  method: 'POST',
  path: '/decisions/:decisionId/undo',
  params: z.object({ decisionId: id('dec') }),
  response: decision,
  status: 200,
});

/** Newest first. */
export const listDecisions = endpoint({
  method: 'GET',
  path: '/decisions',
  query: z.object({ ...paging, asset: id('ast').optional() }),
  response: list(decision).extend({ asOf: instant }),
});

/** What marketing recommends to reps today. */
export const listPromotions = endpoint({
  method: 'GET',
  path: '/promotions',
  response: z.object({
    items: z.array(z.object({ asset: assetCard, note: z.string(), untilOn: day })),
  }),
});
