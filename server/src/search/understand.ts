import type { DimensionKey } from '../taxonomy/contract.ts';
import { isEveryday } from '../words/common-words.ts';
import { negation, readTokens, senseOf, stemOf, type Token } from '../words/tokens.ts';
import type { UnderstoodTerm } from './contract.ts';
import { type Lexicon, type LexiconTerm, listSpellings, type Phrase } from './lexicon.ts';
import { findStageCues } from './stage-cues.ts';

/** What the library tells about words. */
export interface LibraryWords {
  /** Words of the query that the library holds: they are spelled right. */
  known: Set<string>;
  /** Titles as the stems of their words, a sample when there are many. */
  titles: Set<string>[];
}

/** A stretch of a text that was read as a term. */
export interface ReadTerm extends Omit<UnderstoodTerm, 'term'> {
  term: LexiconTerm;
  /** How sure the reading is, 1 for a name as it is written. */
  strength: number;
  /** How often the text says so. */
  mentions: number;
  /** The weight of the words that were found. */
  weight: number;
  start: number;
  end: number;
  sentence: number;
  /** The words of it, by their place in the text. */
  places: number[];
}

export interface Reading {
  terms: ReadTerm[];
  /** The words that are no part of a term and say something. */
  rest: Token[];
}

/** Words between those of a phrase: "it costs way too much" is "it costs too much". */
const mostBetween = 3;
/** A negation or a filler may stand before the first telling word. */
const leadBefore = 3;
const leastShare = 0.68;
/** From there on a phrase is there but for a word that nobody would miss. */
const nearlyAll = 0.85;
const respeltWorth = 0.85;
const sameSenseWorth = 0.85;
/** An everyday word of a topic in at least this many titles is a word to search for, not a chip. */
const manyTitles = 2;
const topics = new Set<DimensionKey>(['industry', 'region', 'product', 'language', 'content_type']);

interface Found extends ReadTerm {
  phrase: Phrase;
  isWhole: boolean;
}

/** Finds the terms of the taxonomy in what somebody typed. `plainTermIds` were taken back: their words stay words. */
export function readTerms(
  text: string,
  lexicon: Lexicon,
  library: LibraryWords,
  plainTermIds: readonly string[] = [],
): Reading {
  const tokens = joinParts(readTokens(text), lexicon).map((token) => respell(token, lexicon, library));
  const plain = new Set(plainTermIds);
  const isTitle = isPartOfTitle(tokens, library.titles);
  const found = findPhrases(tokens, lexicon)
    .filter(({ term }) => !plain.has(term.id))
    .filter((one) => isMeant(one, tokens, library, isTitle));
  const { chosen, repeated } = settle(found);
  const cues = findStageCues(tokens, lexicon, chosen, plain).map((cue) => ({
    ...cue,
    typed: text.slice(cue.start, cue.end),
  }));
  const countRepeats = ({ term }: Found) => repeated.filter((other) => other.term.id === term.id).length;
  const described = chosen.map((one) => ({ ...describe(one, text), mentions: 1 + countRepeats(one) }));
  const terms = [...described, ...(isTitle ? [] : cues)].toSorted((a, b) => a.start - b.start);
  const taken = new Set(
    [...terms, ...repeated]
      .filter((term) => !staysInQuery(term, tokens, library))
      .flatMap((term) => term.places),
  );
  const rest = tokens.filter(
    (token, place) => !taken.has(place) && !token.isFiller && token.stem !== negation,
  );
  return { terms, rest };
}

/** Words that could be misspelt ones of the taxonomy, to ask the library whether it knows them. */
export function listDoubtfulWords(text: string, lexicon: Lexicon, limit: number): string[] {
  const doubtful = new Set<string>();
  for (const { word, stem } of readTokens(text)) {
    if (doubtful.size >= limit) break;
    if (doubtful.has(word) || isEveryday(word) || lexicon.stems.has(stem)) continue;
    if (listSpellings(lexicon, word).length > 0) doubtful.add(word);
  }
  return [...doubtful];
}

interface RespeltToken extends Token {
  /** As the taxonomy spells it. */
  respelt: string | null;
}

/** "Battle card" is one word of the taxonomy, although it was typed as two. */
function joinParts(tokens: Token[], { words }: Lexicon): Token[] {
  const joined: Token[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const [token, next] = [tokens[at], tokens[at + 1]];
    if (!token) continue;
    const whole = next?.sentence === token.sentence ? `${token.word}${next.word}` : '';
    if (!next || !words.has(whole)) {
      joined.push(token);
      continue;
    }
    const stem = stemOf(whole);
    joined.push({ ...token, word: whole, stem, sense: senseOf(stem), isFiller: false, end: next.end });
    at += 1;
  }
  return joined;
}

function respell(token: Token, lexicon: Lexicon, library: LibraryWords): RespeltToken {
  const isKnown =
    token.stem === negation ||
    isEveryday(token.word) ||
    lexicon.stems.has(token.stem) ||
    lexicon.phrasesByKey.has(token.sense) ||
    library.known.has(token.word);
  const spelling = isKnown ? undefined : listSpellings(lexicon, token.word)[0];
  if (spelling === undefined) return { ...token, respelt: null };
  const stem = stemOf(spelling);
  return { ...token, stem, sense: senseOf(stem), respelt: spelling };
}

/** Nobody says a word of a phrase more often before they say the phrase itself; what was copied a thousand times does. */
const mostHits = 60;

function findPhrases(tokens: RespeltToken[], lexicon: Lexicon): Found[] {
  const places = new Map<Phrase, number[]>();
  for (const [place, token] of tokens.entries()) {
    const phrases = new Set([token.stem, token.sense].flatMap((key) => lexicon.phrasesByKey.get(key) ?? []));
    for (const phrase of phrases) {
      const known = places.get(phrase);
      if (!known) places.set(phrase, [place]);
      else if (known.length < mostHits) known.push(place);
    }
  }
  return Array.from(places).flatMap(([phrase, hits]) => findBest(tokens, phrase, hits) ?? []);
}

/** The stretch of the text that holds most of the phrase. */
function findBest(tokens: RespeltToken[], phrase: Phrase, hits: number[]): Found | undefined {
  let best: { places: number[]; inner: number[]; worth: number; isWhole: boolean } | undefined;
  for (const hit of hits) {
    const whole = matchWhole(tokens, phrase, hit);
    const match = whole
      ? { places: whole, inner: whole, worth: worthOf(whole, tokens, phrase) }
      : matchAround(tokens, phrase, hit);
    if (match.places.length === 0 || (best?.isWhole && !whole)) continue;
    if (!best || match.worth > best.worth || (whole && !best.isWhole))
      best = { ...match, isWhole: whole !== null };
  }
  const inner = best?.isWhole ? best.places : best?.inner;
  const from = tokens[inner?.[0] ?? -1];
  const to = tokens[inner?.at(-1) ?? -1];
  if (!best || !from || !to) return undefined;
  return {
    phrase,
    term: phrase.term,
    via: phrase.via,
    typed: '',
    readAs: null,
    strength: best.worth / phrase.weight,
    mentions: 1,
    weight: best.worth,
    start: from.start,
    end: to.end,
    sentence: from.sentence,
    places: best.places,
    isWhole: best.isWhole,
  };
}

/** What stands of a phrase near one of its telling words, in any order and with other words between. */
function matchAround(tokens: RespeltToken[], phrase: Phrase, hit: number) {
  const used = new Set<Phrase['tokens'][number]>();
  const places: number[] = [];
  const found: number[] = [];
  let worth = 0;
  const span = phrase.tokens.length + mostBetween;
  const from = Math.max(0, hit - leadBefore);
  for (let place = from; place < Math.min(tokens.length, hit + span); place++) {
    const token = tokens[place];
    if (!token || token.sentence !== tokens[hit]?.sentence) continue;
    const match = matchOne(token, phrase, used);
    if (!match) continue;
    used.add(match.token);
    places.push(place);
    found.push(phrase.tokens.indexOf(match.token));
    worth += match.worth;
  }
  return { places, inner: trimFillers(phrase, places, found), worth };
}

/** A filler at the edge belongs to the stretch only when it stands on that side in the phrase, too. */
function trimFillers(phrase: Phrase, places: number[], found: number[]): number[] {
  const isTelling = (index: number) => phrase.tokens[index]?.isTelling === true;
  const telling = found.filter(isTelling);
  const [first, last] = [telling[0] ?? 0, telling.at(-1) ?? 0];
  const [from, to] = [found.indexOf(first), found.lastIndexOf(last)];
  return places.filter((_, at) => {
    const index = found[at] ?? 0;
    return (at >= from || index < first) && (at <= to || index > last);
  });
}

function matchOne(token: RespeltToken, phrase: Phrase, used: Set<Phrase['tokens'][number]>) {
  const free = phrase.tokens.filter((one) => !used.has(one));
  const same = free.find((one) => (one.isFiller ? one.word === token.word : one.stem === token.stem));
  const found =
    same ??
    free.find((one) => one.isTelling && one.sense === token.sense) ??
    free.find((one) => one.isTelling && isShortFor(token, one));
  if (!found) return undefined;
  const worth = found.weight * (same ? 1 : sameSenseWorth) * (token.respelt === null ? 1 : respeltWorth);
  return { token: found, worth };
}

/** "VP Eng" is a VP Engineering. */
function isShortFor({ word }: Token, other: Token): boolean {
  return (
    word.length >= 3 &&
    word.length <= other.word.length - 3 &&
    other.word.startsWith(word) &&
    !isEveryday(word)
  );
}

/** The places of the phrase where it stands word for word, fillers and all, around this telling word. */
function matchWhole(tokens: RespeltToken[], phrase: Phrase, place: number): number[] | null {
  const at = phrase.tokens.findIndex(({ stem, isTelling }) => isTelling && stem === tokens[place]?.stem);
  const from = place - at;
  if (at === -1 || from < 0) return null;
  const isThere = phrase.tokens.every(({ stem, word, isFiller }, index) => {
    const token = tokens[from + index];
    return token !== undefined && (isFiller ? token.word === word : token.stem === stem);
  });
  return isThere ? phrase.tokens.map((_, index) => from + index) : null;
}

function worthOf(places: number[], tokens: RespeltToken[], phrase: Phrase): number {
  return places.reduce((sum, place, index) => {
    const isRespelt = tokens[place]?.respelt !== null;
    return sum + (phrase.tokens[index]?.weight ?? 0) * (isRespelt ? respeltWorth : 1);
  }, 0);
}

/** Whether a stretch is meant as the term, and does not merely share a word with it. */
function isMeant(found: Found, tokens: RespeltToken[], library: LibraryWords, isTitle: boolean): boolean {
  const { phrase, places, isWhole, strength } = found;
  const isAll = places.length === tokens.length && isWhole;
  if (isTitle && !isAll) return false;
  if (phrase.tokens.length === 1) return isMeantAlone(found, tokens, library, isAll);
  if (isWhole) return isAll || phrase.tokens.some((token) => !token.isFiller);
  if (strength < leastShare) return false;
  // An objection is said in many ways; who somebody is and what a thing is called is not.
  if (phrase.term.dimensionKey !== 'objection' && (strength < nearlyAll || !isTogether(places, tokens)))
    return false;
  const matched = places.flatMap((place) => tokens[place] ?? []);
  const telling = matched.filter((token) => !token.isFiller && token.stem !== negation);
  if (telling.length >= 2) return true;
  const [only] = telling;
  if (!only || phrase.tellingCount > 1) return strength >= nearlyAll && places.length > 2;
  const isNegated = phrase.tokens.some(({ stem }) => stem === negation);
  // "no budget" without its "no" is the opposite, and a lone everyday word says nothing.
  if (isNegated) return matched.some(({ stem }) => stem === negation);
  return !isEveryday(only.word) || (strength >= nearlyAll && places.length > 2);
}

function isTogether(places: number[], tokens: RespeltToken[]): boolean {
  const [first = 0, last = 0] = [places[0], places.at(-1)];
  return tokens
    .slice(first, last + 1)
    .every((token, index) => token.isFiller || places.includes(first + index));
}

function isMeantAlone(
  { phrase, places }: Found,
  tokens: RespeltToken[],
  library: LibraryWords,
  isAll: boolean,
): boolean {
  const [only] = phrase.tokens;
  const token = tokens[places[0] ?? -1];
  if (!only || !token || token.stem !== only.stem) return false;
  // "US" is a country, "us" is not; "Own" is a product in the middle of a sentence that is not shouted.
  if (isEveryday(only.word) || isEveryday(token.word))
    return only.isCapital && token.isCapital && tokens.some((one) => !one.isCapital);
  if (token.respelt !== null && token.word.length < 5) return false;
  const isSameForm = singularOf(token.respelt ?? token.word) === singularOf(only.word);
  if (phrase.term.dimensionKey !== 'objection' && !isSameForm) return false;
  const isWordOfTitles = topics.has(phrase.term.dimensionKey) && phrase.via !== 'name';
  return isAll || !isWordOfTitles || countTitles(library, [token.stem]) < manyTitles;
}

function singularOf(word: string): string {
  return word.length > 3 ? word.replace(/(?<=s|x|ch|sh)es$|(?<!s)s$/, '') : word;
}

/**
 * Longest first; two readings of the same words stand side by side only when their dimensions differ. What says a
 * term once more is told apart: it is no other term, and no word to search for either.
 */
function settle(found: Found[]): { chosen: Found[]; repeated: Found[] } {
  const ordered = found.toSorted(
    (a, b) =>
      b.weight * b.strength - a.weight * a.strength ||
      Number(b.isWhole) - Number(a.isWhole) ||
      a.start - b.start,
  );
  const chosen: Found[] = [];
  const repeated: Found[] = [];
  for (const one of ordered) {
    const rivals = chosen.filter(({ places }) => places.some((place) => one.places.includes(place)));
    const isTwin = rivals.every(
      (rival) =>
        rival.term.dimensionKey !== one.term.dimensionKey &&
        rival.places.length === one.places.length &&
        rival.strength - one.strength < 0.01,
    );
    if (!isTwin) continue;
    if (chosen.some(({ term }) => term.id === one.term.id)) repeated.push(one);
    else chosen.push(one);
  }
  return { chosen, repeated };
}

function describe({ phrase, isWhole, ...found }: Found, text: string): ReadTerm {
  const typed = text.slice(found.start, found.end);
  const isSame = typed.toLowerCase() === phrase.text.toLowerCase();
  return { ...found, typed, readAs: isSame ? null : phrase.text };
}

/** Words of a topic are what titles are made of, so they are searched for as well. */
function staysInQuery(found: ReadTerm, tokens: Token[], library: LibraryWords): boolean {
  const stems = found.places.flatMap((place) => tokens[place]?.stem ?? []);
  return countTitles(library, stems) >= manyTitles;
}

function countTitles({ titles }: LibraryWords, stems: string[]): number {
  return titles.filter((title) => stems.every((stem) => title.has(stem))).length;
}

/** Whoever types the words of one title wants that asset. The last word may be unfinished. */
function isPartOfTitle(tokens: Token[], titles: Set<string>[]): boolean {
  const telling = tokens.filter((token) => !token.isFiller);
  const last = telling.at(-1);
  if (telling.length < 2 || !last) return false;
  return titles.some(
    (title) =>
      telling.slice(0, -1).every(({ stem }) => title.has(stem)) &&
      (title.has(last.stem) || [...title].some((stem) => stem.startsWith(last.word))),
  );
}
