import { commonWords } from '../../../server/src/words/common-words.ts';
import { stopWords } from '../../../server/src/words/words.ts';

export type Random = () => number;

/** The same numbers for the same seed, on every machine. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export function pick<T>(random: Random, list: readonly T[]): T {
  return list[Math.floor(random() * list.length)] as T;
}

const salesWords = `
  pricing discount procurement negotiation renewal competitor objection champion stakeholder discovery demo pilot
  onboarding integration migration security compliance encryption audit retention backup availability latency
  throughput scalability deployment observability kubernetes cluster pipeline repository governance savings budget
  investment payback benchmark whitepaper battlecard datasheet webinar testimonial reference roadmap implementation
  adoption enablement warranty liability indemnity subscription license invoice quota forecast territory partner
  reseller marketplace analytics dashboard workflow automation compatibility interoperability sovereignty residency
  certification penetration vulnerability patch incident outage failover replication snapshot throttling tenant
`
  .trim()
  .split(/\s+/);

const onsets =
  'b c d f g h l m n p r s t v w br ch cl cr dr fl gl gr pl pr qu sc sh sl sp st str th tr'.split(' ');
const vowels = 'a e i o u ai ea ee io ou'.split(' ');
const codas = ['', '', '', 'b', 'ck', 'l', 'm', 'n', 'nd', 'r', 'rt', 's', 'st', 't', 'x'];
const endings = ['', '', '', 'ed', 'er', 'ing', 'ion', 'ity', 'ly', 'ment', 's', 's'];

/** What holds sentences together first, then everyday words among those of the trade, then made ones by the syllable. */
function listVocabulary(size: number): string[] {
  const random = seededRandom(4);
  const everyday = [...commonWords, ...salesWords].filter((word) => !stopWords.has(word) && word.length > 2);
  for (let index = everyday.length - 1; index > 0; index -= 1) {
    const other = Math.floor(random() * (index + 1));
    [everyday[index], everyday[other]] = [everyday[other] as string, everyday[index] as string];
  }
  const words = new Set([...stopWords, ...everyday]);
  while (words.size < size) {
    const syllables = 1 + Math.floor(random() * 3);
    let word = '';
    for (let index = 0; index < syllables; index += 1)
      word += pick(random, onsets) + pick(random, vowels) + pick(random, codas);
    words.add(word + pick(random, endings));
  }
  return [...words];
}

export const vocabulary = listVocabulary(30_000);
const harmonic = vocabulary.map(
  (
    (sum) => (_, rank) =>
      (sum += 1 / (rank + 1))
  )(0),
);

/** A word as often as Zipf's law has it, from the given rank on. */
export function pickWord(random: Random, fromRank = 0): string {
  const before = fromRank === 0 ? 0 : (harmonic[fromRank - 1] ?? 0);
  const target = before + random() * ((harmonic.at(-1) ?? 0) - before);
  let low = fromRank;
  let high = harmonic.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((harmonic[middle] ?? 0) < target) low = middle + 1;
    else high = middle;
  }
  return vocabulary[low] ?? '';
}

/** How many words there are that only hold sentences together; the others come after them. */
export const firstTellingRank = stopWords.size;
