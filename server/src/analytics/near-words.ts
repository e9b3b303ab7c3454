import { allowedEdits, editDistance } from '../words/typos.ts';

export interface NearWord<Meaning> {
  word: string;
  meaning: Meaning;
  distance: number;
}

/**
 * Words that are found again by what is spelled like them. Two words that differ by a letter or two have one in
 * common among themselves and what is left of them without one letter; so they are looked up, not compared with all.
 */
export function createNearWords<Meaning>() {
  const byRest = new Map<string, Set<string>>();
  const meanings = new Map<string, Meaning[]>();
  return {
    add: (word: string, meaning: Meaning): void => {
      const known = meanings.get(word);
      if (known) {
        known.push(meaning);
        return;
      }
      meanings.set(word, [meaning]);
      if (!mayBeMisspelt(word)) return;
      for (const rest of listRests(word)) byRest.set(rest, (byRest.get(rest) ?? new Set()).add(word));
    },
    /** The nearest first; the word itself is the nearest of all. */
    find: (word: string): NearWord<Meaning>[] => {
      const candidates = new Set<string>();
      if (mayBeMisspelt(word))
        for (const rest of listRests(word)) for (const one of byRest.get(rest) ?? []) candidates.add(one);
      candidates.delete(word);
      const near = [...candidates].flatMap((candidate) => {
        const distance = measure(word, candidate);
        return distance === undefined ? [] : [{ candidate, distance }];
      });
      return [{ candidate: word, distance: 0 }, ...near]
        .toSorted((a, b) => a.distance - b.distance)
        .flatMap(({ candidate, distance }) =>
          (meanings.get(candidate) ?? []).map((meaning) => ({ word: candidate, meaning, distance })),
        );
    },
  };
}

/** Numbers differ by what they say, not by how they are spelled. */
function mayBeMisspelt(word: string): boolean {
  return allowedEdits(word) > 0 && !/\d/.test(word);
}

/** How far apart two words are, undefined when that is too far; short ones have too many neighbours to guess. */
function measure(word: string, candidate: string): number | undefined {
  const limit = Math.min(allowedEdits(word), allowedEdits(candidate));
  if (Math.abs(word.length - candidate.length) > limit) return undefined;
  const distance = editDistance(word, candidate);
  return distance <= limit ? distance : undefined;
}

/** The first letter is hardly ever wrong, so it stays: a word that begins otherwise is another one. */
function listRests(word: string): string[] {
  const letters = [...word];
  return [word, ...letters.slice(1).map((_, place) => letters.toSpliced(place + 1, 1).join(''))];
}
