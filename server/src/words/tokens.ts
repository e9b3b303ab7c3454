import { stemmer } from 'stemmer';
import { fillerWords, negations } from './common-words.ts';
import { spanWords } from './words.ts';

/** A word of a text as understanding sees it. */
export interface Token {
  /** Without case and accents. */
  word: string;
  /** The same for all forms of a word; every negation has the same one. */
  stem: string;
  /** The same for words that say the same in a sales talk: pricey, costly, expensive. */
  sense: string;
  isFiller: boolean;
  /** Written in capital letters only. */
  isCapital: boolean;
  start: number;
  end: number;
  /** Counts the sentences: what belongs together stands in one. */
  sentence: number;
}

/** The stem of all words that say "not". */
export const negation = '¬';

/** What people say for the same thing, in any trade; the first word stands for all. */
const sameSense = [
  'expensive pricey costly overpriced dear steep',
  'budget funds funding money',
  'price pricing cost',
  'deploy install installation rollout roll',
  'developer programmer coder dev',
  'build built write make create',
  'trust rely believe',
  'secure security safe safety safely',
  'invent hallucinate fabricate hallucination',
  'maintain operate maintenance upkeep',
  'enough sufficient adequate',
  'adopt adoption use',
  'ourselves themselves yourselves',
  'contract agreement',
  'lawyer attorney counsel legal',
  'company vendor supplier provider',
  'free gratis',
  'difficult hard tough complicated complex',
  'compare comparison versus vs',
  'store stored storage host hosted',
  'afraid fear worry worried scared scare concern concerned',
  'different differ difference differentiate',
  'urgent urgency',
  'later postpone delay defer',
  'resource staff capacity manpower bandwidth',
  'discount rebate',
].map((line) => line.split(' ').map((word) => stemmer(word)));
const senseByStem = new Map(
  sameSense.flatMap(([first = '', ...others]) => others.map((stem) => [stem, first])),
);

export function stemOf(word: string): string {
  if (negations.has(word)) return negation;
  return /^[a-z]+$/.test(word) ? stemmer(word) : word;
}

export function senseOf(stem: string): string {
  return senseByStem.get(stem) ?? stem;
}

const negatingTail = /n['’]t$/i;
const sentenceEnd = /[.!?。！？;]\s|\n/;

/** The words of a text in their order. */
export function readTokens(text: string): Token[] {
  const tokens: Token[] = [];
  let sentence = 0;
  let done = 0;
  for (const { word, start, end } of spanWords(text)) {
    if (sentenceEnd.test(text.slice(done, start))) sentence += 1;
    done = Math.max(done, end);
    const raw = text.slice(start, end);
    const stem = negatingTail.test(raw) ? negation : stemOf(word);
    tokens.push({
      word,
      stem,
      sense: senseOf(stem),
      isFiller: stem !== negation && fillerWords.has(word),
      isCapital: /\p{Lu}/u.test(raw) && raw === raw.toUpperCase(),
      start,
      end,
      sentence,
    });
  }
  return tokens;
}
