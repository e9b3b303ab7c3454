import { describe, expect, test } from 'vitest';
import { poolDifference, type Stratum } from '../statistics/mantel-haenszel.ts';
import { addCounts, judgeStrata, standAmong } from './estimate.ts';

/** The same numbers in every run: mulberry32. */
function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Larger deals of larger companies are sent more and move more often, whatever they read. */
function simulate(
  random: () => number,
  { dealCount, effect }: { dealCount: number; effect: number },
): Stratum[] {
  const strata = Array.from({ length: 12 }, () => ({
    exposed: 0,
    exposedWith: 0,
    unexposed: 0,
    unexposedWith: 0,
  }));
  for (let deal = 0; deal < dealCount; deal += 1) {
    const place = Math.floor(random() * strata.length);
    const likeness = place / (strata.length - 1);
    const stratum = strata[place] as Stratum;
    const isExposed = random() < 0.1 + 0.5 * likeness;
    const hasProgressed = random() < 0.2 + 0.5 * likeness + (isExposed ? effect : 0);
    if (isExposed) {
      stratum.exposed += 1;
      if (hasProgressed) stratum.exposedWith += 1;
    } else {
      stratum.unexposed += 1;
      if (hasProgressed) stratum.unexposedWith += 1;
    }
  }
  return strata;
}

function run(
  effect: number,
  { dealCount, seed, runs = 1000 }: { dealCount: number; seed: number; runs?: number },
) {
  const random = seededRandom(seed);
  const seen = { covers: 0, rawCovers: 0, finds: 0, power: 0, raw: 0 };
  for (let turn = 0; turn < runs; turn += 1) {
    const strata = simulate(random, { dealCount, effect });
    const { pooled, power } = judgeStrata(strata);
    const raw = poolDifference([addCounts(strata)]);
    if (!pooled || !raw) throw new Error('A run had too few deals.');
    if (pooled.low <= effect && pooled.high >= effect) seen.covers += 1;
    if (raw.low <= effect && raw.high >= effect) seen.rawCovers += 1;
    if (pooled.low > 0) seen.finds += 1;
    seen.power += power ?? 0;
    seen.raw += raw.estimate;
  }
  return {
    covers: seen.covers / runs,
    rawCovers: seen.rawCovers / runs,
    finds: seen.finds / runs,
    power: seen.power / runs,
    raw: seen.raw / runs,
  };
}

describe('with a confounder', () => {
  test.each([
    { dealCount: 300, seed: 1 },
    { dealCount: 1000, seed: 2 },
  ])(
    'and no effect the interval covers zero in 93 to 97 of 100 runs of $dealCount deals, and raw rates fail',
    (size) => {
      const found = run(0, size);
      expect(found.covers).toBeGreaterThanOrEqual(0.93);
      expect(found.covers).toBeLessThanOrEqual(0.97);
      expect(found.raw).toBeGreaterThan(0.1);
      expect(found.rawCovers).toBeLessThan(0.6);
    },
  );

  test.each([
    { dealCount: 400, seed: 3 },
    { dealCount: 900, seed: 4 },
    { dealCount: 1600, seed: 5 },
  ])('an effect of 10 points is found among $dealCount deals as often as was promised', (size) => {
    const found = run(0.1, size);
    expect(Math.abs(found.finds - found.power)).toBeLessThan(0.04);
    expect(found.covers).toBeGreaterThanOrEqual(0.93);
  });
});

describe('too little', () => {
  const stratum = (exposed: number, exposedWith: number, unexposed: number, unexposedWith: number) => ({
    exposed,
    exposedWith,
    unexposed,
    unexposedWith,
  });

  test('is said at 19 read or unread deals and not at 20, with how many more it takes', () => {
    expect(judgeStrata([stratum(19, 9, 40, 15)])).toMatchObject({ pooled: null, moreDealCount: 1 });
    expect(judgeStrata([stratum(40, 9, 12, 6)])).toMatchObject({ pooled: null, moreDealCount: 8 });
    expect(judgeStrata([stratum(20, 9, 20, 9)])).toMatchObject({ moreDealCount: 0 });
    expect(judgeStrata([]).moreDealCount).toBe(20);
  });

  test('is said with fewer than five of either outcome', () => {
    expect(judgeStrata([stratum(30, 2, 30, 2)]).pooled).toBeNull();
    expect(judgeStrata([stratum(30, 3, 30, 2)]).pooled).not.toBeNull();
    expect(judgeStrata([stratum(30, 28, 30, 28)]).pooled).toBeNull();
    expect(judgeStrata([stratum(30, 0, 30, 0)]).moreDealCount).toBeGreaterThan(20);
  });

  test('deals that have none alike on the other side do not count as compared', () => {
    const judged = judgeStrata([stratum(50, 20, 0, 0), stratum(0, 0, 500, 100), stratum(5, 2, 50, 20)]);
    expect(judged.counts).toEqual({ exposed: 5, exposedWith: 2, unexposed: 50, unexposedWith: 20 });
    expect(judged.moreDealCount).toBe(15);
  });
});

test('of a hundred assets without an effect hardly ever one is called sure', () => {
  const random = seededRandom(9);
  let runsWithOne = 0;
  for (let turn = 0; turn < 20; turn += 1) {
    const pooled = Array.from(
      { length: 100 },
      () => judgeStrata(simulate(random, { dealCount: 300, effect: 0 })).pooled,
    ).filter((each) => each !== null);
    expect(pooled.length).toBeGreaterThan(90);
    if (standAmong(pooled).some(({ isSure }) => isSure)) runsWithOne += 1;
  }
  expect(runsWithOne).toBeLessThanOrEqual(6);
});
