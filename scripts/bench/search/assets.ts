import type { SearchDocument } from '../../../server/src/indexing/engine.ts';
import { firstTellingRank, pick, pickWord, type Random, seededRandom } from './vocabulary.ts';

const termNames: Record<string, [count: number, most: number]> = {
  persona: [10, 3],
  stage: [6, 2],
  objection: [14, 3],
  industry: [12, 2],
  region: [6, 1],
  product: [8, 2],
  language: [5, 1],
  content_type: [12, 1],
};
const tagRank = 400;

export interface MadeTerm {
  id: string;
  dimensionKey: string;
  name: string;
  synonyms: string[];
  position: number;
}

export const madeTerms: MadeTerm[] = makeTerms();
const termsByDimension = Map.groupBy(madeTerms, ({ dimensionKey }) => dimensionKey);

function makeTerms(): MadeTerm[] {
  const random = seededRandom(11);
  return Object.entries(termNames).flatMap(([dimensionKey, [count]]) =>
    Array.from({ length: count }, (_, position) => ({
      id: madeId('trm', madeTermNumber(dimensionKey, position)),
      dimensionKey,
      name: capital(
        `${pickWord(random, tagRank)} ${pickWord(random, tagRank)} ${dimensionKey[0]}${position}`,
      ),
      synonyms: [pickWord(random, tagRank), pickWord(random, tagRank)],
      position,
    })),
  );
}

function madeTermNumber(dimensionKey: string, position: number): number {
  return Object.keys(termNames).indexOf(dimensionKey) * 100 + position;
}

/** Ids as the product makes them, but the same in every run. */
export function madeId(kind: string, number: number): string {
  return `${kind}_${number.toString(36).padStart(21, '0')}`;
}

export const ownerCount = 40;

export interface MadeAsset extends SearchDocument {
  versionId: string;
  renditionId: string;
  status: 'published' | 'draft' | 'archived';
  wordCount: number;
}

const newestAt = Date.UTC(2026, 0, 1);
const day = 86_400_000;
const [fewestWords, mostWords] = [300, 3_000];
const wordsPerPage = 400;

/** The asset with this number: a few hundred to a few thousand words, most of them common, a few its own. */
export function makeAsset(number: number): MadeAsset {
  const random = seededRandom(1_000_003 * (number + 1));
  const chosen = chooseTerms(random);
  const wordCount = Math.round(fewestWords * (mostWords / fewestWords) ** random());
  const pages = [];
  for (let left = wordCount; left > 0; left -= wordsPerPage)
    pages.push({
      pageNumber: pages.length + 1,
      headings: [capital(words(random, 2 + Math.floor(random() * 4), firstTellingRank))],
      text: sentences(random, Math.min(left, wordsPerPage)),
    });
  const standing = random();
  return {
    assetId: madeId('ast', number),
    versionId: madeId('ver', number),
    renditionId: madeId('rnd', number),
    title: capital(words(random, 3 + Math.floor(random() * 5), firstTellingRank)),
    description: sentences(random, 15),
    useWhen: random() < 0.7 ? sentences(random, 12) : '',
    talkTrack: random() < 0.4 ? sentences(random, 25) : '',
    audience: random() < 0.6 ? 'external' : 'internal',
    ownerUserId: madeId('usr', Math.floor(random() * ownerCount)),
    publishedAt: new Date(newestAt - Math.floor(random() * 900) * day),
    status: standing < 0.94 ? 'published' : standing < 0.97 ? 'draft' : 'archived',
    termIds: chosen.map(({ id }) => id),
    tags: [...new Set(chosen.flatMap(({ name, synonyms }) => [name, ...synonyms]))],
    wordCount,
    pages,
    readAt: new Date(newestAt),
  };
}

function chooseTerms(random: Random): MadeTerm[] {
  return Object.entries(termNames).flatMap(([dimensionKey, [, most]]) => {
    const terms = termsByDimension.get(dimensionKey) ?? [];
    const count = most === 1 ? 1 : Math.floor(random() * (most + 1));
    return [
      ...new Set(
        // Some terms are chosen far more often than others.
        Array.from({ length: count }, () => terms[Math.floor(random() ** 2 * terms.length)] as MadeTerm),
      ),
    ];
  });
}

function words(random: Random, count: number, fromRank: number): string {
  return Array.from({ length: count }, () => pickWord(random, fromRank)).join(' ');
}

function sentences(random: Random, count: number): string {
  const written: string[] = [];
  for (let left = count; left > 0; ) {
    const length = Math.min(left, 6 + Math.floor(random() * 14));
    written.push(`${capital(words(random, length, 0))}${pick(random, ['.', '.', '.', '?', ':'])}`);
    left -= length;
  }
  return written.join(' ');
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
