import { isEveryday } from '../words/common-words.ts';
import { senseOf } from '../words/tokens.ts';
import { createNearWords } from './near-words.ts';
import { readTyped } from './typed-words.ts';

/** What one search asked for, as the log keeps it. */
export interface AskedFor {
  /** Terms and telling words in a fixed order, as they were understood then; empty for what is older than that. */
  clusterKey: string;
  query: string;
  termIds: string[];
}

export interface ClusterTerm {
  id: string;
  name: string;
  synonyms: string[];
}

/** Terms and words by which searches are told apart. */
interface Parts {
  termIds: Set<string>;
  words: Set<string>;
}

interface Phrase {
  termId: string;
  words: string[];
  /** Everyday words mean a term only where the term is there for another reason. */
  isTelling: boolean;
}

export interface Clusters {
  /** The group of what was asked for; undefined when it asked for nothing in particular. */
  groupOf(asked: AskedFor): string | undefined;
  /** The group that a key of the log, of a request or of a decision stands for. */
  groupOfKey(clusterKey: string): string;
  /** The terms of a group, without order. */
  termIdsOf(group: string): string[];
  /** Whether a word, in any form or misspelt, belongs to the taxonomy. */
  isOfTaxonomy(word: string): boolean;
}

/**
 * Puts together what asks for the same. Words are compared by their stems; a word that is a letter or two away
 * from one of the taxonomy, of the library or of more searches is taken for a misspelling of it; and words that
 * have become a term's name or synonym count as that term.
 */
export function clusterSearches(
  asked: readonly AskedFor[],
  keys: readonly string[],
  terms: readonly ClusterTerm[],
  libraryWords: ReadonlySet<string>,
): Clusters {
  const phrases = terms.flatMap(listPhrases);
  const knownTermIds = new Set(terms.map(({ id }) => id));
  const ofTaxonomy = new Set(phrases.flatMap(({ words }) => words));
  const partsOfKey = new Map<string, Parts>();
  const readKey = (key: string) => {
    const parts = partsOfKey.get(key) ?? parseKey(key);
    partsOfKey.set(key, parts);
    return parts;
  };
  const vocabulary = listVocabulary(asked, keys, readKey);
  const rightForms = [...libraryWords, ...terms.flatMap(({ name, synonyms }) => [name, ...synonyms])];
  const spellings = settleSpellings(vocabulary, rightForms.flatMap(readTyped));
  const phrasesByWord = indexPhrases(phrases);
  const groups = new Map<string, { group: string; termIds: string[] }>();

  function settle(key: string) {
    const known = groups.get(key);
    if (known) return known;
    const parts = readKey(key);
    const words = new Set([...parts.words].map((word) => spellings.get(word) ?? word));
    const termIds = new Set([...parts.termIds].filter((id) => knownTermIds.has(id)));
    takeTerms(words, termIds, phrasesByWord);
    const sorted = [...termIds].toSorted();
    const settled = { group: [...sorted, ...[...words].toSorted()].join(' '), termIds: sorted };
    groups.set(key, settled);
    return settled;
  }
  const termIdsByGroup = new Map<string, string[]>();
  const remember = (key: string) => {
    const { group, termIds } = settle(key);
    termIdsByGroup.set(group, termIds);
    return group;
  };
  return {
    groupOf: (one) => remember(keyOf(one)) || undefined,
    groupOfKey: remember,
    termIdsOf: (group) => termIdsByGroup.get(group) ?? [],
    isOfTaxonomy: (word) =>
      listSenses(word).every(
        (sense) => ofTaxonomy.has(sense) || ofTaxonomy.has(spellings.get(sense) ?? sense),
      ),
  };
}

/** The key of the log, or one made of the same parts for searches that were logged without. */
export function keyOf({ clusterKey, query, termIds }: AskedFor): string {
  if (clusterKey !== '') return clusterKey;
  const tokens = readTyped(query);
  const telling = tokens.filter(({ isFiller }) => !isFiller);
  const words = new Set((telling.length > 0 ? telling : tokens).map(({ stem }) => stem));
  return [...termIds.toSorted(), ...[...words].toSorted().slice(0, longestKey)].join(' ');
}

/** A whole letter that was pasted is told apart by this many of its words. */
const longestKey = 40;

function parseKey(key: string): Parts {
  const termIds = new Set<string>();
  const words = new Set<string>();
  for (const part of key.split(/[^\p{L}\p{N}\p{M}_¬]+/u)) {
    if (part.startsWith('trm_')) termIds.add(part);
    else if (part !== '') words.add(senseOf(part));
  }
  return { termIds, words };
}

function listSenses(text: string): string[] {
  return readTyped(text).map(({ sense }) => sense);
}

function listPhrases({ id, name, synonyms }: ClusterTerm): Phrase[] {
  return [name, ...synonyms].flatMap((text) => {
    const tokens = readTyped(text);
    const telling = tokens.filter(({ isFiller }) => !isFiller);
    const words = [...new Set((telling.length > 0 ? telling : tokens).map(({ sense }) => sense))];
    const isTelling = telling.length > 1 || telling.some(({ word }) => !isEveryday(word));
    return words.length > 0 ? [{ termId: id, words, isTelling }] : [];
  });
}

/** Longest first, so that a phrase is taken before the single words in it. */
function indexPhrases(phrases: Phrase[]): Map<string, Phrase[]> {
  const byWord = new Map<string, Phrase[]>();
  for (const phrase of phrases.toSorted((a, b) => b.words.length - a.words.length)) {
    const [first = ''] = phrase.words;
    const others = byWord.get(first);
    if (others) others.push(phrase);
    else byWord.set(first, [phrase]);
  }
  return byWord;
}

function takeTerms(words: Set<string>, termIds: Set<string>, phrasesByWord: Map<string, Phrase[]>): void {
  const candidates = [...words]
    .flatMap((word) => phrasesByWord.get(word) ?? [])
    .toSorted((a, b) => b.words.length - a.words.length);
  for (const phrase of candidates) {
    const isThere = phrase.words.every((word) => words.has(word));
    if (!isThere || !(phrase.isTelling || termIds.has(phrase.termId))) continue;
    for (const word of phrase.words) words.delete(word);
    termIds.add(phrase.termId);
  }
}

/** Of more words than that the rarest are taken as they are, so that a report stays quick whatever was typed. */
const mostDoubtful = 8_000;

/** A word of the searches: how many hold it, and how it was typed. */
interface Used {
  count: number;
  forms: Set<string>;
}

/** A key alone does not say how its words were typed, so they stand for themselves. */
function listVocabulary(
  asked: readonly AskedFor[],
  keys: readonly string[],
  readKey: (key: string) => Parts,
): Map<string, Used> {
  const vocabulary = new Map<string, Used>();
  const use = (word: string) => {
    const used = vocabulary.get(word) ?? { count: 0, forms: new Set() };
    vocabulary.set(word, used);
    return used;
  };
  for (const one of asked) {
    for (const word of readKey(keyOf(one)).words) use(word).count += 1;
    for (const { sense, word } of readTyped(one.query)) vocabulary.get(sense)?.forms.add(word);
  }
  for (const key of keys) for (const word of readKey(key).words) use(word);
  return vocabulary;
}

/**
 * Each misspelling with the word that it stands for. Words that are right stand for themselves, others for the
 * nearest word that is right, or that more searches hold; nothing is passed on over several steps. Words are near
 * by how they are typed, since one slip may change a stem beyond recognition.
 */
function settleSpellings(
  vocabulary: Map<string, Used>,
  right: readonly { word: string; sense: string }[],
): Map<string, string> {
  const standing = createNearWords<string>();
  const isRight = new Set(right.map(({ sense }) => sense));
  for (const { word, sense } of right) standing.add(word, sense);
  const spellings = new Map<string, string>();
  const doubtful = [...vocabulary]
    .filter(([word]) => !isRight.has(word))
    .toSorted(
      ([a, before], [b, after]) => after.count - before.count || b.length - a.length || (a < b ? -1 : 1),
    )
    .slice(0, mostDoubtful);
  for (const [word, { forms }] of doubtful) {
    const typed = [...forms, word];
    const nearest = typed.flatMap(standing.find).toSorted((a, b) => a.distance - b.distance)[0];
    if (nearest) spellings.set(word, nearest.meaning);
    else for (const form of typed) standing.add(form, word);
  }
  return spellings;
}
