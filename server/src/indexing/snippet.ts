import { spanWords } from '../words/words.ts';
import type { Snippet } from './contract.ts';

/** Says of a word whether the search was for it, and if so for which of the query's words. */
export type WordMatcher = (word: string) => number | undefined;

const excerptLength = 220;

/** The whole text, with the words that were searched for marked. */
export function markText(text: string, match: WordMatcher): Snippet {
  const parts: Snippet = [];
  let done = 0;
  for (const { word, start, end } of spanWords(text)) {
    if (start < done || match(word) === undefined) continue;
    if (start > done) parts.push({ text: text.slice(done, start), isMatch: false });
    parts.push({ text: text.slice(start, end), isMatch: true });
    done = end;
  }
  if (done < text.length || parts.length === 0) parts.push({ text: text.slice(done), isMatch: false });
  return parts;
}

interface Excerpt {
  snippet: Snippet;
  /** Which of the texts it is from. */
  textIndex: number;
}

/** The sentence of these texts that holds most of the query's words, marked; earlier texts win a tie. */
export function markExcerpt(texts: string[], match: WordMatcher): Excerpt | null {
  let best: { text: string; score: number; textIndex: number } | undefined;
  for (const [textIndex, text] of texts.entries())
    for (const sentence of splitSentences(text)) {
      const found = new Set<number>();
      for (const { word } of spanWords(sentence)) {
        const which = match(word);
        if (which !== undefined) found.add(which);
      }
      if (found.size > (best?.score ?? 0)) best = { text: sentence, score: found.size, textIndex };
    }
  return best ? { snippet: markText(cutAround(best.text, match), match), textIndex: best.textIndex } : null;
}

const passageLength = 600;

/**
 * The stretch of a long text where most of the words come together; each word may have several spellings. The
 * lines of a page become sentences, because a line ends there where the page did and not where a thought does.
 */
export function cutPassage(text: string, words: string[][]): string {
  const found = listPlaces(text.toLowerCase(), words);
  let best = { start: 0, count: 0 };
  for (const [index, { place }] of found.entries()) {
    const count = new Set(
      found.slice(index, index + 60).flatMap((other) => (other.place < place + 160 ? other.word : [])),
    ).size;
    if (count > best.count) best = { start: place, count };
  }
  const from = Math.max(0, best.start - 240);
  const passage = text.slice(from, from + passageLength).toWellFormed();
  const whole = passage
    .replace(from > 0 ? /^\S{0,30}\s+/ : '', '')
    .replace(from + passageLength < text.length ? /\s+\S{0,30}$/ : '', '');
  return joinLines(whole);
}

/** A line that goes on in the next one, because it was only broken to fit. */
function joinLines(text: string): string {
  return text.replace(/(?<=[\p{L}\p{N},;])[^\S\n]*\n[^\S\n]*(?=\p{Ll})/gu, ' ');
}

const mostPlaces = 200;
const wordPart = /[\p{L}\p{N}]/u;

/** Where words begin with one of the spellings: a lock is not in every block. */
function listPlaces(text: string, words: string[][]): { place: number; word: number }[] {
  const found: { place: number; word: number }[] = [];
  for (const [word, spellings] of words.entries())
    for (const spelling of spellings) {
      let count = 0;
      for (let place = text.indexOf(spelling); place !== -1 && count < mostPlaces; ) {
        if (!wordPart.test(text[place - 1] ?? ' ')) {
          found.push({ place, word });
          count += 1;
        }
        place = text.indexOf(spelling, place + spelling.length);
      }
    }
  return found.toSorted((a, b) => a.place - b.place);
}

function splitSentences(text: string): string[] {
  return text
    .split(/(?<=[.!?。！？])\s+|\s*\n\s*/u)
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== '');
}

/** A long sentence is cut at spaces so that its first match stays in sight. */
function cutAround(sentence: string, match: WordMatcher): string {
  if (sentence.length <= excerptLength) return sentence;
  let first = 0;
  for (const { word, start } of spanWords(sentence)) {
    if (match(word) === undefined) continue;
    first = start;
    break;
  }
  const from = first < excerptLength / 2 ? 0 : nextSpace(sentence, first - excerptLength / 3);
  const to = Math.min(sentence.length, from + excerptLength);
  const end = to === sentence.length ? to : Math.max(sentence.lastIndexOf(' ', to), from + excerptLength / 2);
  return `${from > 0 ? '…' : ''}${sentence.slice(from, end).trim()}${end < sentence.length ? '…' : ''}`;
}

function nextSpace(text: string, from: number): number {
  const space = text.indexOf(' ', Math.floor(from));
  return space === -1 || space - from > 40 ? Math.floor(from) : space + 1;
}
