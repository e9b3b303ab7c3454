import { listWords, type PhraseCounts, type PhraseFinder } from './suggest-words.ts';

/** What is read of a file or an asset to compare it with others. */
export interface Source {
  /** The title, or what stands for it. */
  title: string;
  /** What kind of file it is, in words that a taxonomy may hold. */
  kind: string;
  headings: string[];
  text: string;
}

/** Where words of a term stand, the most telling place first. */
const places = ['title', 'kind', 'heading', 'often', 'once'] as const;
type Place = (typeof places)[number];

/** How likely the term is meant when its words stand there, before the library has shown how it uses the term. */
const firstGuess: Record<Place, number> = { title: 0.75, kind: 0.45, heading: 0.4, often: 0.35, once: 0.08 };
const oftenFrom = 3;
const titleWeight = 6;
const headingWeight = 2;
const mostWords = 400;

/** A source boiled down, so that its text need not be kept. */
export interface Profile {
  /** By the number of the phrase. */
  places: Map<number, Place>;
  /** Hashes of its commonest words, and how much each of them weighs in it. */
  words: Uint32Array;
  weights: Float32Array;
}

export function profileOf(source: Source, finder: PhraseFinder): Profile {
  const title = listWords(source.title);
  // A mark between headings keeps the end of one and the start of the next from making a phrase.
  const headings = source.headings.flatMap((heading) => [...listWords(heading), '|']);
  const text = listWords(source.text);
  const found = new Map<number, Place>();
  const note = (counts: PhraseCounts, placeOf: (count: number) => Place) => {
    for (const [number, count] of counts) if (!found.has(number)) found.set(number, placeOf(count));
  };
  note(finder.find(title), () => 'title');
  note(finder.find(listWords(source.kind)), () => 'kind');
  note(finder.find(headings), () => 'heading');
  note(finder.find(text), (count) => (count >= oftenFrom ? 'often' : 'once'));
  return { places: found, ...weigh(title, headings, text) };
}

function weigh(title: string[], headings: string[], text: string[]): Pick<Profile, 'words' | 'weights'> {
  const counts = new Map<number, number>();
  const add = (words: string[], weight: number) => {
    for (const word of words) {
      if (word.length < 2) continue;
      const hash = hashOf(word);
      counts.set(hash, (counts.get(hash) ?? 0) + weight);
    }
  };
  add(title, titleWeight);
  add(headings, headingWeight);
  add(text, 1);
  const commonest = [...counts].toSorted(([, one], [, other]) => other - one).slice(0, mostWords);
  return {
    words: Uint32Array.from(commonest, ([hash]) => hash),
    weights: Float32Array.from(commonest, ([, count]) => 1 + Math.log(count)),
  };
}

/** FNV-1a; a number instead of the word, because a word would keep the text alive that it was cut from. */
function hashOf(word: string): number {
  let hash = 0x811c9dc5;
  for (let place = 0; place < word.length; place += 1)
    hash = Math.imul(hash ^ word.charCodeAt(place), 0x01000193);
  return hash >>> 0;
}

/** An asset of the library, as an example of how people tag. */
export interface Example {
  /** Of the file that it holds. */
  sourceKey: string;
  title: string;
  termIds: ReadonlySet<string>;
  profile: Profile;
}

/** The examples, with what every comparison needs of them. */
export interface Examples {
  all: readonly Example[];
  /** How many of them hold a word. */
  holders: ReadonlyMap<number, number>;
}

export function gatherExamples(all: readonly Example[]): Examples {
  const holders = new Map<number, number>();
  for (const { profile } of all)
    for (const word of profile.words) holders.set(word, (holders.get(word) ?? 0) + 1);
  return { all, holders };
}

export interface TermFacts {
  id: string;
  dimensionKey: string;
}

export interface Evidence {
  termId: string;
  /** From 0 to 1. */
  score: number;
  /** Phrases of the term that stand in the text, the most telling first. */
  phrases: string[];
  isByKind: boolean;
  /** Titles of similar assets that carry the term, the closest first. */
  similarTitles: string[];
}

const neighbourCount = 6;
const leastLikeness = 0.05;
/** A file without text has only a name: one word of it that a title holds too makes nothing similar. */
const leastShared = 3;
/** From here on one asset alone is a good example. */
const closeLikeness = 0.6;
const byWords = 0.7;
const byNeighbours = 0.9;
/** After so many texts the library's own way counts as much as the first guess. */
const guessWeight = 3;
/** With fewer tagged examples in a dimension the words have to do, as there is little to learn from. */
const enoughExamples = 20;
const neededScore = { learned: 0.5, new: 0.24 };

/** What speaks for each term; only terms with good evidence, the most telling first. */
export function weighTerms(
  { sourceKey, profile }: Pick<Example, 'sourceKey' | 'profile'>,
  { all, holders }: Examples,
  terms: readonly TermFacts[],
  { phrases }: PhraseFinder,
): Evidence[] {
  // The same file says nothing about itself.
  const examples = all.filter((example) => example.sourceKey !== sourceKey);
  const tagged = groupByDimension(examples, terms);
  const neighbours = findNeighbours(profile, examples, holders);
  const likenessOfAll = neighbours.reduce((sum, { likeness }) => sum + likeness, 0);
  const phrasesOf = Map.groupBy(profile.places, ([number]) => phrases[number]?.termId ?? '');
  const weighed = terms.map(({ id: termId, dimensionKey }) => {
    const known = tagged.get(dimensionKey) ?? new Set();
    const said = (phrasesOf.get(termId) ?? [])
      .map(([number, place]) => ({
        text: phrases[number]?.text ?? '',
        place,
        trust: trustIn(number, place, termId, examples, known),
      }))
      .toSorted((one, other) => other.trust - one.trust);
    const alike = neighbours.filter(({ example }) => example.termIds.has(termId));
    const fromWords = said[0]?.trust ?? 0;
    const telling = said.filter(({ trust }) => trust >= fromWords / 2);
    const evidence: Evidence = {
      termId,
      score: 1 - (1 - byNeighbours * shareOf(alike, likenessOfAll)) * (1 - byWords * fromWords),
      phrases: telling.filter(({ place }) => place !== 'kind').map(({ text }) => text),
      isByKind: telling.some(({ place }) => place === 'kind'),
      similarTitles: alike.map(({ example }) => example.title),
    };
    return { evidence, needed: known.size >= enoughExamples ? neededScore.learned : neededScore.new };
  });
  // What nearly every asset carries is true of the next one as well, and tells least about it.
  const worth = ({ termId, score }: Evidence) => score * (1 - shareCarrying(termId, examples) / 2);
  return weighed
    .filter(({ evidence, needed }) => evidence.score >= needed)
    .map(({ evidence }) => evidence)
    .toSorted((one, other) => worth(other) - worth(one));
}

function shareCarrying(termId: string, examples: readonly Example[]): number {
  const carrying = examples.filter((example) => example.termIds.has(termId));
  return carrying.length / Math.max(1, examples.length);
}

/** The examples that somebody has tagged in a dimension: only there a missing tag says something. */
function groupByDimension(
  examples: readonly Example[],
  terms: readonly TermFacts[],
): Map<string, Set<Example>> {
  const dimensionOf = new Map(terms.map(({ id, dimensionKey }) => [id, dimensionKey]));
  const groups = new Map<string, Set<Example>>();
  for (const example of examples)
    for (const termId of example.termIds) {
      const key = dimensionOf.get(termId);
      if (key !== undefined) groups.set(key, (groups.get(key) ?? new Set()).add(example));
    }
  return groups;
}

/**
 * How far the words of a phrase at their place can be trusted: the first guess, less when half of the library uses
 * the same words, and moved by how often people gave the term to texts that have them at the same place.
 */
function trustIn(
  number: number,
  place: Place,
  termId: string,
  examples: readonly Example[],
  known: ReadonlySet<Example>,
): number {
  let [everywhere, samePlace, agreed] = [0, 0, 0];
  for (const example of examples) {
    const there = example.profile.places.get(number);
    if (there === undefined) continue;
    everywhere += 1;
    if (there !== place || !known.has(example)) continue;
    samePlace += 1;
    if (example.termIds.has(termId)) agreed += 1;
  }
  const guess = firstGuess[place] * (1 - everywhere / Math.max(1, examples.length));
  return (guess * guessWeight + agreed) / (guessWeight + samePlace);
}

interface Neighbour {
  example: Example;
  likeness: number;
}

/** One asset that is hardly alike proves nothing; two of them, or one that is close, do. */
function shareOf(alike: readonly Neighbour[], likenessOfAll: number): number {
  const closest = alike[0]?.likeness ?? 0;
  if (closest >= closeLikeness) return closest;
  if (alike.length < 2) return 0;
  return alike.reduce((sum, { likeness }) => sum + likeness, 0) / (likenessOfAll + leastLikeness);
}

/** By the cosine between their words, of which rare ones weigh more. */
function findNeighbours(
  profile: Profile,
  examples: readonly Example[],
  holders: ReadonlyMap<number, number>,
): Neighbour[] {
  const rarity = (word: number) => Math.log((examples.length + 1) / ((holders.get(word) ?? 0) + 0.5));
  const weightOf = (of: Profile, place: number) =>
    (of.weights[place] ?? 0) * Math.max(0, rarity(of.words[place] ?? 0));
  const own = new Map<number, number>();
  let ownSquares = 0;
  for (const [place, word] of profile.words.entries()) {
    const weight = weightOf(profile, place);
    own.set(word, weight);
    ownSquares += weight * weight;
  }
  return examples
    .map((example) => {
      let [product, squares, shared] = [0, 0, 0];
      for (const [place, word] of example.profile.words.entries()) {
        const weight = weightOf(example.profile, place);
        squares += weight * weight;
        product += weight * (own.get(word) ?? 0);
        if (own.has(word)) shared += 1;
      }
      const length = Math.sqrt(squares * ownSquares);
      return { example, likeness: length === 0 ? 0 : product / length, shared };
    })
    .filter(({ likeness, shared }) => likeness >= leastLikeness && shared >= leastShared)
    .toSorted((one, other) => other.likeness - one.likeness)
    .slice(0, neighbourCount);
}
