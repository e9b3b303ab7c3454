import { expect, test } from 'vitest';
import { weightWords } from './weight-words.ts';

test('a weight says for whom it speaks and how much', () => {
  expect(weightWords(0)).toBe('decides alone');
  expect(weightWords(1.3)).toBe('speaks for a person');
  expect(weightWords(0.4)).toBe('speaks a little for a person');
  expect(weightWords(-2.5)).toBe('speaks strongly for a machine');
});
