import { expect, test } from 'vitest';
import { listMonthMasks } from './month-masks.ts';

const daysOf = (mask: number) =>
  Array.from({ length: 31 }, (_, bit) => bit + 1).filter((day) => mask & (1 << (day - 1)));

test('a window within a month holds its days', () => {
  const [only, ...none] = listMonthMasks('2026-11-05', '2026-11-08');
  expect(none).toEqual([]);
  expect(only?.month).toBe('2026-11-01');
  expect(daysOf(only?.mask ?? 0)).toEqual([5, 6, 7, 8]);
});

test('a window over the turn of a year holds the end of one month, all of the next, and the beginning of the last', () => {
  const masks = listMonthMasks('2025-12-30', '2026-02-02');
  expect(masks.map(({ month }) => month)).toEqual(['2025-12-01', '2026-01-01', '2026-02-01']);
  expect(masks.map(({ mask }) => daysOf(mask).length)).toEqual([2, 31, 2]);
  expect(daysOf(masks[1]?.mask ?? 0).at(-1)).toBe(31);
});

test('months have the days that they have', () => {
  expect(listMonthMasks('2024-02-01', '2024-04-30').map(({ mask }) => daysOf(mask).length)).toEqual([
    29, 31, 30,
  ]);
});
