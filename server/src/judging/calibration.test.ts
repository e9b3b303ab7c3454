import { expect, test } from 'vitest';
import { betaQuantile, calibrate, shareOf } from './calibration.ts';

test('quantiles of the Beta distribution are those of the books', () => {
  expect(betaQuantile(0.5, 2, 3)).toBeCloseTo(0.38573, 5);
  // Where one parameter is 1 the distribution is a power.
  expect(betaQuantile(0.05, 10, 1)).toBeCloseTo(0.05 ** (1 / 10), 10);
  // With two halves it is the arcsine distribution.
  expect(betaQuantile(0.95, 0.5, 0.5)).toBeCloseTo(Math.sin((Math.PI * 0.95) / 2) ** 2, 8);
});

test('without a confirmed visit a pattern is what the rules say', () => {
  const { probability, low, high } = calibrate(0.8, 0, 0);
  expect(probability).toBe(0.8);
  expect(low).toBeLessThan(0.7);
  expect(high).toBeGreaterThan(0.9);
});

test('the more is confirmed the more that counts, and the surer it is', () => {
  const few = calibrate(0.8, 1, 4);
  const many = calibrate(0.8, 20, 80);
  expect(few.probability).toBeCloseTo(0.68, 5);
  expect(many.probability).toBeCloseTo(0.3, 5);
  expect(many.high - many.low).toBeLessThan(few.high - few.low);
});

test('a share that is certain as far as it was seen reaches the end of the scale', () => {
  expect(shareOf(0, 10)).toMatchObject({ probability: 0, low: 0 });
  expect(shareOf(10, 10)).toMatchObject({ probability: 1, high: 1 });
});
