import type { Dimension } from '@offshelf/server/contract/taxonomy';
import { expect, test } from 'vitest';
import { findOffers } from './offers.ts';
import { describeQuestion, isSameQuestion } from './question-words.ts';

const term = (id: string, name: string, synonyms: string[] = []) => ({
  id,
  dimensionKey: 'objection' as const,
  name,
  description: '',
  synonyms,
  position: 0,
  isRetired: false,
  assetCount: 3,
});
const terms = [
  term('trm_1', 'Too expensive', ['price']),
  term('trm_2', 'Not now'),
  term('trm_3', 'Unused', ['price']),
];
const dimensions: Dimension[] = [
  { key: 'objection', name: 'Objection', description: '', isMultiple: true, terms },
];
const facets = [
  {
    dimensionKey: 'objection' as const,
    name: 'Objection',
    terms: terms.slice(0, 2).map(({ id, name }) => ({ id, name, count: 12, isSelected: false })),
  },
];
const nothingRead = {
  terms: [],
  account: null,
  operators: [],
  mistakes: [],
  spelling: [],
  unknownWords: [],
  rest: '',
};
const filters = { termIds: [] as string[], audience: null };
const offered = (query: string, more: { termIds?: string[]; plainTermIds?: string[] } = {}) =>
  findOffers({
    query,
    understanding: nothingRead,
    dimensions,
    facets,
    filters: { ...filters, termIds: more.termIds ?? [] },
    plainTermIds: more.plainTermIds ?? [],
  }).map(({ term: { name }, count }) => `${name} ${count.toString()}`);

test('a term is offered when its name or a synonym stands in the words and something has it', () => {
  expect(offered('They say it is TOO expensive!')).toEqual(['Too expensive 12']);
  expect(offered('the price')).toEqual(['Too expensive 12']);
  expect(offered('priceless')).toEqual([]);
});

test('a term is not offered when it is chosen, was refused, or the text is a message', () => {
  expect(offered('price', { termIds: ['trm_1'] })).toEqual([]);
  expect(offered('price', { plainTermIds: ['trm_1'] })).toEqual([]);
  expect(offered(`price ${'and more '.repeat(30)}`)).toEqual([]);
});

test('a question is named by its words and terms, and told from others whatever their order', () => {
  const question = {
    query: ' late\nstage ',
    filters: { ...filters, termIds: ['trm_1', 'trm_2'] },
    plainTermIds: [],
    accountId: null,
  };
  expect(describeQuestion(question, dimensions)).toBe('late stage, Too expensive, Not now');
  expect(describeQuestion(question, dimensions, 12)).toBe('late stage,…');
  expect(describeQuestion({ ...question, query: '', filters }, dimensions)).toBe('Everything');
  const turned = { ...question, query: 'late\nstage', filters: { ...filters, termIds: ['trm_2', 'trm_1'] } };
  expect(isSameQuestion(question, turned)).toBe(true);
  expect(isSameQuestion(question, { ...turned, filters })).toBe(false);
});
