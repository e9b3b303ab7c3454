import { z } from 'zod';
import { assetCard, audience } from '../assets/contract.ts';
import { endpoint, id, instant } from '../http/contract.ts';
import { snippet } from '../indexing/contract.ts';
import { dimensionKey, termTag } from '../taxonomy/contract.ts';

/** Terms of one dimension widen a search (or), dimensions narrow it (and). */
export const searchFilters = z.object({
  termIds: z.array(id('trm')).max(500).default([]),
  audience: audience.nullable().default(null),
});
export type SearchFilters = z.infer<typeof searchFilters>;

/** Longer than any e-mail that somebody would paste; what is longer is refused with a reason. */
export const longestQuery = 20_000;

/**
 * A question as a page's address, a saved search and the log hold it. The query is whatever was typed: words, a
 * sentence, operators, or a buyer's e-mail.
 */
export const question = z.object({
  query: z
    .string()
    .trim()
    .max(longestQuery, 'This is too long to search for. Paste the part that says what the buyer wants.')
    // Half a character, cut off somewhere, is nothing that a database takes.
    .overwrite((text) => text.toWellFormed()),
  filters: searchFilters.prefault({}),
  /** Terms that were read from the words and that the rep took back: the words stay words. */
  plainTermIds: z.array(id('trm')).max(100).default([]),
  /** The account that it is about, to see what was sent there already. */
  accountId: id('acc').nullable().default(null),
});
export type Question = z.infer<typeof question>;

/** Why an asset is not what somebody looked for. */
export const notRightReason = z.enum(['off_topic', 'wrong_audience', 'outdated', 'wrong', 'other']);
export type NotRightReason = z.infer<typeof notRightReason>;

/** One reason why an asset is among the answers, in plain words; the strongest first. */
export const why = z.object({
  kind: z.enum([
    'situation',
    'title',
    'tag',
    'use_when',
    'talk_track',
    'description',
    'page',
    'evidence',
    'new',
  ]),
  text: z.string(),
});
export type Why = z.infer<typeof why>;

/** The latest share link to the account of the question, or to one of its contacts. */
export const sentToAccount = z.object({
  sentAt: instant,
  byName: z.string(),
  isOwn: z.boolean(),
  /** They were given an older version than today's. */
  isOlderVersion: z.boolean(),
  humanOpenCount: z.int(),
});

export const searchHit = z.object({
  asset: assetCard,
  position: z.int(),
  /** The title with the matched words marked. */
  title: snippet,
  /** The sentence that matched, null when only the title or a tag did. */
  excerpt: snippet.nullable(),
  /** The page that the excerpt is from, to open it there; null when it is of the title, a tag or a description. */
  pageNumber: z.int().nullable(),
  why: z.array(why),
  /** Terms of the situation that the asset meets. */
  metTermIds: z.array(id('trm')),
  talkTrack: z.string(),
  /** How much more often deals moved on that read it, as far as that is sure; null: it is not. 0.1 is 10 points. */
  influence: z
    .object({
      estimate: z.number(),
      low: z.number(),
      high: z.number(),
      dealCount: z.int(),
      countedAt: instant,
    })
    .nullable(),
  /** Stands here because it is new and has had no chance yet to be used. */
  isReservedForNew: z.boolean(),
  sentToAccount: sentToAccount.nullable(),
  /** The reason that this user gave against it in a search like this. */
  notRight: notRightReason.nullable(),
  /** Users of a sales role who shared it in the last 90 days. */
  sharedByCount: z.int(),
  /** Visits in the last 90 days that were judged human. */
  humanOpenCount: z.int(),
});
export type SearchHit = z.infer<typeof searchHit>;

export const facet = z.object({
  dimensionKey,
  name: z.string(),
  terms: z.array(z.object({ id: id('trm'), name: z.string(), count: z.int(), isSelected: z.boolean() })),
});
export type Facet = z.infer<typeof facet>;

/** A term that was read from the words. */
export const understoodTerm = z.object({
  term: termTag,
  /** The words as they were typed. */
  typed: z.string(),
  /** Whether they are the term's name, one of its synonyms, or what reps have typed before they chose the term. */
  via: z.enum(['name', 'synonym', 'learned']),
  /** The word of the taxonomy, when what was typed is a misspelling or another form of it. */
  readAs: z.string().nullable(),
});
export type UnderstoodTerm = z.infer<typeof understoodTerm>;

/** What the typed text was read as. */
export const understanding = z.object({
  terms: z.array(understoodTerm),
  account: z.object({ id: id('acc'), name: z.string(), isRead: z.boolean() }).nullable(),
  /** Operators that narrow, such as `owner:anna`, with what each does in words. */
  operators: z.array(z.object({ typed: z.string(), says: z.string(), termId: id('trm').nullable() })),
  /** What could not be read as an operator: why, and what to type instead. */
  mistakes: z.array(z.object({ typed: z.string(), says: z.string(), suggestion: z.string().nullable() })),
  spelling: z.array(z.object({ typed: z.string(), read: z.string() })),
  /** Words to search for that no asset says. */
  unknownWords: z.array(z.string()),
  /** The words that remain to be searched for. */
  rest: z.string(),
});
export type Understanding = z.infer<typeof understanding>;

/** What to do with a situation; the assets are among the hits. */
export const situationAnswer = z.object({
  best: searchHit,
  alternative: searchHit.nullable(),
  /** A case study, a reference or another asset that proves the point. */
  proof: searchHit.nullable(),
  /** What to say: the talk track of an answer, or the passage of a page that speaks to it. */
  talkTrack: z
    .object({ assetId: id('ast'), assetTitle: z.string(), text: z.string(), pageNumber: z.int().nullable() })
    .nullable(),
});
export type SituationAnswer = z.infer<typeof situationAnswer>;

/** A buyer's message taken apart: each objection in it with the assets that answer it. */
export const messageAnswer = z.object({
  objections: z.array(z.object({ term: termTag, quote: z.string(), items: z.array(searchHit) })),
});
export type MessageAnswer = z.infer<typeof messageAnswer>;

/**
 * Searches the published assets and logs the search. Each search names the one before it in `refines`; what
 * was only typing on the way to this one leaves the log.
 */
export const createSearch = endpoint({
  method: 'POST',
  path: '/searches',
  body: question.extend({
    refines: id('srh').nullable().default(null),
    /** The one before it took too long and was given up, so its name is not known. */
    overtakes: z.boolean().default(false),
    /** Dimensions whose facets are wanted, beside those that something is selected in; fewer are found sooner. */
    facets: z
      .array(dimensionKey)
      .max(20)
      .default([...dimensionKey.options]),
    offset: z.int().min(0).max(1_000_000).default(0),
    limit: z.int().min(1).max(50).default(20),
  }),
  response: z.object({
    searchId: id('srh'),
    items: z.array(searchHit),
    facets: z.array(facet),
    total: z.int(),
    /** How many hold enough of the words and come first, when others follow that hold fewer; else null. */
    closeCount: z.int().nullable(),
    understanding,
    /** For a situation, on the first page. */
    answer: situationAnswer.nullable(),
    /** For a text that reads like a message, on the first page. */
    message: messageAnswer.nullable(),
    /** What comes nearest when nothing matches. */
    nearest: z.array(searchHit),
    tookMs: z.int(),
  }),
});
export type SearchAnswer = z.infer<(typeof createSearch)['response']>;

const searchParams = z.object({ searchId: id('srh') });

/** The question of a search, for an address that is too short to hold it. */
export const readSearch = endpoint({
  method: 'GET',
  path: '/searches/:searchId',
  params: searchParams,
  response: question,
});

export const recordSearchAction = endpoint({
  method: 'POST',
  path: '/searches/:searchId/actions',
  params: searchParams,
  body: z.object({
    assetId: id('ast'),
    kind: z.enum(['opened', 'shared', 'downloaded', 'dismissed']),
    /** How long an opened asset stayed open, once that is known. */
    dwellMs: z.int().min(0).max(86_400_000).nullable().default(null),
    /** Why it is not right; of a dismissed one only. */
    reason: notRightReason.nullable().default(null),
    note: z.string().trim().max(500).default(''),
  }),
});

/** Takes "not right" back. */
export const deleteNotRight = endpoint({
  method: 'DELETE',
  path: '/searches/:searchId/not-right/:assetId',
  params: searchParams.extend({ assetId: id('ast') }),
});

export const listRecentSearches = endpoint({
  method: 'GET',
  path: '/searches/recent',
  response: z.object({
    items: z.array(question.extend({ searchId: id('srh'), resultCount: z.int(), searchedAt: instant })),
  }),
});

// ── saved searches ──────────────────────────────────────────────────────────────────────────────────────

const savedName = z.string().trim().min(1, 'Give the search a name.').max(120);

export const savedSearch = question.extend({
  id: id('svs'),
  name: z.string(),
  createdAt: instant,
  /** Results that were published since its owner looked last. */
  newCount: z.int(),
});
export type SavedSearch = z.infer<typeof savedSearch>;

export const listSavedSearches = endpoint({
  method: 'GET',
  path: '/saved-searches',
  response: z.object({ items: z.array(savedSearch) }),
});

export const createSavedSearch = endpoint({
  method: 'POST',
  path: '/saved-searches',
  body: question.extend({ name: savedName }),
  response: savedSearch,
});

const savedParams = z.object({ savedSearchId: id('svs') });

/** Renames it, or notes that its results were looked at. */
export const updateSavedSearch = endpoint({
  method: 'PATCH',
  path: '/saved-searches/:savedSearchId',
  params: savedParams,
  body: z.object({ name: savedName.optional(), isSeen: z.literal(true).optional() }),
  response: savedSearch,
});

export const deleteSavedSearch = endpoint({
  method: 'DELETE',
  path: '/saved-searches/:savedSearchId',
  params: savedParams,
});
