import { expect, it } from 'vitest';
import { readTokens } from '../words/tokens.ts';
import { listChoices } from './learning.ts';
import { buildLexicon } from './lexicon.ts';

const lexicon = buildLexicon([
  { id: 'price', dimensionKey: 'objection', name: 'Too expensive', synonyms: [] },
  { id: 'cfo', dimensionKey: 'persona', name: 'Finance leader', synonyms: ['CFO'] },
]);
const ask = (query: string, termIds: string[] = [], plainTermIds: string[] = []) => ({
  query,
  filters: { termIds, audience: null },
  plainTermIds,
  accountId: null,
});

function choices(before: ReturnType<typeof ask>, after: ReturnType<typeof ask>, rest: string) {
  const knowledge = { version: '', terms: new Map(), lexicon, titles: [] };
  const library = { known: new Set<string>(), titles: [] };
  return listChoices(before, after, { query: after.query, restTokens: readTokens(rest), knowledge, library });
}

it('the words that nobody understood stand for the term that was chosen next', () => {
  expect(choices(ask('sticker shock'), ask('Sticker shock ', ['price']), 'Sticker shock')).toEqual([
    { phrase: 'sticker shock', termId: 'price', isRefused: false },
  ]);
});

it('nothing is learned from other words, two terms at once, a long sentence or none', () => {
  expect(choices(ask('sticker'), ask('sticker shock', ['price']), 'sticker shock')).toEqual([]);
  expect(choices(ask('sticker shock'), ask('sticker shock', ['price', 'cfo']), 'sticker shock')).toEqual([]);
  expect(choices(ask('a b'), ask('a b', ['price']), 'one two three four five six')).toEqual([]);
  expect(choices(ask('cfo'), ask('cfo', ['price']), '')).toEqual([]);
  expect(choices(ask(''), ask('', ['price']), '')).toEqual([]);
});

it('a term that was taken back is refused for the words that it was read from', () => {
  expect(choices(ask('CFO story'), ask('CFO story', [], ['cfo']), 'CFO story')).toEqual([
    { phrase: 'cfo', termId: 'cfo', isRefused: true },
  ]);
});
