import { expect, test } from 'vitest';
import { computeHumanOpens } from './human-opens.ts';

test('human opens carry the interval of their probabilities, and hidden visits are counted apart', () => {
  const visits = [
    ...Array.from({ length: 10 }, () => ({ class: 'human-likely', probability: 0.9 })),
    { class: 'human-confirmed', probability: 1 },
    ...Array.from({ length: 7 }, () => ({ class: 'scanner', probability: 0.02 })),
  ];
  expect(computeHumanOpens(visits)).toEqual({ value: 11, low: 8, high: 11, hiddenCount: 7 });
});

test('unsure visits widen the interval upwards and are not hidden', () => {
  const visits = [
    { class: 'human-confirmed', probability: 1 },
    { class: 'unsure', probability: 0.5 },
    { class: 'unsure', probability: 0.5 },
  ];
  expect(computeHumanOpens(visits)).toEqual({ value: 1, low: 1, high: 3, hiddenCount: 0 });
});

test('no visits are no opens', () => {
  expect(computeHumanOpens([])).toEqual({ value: 0, low: 0, high: 0, hiddenCount: 0 });
});

test('for very many visits the normal distribution says what the exact one says', () => {
  const visits = (count: number) =>
    Array.from({ length: count }, (_, index) => ({
      class: 'human-likely',
      probability: 0.8 + 0.19 * ((index % 10) / 10),
    }));
  const exact = computeHumanOpens(visits(1_000));
  const near = computeHumanOpens(visits(1_001));
  expect(Math.abs(exact.low - near.low)).toBeLessThanOrEqual(2);
  expect(Math.abs(exact.high - near.high)).toBeLessThanOrEqual(2);
});
