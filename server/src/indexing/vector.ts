import { setImmediate } from 'node:timers/promises';
import { listWords, stopWords } from '../words/words.ts';
import type { SearchDocument } from './engine.ts';

type Label = 'A' | 'B' | 'C' | 'D';

interface PlacedWord {
  word: string;
  label: Label;
  position: number;
}

/** PostgreSQL takes a vector of less than a megabyte. */
const budgetBytes = 640_000;
/** From there on only words that were not there before are taken, as long as these last. */
const newWordBytes = 240_000;
/** A text that says a word so often is about it; the index marks such words with ^+. */
const oftenFrom = 5;
/** Fields stand apart, so that a phrase never runs from one into the next. */
const gapBetweenFields = 10;

/** The words of a vector with their places; an immoderately long document loses repetitions, then its end. */
interface Placing {
  placed: PlacedWord[];
  /** Stop words are kept only where they may be all that there is to search for. */
  add(label: Label, text: string, keepsStopWords?: boolean): void;
}

function startPlacing(): Placing {
  const words = new Set<string>();
  const placed: PlacedWord[] = [];
  let position = 0;
  let bytes = 0;
  return {
    placed,
    add(label, text, keepsStopWords = false) {
      for (const word of listWords(text)) {
        position += 1;
        if (!keepsStopWords && stopWords.has(word)) continue;
        const isNew = !words.has(word);
        words.add(word);
        const cost = isNew ? Buffer.byteLength(word) + 10 : 2;
        if (bytes + cost > budgetBytes + (isNew ? newWordBytes : 0)) continue;
        bytes += cost;
        placed.push({ word, label, position });
      }
      position += gapBetweenFields;
    },
  };
}

/** What is said about a document: A its title, B its tags, C when to use it, D what to say. */
export function writeHeading({ title, tags, useWhen, talkTrack }: SearchDocument): string {
  const placing = startPlacing();
  placing.add('A', title, true);
  for (const tag of tags) placing.add('B', tag, true);
  placing.add('C', useWhen);
  placing.add('D', talkTrack);
  const named = new Set(placing.placed.filter(({ label }) => label < 'C').map(({ word }) => word));
  return [writeVector(placing.placed), ...Array.from(named, (word) => `'^${word}'`)].join(' ');
}

/** All of a document: A what its heading holds, B the description, C headings on pages, D the text inside. */
export async function writeDocument(document: SearchDocument): Promise<string> {
  const placing = startPlacing();
  placing.add('A', document.title, true);
  for (const tag of document.tags) placing.add('A', tag, true);
  placing.add('A', document.useWhen);
  placing.add('A', document.talkTrack);
  placing.add('B', document.description);
  for (const { headings } of document.pages) for (const heading of headings) placing.add('C', heading);
  for (const { text } of document.pages) await addInTurns(placing, text);
  const counts = new Map<string, number>();
  for (const { word } of placing.placed) counts.set(word, (counts.get(word) ?? 0) + 1);
  const often = [...counts].filter(([, count]) => count >= oftenFrom);
  return [writeVector(placing.placed), ...often.map(([word]) => `'^+${word}'`)].join(' ');
}

export async function writePage(text: string): Promise<string> {
  const placing = startPlacing();
  await addInTurns(placing, text);
  return writeVector(placing.placed);
}

/** A page can be a text of megabytes, whose words take seconds, so others get their turn in between. */
async function addInTurns(placing: Placing, text: string): Promise<void> {
  for (const piece of cutAtSpaces(text)) {
    placing.add('D', piece);
    await setImmediate();
  }
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

/** A vector in PostgreSQL's own notation. */
function writeVector(placed: PlacedWord[]): string {
  const places = new Map<string, string[]>();
  for (const { word, label, position } of placed) {
    const place = `${position}${label}`;
    const known = places.get(word);
    if (known) known.push(place);
    else places.set(word, [place]);
  }
  return Array.from(places, ([word, at]) => `'${word}':${at.join(',')}`).join(' ');
}
