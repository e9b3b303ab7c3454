import { expect, test } from 'vitest';
import { bundleSpines, countAssets, groupSpines, layOutShelf, type RungCount } from './shelf-layout.ts';

const counts: RungCount[] = [
  { group: 'Deck', rung: 'published', count: 12_001 },
  { group: 'Deck', rung: 'moved', count: 1 },
  { group: null, rung: 'shared', count: 7_998 },
];

test('of a large library spines stand for several assets, and together for every one', () => {
  const { spines, each } = bundleSpines(counts, 'contentType', 1_000);
  expect(each).toBe(20);
  expect(spines.length).toBeLessThan(1_010);
  expect(countAssets(spines)).toBe(20_000);
  expect(spines.filter((spine) => spine.rung === 'moved').map((spine) => spine.standsFor)).toEqual([1]);
});

test('of a small one each spine is one asset', () => {
  const { spines, each } = bundleSpines([{ group: 'Deck', rung: 'read', count: 3 }], 'contentType');
  expect([spines.length, each]).toEqual([3, 1]);
});

test('by how far they got, the lowest rung stands first', () => {
  const { spines } = bundleSpines(
    counts.map((count) => ({ ...count, group: null })),
    'rung',
    100,
  );
  const groups = groupSpines(spines, 'rung');
  expect(groups.map(({ name }) => name)).toEqual([
    'Never found',
    'Shared, not opened',
    'In a deal that moved',
  ]);
  expect(groupSpines(spines, 'rung', [], 'Not shared with these buyers')[0]?.name).toBe(
    'Not shared with these buyers',
  );
});

test('every spine stands on a board within the width, and names give way before a board is added', () => {
  const groups = groupSpines(bundleSpines(counts, 'contentType', 40).spines, 'contentType');
  for (const width of [340, 700, 1_120]) {
    const { boards, spines } = layOutShelf(groups, width);
    expect(boards.flatMap((board) => board.spines)).toHaveLength(spines.length);
    for (const { x, width: thickness } of spines) expect(x + thickness).toBeLessThanOrEqual(width);
  }
  const small = ['published', 'surfaced', 'opened', 'shared', 'reached', 'read', 'moved'] as const;
  const one = bundleSpines(
    small.map((rung) => ({ group: null, rung, count: 3 })),
    'rung',
  );
  expect(layOutShelf(groupSpines(one.spines, 'rung'), 900).boards).toHaveLength(1);
});
