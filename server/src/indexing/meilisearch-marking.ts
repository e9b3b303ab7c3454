import { stemmer } from 'stemmer';
import { fillerWords } from '../words/common-words.ts';
import { allowedEdits, editDistance } from '../words/typos.ts';
import { listWords } from '../words/words.ts';
import type { EngineHit, EngineQuery, MatchedField } from './engine.ts';
import { readQuery } from './meilisearch-query.ts';
import { cutPassage, markExcerpt, markText, type WordMatcher } from './snippet.ts';

/** What is said about an asset now, and the page that Meilisearch found. */
export interface HitTexts {
  assetId: string;
  title: string;
  tags: string[];
  useWhen: string;
  talkTrack: string;
  description: string;
  pageNumber: number | null;
  pageText: string;
}

interface AskedWord {
  word: string;
  stem: string;
  isUnfinished: boolean;
}

/**
 * Marks what matched in the texts of the database, which are true now, and not in those of the index. A word is
 * taken for a misspelt one only where the word itself, or another form of it, stands nowhere.
 */
export function markHit(query: EngineQuery, texts: HitTexts): EngineHit {
  const asked = listAsked(query);
  const { assetId, title, tags, useWhen, talkTrack, description, pageText, pageNumber } = texts;
  const shown = [title, ...tags, useWhen, talkTrack, description, pageText];
  const found = new Map<string, number>();
  for (const word of new Set(shown.flatMap(listWords))) {
    const index = asked.findIndex((other) => isSameWord(word, other));
    if (index !== -1) found.set(word, index);
  }
  const met = new Set(found.values());
  const missing = asked.map((_, index) => index).filter((index) => !met.has(index));
  if (missing.length > 0)
    for (const word of new Set(shown.flatMap(listWords))) {
      if (found.has(word)) continue;
      const index = missing.find((place) => isNear(word, asked[place]));
      if (index !== undefined) found.set(word, index);
    }
  const match: WordMatcher = (word) => found.get(word);
  const needles = asked.map((_, index) => [...found].flatMap(([word, at]) => (at === index ? [word] : [])));
  const passages = [useWhen, description, talkTrack, pageText === '' ? '' : cutPassage(pageText, needles)];
  const excerpt = asked.length === 0 ? null : markExcerpt(passages, match);
  const isOfPage = excerpt !== null && excerpt.textIndex === passages.length - 1;
  const isIn = (text: string) => listWords(text).some((word) => found.has(word));
  const fields: [MatchedField, boolean][] = [
    ['title', isIn(title)],
    ['tag', tags.some(isIn)],
    ['use_when', isIn(useWhen)],
    ['talk_track', isIn(talkTrack)],
    ['description', isIn(description)],
    ['page', isIn(pageText)],
  ];
  return {
    assetId,
    title: markText(title, match),
    excerpt: excerpt?.snippet ?? null,
    pageNumber: isOfPage ? pageNumber : null,
    fields: fields.flatMap(([field, matches]) => (matches ? [field] : [])),
  };
}

function listAsked(query: EngineQuery): AskedWord[] {
  const { words } = readQuery(query);
  const last = listWords(query.words).at(-1);
  const ofPhrases = query.phrases.flatMap(listWords).filter((word) => !fillerWords.has(word));
  return [
    ...words.map((word) => ({ word, stem: stemmer(word), isUnfinished: word === last })),
    ...ofPhrases.map((word) => ({ word, stem: word, isUnfinished: false })),
  ];
}

function isSameWord(word: string, asked: AskedWord): boolean {
  return (
    word === asked.word ||
    (asked.isUnfinished && word.startsWith(asked.word)) ||
    (word.slice(0, 2) === asked.word.slice(0, 2) && stemmer(word) === asked.stem)
  );
}

/** Whether a word of the library is the one that was typed, its beginning or another form of it. */
export function isSpelling(typed: string, word: string): boolean {
  return isSameWord(word, { word: typed, stem: stemmer(typed), isUnfinished: true });
}

function isNear(word: string, asked: AskedWord | undefined): boolean {
  if (!asked) return false;
  const edits = allowedEdits(asked.word);
  if (edits === 0 || word.length < asked.word.length - edits) return false;
  const longEnough = asked.isUnfinished ? word.slice(0, asked.word.length) : word;
  return (
    (longEnough.length - asked.word.length <= edits && editDistance(asked.word, longEnough) <= edits) ||
    (word.length - asked.word.length <= edits && editDistance(asked.word, word) <= edits)
  );
}
