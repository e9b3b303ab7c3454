import { expect, test } from 'vitest';
import { metricKey } from './contract.ts';
import { computeLadder, computeUnusedRate, isEligible, metrics, rungOf, type ShelfFacts } from './metrics.ts';

const facts = (values: Partial<ShelfFacts> = {}): ShelfFacts => ({
  assetId: 'ast_0',
  publishedAt: new Date('2026-01-01T00:00:00Z'),
  isStale: false,
  surfacedCount: 0,
  openedCount: 0,
  shareCount: 0,
  downloadCount: 0,
  humanOpenCount: 0,
  readCount: 0,
  movedCount: 0,
  ...values,
});

test('every metric key has a definition', () => {
  expect(Object.keys(metrics).toSorted()).toEqual([...metricKey.options].toSorted());
});

test('an asset is eligible from its thirtieth day on', () => {
  const end = new Date('2026-03-01T12:00:00Z');
  expect(isEligible({ publishedAt: new Date('2026-01-30T12:00:00Z') }, end)).toBe(true);
  expect(isEligible({ publishedAt: new Date('2026-01-30T12:00:01Z') }, end)).toBe(false);
});

test('sharing and downloading are use, opening is not', () => {
  const shelf = [facts({ shareCount: 1 }), facts({ downloadCount: 2 }), facts({ openedCount: 9 }), facts()];
  expect(computeUnusedRate(shelf)).toEqual({ value: 0.5, part: 2, n: 4 });
});

test('an empty shelf has no rate', () => {
  expect(computeUnusedRate([])).toEqual({ value: null, part: 0, n: 0 });
});

test('an asset stands on the highest rung it reached, however it got there', () => {
  expect(rungOf(facts())).toBe('published');
  expect(rungOf(facts({ surfacedCount: 3 }))).toBe('surfaced');
  expect(rungOf(facts({ shareCount: 1 }))).toBe('shared');
  expect(rungOf(facts({ shareCount: 1, humanOpenCount: 1, readCount: 1, movedCount: 1 }))).toBe('moved');
});

test('the ladder counts who stopped on a rung and who came at least so far', () => {
  const ladder = computeLadder([
    facts(),
    facts({ surfacedCount: 1 }),
    facts({ shareCount: 1 }),
    facts({ shareCount: 2 }),
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
