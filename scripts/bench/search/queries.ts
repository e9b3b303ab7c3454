import { madeTerms } from './assets.ts';
import { firstTellingRank, pick, type Random, seededRandom, vocabulary } from './vocabulary.ts';

export interface BenchQuery {
  query: string;
  filters: { termIds: string[]; audience: 'internal' | 'external' | null };
}

/** What the answers to a class of queries may take; the commonest terms may take longer. */
export const queryClasses = {
  'common term': { limitP95Ms: 100, make: (random: Random) => plain(common(random)) },
  'rare term': { limitP95Ms: 50, make: (random: Random) => plain(rare(random)) },
  'two terms': { limitP95Ms: 50, make: (random: Random) => plain(`${middling(random)} ${middling(random)}`) },
  'three-letter prefix': { limitP95Ms: 50, make: (random: Random) => plain(middling(random).slice(0, 3)) },
  'one typo': { limitP95Ms: 50, make: (random: Random) => plain(slip(random)) },
  filters: {
    limitP95Ms: 50,
    make: (random: Random) => ({
      query: middling(random),
      filters: {
        termIds: [...termsOf(random, 'persona', 2), ...termsOf(random, 'stage', 1)],
        audience: random() < 0.5 ? ('external' as const) : null,
      },
    }),
  },
  browse: {
    limitP95Ms: 50,
    make: (random: Random) => ({
      query: '',
      filters: { termIds: random() < 0.5 ? [] : termsOf(random, 'content_type', 1), audience: null },
    }),
  },
};
export type QueryClass = keyof typeof queryClasses;

export function makeQueries(name: QueryClass, count: number): BenchQuery[] {
  const random = seededRandom(Object.keys(queryClasses).indexOf(name) + 77);
  return Array.from({ length: count }, () => queryClasses[name].make(random));
}

function plain(query: string): BenchQuery {
  return { query, filters: { termIds: [], audience: null } };
}

/** Half of the assets hold such a word, or more. */
const common = (random: Random) => rank(random, firstTellingRank, firstTellingRank + 60);
/** One asset in five to one in thirty. */
const middling = (random: Random) => rank(random, 500, 4_000);
/** One asset in fifty or fewer. */
const rare = (random: Random) => rank(random, 8_000, 28_000);

function rank(random: Random, from: number, to: number): string {
  return vocabulary[from + Math.floor(random() * (to - from))] ?? '';
}

function slip(random: Random): string {
  for (;;) {
    const word = middling(random);
    if (word.length < 6) continue;
    const at = 1 + Math.floor(random() * (word.length - 2));
    const typo = pick(random, [
      `${word.slice(0, at)}${word.slice(at + 1)}`,
      `${word.slice(0, at)}${word[at + 1]}${word[at]}${word.slice(at + 2)}`,
      `${word.slice(0, at)}q${word.slice(at)}`,
      `${word.slice(0, at)}x${word.slice(at + 1)}`,
    ]);
    if (typo !== word) return typo;
  }
}

function termsOf(random: Random, dimensionKey: string, count: number): string[] {
  const terms = madeTerms.filter((term) => term.dimensionKey === dimensionKey);
  return [...new Set(Array.from({ length: count }, () => pick(random, terms).id))];
}
