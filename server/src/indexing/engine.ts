import { type DimensionKey, dimensionKey } from '../taxonomy/contract.ts';
import type { Snippet } from './contract.ts';

/** What an engine knows of a published asset. */
export interface SearchDocument {
  assetId: string;
  title: string;
  description: string;
  useWhen: string;
  talkTrack: string;
  audience: string;
  ownerUserId: string | null;
  publishedAt: Date;
  termIds: string[];
  /** The names of its terms and the words that people use for them. */
  tags: string[];
  /** The text inside its current version, page by page, with what is said to each page. */
  pages: { pageNumber: number; headings: string[]; text: string }[];
  /** When the reading of all this began. A document that was read later is never replaced by this one. */
  readAt: Date;
}

/** Terms of one dimension: any of them will do. */
export interface TermGroup {
  dimensionKey: DimensionKey;
  termIds: string[];
}

/**
 * What an answer has to be. Filters (groups, audience, owners, dates) always hold. Within them an asset matches when
 * it holds enough of the words, every phrase and nothing that is excluded, or when it meets at least half of the
 * situation's groups; what meets more of the situation and holds more of the words is the better fit. Without words,
 * phrases and situation every asset within the filters matches, what was published or used last first.
 */
export interface EngineQuery {
  /** Words in any order, with typos, the last one perhaps unfinished. */
  words: string;
  /** Word sequences that have to stand in the asset as they are. */
  phrases: string[];
  /** Words and word sequences that must not stand in it. */
  excluded: string[];
  /** What the words were read as: it ranks, and an asset that meets half of it matches without the words. */
  situation: TermGroup[];
  /** Every group has to be met. */
  groups: TermGroup[];
  audience: string | null;
  /** Any of these owners; empty for everybody's. */
  ownerUserIds: string[];
  /** Published on or after, and before. */
  publishedSince: Date | null;
  publishedBefore: Date | null;
  /** Dimensions whose terms are counted: counting takes longest where much matches. */
  countedKeys: readonly DimensionKey[];
  offset: number;
  limit: number;
}

/** Asks for the whole shelf; a query says what it wants otherwise. */
export const wholeShelf: EngineQuery = {
  words: '',
  phrases: [],
  excluded: [],
  situation: [],
  groups: [],
  audience: null,
  ownerUserIds: [],
  publishedSince: null,
  publishedBefore: null,
  countedKeys: dimensionKey.options,
  offset: 0,
  limit: 20,
};

/** An asset with how well it fits the words, from 0 to 1; comparable within one answer. */
export interface Candidate {
  assetId: string;
  fit: number;
}

export interface EngineAnswer {
  /** In order of fit. The engine may be behind: the caller reads the rows back and leaves out what is gone. */
  candidates: Candidate[];
  /** How many assets each term would show. The selection within the term's own dimension is left out of account. */
  termCounts: Map<string, number>;
  total: number;
  /** Words that nothing holds, with what they were taken for. */
  spelling: { typed: string; read: string }[];
  /** Words that nothing holds and that are taken for nothing else, without case and accents. */
  unknownWords: string[];
  /** How many hold enough of the words and come first, when others follow that hold fewer; else null. */
  closeCount: number | null;
}

export type MatchedField = 'title' | 'tag' | 'use_when' | 'talk_track' | 'description' | 'page';

/** How an asset matches. */
export interface EngineHit {
  assetId: string;
  title: Snippet;
  excerpt: Snippet | null;
  /** The page that the excerpt is from. */
  pageNumber: number | null;
  /** Where words of the query stand, in order of weight. */
  fields: MatchedField[];
}

/** What search asks of an engine. The database stays the truth; whatever an engine holds can be rebuilt from it. */
export interface SearchEngine {
  match(query: EngineQuery): Promise<EngineAnswer>;
  /** How these assets match the query, in the order given; one that is gone is left out. */
  explain(query: EngineQuery, assetIds: string[]): Promise<EngineHit[]>;
  /** Adds documents or replaces them. */
  index(documents: SearchDocument[]): Promise<void>;
  remove(assetIds: string[]): Promise<void>;
  /** Takes in every document and then forgets the assets that were not among them; searches go on meanwhile. */
  rebuild(batches: AsyncIterable<SearchDocument[]>): Promise<void>;
}

/** An engine cannot answer; the reason is a sentence for an admin. */
export class EngineFailure extends Error {
  /**
   * A question that it does not understand says nothing about the next one; when it is down, the next one would fail,
   * too; without an index it has to be filled first.
   */
  readonly kind: 'question' | 'down' | 'no_index';

  constructor(kind: EngineFailure['kind'], reason: string, cause?: unknown) {
    super(reason, { cause });
    this.name = 'EngineFailure';
    this.kind = kind;
  }
}
