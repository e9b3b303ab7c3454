/** One character of scripts that put no spaces between words, or a run of letters and digits. */
const wordPattern = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|[\p{L}\p{N}]+/gu;

/** The words of a text in their plainest form: without accents, capitals and the commonest endings. */
export function listWords(text: string): string[] {
  const plain = text.normalize('NFKD').replace(/\p{M}+/gu, '');
  // In a heading in capitals throughout, IT and US are words like any other.
  const isLoud = /\s/.test(plain) && !/\p{Ll}/u.test(plain);
  return ((isLoud ? plain.toLowerCase() : plain).match(wordPattern) ?? []).map(plainForm);
}

/**
 * "Policies" and "policy", "priced" and "pricing" come out the same. Two capitals stay what they are, so that IT, an
 * IC and the US are not found in it, ic and us.
 */
function plainForm(word: string): string {
  if (/^\p{Lu}{2}s?$/u.test(word)) return word.replace(/s$/, '');
  const lower = word.toLowerCase();
  if (lower.length < 4) return lower;
  const singular = lower
    .replace(/ies$/, 'y')
    .replace(/(ss|sh|ch|x)es$/, '$1')
    .replace(/(?<![sui])s$/, '');
  if (singular.length < 6) return singular.replace(/(?<=..)e$/, '');
  return singular.replace(/(ing|ed)$/, '').replace(/e$/, '');
}

/** Words that name one term. */
interface Phrase {
  termId: string;
  /** As they stand in the taxonomy. */
  text: string;
  words: string[];
}

export interface NamedTerm {
  id: string;
  name: string;
  synonyms: string[];
}

/** How often each phrase stands in a text, by the phrase's number. */
export type PhraseCounts = Map<number, number>;

export interface PhraseFinder {
  phrases: readonly Phrase[];
  find: (words: readonly string[]) => PhraseCounts;
}

/** Finds names and synonyms of terms in one pass over a text, however many terms there are. */
export function createPhraseFinder(terms: readonly NamedTerm[]): PhraseFinder {
  const phrases: Phrase[] = [];
  const byFirstWord = new Map<string, number[]>();
  for (const { id, name, synonyms } of terms) {
    const known = new Set<string>();
    for (const text of [name, ...synonyms]) {
      const words = listWords(text);
      const [first] = words;
      if (first === undefined || known.has(words.join(' '))) continue;
      known.add(words.join(' '));
      byFirstWord.set(first, [...(byFirstWord.get(first) ?? []), phrases.length]);
      phrases.push({ termId: id, text, words });
    }
  }
  return {
    phrases,
    find: (words) => {
      const counts: PhraseCounts = new Map();
      for (const [place, word] of words.entries())
        for (const number of byFirstWord.get(word) ?? []) {
          const wanted = phrases[number]?.words ?? [];
          if (wanted.every((part, offset) => words[place + offset] === part))
            counts.set(number, (counts.get(number) ?? 0) + 1);
        }
      return counts;
    },
  };
}
