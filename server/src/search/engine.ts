import type { DimensionKey } from '../taxonomy/contract.ts';
import type { Snippet } from './contract.ts';

/** What an engine knows of a published asset. */
export interface SearchDocument {
  assetId: string;
  title: string;
  description: string;
  useWhen: string;
  talkTrack: string;
  audience: string;
  publishedAt: Date;
  termIds: string[];
  /** The names of its terms and the words that people use for them. */
  tags: string[];
  /** The text inside its current version, page by page, with what is said to each page. */
  pages: { pageNumber: number; text: string }[];
  /** When the reading of all this began. A document that was read later is never replaced by this one. */
  readAt: Date;
}

/** Terms of one dimension: any of them will do. */
export interface TermGroup {
  dimensionKey: DimensionKey;
  termIds: string[];
}

export interface EngineQuery {
  /** Anything that a person may type; without a word in it the whole shelf is the answer. */
  text: string;
  /** Every group has to be met. */
  groups: TermGroup[];
  audience: string | null;
  offset: number;
  limit: number;
}

export interface EngineHit {
  assetId: string;
  title: Snippet;
  excerpt: Snippet | null;
  /** The page that the excerpt is from. */
  pageNumber: number | null;
}

export interface EngineAnswer {
  /** In rank order. The engine may be behind: the caller reads the rows back and leaves out what is gone. */
  hits: EngineHit[];
  /** How many assets each term would show. The selection within the term's own dimension is left out of account. */
  termCounts: Map<string, number>;
  total: number;
}

/** What search asks of an engine. The database stays the truth; whatever an engine holds can be rebuilt from it. */
export interface SearchEngine {
  search(query: EngineQuery): Promise<EngineAnswer>;
  /** Adds documents or replaces them. */
  index(documents: SearchDocument[]): Promise<void>;
  remove(assetIds: string[]): Promise<void>;
  /** Takes in every document and then forgets the assets that were not among them; searches go on meanwhile. */
  rebuild(batches: AsyncIterable<SearchDocument[]>): Promise<void>;
}
