import { z } from 'zod';
import { endpoint, id, instant } from '../http/contract.ts';
import { requestStatus } from '../requests/contract.ts';
import { slice, window } from '../slices/contract.ts';
import { termTag } from '../taxonomy/contract.ts';

export const coverageDimension = z.enum(['persona', 'stage', 'objection']);
export type CoverageDimension = z.infer<typeof coverageDimension>;

/** How far the furthest asset of a cell got. */
export const coverageState = z.enum(['empty', 'has', 'shared', 'read', 'lifts']);
export type CoverageState = z.infer<typeof coverageState>;

/** What demand says of a cell: too little for it, much without any, or neither. */
export const coverageStanding = z.enum(['thin', 'fat', 'even']);
export type CoverageStanding = z.infer<typeof coverageStanding>;

const demand = {
  /** Search sessions that asked for all of the cell's terms, and how many of them ended without success. */
  searchCount: z.int(),
  failedSearchCount: z.int(),
  noteCount: z.int(),
  /** Open deals in which the cell's terms came up, and what they are worth in the base currency. */
  openDealCount: z.int(),
  openValue: z.number(),
  /** Of these deals those in a currency without a rate: they are counted, and worth nothing here. */
  unconvertedDealCount: z.int(),
};

/** Where two terms meet, or three. */
export const coverageCell = z.object({
  rowTermId: id('trm'),
  columnTermId: id('trm'),
  /** Null: of whatever third term, or none. */
  thirdTermId: id('trm').nullable(),
  state: coverageState,
  assetCount: z.int(),
  /** Of these assets those that were shared, that were read, and whose influence is surely above zero. */
  sharedCount: z.int(),
  readCount: z.int(),
  liftCount: z.int(),
  ...demand,
  /** How many assets are wanted; null where nobody said, 0 where it is meant to stay empty. */
  wantedCount: z.int().nullable(),
  standing: coverageStanding,
});
export type CoverageCell = z.infer<typeof coverageCell>;

const thirdTerm = z.union([z.literal('all'), z.literal('each'), id('trm')]);

/**
 * The coverage of a slice with two dimensions on its axes. `third=all` leaves the third dimension out: a cell is where a
 * row and a column meet, of whatever third term or none. A term of the third dimension asks for cells of these three
 * terms; `each` for all of them.
 */
export const readCoverage = endpoint({
  method: 'GET',
  path: '/report/coverage',
  query: slice.extend({
    rows: coverageDimension.default('persona'),
    columns: coverageDimension.default('stage'),
    third: thirdTerm.default('all'),
  }),
  response: z.object({
    asOf: instant,
    window,
    rows: coverageDimension,
    columns: coverageDimension,
    thirdDimension: coverageDimension,
    third: z.string(),
    /** Terms in use, in the order of the taxonomy. */
    rowTerms: z.array(termTag),
    columnTerms: z.array(termTag),
    thirdTerms: z.array(termTag),
    /** Every cell of the axes, row by row; those without anything, too. */
    cells: z.array(coverageCell),
    /** Where demand is and little or nothing answers it; what was asked for most stands first. */
    thin: z.array(coverageCell),
    /** Where much is and nobody asks. Empty as long as too little was asked for to tell. */
    fat: z.array(coverageCell),
    isDemandEnough: z.boolean(),
    eligibleCount: z.int(),
    /** Eligible assets without any term of a dimension: they stand in no cell of it. */
    untagged: z.array(z.object({ dimensionKey: coverageDimension, assetCount: z.int() })),
    /** What all open deals of a stage are worth, whatever came up in them. */
    stageValues: z.array(
      z.object({
        termId: id('trm'),
        openDealCount: z.int(),
        openValue: z.number(),
        unconvertedDealCount: z.int(),
      }),
    ),
    baseCurrency: z.string().nullable(),
    /** Open deals in currencies without a rate. */
    unconverted: z.array(z.object({ currency: z.string(), dealCount: z.int(), amount: z.number() })),
    /** Searches and notes that name a term of an axis, and those of them that name enough to stand in a cell. */
    named: z.object({ searchCount: z.int(), noteCount: z.int() }),
    placed: z.object({ searchCount: z.int(), noteCount: z.int() }),
  }),
});
export type Coverage = z.infer<(typeof readCoverage)['response']>;

/** What one cell holds and who asks for it. Two or three of its terms have to be named. */
export const readCoverageCell = endpoint({
  method: 'GET',
  path: '/report/coverage/cell',
  query: slice.extend({
    cellPersona: id('trm').optional(),
    cellStage: id('trm').optional(),
    cellObjection: id('trm').optional(),
  }),
  response: z.object({
    asOf: instant,
    window,
    terms: z.array(termTag),
    cell: coverageCell.omit({ rowTermId: true, columnTermId: true, thirdTermId: true, standing: true }),
    baseCurrency: z.string().nullable(),
    /** The furthest first. */
    assets: z.array(
      z.object({
        id: id('ast'),
        title: z.string(),
        isShared: z.boolean(),
        isRead: z.boolean(),
        isLifting: z.boolean(),
      }),
    ),
    /** Assets that lack one of the terms: to be tagged, or changed until they fit. */
    nearAssets: z.array(z.object({ id: id('ast'), title: z.string(), missing: z.array(termTag) })),
    deals: z.array(
      z.object({
        id: id('deal'),
        name: z.string(),
        accountName: z.string(),
        stage: z.string(),
        amount: z.number(),
        currency: z.string(),
      }),
    ),
    notes: z.array(
      z.object({
        id: id('obn'),
        text: z.string(),
        notedByName: z.string(),
        notedAt: instant,
        accountName: z.string().nullable(),
      }),
    ),
    /** Who asked, without what they typed: that stands with what was not found. */
    searchers: z.array(z.object({ userId: id('usr'), name: z.string(), searchCount: z.int() })),
    requests: z.array(z.object({ id: id('req'), title: z.string(), status: requestStatus })),
  }),
});
export type CoverageCellDetail = z.infer<(typeof readCoverageCell)['response']>;

/** Says how many assets a cell is meant to hold; null takes it back. Answers what was wanted before, to undo it. */
export const setCoverageTarget = endpoint({
  method: 'PUT',
  path: '/coverage-targets',
  body: z.object({
    personaTermId: id('trm').nullable().default(null),
    stageTermId: id('trm').nullable().default(null),
    objectionTermId: id('trm').nullable().default(null),
    wantedCount: z.int().min(0).max(99).nullable(),
  }),
  response: z.object({ wantedCount: z.int().nullable(), beforeCount: z.int().nullable() }),
});

/** Objections that were noted, by term: how often in the window, and in the one before it. */
export const readObjections = endpoint({
  method: 'GET',
  path: '/report/objections',
  query: slice,
  response: z.object({
    asOf: instant,
    window,
    before: window,
    items: z.array(
      z.object({
        /** Null: nobody has said yet which objections these are. */
        term: termTag.nullable(),
        count: z.int(),
        beforeCount: z.int(),
        dealCount: z.int(),
        openValue: z.number(),
        unconvertedCount: z.int(),
      }),
    ),
    baseCurrency: z.string().nullable(),
  }),
});
export type Objections = z.infer<(typeof readObjections)['response']>;
