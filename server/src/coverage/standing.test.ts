import { expect, test } from 'vitest';
import { compareThin, isFat, isThin, stateOf } from './standing.ts';

const cell = (counts: Partial<Parameters<typeof isThin>[0]> = {}) => {
  const whole = {
    rowTermId: 'trm_row',
    columnTermId: 'trm_column',
    thirdTermId: null,
    assetCount: 0,
    sharedCount: 0,
    readCount: 0,
    liftCount: 0,
    searchCount: 0,
    failedSearchCount: 0,
    noteCount: 0,
    openDealCount: 0,
    openValue: 0,
    unconvertedDealCount: 0,
    wantedCount: null,
    ...counts,
  };
  return { ...whole, state: stateOf(whole) };
};

test('a cell is as far as its furthest asset', () => {
  expect(cell().state).toBe('empty');
  expect(cell({ assetCount: 2 }).state).toBe('has');
  expect(cell({ assetCount: 2, sharedCount: 1 }).state).toBe('shared');
  expect(cell({ assetCount: 2, readCount: 1 }).state).toBe('read');
  expect(cell({ assetCount: 2, readCount: 1, liftCount: 1 }).state).toBe('lifts');
});

test('empty without demand is neither thin nor fat', () => {
  expect([isThin(cell()), isFat(cell())]).toEqual([false, false]);
});

test('demand makes a cell thin until something of it was shared', () => {
  expect(isThin(cell({ noteCount: 1 }))).toBe(true);
  expect(isThin(cell({ openDealCount: 1, assetCount: 3 }))).toBe(true);
  expect(isThin(cell({ searchCount: 9, assetCount: 1, sharedCount: 1 }))).toBe(false);
});

test('a target makes a cell thin below it without demand, and 0 says that nothing is wanted', () => {
  expect(isThin(cell({ wantedCount: 2, assetCount: 1, readCount: 1 }))).toBe(true);
  expect(isThin(cell({ wantedCount: 2, assetCount: 2, readCount: 1 }))).toBe(false);
  expect(isThin(cell({ wantedCount: 0, searchCount: 9 }))).toBe(false);
});

test('three assets that nobody asks for are fat, unless so many are wanted', () => {
  expect(isFat(cell({ assetCount: 2 }))).toBe(false);
  expect(isFat(cell({ assetCount: 3 }))).toBe(true);
  expect(isFat(cell({ assetCount: 3, wantedCount: 3 }))).toBe(false);
  expect(isFat(cell({ assetCount: 30, noteCount: 1 }))).toBe(false);
});

test('what was asked for and is empty comes first, and a bare target last', () => {
  const bare = cell({ wantedCount: 5 });
  const dull = cell({ assetCount: 1, searchCount: 90 });
  const empty = cell({ searchCount: 3 });
  const dear = cell({ searchCount: 3, openDealCount: 1, openValue: 1000 });
  expect([bare, dull, empty, dear].toSorted(compareThin)).toEqual([dear, empty, dull, bare]);
});
