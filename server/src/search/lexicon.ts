import type { DimensionKey } from '../taxonomy/contract.ts';
import { isEveryday } from '../words/common-words.ts';
import { negation, readTokens, type Token } from '../words/tokens.ts';
import { allowedEdits, editDistance } from '../words/typos.ts';
import { sayings } from './sayings.ts';

export interface LexiconTerm {
  id: string;
  dimensionKey: DimensionKey;
  name: string;
  synonyms: string[];
}

/** What several people have typed before they chose a term. */
export interface LearnedPhrase {
  phrase: string;
  termId: string;
}

/** A name, a synonym or learned words of a term. */
export interface Phrase {
  term: LexiconTerm;
  text: string;
  via: 'name' | 'synonym' | 'learned';
  tokens: PhraseToken[];
  /** The weight of its telling words together. */
  weight: number;
  /** Another way to say it, which the taxonomy does not have. */
  said: string | null;
  /** How many of its words are telling and more than a negation. */
  tellingCount: number;
}

interface PhraseToken extends Token {
  /** How much the word says about the term: little for a filler and for a word of many phrases. */
  weight: number;
  /** Worth looking for: no filler, unless the phrase has nothing else. */
  isTelling: boolean;
}

/** The words of the taxonomy, ready to be found in a text. */
export interface Lexicon {
  terms: Map<string, LexiconTerm>;
  phrases: Phrase[];
  /** Phrases by the stems and senses of their telling words. */
  phrasesByKey: Map<string, Phrase[]>;
  /** The telling words as they are written, by their one-letter deletions. */
  wordsByDeletion: Map<string, Set<string>>;
  /** How many phrases hold a stem. */
  phraseCounts: Map<string, number>;
  /** Every stem, fillers too. */
  stems: Set<string>;
  /** Telling words of more than five letters. */
  words: Set<string>;
}

export function buildLexicon(terms: LexiconTerm[], learned: LearnedPhrase[] = []): Lexicon {
  const termById = new Map(terms.map((term) => [term.id, term]));
  const drafts = [
    ...terms.map((term) => ({ term, text: term.name, via: 'name' as const })),
    ...terms.flatMap((term) => listParts(term).map((text) => ({ term, text, via: 'name' as const }))),
    ...terms.flatMap((term) => term.synonyms.map((text) => ({ term, text, via: 'synonym' as const }))),
    ...terms.flatMap(listVariants),
    ...learned.flatMap(({ phrase, termId }) => {
      const term = termById.get(termId);
      return term ? [{ term, text: phrase, via: 'learned' as const }] : [];
    }),
  ]
    .map((draft) => ({ ...draft, said: 'said' in draft ? draft.said : null }))
    .map((draft) => ({ ...draft, tokens: readTokens(draft.said ?? draft.text) }));
  const phraseCounts = new Map<string, number>();
  for (const { tokens } of drafts)
    for (const stem of new Set(tokens.map((token) => token.stem)))
      phraseCounts.set(stem, (phraseCounts.get(stem) ?? 0) + 1);
  const phrases = drafts
    .filter(({ tokens }) => tokens.length > 0)
    .map((draft) => weigh(draft, phraseCounts, drafts.length));
  return { terms: termById, phrases, phraseCounts, ...indexPhrases(phrases) };
}

/** "Procurement & finance" are two names for one kind of people. */
function listParts({ dimensionKey, name }: LexiconTerm): string[] {
  const parts = dimensionKey === 'persona' ? name.split(/\s*[&/,+]\s*|\s+(?:and|or)\s+/i) : [];
  return parts.length > 1 ? parts.filter((part) => part !== '') : [];
}

const sameStems = (text: string) =>
  readTokens(text)
    .filter(({ isFiller }) => !isFiller)
    .map(({ stem }) => stem)
    .join(' ');
const sayingsByStems = new Map(sayings.flatMap((line) => line.map((one) => [sameStems(one), line] as const)));

/** What else is said for a term's name or synonyms: in one word instead of with a hyphen, or as a saying. */
function listVariants(term: LexiconTerm) {
  const known = new Set([term.name, ...term.synonyms].map(sameStems));
  return [term.name, ...term.synonyms].flatMap((text, index) => {
    const via = index === 0 ? ('name' as const) : ('synonym' as const);
    const joined = /\p{L}-\p{L}/u.test(text) ? [text.replace(/(?<=\p{L})-(?=\p{L})/gu, '')] : [];
    const said = (sayingsByStems.get(sameStems(text)) ?? []).filter((one) => !known.has(sameStems(one)));
    return [...joined, ...said].map((one) => ({ term, text, via, said: one }));
  });
}

/** A word in few phrases says more than one in many, and a rare word more than an everyday one. */
function weigh(
  draft: Pick<Phrase, 'term' | 'text' | 'via' | 'said'> & { tokens: Token[] },
  counts: Map<string, number>,
  phraseCount: number,
): Phrase {
  const hasTelling = draft.tokens.some((token) => !token.isFiller);
  const tokens = draft.tokens.map((token) => {
    const rarity = Math.log(1 + phraseCount / (counts.get(token.stem) ?? 1));
    const isTelling = !token.isFiller || !hasTelling;
    return { ...token, isTelling, weight: rarity * worthOf(token) };
  });
  return {
    ...draft,
    tokens,
    weight: tokens.reduce((sum, token) => sum + token.weight, 0),
    tellingCount: tokens.filter((token) => token.isTelling && token.stem !== negation).length,
  };
}

function worthOf(token: Token): number {
  if (token.isFiller) return 0.2;
  if (token.stem === negation) return 0.4;
  return isEveryday(token.word) ? 0.6 : 1;
}

function indexPhrases(phrases: Phrase[]): Omit<Lexicon, 'terms' | 'phrases' | 'phraseCounts'> {
  const phrasesByKey = new Map<string, Phrase[]>();
  for (const phrase of phrases)
    for (const key of new Set(listTelling(phrase).flatMap(({ stem, sense }) => [stem, sense])))
      phrasesByKey.set(key, [...(phrasesByKey.get(key) ?? []), phrase]);
  const written = phrases.filter(({ said }) => said === null).flatMap(listTelling);
  return {
    phrasesByKey,
    wordsByDeletion: indexDeletions(new Set(phrases.flatMap(listTelling).map(({ word }) => word))),
    stems: new Set(phrases.flatMap(({ tokens }) => tokens.map(({ stem }) => stem))),
    words: new Set(written.map(({ word }) => word).filter((word) => word.length > 5)),
  };
}

function listTelling({ tokens }: Phrase): PhraseToken[] {
  return tokens.filter(({ isTelling }) => isTelling);
}

function indexDeletions(words: Set<string>): Map<string, Set<string>> {
  const index = new Map<string, Set<string>>();
  for (const word of words)
    for (const deletion of allowedEdits(word) > 0 ? listDeletions(word) : [])
      index.set(deletion, (index.get(deletion) ?? new Set()).add(word));
  return index;
}

/** The words of the taxonomy that a misspelt word may be, the closest first. */
export function listSpellings(lexicon: Lexicon, word: string): string[] {
  const limit = allowedEdits(word);
  if (limit === 0 || /\d/.test(word)) return [];
  const near = new Set(listDeletions(word).flatMap((one) => [...(lexicon.wordsByDeletion.get(one) ?? [])]));
  return [...near]
    .map((candidate) => ({ candidate, distance: editDistance(word, candidate) }))
    .filter(({ candidate, distance }) => distance > 0 && distance <= Math.min(limit, allowedEdits(candidate)))
    .toSorted(
      (a, b) => a.distance - b.distance || sharedStart(word, b.candidate) - sharedStart(word, a.candidate),
    )
    .map(({ candidate }) => candidate);
}

/** The word and every word that lacks one of its letters: two that share one of these differ by a letter or two. */
function listDeletions(word: string): string[] {
  const letters = [...word];
  const shorter = letters.map((_, index) => letters.toSpliced(index, 1).join(''));
  return [...new Set([word, ...shorter])];
}

function sharedStart(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length += 1;
  return length;
}

/** The term of one dimension that a word or a few are meant to be: exactly, in another form, misspelt, or cut short. */
export function findTermByWord(
  lexicon: Lexicon,
  dimensionKey: DimensionKey,
  typed: string,
): LexiconTerm | undefined {
  const phrases = lexicon.phrases.filter(({ term }) => term.dimensionKey === dimensionKey);
  const wanted = readTokens(typed);
  if (wanted.length === 0) return undefined;
  const plain = wanted.map(({ word }) => word).join(' ');
  const textOf = ({ tokens }: Phrase) => tokens.map(({ word }) => word).join(' ');
  const ways: ((phrase: Phrase) => boolean)[] = [
    (phrase) => textOf(phrase) === plain,
    ({ tokens }) =>
      tokens.length === wanted.length && tokens.every(({ stem }, at) => stem === wanted[at]?.stem),
    (phrase) => plain.length > 2 && textOf(phrase).startsWith(plain) && phrase.via === 'name',
    (phrase) => editDistance(textOf(phrase), plain) <= allowedEdits(plain),
    (phrase) => plain.length > 2 && textOf(phrase).startsWith(plain),
  ];
  for (const isMeant of ways) {
    const found = phrases.find(isMeant);
    if (found) return found.term;
  }
  return undefined;
}

/** The term whose words come nearest to what was typed, to suggest it. */
export function suggestTerm(lexicon: Lexicon, dimensionKey: DimensionKey, typed: string): LexiconTerm | null {
  const plain = typed.toLowerCase();
  const near = lexicon.phrases
    .filter(({ term }) => term.dimensionKey === dimensionKey)
    .map(({ term, text }) => ({ term, distance: editDistance(text.toLowerCase(), plain.slice(0, 80)) }))
    .toSorted((a, b) => a.distance - b.distance);
  return near[0]?.term ?? null;
}
