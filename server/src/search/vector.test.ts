import { expect, test } from 'vitest';
import { cutAtSpaces } from './vector.ts';

test('a long text falls into pieces at spaces, and nothing of it is lost', () => {
  const text = 'some words that stand here';
  const pieces = [...cutAtSpaces(text, 12)];
  expect(pieces).toEqual(['some words ', 'that stand ', 'here']);
  expect([...cutAtSpaces(text)]).toEqual([text]);
  expect([...cutAtSpaces('')]).toEqual(['']);
  expect([...cutAtSpaces('a'.repeat(25), 12)].map(({ length }) => length)).toEqual([12, 12, 1]);
  expect([...cutAtSpaces(' '.repeat(500_000))].join('')).toHaveLength(500_000);
});
