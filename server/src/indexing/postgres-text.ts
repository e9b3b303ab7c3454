import type { Database } from '../db/database.ts';
import { listWords, stopWords } from '../words/words.ts';
import type { EngineAnswer, EngineQuery } from './engine.ts';
import type { RankedWord, TextMatch } from './postgres-match-queries.ts';
import { type AskedWord, asForm, readWords } from './postgres-words.ts';
import { wordWeights } from './weights.ts';

/** Up to so many words are a few; of more, an answer holds less. */
const fewWords = 3;
/** How much of the words' weight an answer has to hold, and how much when too little holds that: of a few any word. */
const enoughShare = { few: 0.6, sentence: 0.5 };
const nearestShare = { few: 0, sentence: 0.3 };
/** Of a sentence so many of the most telling words decide what matches; all of them decide in which order. */
const decidingWords = 8;

/** The words to mark, as one word of the query may stand for several. */
interface MarkedWord {
  words: string[];
  query: string;
  weight: number;
  place: number;
}

/** The words of a query as full text queries. */
export interface TextQuery {
  /** Null when the query has no words, phrases or exclusions. */
  match: TextMatch | null;
  /** What to ask when nothing matches; null when that would be the same. */
  nearest: TextMatch | null;
  /** Whether it has so few words that an answer should hold most of them. */
  isShort: boolean;
  marked: MarkedWord[];
  spelling: EngineAnswer['spelling'];
  unknownWords: EngineAnswer['unknownWords'];
}

export async function readText(db: Database, query: EngineQuery): Promise<TextQuery> {
  const asked = await readWords(db, query.words);
  const phrases = query.phrases.map(writePhrase).filter((phrase) => phrase !== null);
  const excluded = query.excluded.map(writePhrase).filter((phrase) => phrase !== null);
  const hasText = asked.length + phrases.length + excluded.length > 0 || listWords(query.words).length > 0;
  const ranked = [...asked, ...wordsOfPhrases(query.phrases, asked)];
  const isShort = asked.length <= fewWords;
  const length = isShort ? 'few' : 'sentence';
  const matchBy = (least: number): TextMatch => ({
    words: ranked.map(toRankedWord),
    pairs: writePairs(asked),
    enough: listEnough(asked, least),
    phrases,
    excluded: excluded.length > 0 ? excluded.map((one) => `(${one})`).join(' | ') : null,
    signs: asked.length > 0 ? writeSigns(asked, least) : [],
    title: query.words.replaceAll('\u0000', '').trim().toLowerCase(),
  });
  return {
    match: hasText ? matchBy(enoughShare[length]) : null,
    nearest: asked.length > 1 ? matchBy(nearestShare[length]) : null,
    isShort,
    marked: ranked.map((word) => ({
      words: word.forms.map((form) => form.word),
      query: writeForms(word),
      weight: word.weight,
      place: word.place,
    })),
    spelling: asked.flatMap(({ typed, readAs }) => (readAs === null ? [] : [{ typed, read: readAs }])),
    unknownWords: asked.flatMap(({ forms, isUnknown }) => (isUnknown ? forms.map(({ word }) => word) : [])),
  };
}

/** Words hold letters and digits only, so that they need no further quoting. */
const writeWord = (word: string) => `'${word}'`;
const writeForms = ({ forms }: AskedWord) => `(${forms.map(({ word }) => writeWord(word)).join(' | ')})`;
/** The same where titles and tags are meant. */
const writeNames = ({ forms }: AskedWord) =>
  `(${forms.map(({ word }) => writeWord(`^${word}`)).join(' | ')})`;

/** The same where a text says them often. */
const writeOften = ({ forms }: AskedWord) =>
  `(${forms.map(({ word }) => writeWord(`^+${word}`)).join(' | ')})`;

/** Words at the distance that they have from each other; stop words are not kept in texts, so any word may stand there. */
function writePhrase(text: string): string | null {
  const words = listWords(text).map((word, place) => ({ word, place }));
  const telling = words.filter(({ word }) => !stopWords.has(word));
  const kept = telling.length > 0 ? telling : words;
  if (kept.length === 0) return null;
  return kept
    .map(({ word, place }, index) => {
      const before = kept[index - 1];
      return before ? ` <${place - before.place}> ${writeWord(word)}` : writeWord(word);
    })
    .join('');
}

/** They have to be there anyway; where they stand decides the order. */
function wordsOfPhrases(phrases: string[], asked: AskedWord[]): AskedWord[] {
  const known = new Set(asked.flatMap(({ forms }) => forms.map(({ word }) => word)));
  const words = new Set(
    phrases.flatMap(listWords).filter((word) => !stopWords.has(word) && !known.has(word)),
  );
  const from = Math.max(0, ...asked.map(({ place }) => place)) + 2;
  return Array.from(words, (word, index) => ({
    typed: word,
    forms: [asForm(word, wordWeights.exact)],
    weight: 1,
    place: from + index,
    readAs: null,
    isUnknown: false,
  }));
}

/**
 * A condition that holds when words of enough weight are there: the heaviest with enough of the rest, or enough of
 * the rest without it.
 */
export function writeEnough(
  words: AskedWord[],
  share: number,
  write: (word: AskedWord) => string,
): string | null {
  const deciding = words.toSorted((a, b) => b.weight - a.weight).slice(0, decidingWords);
  const total = deciding.reduce((sum, { weight }) => sum + weight, 0);
  const from = (index: number, needed: number): string | null => {
    const word = deciding[index];
    const rest = deciding.slice(index).reduce((sum, { weight }) => sum + weight, 0);
    if (!word || rest < needed - 1e-9) return null;
    const isEnough = word.weight >= needed - 1e-9;
    const after = isEnough ? null : from(index + 1, needed - word.weight);
    const held = isEnough ? write(word) : after && `${write(word)} & ${after}`;
    const without = from(index + 1, needed);
    if (held && without) return `(${held} | ${without})`;
    return held || without ? `(${held ?? without})` : null;
  };
  return from(0, total * share);
}

/** What a short beginning may become is looked for in headings, if there is no other word. */
function listEnough(words: AskedWord[], share: number): TextMatch['enough'] {
  const vector = writeEnough(listWhole(words), share, writeForms);
  const heading = words.length === 1 && hasStarts(words) ? writeEnough(words, share, writeForms) : null;
  return [
    ...(heading === null ? [] : [{ column: 'heading' as const, condition: heading }]),
    ...(vector === null ? [] : [{ column: 'vector' as const, condition: vector }]),
  ];
}

const hasStarts = (words: AskedWord[]) => words.some(({ forms }) => forms.some((form) => form.isHeadingOnly));

/** What is looked for in all the text: beside others, a word may also become what it is a short beginning of. */
function listWhole(words: AskedWord[]): AskedWord[] {
  if (words.length > 1) return words;
  return words
    .map((word) => ({ ...word, forms: word.forms.filter((form) => !form.isHeadingOnly) }))
    .filter(({ forms }) => forms.length > 0);
}

/** What is titled or tagged with enough of the words, what says them in its heading, what holds all of them. */
function writeSigns(words: AskedWord[], share: number): TextMatch['signs'] {
  const named = writeEnough(words, share, writeNames);
  const headed = writeEnough(words, share, writeForms);
  const often = writeEnough(listWhole(words), share, writeOften);
  const [rarest] = words.toSorted((a, b) => b.weight - a.weight);
  const sign = (column: 'heading' | 'vector', condition: string | null, isWider = false) =>
    condition === null ? [] : [{ column, condition, isWider }];
  const several = words.length > 1;
  return [
    ...sign('heading', named),
    ...sign('heading', headed),
    ...sign('vector', several ? words.map(writeForms).join(' & ') : null),
    ...sign('vector', often),
    ...sign('heading', several && rarest ? writeNames(rarest) : null, true),
  ];
}

function writePairs(words: AskedWord[]): string[] {
  const inOrder = words.toSorted((a, b) => a.place - b.place);
  return inOrder.slice(1).map((word, index) => {
    const before = inOrder[index] as AskedWord;
    return `${writeForms(before)} <${word.place - before.place}> ${writeForms(word)}`;
  });
}

function toRankedWord({ forms, weight }: AskedWord): RankedWord {
  return {
    weight,
    forms: forms.map(({ word }) => writeWord(word)),
    formWeights: forms.map((form) => form.weight),
  };
}
