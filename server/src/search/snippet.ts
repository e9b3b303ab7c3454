import type { Snippet } from './contract.ts';
import { spanWords } from './words.ts';

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

/** The sentence of these texts that holds most of the query's words, marked; earlier texts win a tie. */
export function markExcerpt(texts: string[], match: WordMatcher): Snippet | null {
  let best: { text: string; score: number } | undefined;
  for (const sentence of texts.flatMap(splitSentences)) {
    const found = new Set<number>();
    for (const { word } of spanWords(sentence)) {
      const which = match(word);
      if (which !== undefined) found.add(which);
    }
    if (found.size > (best?.score ?? 0)) best = { text: sentence, score: found.size };
  }
  return best ? markText(cutAround(best.text, match), match) : null;
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
