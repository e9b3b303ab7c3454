import { expect, test } from 'vitest';
import type { SearchDocument } from './engine.ts';
import { cutAtSpaces, writeDocument, writeHeading } from './vector.ts';

test('a long text falls into pieces at spaces, and nothing of it is lost', () => {
  const text = 'some words that stand here';
  const pieces = [...cutAtSpaces(text, 12)];
  expect(pieces).toEqual(['some words ', 'that stand ', 'here']);
  expect([...cutAtSpaces(text)]).toEqual([text]);
  expect([...cutAtSpaces('')]).toEqual(['']);
  expect([...cutAtSpaces('a'.repeat(25), 12)].map(({ length }) => length)).toEqual([12, 12, 1]);
  expect([...cutAtSpaces(' '.repeat(500_000))].join('')).toHaveLength(500_000);
});

const document: SearchDocument = {
  assetId: 'ast_1',
  title: 'The price list',
  description: 'What it costs.',
  useWhen: 'The buyer asks for a price.',
  talkTrack: '',
  audience: 'external',
  ownerUserId: null,
  publishedAt: new Date(0),
  termIds: [],
  tags: ['Pricing'],
  pages: [{ pageNumber: 1, headings: ['Seats'], text: 'Seats and seats. Seats, seats, seats and the rest.' }],
  readAt: new Date(0),
};

test('a heading keeps each word by its field, and marks those of the title and the tags', () => {
  const lexemes = writeHeading(document).split(' ');
  expect(lexemes).toContain("'the':1A");
  expect(lexemes).toContain("'price':2A,30C");
  expect(lexemes).toContain("'pricing':14B");
  expect(lexemes).toContain("'^pricing'");
  expect(lexemes).not.toContain("'^buyer'");
});

test('a document marks what its text says often, and keeps no stop words of it', async () => {
  const lexemes = (await writeDocument(document)).split(' ');
  expect(lexemes).toContain("'^+seats'");
  expect(lexemes).not.toContain("'^+rest'");
  expect(lexemes.some((lexeme) => lexeme.startsWith("'and'"))).toBe(false);
});
