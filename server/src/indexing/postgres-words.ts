import type { Database } from '../db/database.ts';
import { fillerWords, isEveryday } from '../words/common-words.ts';
import { allowedEdits, editDistance } from '../words/typos.ts';
import { spanWords, stopWords } from '../words/words.ts';
import {
  countIndexedDocuments,
  findSimilarWords,
  findWordFacts,
  type WordFact,
} from './postgres-word-queries.ts';
import { wordWeights } from './weights.ts';

/** More words than this make a search slower but no better. */
const mostWords = 24;
/** How many spellings a misspelt word may stand for. */
const mostSpellings = 4;
/** A word that no more documents hold may be a slip that others made before. */
const rarelyHeld = 3;
/** What a rare word may be taken for is held by so many times as many documents. */
const muchOftener = 20;
/** Fewer letters start too many words: they are looked for in headings only. */
const shortestStart = 4;

/** Words that say what somebody wants to do and not about what; rare as they may be, they tell little apart. */
const askingWords = new Set(
  'compare compared compares comparing comparison versus vs explain explains describe discuss answer prove respond'.split(
    ' ',
  ),
);
const askingShare = 0.3;

/** One of the library's words that a word of the query may stand for. */
interface Form {
  word: string;
  weight: number;
  /** It begins with what was typed, which is too short to look for it everywhere. */
  isHeadingOnly: boolean;
}

/** One word of the query, with all that it may stand for; the nearest first. */
export interface AskedWord {
  /** As it was typed. */
  typed: string;
  forms: Form[];
  /** How much the word tells assets apart: high when few have it. */
  weight: number;
  /** Where it stands in the query. */
  place: number;
  /** What it was taken for, when nothing holds it as it was typed. */
  readAs: string | null;
  /** Nothing holds it or anything that it may stand for. */
  isUnknown: boolean;
}

/** Reads the words of a query by the words that the library has. */
export async function readWords(db: Database, text: string): Promise<AskedWord[]> {
  const given = Array.from(spanWords(text), ({ word, start, end }) => ({
    word,
    typed: text.slice(start, end),
  }));
  const first = new Map(given.map(({ word }, index) => [word, index]).reverse() as [string, number][]);
  const distinct = given.filter(({ word }, index) => first.get(word) === index);
  const telling = distinct.filter(({ word }) => !stopWords.has(word));
  const kept = (telling.length > 0 ? telling : distinct).slice(0, mostWords);
  if (kept.length === 0) return [];
  const last = given.at(-1)?.word;
  const unfinished = kept.some(({ word }) => word === last) ? (last ?? null) : null;
  const facts = await findWordFacts(
    db,
    kept.map(({ word }) => word),
    unfinished,
  );
  const factsOf = Map.groupBy(facts, ({ given: word }) => word);
  const total = facts[0]?.indexedCount ?? (await countIndexedDocuments(db));
  const read = kept.map(({ word, typed }) => ({ word, typed, ...weigh(word, factsOf.get(word) ?? []) }));
  await respell(db, read);
  const asked = read.map(({ word, typed, forms, readAs, documentCount }) => ({
    typed,
    forms: forms.length > 0 ? forms : [asForm(word, wordWeights.exact)],
    readAs,
    isUnknown: forms.length === 0,
    place: first.get(word) ?? 0,
    weight:
      documentCount === 0
        ? 0
        : rarity(Math.min(documentCount, total), total) * (isAsking(word) ? askingShare : 1),
  }));
  // A word that nobody has heard of says little about what is looked for: it weighs as much as the commonest.
  const least = Math.min(1, ...asked.flatMap(({ weight }) => (weight > 0 ? weight : [])));
  return asked.map((word) => ({ ...word, weight: word.weight || least }));
}

function isAsking(word: string): boolean {
  return askingWords.has(word) || fillerWords.has(word);
}

function rarity(documentCount: number, total: number): number {
  return Math.log(1 + (total - documentCount + 0.5) / (documentCount + 0.5));
}

interface ReadWord {
  word: string;
  forms: Form[];
  /** Documents that hold it or something that it stands for. */
  documentCount: number;
  readAs: string | null;
  /** Words that it may be a slip of. */
  near: WordFact[];
}

function weigh(word: string, facts: WordFact[]): Omit<ReadWord, 'word'> {
  const of = (kind: WordFact['kind']) => facts.filter((fact) => fact.kind === kind);
  const exact = of('exact');
  const held = [...exact, ...of('form')];
  const completions = of('completion').filter((fact) => !held.some((other) => other.word === fact.word));
  const heldCount = sum(held);
  // Somebody who typed a whole word means it, even if it starts longer ones, unless those are what everybody writes.
  const completes = heldCount * muchOftener < Math.max(0, ...completions.map((fact) => fact.documentCount));
  const isShort = [...word].length < shortestStart;
  const forms = [
    ...exact.map((fact) => asForm(fact.word, wordWeights.exact)),
    ...of('form').map((fact) => asForm(fact.word, wordWeights.form)),
    ...(completes || heldCount === 0 ? completions : []).map((fact) => ({
      ...asForm(fact.word, wordWeights.completion),
      isHeadingOnly: isShort,
    })),
  ];
  const taken = facts.filter((fact) => forms.some((form) => form.word === fact.word && fact.kind !== 'near'));
  return {
    forms,
    documentCount: sum(
      taken.map((fact) =>
        isShort && fact.kind === 'completion' ? { ...fact, documentCount: fact.headingCount } : fact,
      ),
    ),
    readAs: null,
    near: of('near'),
  };
}

export function asForm(word: string, weight: number): Form {
  return { word, weight, isHeadingOnly: false };
}

function sum(facts: WordFact[]): number {
  return facts.reduce((count, fact) => count + fact.documentCount, 0);
}

/** Adds to words that nothing or hardly anything holds what they are probably a slip of. */
async function respell(db: Database, words: ReadWord[]): Promise<void> {
  const chosen = new Map<ReadWord, WordFact[]>();
  for (const word of words) {
    if (allowedEdits(word.word) === 0 || word.documentCount > rarelyHeld || isEveryday(word.word)) continue;
    const near = chooseNear(word, word.near);
    const looksFarther = near.length === 0 && word.documentCount === 0 && allowedEdits(word.word) > 1;
    const taken = looksFarther ? chooseNear(word, await findSimilarWords(db, word.word)) : near;
    if (taken.length > 0) chosen.set(word, taken);
  }
  const spellings = [...chosen.values()].flat().map(({ word }) => word);
  if (spellings.length === 0) return;
  const formsOf = Map.groupBy(await findWordFacts(db, spellings, null), ({ given }) => given);
  for (const [word, near] of chosen)
    addSpellings(
      word,
      near.flatMap((fact) => formsOf.get(fact.word) ?? []),
    );
}

function addSpellings(word: ReadWord, facts: WordFact[]): void {
  const known = new Set(word.forms.map((form) => form.word));
  const added = facts.filter(({ kind, word: form }) => kind !== 'near' && !known.has(form));
  if (word.documentCount === 0) word.readAs = added[0]?.word ?? null;
  for (const form of new Set(added.map((fact) => fact.word)))
    word.forms.push(asForm(form, wordWeights.respelling));
  word.documentCount += sum(added);
}

/** The closest, and of those the commonest. */
function chooseNear({ word, documentCount }: ReadWord, near: WordFact[]): WordFact[] {
  const measured = near
    .filter((fact) => fact.documentCount > documentCount * muchOftener)
    .map((fact) => ({ fact, distance: editDistance(word, fact.word) }))
    .filter(({ distance }) => distance <= (documentCount > 0 ? 1 : allowedEdits(word)));
  const closest = Math.min(...measured.map(({ distance }) => distance));
  return measured
    .filter(({ distance }) => distance === closest)
    .map(({ fact }) => fact)
    .toSorted((a, b) => b.documentCount - a.documentCount)
    .slice(0, mostSpellings);
}
