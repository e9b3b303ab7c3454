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
/** Fields stand apart, so that a phrase never runs from one into the next. */
const gapBetweenFields = 10;

/** The words of one page on its own. */
export function placePageWords(text: string): PlacedWord[] {
  return placeFields([['D', text]]);
}

/** Every word of a document with its place and weight; an immoderately long document loses its end. */
export function placeWords(document: SearchDocument): PlacedWord[] {
  const fields: [Weight, string][] = [
    ['A', document.title],
    ...document.tags.map((tag): [Weight, string] => ['B', tag]),
    ['B', document.useWhen],
    ['C', document.description],
    ['C', document.talkTrack],
    ...document.pages.map((page): [Weight, string] => ['D', page.text]),
  ];
  return placeFields(fields);
}

function placeFields(fields: [Weight, string][]): PlacedWord[] {
  const known = new Set<string>();
  const placed: PlacedWord[] = [];
  let position = 0;
  let bytes = 0;
  for (const [weight, text] of fields) {
    for (const word of listWords(text)) {
      bytes += known.has(word) ? 2 : Buffer.byteLength(word) + 10;
      if (bytes > budgetBytes) return placed;
      known.add(word);
      placed.push({ word, weight, position: ++position });
    }
    position += gapBetweenFields;
  }
  return placed;
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
