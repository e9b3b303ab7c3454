import type { Token } from '../words/tokens.ts';
import type { Lexicon, LexiconTerm } from './lexicon.ts';
import type { ReadTerm } from './understand.ts';

/**
 * How people say in everyday English how far a deal is. The stages themselves are the company's own, so a cue only
 * says a place in their order, and only when no name or synonym of a stage stands in the text: the first third, the
 * middle, or the last stage before a deal is signed.
 */
const cues: { words: string; place: 'early' | 'middle' | 'late' }[] = [
  { words: 'early stage', place: 'early' },
  { words: 'early days', place: 'early' },
  { words: 'just started looking', place: 'early' },
  { words: 'just looking', place: 'early' },
  { words: 'looking around', place: 'early' },
  { words: 'first call', place: 'early' },
  { words: 'first conversation', place: 'early' },
  { words: 'first meeting', place: 'early' },
  { words: 'mid stage', place: 'middle' },
  { words: 'middle of the deal', place: 'middle' },
  { words: 'comparing vendors', place: 'middle' },
  { words: 'late stage', place: 'late' },
  { words: 'final stage', place: 'late' },
  { words: 'last stage', place: 'late' },
  { words: 'about to sign', place: 'late' },
  { words: 'ready to sign', place: 'late' },
  { words: 'final round', place: 'late' },
  { words: 'close the deal', place: 'late' },
];

/** What a stage after the signature is called nearly everywhere: a late stage comes before these. */
const afterSignature = /onboard|implement|expan|renew|adopt|customer|success|live|won|lost|closed|grow/i;

export function findStageCues(
  tokens: readonly Token[],
  lexicon: Lexicon,
  chosen: readonly ReadTerm[],
  plain: ReadonlySet<string>,
): ReadTerm[] {
  if (chosen.some(({ term }) => term.dimensionKey === 'stage')) return [];
  const words = tokens.map(({ word }) => word);
  for (const { words: cue, place } of cues) {
    const parts = cue.split(' ');
    const at = words.findIndex((_, index) => parts.every((part, step) => words[index + step] === part));
    const first = tokens[at];
    const last = tokens[at + parts.length - 1];
    const term = findStageByPlace(lexicon, place);
    if (!first || !last || !term || plain.has(term.id)) continue;
    return [
      {
        term,
        via: 'synonym',
        typed: '',
        readAs: term.name,
        strength: 0.8,
        mentions: 1,
        weight: 1,
        start: first.start,
        end: last.end,
        sentence: first.sentence,
        places: parts.map((_, step) => at + step),
      },
    ];
  }
  return [];
}

/** The stage at that place in the taxonomy's order. */
export function findStageByPlace(lexicon: Lexicon, place: string): LexiconTerm | undefined {
  const stages = [...lexicon.terms.values()].filter(({ dimensionKey }) => dimensionKey === 'stage');
  const open = stages.findIndex(({ name }) => afterSignature.test(name));
  const before = open > 0 ? stages.slice(0, open) : stages;
  if (place === 'early') return before[Math.max(0, Math.ceil(before.length / 3) - 1)];
  if (place === 'middle' || place === 'mid') return before[Math.floor((before.length - 1) / 2)];
  return place === 'late' ? before.at(-1) : undefined;
}
