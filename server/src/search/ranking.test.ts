import { expect, it } from 'vitest';
import { rankingWeights } from '../indexing/weights.ts';
import { type RankingFacts, rankAssets } from './ranking.ts';

const now = new Date('2026-11-22T12:00:00Z');
const daysAgo = (days: number) => new Date(now.getTime() - days * 86_400_000);

function candidate(assetId: string, facts: Partial<RankingFacts> = {}): RankingFacts {
  return {
    assetId,
    fit: 0.5,
    metShare: 0,
    publishedAt: daysAgo(400),
    updatedAt: daysAgo(400),
    isStale: false,
    sharerCount: 0,
    humanOpenCount: 0,
    notRightCount: 0,
    isFar: false,
    isRefused: false,
    ...facts,
  };
}

const order = (...candidates: RankingFacts[]) => rankAssets(candidates, now).map(({ assetId }) => assetId);

it('the better fit comes first, and so does what meets more of the situation', () => {
  expect(order(candidate('weak', { fit: 0.3 }), candidate('strong', { fit: 0.9 }))).toEqual([
    'strong',
    'weak',
  ]);
  expect(order(candidate('words'), candidate('situation', { metShare: 1 }))).toEqual(['situation', 'words']);
});

it('what holds too few of the words comes after what holds enough, also on the places for new assets', () => {
  const far = { fit: 0.9, isFar: true, publishedAt: daysAgo(1) };
  expect(order(candidate('far', far), candidate('close', { fit: 0.1 }))).toEqual(['close', 'far']);
  const close = Array.from({ length: 4 }, (_, index) => candidate(`close ${index}`));
  expect(order(...close, candidate('far', far)).at(-1)).toBe('far');
});

it('freshness, a review in time and use decide between equal fits', () => {
  expect(order(candidate('old'), candidate('fresh', { updatedAt: daysAgo(1) }))).toEqual(['fresh', 'old']);
  expect(order(candidate('stale', { isStale: true }), candidate('verified'))).toEqual(['verified', 'stale']);
  expect(order(candidate('unused'), candidate('used', { sharerCount: 3 }))).toEqual(['used', 'unused']);
  expect(
    order(
      candidate('disliked', { sharerCount: 3, notRightCount: 2 }),
      candidate('liked', { sharerCount: 3 }),
    ),
  ).toEqual(['liked', 'disliked']);
  expect(order(candidate('first'), candidate('second'))).toEqual(['first', 'second']);
});

it('no amount of use lifts an asset over a better fit by more than the cap', () => {
  const favourite = candidate('favourite', { fit: 0.5, sharerCount: 100_000, humanOpenCount: 1_000_000 });
  const better = candidate('better', { fit: 0.5 + rankingWeights.evidence / rankingWeights.fit + 0.001 });
  expect(order(favourite, better)).toEqual(['better', 'favourite']);
});

it('what the user called not right comes last', () => {
  expect(order(candidate('refused', { fit: 1, isRefused: true }), candidate('other', { fit: 0.1 }))).toEqual([
    'other',
    'refused',
  ]);
});

it('places three and eight are for new assets that fit nearly as well, marked as such', () => {
  const old = Array.from({ length: 12 }, (_, index) =>
    candidate(`old${index + 1}`, { fit: 0.9 - index * 0.01 }),
  );
  const fresh = { publishedAt: daysAgo(5), updatedAt: daysAgo(400) };
  const ranked = rankAssets(
    [
      ...old,
      candidate('new1', { ...fresh, fit: 0.72 }),
      candidate('new2', { ...fresh, fit: 0.71 }),
      candidate('used', { ...fresh, fit: 0.7, sharerCount: 1 }),
      candidate('poor', { ...fresh, fit: 0.2 }),
    ],
    now,
  );
  expect(ranked[2]).toMatchObject({ assetId: 'new1', isReservedForNew: true });
  expect(ranked[7]).toMatchObject({ assetId: 'new2', isReservedForNew: true });
  expect(ranked.filter(({ isReservedForNew }) => isReservedForNew)).toHaveLength(2);
  expect(ranked.slice(0, 2).map(({ assetId }) => assetId)).toEqual(['old1', 'old2']);
  expect(new Set(ranked.map(({ assetId }) => assetId)).size).toBe(16);
});

it('a new asset that stands high by itself needs no place and is not marked', () => {
  const fresh = { publishedAt: daysAgo(5) };
  const ranked = rankAssets([candidate('new', { ...fresh, fit: 1 }), candidate('a'), candidate('b')], now);
  expect(ranked.map(({ isReservedForNew }) => isReservedForNew)).toEqual([false, false, false]);
});
