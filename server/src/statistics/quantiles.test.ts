import { expect, test } from 'vitest';
import { quantile } from './quantiles.ts';

test('quantiles lie between the values as in definition 7 of Hyndman and Fan', () => {
  expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5);
  expect(quantile([1, 2, 3, 4], 0.25)).toBe(1.75);
  expect(quantile([7], 0.9)).toBe(7);
  expect(quantile([], 0.5)).toBe(0);
});
