import type { TermTag } from '../taxonomy/contract.ts';
import { isEveryday } from '../words/common-words.ts';
import type { TaxonomyTerm } from './gap-queries.ts';
import { createNearWords } from './near-words.ts';
import { readTyped } from './typed-words.ts';

interface LearnedChoice {
  phrase: string;
  termId: string;
  userCount: number;
}

const mostSuggestions = 4;

/** Which terms a word may mean: those that people chose after typing it, then those that are spelled like it. */
export function createSuggestions(terms: readonly TaxonomyTerm[], choices: readonly LearnedChoice[]) {
  const termById = new Map(terms.map((term) => [term.id, term]));
  const byStem = new Map<string, Map<string, number>>();
  for (const { phrase, termId, userCount } of choices)
    for (const { stem, isFiller, word } of readTyped(phrase)) {
      if (isFiller || isEveryday(word)) continue;
      const counts = byStem.get(stem) ?? new Map<string, number>();
      byStem.set(stem, counts.set(termId, (counts.get(termId) ?? 0) + userCount));
    }
  const spelled = createNearWords<string>();
  for (const { id, name, synonyms } of terms)
    for (const { word } of [name, ...synonyms].flatMap((text) => readTyped(text)))
      if (!isEveryday(word)) spelled.add(word, id);
  return (words: readonly string[]): TermTag[] => {
    const scores = new Map<string, number>();
    const add = (termId: string, score: number) =>
      scores.set(termId, Math.max(scores.get(termId) ?? 0, score));
    for (const typed of words)
      for (const { word, stem } of readTyped(typed)) {
        for (const [termId, count] of byStem.get(stem) ?? []) add(termId, 10 + count);
        for (const { meaning, distance } of spelled.find(word)) add(meaning, 5 - distance);
      }
    return [...scores]
      .toSorted((a, b) => b[1] - a[1])
      .flatMap(([termId]) => termById.get(termId) ?? [])
      .slice(0, mostSuggestions)
      .map(toTag);
  };
}

export function toTag({ id, dimensionKey, name }: TaxonomyTerm): TermTag {
  return { id, dimensionKey, name };
}
