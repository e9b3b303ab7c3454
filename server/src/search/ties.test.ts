import { expect, test } from 'vitest';
import type { RankedAsset } from './ranking.ts';
import { breakTies } from './ties.ts';

const publishedAt = new Date('2026-03-04T12:00:00Z');
const ranked = (...scores: number[]): RankedAsset[] =>
  scores.map((score, place) => ({ assetId: `ast_${place.toString()}`, score, isReservedForNew: false }));
const known = (list: RankedAsset[]) =>
  new Map(list.map(({ assetId }) => [assetId, { isFar: false, isRefused: false, publishedAt }]));
const breakAll = (list: RankedAsset[], seed: string, facts = known(list)) => breakTies(list, { seed, facts });

test('what fits better stays first, whoever asks', () => {
  const list = ranked(3, 2, 1);
  for (const seed of ['a', 'b', 'c', 'd']) expect(breakAll(list, seed)).toEqual({ ranked: list, ties: [] });
});

test('of two equal ones each comes first about as often, and for one question always the same', () => {
  const list = ranked(2, 2, 1);
  let first = 0;
  for (let user = 0; user < 1000; user += 1) {
    const { ranked: broken, ties } = breakAll(list, `user ${user.toString()}`);
    expect(ties).toEqual([
      { firstAssetId: broken[0]?.assetId, secondAssetId: broken[1]?.assetId, position: 1 },
    ]);
    expect(broken[2]?.assetId).toBe('ast_2');
    expect(breakAll(list, `user ${user.toString()}`).ranked).toEqual(broken);
    expect(
      breakAll(list.toSpliced(0, 2, ...list.slice(0, 2).toReversed()), `user ${user.toString()}`).ranked,
    ).toEqual(broken);
    if (broken[0]?.assetId === 'ast_0') first += 1;
  }
  expect(first).toBeGreaterThan(440);
  expect(first).toBeLessThan(560);
});

test('each asset is in one pair, and only the best are tossed for', () => {
  const { ties } = breakAll(ranked(1, 1, 1, 1, 1, 1, 1, 1, 1), 'a');
  expect(ties.map(({ position }) => position)).toEqual([1, 3, 5]);
});

test('what has a place because it is new, what is far and what was refused is never tossed for', () => {
  const [one, other] = ranked(1, 1) as [RankedAsset, RankedAsset];
  expect(breakAll([{ ...one, isReservedForNew: true }, other], 'a').ties).toEqual([]);
  const facts = known([one, other]);
  expect(
    breakAll(
      [one, other],
      'a',
      new Map([...facts, [one.assetId, { isFar: true, isRefused: false, publishedAt }]]),
    ).ties,
  ).toEqual([]);
  expect(
    breakAll(
      [one, other],
      'a',
      new Map([...facts, [one.assetId, { isFar: true, isRefused: true, publishedAt }]]),
    ).ties,
  ).toEqual([]);
  const older = { isFar: false, isRefused: false, publishedAt: new Date('2026-03-03T12:00:00Z') };
  expect(breakAll([one, other], 'a', new Map([...facts, [other.assetId, older]])).ties).toEqual([]);
});
