import { expect, test } from 'vitest';
import { countCells, countPlaced } from './counting.ts';

const now = new Date('2026-11-23T12:00:00Z');
const nobody = { assets: [], searches: [], notes: [], deals: [] };
const search = (
  minutesAgo: number,
  more: { userId?: string; resultCount?: number; hasSucceeded?: boolean; places?: string } = {},
) => ({
  id: `srh_${minutesAgo}`,
  userId: 'usr_1',
  searchedAt: new Date(now.getTime() - minutesAgo * 60_000),
  resultCount: 3,
  hasSucceeded: false,
  places: '1 3',
  ...more,
});
const countSearches = (searches: ReturnType<typeof search>[]) => {
  const cell = countCells(
    [
      [1, 2],
      [3, 4],
    ],
    { ...nobody, searches },
    now,
  ).get('1 3');
  return [cell?.searchCount, cell?.failedSearchCount];
};

test('an asset stands in every cell of whose terms it has all', () => {
  const asset = { places: '1 2 3', assetCount: 2, sharedCount: 1, readCount: 0, liftCount: 0 };
  const cells = countCells(
    [
      [1, 2],
      [3, 4],
    ],
    { ...nobody, assets: [asset, { ...asset, places: '1' }] },
    now,
  );
  expect(Object.fromEntries([...cells].map(([key, { assetCount }]) => [key, assetCount]))).toEqual({
    '1 3': 2,
    '1 4': 0,
    '2 3': 2,
    '2 4': 0,
  });
});

test('searches of one user within half an hour of each other are one session', () => {
  expect(countSearches([search(200), search(171), search(142)])).toEqual([1, 1]);
  expect(countSearches([search(200), search(169)])).toEqual([2, 2]);
  expect(countSearches([search(200), search(190, { userId: 'usr_2' })])).toEqual([2, 2]);
});

test('a session succeeds by any of its searches, and one that goes on has not failed yet unless it found nothing', () => {
  expect(countSearches([search(200, { hasSucceeded: true }), search(190)])).toEqual([1, 0]);
  expect(countSearches([search(10)])).toEqual([1, 0]);
  expect(countSearches([search(10, { resultCount: 0 })])).toEqual([1, 1]);
});

test('a deal stands at its stage', () => {
  const deal = { stage: 'x', places: '1', stagePlace: 3, dealCount: 2, openValue: 500, unconvertedCount: 1 };
  const cells = countCells([[1], [3, 4]], { ...nobody, deals: [deal, { ...deal, stagePlace: null }] }, now);
  expect(cells.get('1 3')).toMatchObject({ openDealCount: 2, openValue: 500, unconvertedDealCount: 1 });
});

test('what names a term of one axis only stands in no cell', () => {
  const count = () => 1;
  expect(countPlaced([{ places: '1 3' }, { places: '1 2' }, { places: null }], [[1, 2], [3]], count)).toBe(1);
});
