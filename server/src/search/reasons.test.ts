import { expect, it } from 'vitest';
import { listReasons, type ReasonFacts } from './reasons.ts';

const now = new Date('2026-11-22T12:00:00Z');
const tag = (id: string, dimensionKey: 'persona' | 'stage' | 'objection' | 'content_type', name: string) => ({
  id,
  dimensionKey,
  name,
});
const facts: ReasonFacts = {
  terms: [
    tag('cfo', 'persona', 'Procurement & finance'),
    tag('nego', 'stage', 'Negotiation'),
    tag('price', 'objection', 'Too expensive'),
    tag('card', 'content_type', 'Battlecard'),
  ],
  askedTerms: [],
  namedTermIds: [],
  touchedTermIds: [],
  synonyms: new Map(),
  fields: [],
  pageNumber: null,
  sharedByCount: 0,
  humanOpenCount: 0,
  publishedAt: new Date('2025-01-01'),
  now,
};
const texts = (given: Partial<ReasonFacts>) => listReasons({ ...facts, ...given }).map(({ text }) => text);

it('the situation comes first, with the word that was typed', () => {
  const askedTerms = [
    { id: 'cfo', typed: 'CFO' },
    { id: 'price', typed: 'too expensive' },
    { id: 'elsewhere', typed: null },
  ];
  expect(texts({ askedTerms, fields: ['title', 'page'], pageNumber: 4, sharedByCount: 6 })).toEqual([
    'Procurement & finance (CFO) + Too expensive',
    'In the title',
    'On page 4',
    'Shared by 6 reps in 90 days',
  ]);
});

it('a tag is named when it was asked for or when the words name it', () => {
  expect(texts({ askedTerms: [{ id: 'card', typed: null }] })).toEqual(['Tagged Battlecard']);
  expect(texts({ namedTermIds: ['card', 'elsewhere'] })).toEqual(['Tagged Battlecard']);
});

it('a word within a synonym is told where nothing better tells of a tag', () => {
  expect(texts({ fields: ['tag'], touchedTermIds: ['price'] })).toEqual(['Tagged Too expensive']);
  expect(texts({ fields: ['tag'], touchedTermIds: ['price'], namedTermIds: ['card'] })).toEqual([
    'Tagged Battlecard',
  ]);
  expect(texts({ fields: ['title'], touchedTermIds: ['price'] })).toEqual(['In the title']);
});

it('a synonym is told when the words say it and not the name', () => {
  const synonyms = new Map([
    ['price', 'no budget'],
    ['nego', 'pricing discussion'],
  ]);
  expect(texts({ fields: ['tag'], touchedTermIds: ['price', 'nego'], synonyms })).toHaveLength(1);
  expect(texts({ fields: ['tag'], namedTermIds: ['card', 'price'], synonyms })).toEqual([
    'Tagged Battlecard',
    '“no budget” is a synonym of Too expensive',
  ]);
  expect(texts({ askedTerms: [{ id: 'card', typed: 'kill sheet' }] })).toEqual([
    'Tagged Battlecard (kill sheet)',
  ]);
});

it('use and age are told only when they are so', () => {
  expect(texts({})).toEqual([]);
  expect(texts({ sharedByCount: 1, humanOpenCount: 1 })).toEqual([
    'Shared by 1 rep, opened by people once in 90 days',
  ]);
  expect(texts({ humanOpenCount: 4 })).toEqual(['Opened by people 4 times in 90 days']);
  expect(texts({ publishedAt: new Date('2026-11-17T11:00:00Z') })).toEqual(['New, published 5 days ago']);
  expect(texts({ publishedAt: now })).toEqual(['New, published today']);
  expect(texts({ publishedAt: new Date('2026-10-01') })).toEqual([]);
  expect(texts({ publishedAt: null })).toEqual([]);
});

it('a page without a number is told as text', () => {
  expect(texts({ fields: ['page', 'use_when', 'description'] })).toEqual([
    'In “use when”',
    'In the description',
    'In the text',
  ]);
});
