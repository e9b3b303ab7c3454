import { setImmediate } from 'node:timers/promises';
import type { Database } from '../db/database.ts';
import type { Actor } from '../http/actor.ts';
import { listPageTexts } from './queries.ts';
import { getVersion } from './service.ts';

interface Match {
  start: number;
  end: number;
}

interface FoundPage {
  pageNumber: number;
  matchCount: number;
  isInNotes: boolean;
  excerpt: { text: string; isMatch: boolean }[];
}

/** Of one page no more than this is looked through; a longer one is a table that a machine wrote. */
const longestPage = 500_000;
/** A book takes a second, and others want their answers meanwhile. */
const longestTurn = 300_000;
const excerptBefore = 60;
const excerptAfter = 100;

/** Every page of a version that holds the words as they stand, without regard to case, accents and line breaks. */
export async function findInVersion(db: Database, actor: Actor, assetVersionId: string, query: string) {
  const { renditionId } = await getVersion(db, actor, assetVersionId);
  const needle = fold(query).text.trim();
  const pages: FoundPage[] = [];
  if (renditionId === null || needle === '') return { matchCount: 0, pages };
  let length = 0;
  for await (const page of listPageTexts(db, renditionId)) {
    pages.push(...findOnPage(page, needle));
    length += page.text.length + page.notes.length;
    if (length < longestTurn) continue;
    length = 0;
    await setImmediate();
  }
  return { matchCount: pages.reduce((sum, page) => sum + page.matchCount, 0), pages };
}

function findOnPage(
  { pageNumber, text, notes }: { pageNumber: number; text: string; notes: string },
  needle: string,
): FoundPage[] {
  const [inText, inNotes] = [text, notes].map((source) => source.slice(0, longestPage)) as [string, string];
  const [ofText, ofNotes] = [findMatches(inText, needle), findMatches(inNotes, needle)];
  const matchCount = ofText.length + ofNotes.length;
  const [source, first] = ofText[0] ? [inText, ofText[0]] : [inNotes, ofNotes[0]];
  if (!first) return [];
  return [{ pageNumber, matchCount, isInNotes: ofText.length === 0, excerpt: cutExcerpt(source, first) }];
}

export function findMatches(source: string, needle: string): Match[] {
  if (!mayHold(source, needle)) return [];
  const { text, places } = fold(source);
  const matches: Match[] = [];
  let from = text.indexOf(needle);
  while (from !== -1) {
    const last = places[from + needle.length - 1] ?? source.length - 1;
    matches.push({ start: places[from] ?? 0, end: last + lengthAt(source, last) });
    from = text.indexOf(needle, from + needle.length);
  }
  return matches;
}

/** The same folding at once, which is fast but forgets where everything stood; most pages hold nothing. */
function mayHold(source: string, needle: string): boolean {
  const plain = source.normalize('NFKD').replace(/\p{M}|\u00ad/gu, '');
  return plain.toLowerCase().replaceAll('ς', 'σ').replace(/\s+/gu, ' ').includes(needle);
}

/** A letter can be two units long, and marks of its own may follow it. */
function lengthAt(source: string, index: number): number {
  const [whole = ''] = source.slice(index, index + 12).match(/^.\p{M}*/su) ?? [];
  return Math.max(1, whole.length);
}

/** The text in small letters without accents, any white space as one space, and for each unit where it came from. */
function fold(source: string): { text: string; places: number[] } {
  let text = '';
  const places: number[] = [];
  let index = 0;
  // Looking at the end of a text that grows has the engine copy all of it each time.
  let endsInSpace = false;
  for (const letter of source) {
    const plain = /\s/u.test(letter)
      ? ' '
      : letter
          .normalize('NFKD')
          .toLowerCase()
          .replace(/\p{M}|\u00ad/gu, '')
          .replaceAll('ς', 'σ');
    if (!(plain === ' ' && endsInSpace)) {
      text += plain;
      for (let unit = 0; unit < plain.length; unit += 1) places.push(index);
      if (plain !== '') endsInSpace = plain.endsWith(' ');
    }
    index += letter.length;
  }
  return { text, places };
}

function cutExcerpt(source: string, { start, end }: Match): FoundPage['excerpt'] {
  const from = start <= excerptBefore ? 0 : nextSpace(source, start - excerptBefore, start);
  const to = end + excerptAfter >= source.length ? source.length : lastSpace(source, end, end + excerptAfter);
  const parts = [
    { text: `${from > 0 ? '…' : ''}${oneLine(source.slice(from, start))}`, isMatch: false },
    { text: oneLine(source.slice(start, end)), isMatch: true },
    { text: `${oneLine(source.slice(end, to))}${to < source.length ? '…' : ''}`, isMatch: false },
  ];
  return parts.filter(({ text }) => text !== '');
}

function oneLine(text: string): string {
  return text.replace(/\s+/gu, ' ').toWellFormed();
}

function nextSpace(source: string, from: number, limit: number): number {
  const space = source.slice(from, limit).search(/\s/u);
  return space === -1 ? from : from + space + 1;
}

function lastSpace(source: string, limit: number, to: number): number {
  const space = source.slice(limit, to).search(/\s\S*$/u);
  return space === -1 ? to : limit + space;
}
