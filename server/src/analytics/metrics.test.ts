import { expect, test } from 'vitest';
import { metricKey } from './contract.ts';
import { ladderOf, metrics, unusedRateOf } from './metrics.ts';

test('every metric key has a definition', () => {
  expect(Object.keys(metrics).toSorted()).toEqual([...metricKey.options].toSorted());
});

test('the rate is of those that were not used', () => {
  expect(
    unusedRateOf([
      { isUsed: true, count: 3 },
      { isUsed: false, count: 5 },
      { isUsed: true, count: 2 },
    ]),
  ).toEqual({ value: 0.5, part: 5, n: 10 });
});

test('an empty shelf has no rate', () => {
  expect(unusedRateOf([])).toEqual({ value: null, part: 0, n: 0 });
});

test('the ladder counts who stopped on a rung and who came at least so far', () => {
  const ladder = ladderOf([
    { height: 0, count: 1 },
    { height: 1, count: 1 },
    { height: 3, count: 2 },
  ]);
  expect(ladder.map(({ rung, count, reachedCount }) => [rung, count, reachedCount])).toEqual([
    ['published', 1, 4],
    ['surfaced', 1, 3],
    ['opened', 0, 2],
    ['shared', 2, 2],
    ['reached', 0, 0],
    ['read', 0, 0],
    ['moved', 0, 0],
  ]);
});
