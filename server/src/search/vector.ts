import type { SearchDocument } from './engine.ts';
import { listWords } from './words.ts';

/** A title, B tags and when to use it, C what is said about it, D the text inside. */
type Weight = 'A' | 'B' | 'C' | 'D';

interface PlacedWord {
  word: string;
  weight: Weight;
  position: number;
}

/** PostgreSQL takes a vector of less than a megabyte, and every word is stored as it stands and as its stem. */
const budgetBytes = 320_000;
/** From there on only words that were not there before are taken, as long as these last. */
const newWordBytes = 120_000;
/** Fields stand apart, so that a phrase never runs from one into the next. */
const gapBetweenFields = 10;

/** The words of what is said about a document, before its pages are added one by one. */
export function placeHeading(document: SearchDocument): Placing {
  const placing = startPlacing();
  placing.add('A', document.title);
  for (const tag of document.tags) placing.add('B', tag);
  placing.add('B', document.useWhen);
  placing.add('C', document.description);
  placing.add('C', document.talkTrack);
  return placing;
}

export interface Placing {
  /** Every word with its place and weight; an immoderately long document loses repetitions, then its end. */
  placed: PlacedWord[];
  /** Every word that was seen, also those that there was no room for. */
  words: Set<string>;
  add(weight: Weight, text: string): void;
}

/** The words of one page on its own, or of what else begins without any. */
export function startPlacing(): Placing {
  const words = new Set<string>();
  const placed: PlacedWord[] = [];
  let position = 0;
  let bytes = 0;
  return {
    placed,
    words,
    add(weight, text) {
      for (const word of listWords(text)) {
        position += 1;
        const isNew = !words.has(word);
        words.add(word);
        const cost = isNew ? Buffer.byteLength(word) + 10 : 2;
        if (bytes + cost > budgetBytes + (isNew ? newWordBytes : 0)) continue;
        bytes += cost;
        placed.push({ word, weight, position });
      }
      position += gapBetweenFields;
    },
  };
}

/** How much text is read for its words in a few hundredths of a second. */
const pieceLength = 50_000;
/** How far back from there a space is looked for, so that no word is cut. */
const cutWithin = 200;

export function* cutAtSpaces(text: string, length = pieceLength): Generator<string> {
  let from = 0;
  while (text.length - from > length) {
    const limit = from + length;
    const back = Math.min(cutWithin, length);
    const space = text.slice(limit - back, limit).search(/\s\S*$/u);
    const end = space === -1 ? limit : limit - back + space + 1;
    yield text.slice(from, end);
    from = end;
  }
  yield text.slice(from);
}

/** A vector in PostgreSQL's own notation. A word without a stem is a stop word: it is kept in titles and tags only. */
export function writeVector(placed: PlacedWord[], stems: Map<string, string>): string {
  const places = new Map<string, string[]>();
  const put = (lexeme: string, place: string) => {
    const known = places.get(lexeme);
    if (known) known.push(place);
    else places.set(lexeme, [place]);
  };
  for (const { word, weight, position } of placed) {
    const stem = stems.get(word);
    if (stem === undefined && weight > 'B') continue;
    put(word, `${position}${weight}`);
    if (stem !== undefined && stem !== word) put(stem, `${position}${weight}`);
  }
  return Array.from(places, ([lexeme, at]) => `'${lexeme}':${at.join(',')}`).join(' ');
}
