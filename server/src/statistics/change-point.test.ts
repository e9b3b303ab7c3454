import { expect, test } from 'vitest';
import { findChangePoint, type Step } from './change-point.ts';

function weeks(...rates: [tries: number, successes: number][]): Step[] {
  return rates.map(([tries, successes]) => ({ tries, successes }));
}

test('a fall is found where it happened, with what stands on both sides', () => {
  const steps = [...weeks([10, 8], [10, 8], [10, 8], [10, 8]), ...weeks([10, 2], [10, 3], [10, 2])];
  const change = findChangePoint(steps, 20);
  expect(change).toMatchObject({
    index: 4,
    before: { tries: 40, successes: 32 },
    after: { tries: 30, successes: 7 },
  });
  expect(change?.pValue).toBeLessThan(0.001);
});

test('a steady share is no change', () => {
  expect(findChangePoint(weeks([10, 5], [10, 6], [10, 5], [10, 4], [10, 5]), 20)?.pValue).toBeGreaterThan(
    0.5,
  );
});

test('without enough tries on both sides nothing is said', () => {
  expect(findChangePoint(weeks([10, 9], [9, 0], [30, 0]), 20)).toBeUndefined();
  expect(findChangePoint([], 20)).toBeUndefined();
});

test('by chance hardly any series shows a change', () => {
  let seed = 7;
  const random = () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return seed / 2_147_483_648;
  };
  let found = 0;
  for (let run = 0; run < 1000; run += 1) {
    const steps = Array.from({ length: 26 }, () => ({
      tries: 8,
      successes: Array.from({ length: 8 }, random).filter((drawn) => drawn < 0.4).length,
    }));
    if ((findChangePoint(steps, 20)?.pValue ?? 1) < 0.05) found += 1;
  }
  expect(found).toBeLessThan(50);
});
