import { expect, test } from 'vitest';
import { objectionsAnswer, riseWords } from './objection-words.ts';

const item = (name: string | null, count: number, beforeCount: number) => ({
  term: name === null ? null : { id: `trm_${name}`, dimensionKey: 'objection' as const, name },
  count,
  beforeCount,
  dealCount: 0,
  openValue: 0,
  unconvertedCount: 0,
});
const answer = (...items: ReturnType<typeof item>[]) => objectionsAnswer({ items } as never);

test('a few notes more or less are not called a rise', () => {
  expect(riseWords(item('Price', 3, 1))).toBe('now, 1 before');
  expect(riseWords(item('Price', 6, 3))).toBe('now, 3 before: rising');
  expect(riseWords(item('Price', 4, 3))).toBe('now, 3 before');
  expect(riseWords(item('Price', 1, 9))).toBe('now, 9 before: fading');
});

test('the answer names what rises, else what is heard most, with its n', () => {
  expect(answer(item('Price', 9, 8), item('Risk', 6, 1))).toBe(
    '“Risk” is rising: 6 of 15 notes, 1 in the time before.',
  );
  expect(answer(item('Price', 4, 3), item(null, 2, 0))).toBe('“Price” is heard most: 4 of 6 notes.');
  expect(answer(item(null, 2, 0))).toBe('2 notes, and nobody has said yet which objections they are.');
  expect(answer(item('Price', 0, 3))).toBe('Nobody noted an objection in these days.');
});
