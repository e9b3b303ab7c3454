import type { Database } from '../db/database.ts';
import { readTokens } from '../words/tokens.ts';
import {
  findKnowledgeVersion,
  type KnownTerm,
  listKnownTerms,
  listLearnedPhrases,
  listTitles,
} from './knowledge-queries.ts';
import { buildLexicon, type Lexicon } from './lexicon.ts';

/** What every search needs to know of the taxonomy and the library. */
export interface Knowledge {
  version: string;
  /** Every term, retired ones too, in the order of the taxonomy. */
  terms: Map<string, KnownTerm>;
  lexicon: Lexicon;
  /** The stems of titles. */
  titles: Set<string>[];
}

/** So many titles say well enough which words are common in all of them. */
const mostTitles = 2000;
const kept = new WeakMap<Database, Knowledge>();

/** Built anew only when something in it changed, which one small query tells. */
export async function readKnowledge(db: Database): Promise<Knowledge> {
  const version = await findKnowledgeVersion(db);
  const known = kept.get(db);
  if (known?.version === version) return known;
  const [terms, learned, titles] = await Promise.all([
    listKnownTerms(db),
    listLearnedPhrases(db),
    listTitles(db, mostTitles),
  ]);
  const knowledge = {
    version,
    terms: new Map(terms.map((term) => [term.id, term])),
    lexicon: buildLexicon(
      terms.filter((term) => !term.isRetired),
      learned,
    ),
    titles: titles.map((title) => new Set(readTokens(title).map(({ stem }) => stem))),
  };
  kept.set(db, knowledge);
  return knowledge;
}
