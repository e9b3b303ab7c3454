import { z } from 'zod';
import { endpoint, id, instant } from '../http/contract.ts';

export const dealOutcome = z.enum(['open', 'won', 'lost']);

const word = z.string().trim().min(1).max(300);
const moment = instant;
export const currencyCode = z.string().regex(/^[A-Z]{3}$/, 'A currency is three capital letters like EUR.');
const externalId = word;

const stageEntry = z.object({ stage: word, enteredAt: moment });

/** A deal as another system knows it. What is left out of a deal that is there stays as it was. */
export const dealUpsert = z.object({
  name: z.string().trim().max(300).optional(),
  account: z
    .object({
      name: word,
      industry: word.optional(),
      region: word.optional(),
      segment: word.optional(),
    })
    .optional(),
  contact: z.object({ name: word, email: z.email('This must be an e-mail address.') }).optional(),
  amount: z.number().min(0).max(999_999_999_999).optional(),
  currency: currencyCode.optional(),
  ownerEmail: z.string().trim().max(300).nullable().optional(),
  openedAt: moment.optional(),
  stage: word.optional(),
  /** The whole history; it replaces what was known. */
  stageHistory: z.array(stageEntry).min(1).max(200).optional(),
  /** One stage more: it was entered then. */
  enteredStage: stageEntry.optional(),
  outcome: dealOutcome.optional(),
  closedAt: moment.nullable().optional(),
  lossReason: z.string().trim().max(300).nullable().optional(),
});
export type DealUpsert = z.infer<typeof dealUpsert>;

const upsertResult = z.object({ dealId: id('deal'), action: z.enum(['created', 'updated', 'unchanged']) });
export type UpsertResult = z.infer<typeof upsertResult>;

/** Makes the deal with this external id or changes it; the same twice changes nothing. */
export const upsertDeal = endpoint({
  method: 'PUT',
  path: '/deals/:externalId',
  params: z.object({ externalId }),
  body: dealUpsert,
  response: upsertResult,
});

/** Up to 500 at once. Each is taken or refused by itself, and the answers come in the order of the deals. */
export const upsertDeals = endpoint({
  method: 'POST',
  path: '/deals/upsert',
  body: z.object({ deals: z.array(z.record(z.string(), z.unknown())).min(1).max(500) }),
  response: z.object({
    results: z.array(
      z.object({
        externalId: z.string(),
        dealId: id('deal').nullable(),
        action: z.enum(['created', 'updated', 'unchanged', 'refused']),
        /** Why it was refused and what to do. */
        detail: z.string().nullable(),
      }),
    ),
  }),
  status: 200,
  bodyLimitBytes: 8_388_608,
});

/** The deal is gone from the CRM: it counts nowhere, and comes back when it is named again. */
export const removeDeal = endpoint({
  method: 'DELETE',
  path: '/deals/:externalId',
  params: z.object({ externalId }),
});

const currency = z.object({
  currency: z.string(),
  /** What one unit is worth in the base currency; null: nobody said, and its deals are not converted. */
  rate: z.number().nullable(),
  isBase: z.boolean(),
  dealCount: z.int(),
  amount: z.number(),
  changedAt: instant.nullable(),
  changedByName: z.string().nullable(),
});

export const unconvertedAmount = z.object({
  currency: z.string(),
  dealCount: z.int(),
  amount: z.number(),
});

export const readCurrencies = endpoint({
  method: 'GET',
  path: '/currencies',
  response: z.object({
    base: z.string().nullable(),
    items: z.array(currency),
    unconverted: z.array(unconvertedAmount),
    asOf: instant,
  }),
});

/** Which currency sums are in, and what one unit of each other is worth in it. The list replaces the one before. */
export const changeCurrencies = endpoint({
  method: 'PUT',
  path: '/currencies',
  body: z.object({
    base: currencyCode,
    rates: z
      .array(z.object({ currency: currencyCode, rate: z.number().min(0.00000001).max(9_999_999) }))
      .max(200),
  }),
  response: readCurrencies.response,
});
