import { expect, test } from 'vitest';
import { bandsOf, overlapFrom, similarityFrom, similarityOf } from './similarity.ts';

const length = 128;
let state = 7;
const random = () => {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return state;
};
const signature = () => Array.from({ length }, random);
/** Each place stays the same with this probability, as between texts with this overlap. */
const like = (one: number[], overlap: number) =>
  one.map((value) => (random() / 2 ** 32 < overlap ? value : random()));

test('equal signatures are the same text, and strange ones have nothing in common', () => {
  const one = signature();
  expect(similarityOf(one, [...one])).toBe(1);
  expect(similarityOf(one, signature())).toBe(0);
  expect(similarityOf([], [])).toBe(0);
  expect(similarityOf(one, one.slice(1))).toBe(0);
});

test('half the same means that half of each text stands in the other', () => {
  expect(similarityFrom(1 / 3)).toBeCloseTo(0.5);
  expect(overlapFrom(similarityFrom(0.42))).toBeCloseTo(0.42);
});

test('bands are 32-bit numbers that differ by their place', () => {
  const bands = bandsOf(new Array<number>(length).fill(1));
  expect(bands).toHaveLength(42);
  expect(new Set(bands).size).toBe(42);
  expect(bands.every((band) => Number.isInteger(band) && Math.abs(band) <= 2 ** 31)).toBe(true);
});

test.each([
  [0.8, 0.99, 1],
  [0.6, 0.94, 1],
  [0.1, 0, 0.06],
])('texts with a similarity of %s share a band about as often as expected', (similarity, least, most) => {
  const tries = 500;
  let found = 0;
  for (let turn = 0; turn < tries; turn += 1) {
    const one = signature();
    const bands = new Set(bandsOf(one));
    if (bandsOf(like(one, overlapFrom(similarity))).some((band) => bands.has(band))) found += 1;
  }
  expect(found / tries).toBeGreaterThanOrEqual(least);
  expect(found / tries).toBeLessThanOrEqual(most);
});
