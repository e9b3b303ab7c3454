import { expect, test } from 'vitest';
import { nothingWatched, toSeconds, watch } from './watched.ts';

test('what is played in one go is one stretch, and a jump begins another', () => {
  const watched = nothingWatched();
  for (const place of [0, 1, 2.5, 5]) watch(watched, place, true);
  for (const place of [60, 61, 63]) watch(watched, place, true);
  watch(watched, 63.4, false);
  expect(toSeconds(watched)).toEqual([
    [0, 5],
    [60, 63],
  ]);
});

test('a pause adds nothing, and going back is no time travel', () => {
  const watched = nothingWatched();
  expect(watch(watched, 10, true)).toBe(false);
  expect(watch(watched, 14, false)).toBe(true);
  expect(watch(watched, 14, true)).toBe(false);
  expect(watch(watched, 3, true)).toBe(false);
  expect(watch(watched, 5, true)).toBe(true);
  expect(toSeconds(watched)).toEqual([
    [10, 14],
    [3, 5],
  ]);
});

test('playing the same again changes nothing', () => {
  const watched = nothingWatched();
  for (let round = 0; round < 3; round++)
    for (const place of [0, 4, 8]) watch(watched, place, place < 8 || round === 2);
  expect(toSeconds(watched)).toEqual([[0, 8]]);
});

test('of very many stretches the longest are told', () => {
  const watched = nothingWatched();
  for (let index = 0; index < 70; index++) {
    watch(watched, index * 100, true);
    watch(watched, index * 100 + (index < 60 ? 1 : 5), false);
  }
  const told = toSeconds(watched);
  expect(told).toHaveLength(50);
  expect(told.filter(([from, to]) => to - from === 5)).toHaveLength(10);
});
