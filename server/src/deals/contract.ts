import { z } from 'zod';
import { endpoint, id, instant, many, paging } from '../http/contract.ts';

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

export const dealListItem = z.object({
  id: id('deal'),
  /** Empty where the CRM gives none; the account says enough then. */
  name: z.string(),
  accountId: id('acc'),
  accountName: z.string(),
  amount: z.number(),
  currency: z.string(),
  stage: z.string(),
  outcome: dealOutcome,
  /** The address where no user has it; null where the deal has no owner. */
  ownerName: z.string().nullable(),
  ownerHasLeft: z.boolean(),
  openedAt: instant,
  /** When it entered the stage that it stands at. */
  stageEnteredAt: instant.nullable(),
  closedAt: instant.nullable(),
  /** When it last moved: entered a stage or was closed. */
  changedAt: instant,
});
export type DealListItem = z.infer<typeof dealListItem>;

/** Deals that the CRM still has: the largest first, by what they are worth in the base currency, or those that moved last. */
export const listDeals = endpoint({
  method: 'GET',
  path: '/deals',
  query: z.object({
    /** In the name of the deal, its account or its owner, or its external id. */
    query: z.string().max(120).default(''),
    stage: many(word),
    outcome: z.enum(['open', 'won', 'lost', 'all']).default('open'),
    whose: z.enum(['own', 'everybody']).default('everybody'),
    accountId: id('acc').optional(),
    /** The whole name, in any case. */
    accountName: z.string().trim().min(1).max(160).optional(),
    sort: z.enum(['amount', 'changed']).default('changed'),
    ...paging,
  }),
  response: z.object({
    items: z.array(dealListItem),
    nextCursor: z.string().nullable(),
    /** Of everything that was found, page or not. */
    totalCount: z.int(),
    /** Not converted: nobody said what the currency is worth, so its deals come after the others by amount. */
    totals: z.array(z.object({ currency: z.string(), amount: z.number(), isConverted: z.boolean() })),
    /** Of what was found whatever its stage. */
    stages: z.array(z.object({ stage: z.string(), dealCount: z.int() })),
    /** Whether there is any deal at all. */
    hasAny: z.boolean(),
    asOf: instant,
  }),
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

export const dealFields = [
  'external_id',
  'name',
  'account',
  'industry',
  'region',
  'segment',
  'contact_name',
  'contact_email',
  'amount',
  'currency',
  'owner_email',
  'created_at',
  'stage',
  'stage_history',
  'outcome',
  'closed_at',
  'loss_reason',
] as const;
export type DealField = (typeof dealFields)[number];

/** Without a column for each of these no row can be taken; of currency, a default does. */
export const neededDealFields = [
  'external_id',
  'account',
  'amount',
  'created_at',
  'stage',
] as const satisfies readonly DealField[];

/** What the columns of a file are and how its values are read. */
export const dealImportSettings = z.object({
  /** Field → number of the column from 0. */
  columns: z.partialRecord(z.enum(dealFields), z.int().min(0).max(499)),
  /** What parts the decimals; with `auto` an amount that could be either is refused. */
  numberFormat: z.enum(['auto', 'point', 'comma']).default('auto'),
  /** How a date that is not ISO 8601 is read; with `iso` it is refused. */
  dateFormat: z.enum(['iso', 'dmy', 'mdy']).default('iso'),
  defaultCurrency: currencyCode.nullable().default(null),
  /** Stage of the file → stage as it is kept. */
  stageNames: z.record(z.string().max(300), word).default({}),
  /** The file holds all deals: those that it lacks are gone. */
  isComplete: z.boolean().default(false),
});
export type DealImportSettings = z.infer<typeof dealImportSettings>;

const counted = z.array(z.object({ name: z.string(), count: z.int() }));

export const dealImport = z.object({
  id: id('din'),
  fileName: z.string(),
  encoding: z.enum(['utf-8', 'utf-16le', 'utf-16be', 'windows-1252']),
  separator: z.enum([',', ';', '\t']),
  header: z.array(z.string()),
  /** Some values of each column. */
  samples: z.array(z.array(z.string())),
  settings: dealImportSettings,
  state: z.enum(['uploaded', 'checking', 'checked', 'importing', 'done', 'failed']),
  doneCount: z.int(),
  rowCount: z.int(),
  counts: z.object({
    created: z.int(),
    updated: z.int(),
    unchanged: z.int(),
    error: z.int(),
    removed: z.int(),
  }),
  notes: z.object({
    /** Stages that are no term; reports by stage leave them out. */
    unknownStages: counted,
    /** Owners who are no user of this instance, or not any more. */
    unknownOwners: counted,
    unratedCurrencies: counted,
    /** Deals whose history goes back to an earlier stage. */
    backwards: z.int(),
    /** Histories that were not in the order of time and were put in it. */
    sorted: z.int(),
  }),
  failure: z.string().nullable(),
  /** Without the file it can neither be checked nor imported any more. */
  isFileKept: z.boolean(),
  createdByName: z.string().nullable(),
  createdAt: instant,
  finishedAt: instant.nullable(),
});
export type DealImport = z.infer<typeof dealImport>;

const dealImportId = { params: z.object({ dealImportId: id('din') }) };

/** Takes a CSV file as it is, as the body of the request, and guesses what its columns are. Nothing is imported yet. */
export const uploadDealImport = endpoint({
  method: 'POST',
  path: '/deal-imports',
  query: z.object({ fileName: z.string().trim().min(1).max(255) }),
  bodyKind: 'multipart',
  response: dealImport,
});

export const listDealImports = endpoint({
  method: 'GET',
  path: '/deal-imports',
  response: z.object({ items: z.array(dealImport) }),
});

export const readDealImport = endpoint({
  method: 'GET',
  path: '/deal-imports/:dealImportId',
  ...dealImportId,
  response: dealImport,
});

/** Says what importing would do; changes no deal. */
export const checkDealImport = endpoint({
  method: 'POST',
  path: '/deal-imports/:dealImportId/check',
  ...dealImportId,
  body: dealImportSettings,
  response: dealImport,
  status: 202,
});

export const startDealImport = endpoint({
  method: 'POST',
  path: '/deal-imports/:dealImportId/start',
  ...dealImportId,
  response: dealImport,
  status: 202,
});

/** Stops checking or importing. What was imported until then stays. */
export const stopDealImport = endpoint({
  method: 'POST',
  path: '/deal-imports/:dealImportId/stop',
  ...dealImportId,
  response: dealImport,
  status: 200,
});

/** Rows that can not be taken, with the reason and what to do; the first 10,000. */
export const listDealImportErrors = endpoint({
  method: 'GET',
  path: '/deal-imports/:dealImportId/errors',
  ...dealImportId,
  query: z.object({ limit: z.coerce.number().int().min(1).max(10_000).default(100) }),
  response: z.object({
    items: z.array(z.object({ line: z.int(), externalId: z.string(), detail: z.string() })),
  }),
});
