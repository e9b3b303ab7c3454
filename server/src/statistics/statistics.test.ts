import { describe, expect, test } from 'vitest';
import { poolDifference, powerOfPooled } from './mantel-haenszel.ts';
import { falseDiscoveryRates, shrink, varianceBetween } from './many.ts';
import { normalBelow, twoSidedP } from './normal.ts';
import {
  differenceInterval,
  neededExposed,
  pairedDifference,
  powerOfTwoShares,
  wilsonInterval,
} from './proportions.ts';

test('the normal distribution is that of the tables', () => {
  expect(normalBelow(0)).toBeCloseTo(0.5, 6);
  expect(normalBelow(1.96)).toBeCloseTo(0.975002, 5);
  expect(normalBelow(-1)).toBeCloseTo(0.158655, 5);
  expect(twoSidedP(2.5758)).toBeCloseTo(0.01, 5);
});

describe('the pooled difference of risks', () => {
  // University Group Diabetes Program, deaths by age, as in K. J. Rothman, "Epidemiology: An Introduction", chapter 8.
  const diabetes = [
    { exposed: 106, exposedWith: 8, unexposed: 120, unexposedWith: 5 },
    { exposed: 98, exposedWith: 22, unexposed: 85, unexposedWith: 16 },
  ];

  test('agrees with the worked example of the diabetes program, and its variance with the plain one', () => {
    const pooled = poolDifference(diabetes);
    expect(pooled?.estimate).toBeCloseTo(0.035, 3);
    // The interval that the variances of the two ages give when they are added up by the same weights.
    expect(pooled?.low).toBeCloseTo(0.0349 - 1.96 * 0.0321, 2);
    expect(pooled?.high).toBeCloseTo(0.0349 + 1.96 * 0.0321, 2);
  });

  test('is changed by no stratum in which one group is missing', () => {
    const empty = [
      { exposed: 0, exposedWith: 0, unexposed: 50, unexposedWith: 50 },
      { exposed: 9, exposedWith: 0, unexposed: 0, unexposedWith: 0 },
      { exposed: 0, exposedWith: 0, unexposed: 0, unexposedWith: 0 },
    ];
    expect(poolDifference([...diabetes, ...empty])).toEqual(poolDifference(diabetes));
    expect(poolDifference(empty)).toBeNull();
    expect(poolDifference([])).toBeNull();
  });

  test('is not known where nothing varies', () => {
    expect(poolDifference([{ exposed: 10, exposedWith: 0, unexposed: 10, unexposedWith: 0 }])).toBeNull();
  });

  test('is found the more surely the more there are and the greater it is', () => {
    const few = [{ exposed: 20, exposedWith: 8, unexposed: 40, unexposedWith: 16 }];
    const many = [{ exposed: 400, exposedWith: 160, unexposed: 800, unexposedWith: 320 }];
    expect(powerOfPooled(few, 0.1)).toBeLessThan(0.2);
    expect(powerOfPooled(many, 0.1)).toBeGreaterThan(0.85);
    expect(powerOfPooled(many, 0.05)).toBeLessThan(powerOfPooled(many, 0.1));
    expect(powerOfPooled([], 0.1)).toBe(0);
  });
});

describe('shares', () => {
  test.each([
    // R. G. Newcombe (1998), table I, method 3.
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('%i of %i lie between the published limits', (part, n, low, high) => {
    expect(wilsonInterval(part, n)?.low).toBeCloseTo(low, 4);
    expect(wilsonInterval(part, n)?.high).toBeCloseTo(high, 4);
  });

  test('none of none have no interval', () => expect(wilsonInterval(0, 0)).toBeNull());

  test('their difference lies between the published limits', () => {
    // R. G. Newcombe (1998), table II, method 10: 56/70 less 48/80.
    const found = differenceInterval({ part: 56, n: 70 }, { part: 48, n: 80 });
    expect(found?.estimate).toBeCloseTo(0.2, 4);
    expect(found?.low).toBeCloseTo(0.0524, 4);
    expect(found?.high).toBeCloseTo(0.3339, 4);
  });

  test('of the same are compared pair by pair', () => {
    // Approval of a prime minister asked twice, 944 to 880 of 1600, after A. Agresti, "Categorical Data Analysis".
    const found = pairedDifference({ onlyFirst: 150, onlySecond: 86, n: 1600 });
    expect(found?.estimate).toBeCloseTo(0.04, 4);
    expect(found?.low).toBeCloseTo(0.021, 3);
    expect(found?.high).toBeCloseTo(0.059, 3);
    expect(pairedDifference({ onlyFirst: 0, onlySecond: 0, n: 0 })).toBeNull();
  });

  test('are told apart by as many as the textbook asks for', () => {
    // 0.25 against 0.40 with a power of 90%: 203 a group without the correction for continuity.
    expect(neededExposed({ base: 0.25, lifted: 0.4, zPower: 1.281552 })).toBe(203);
    expect(powerOfTwoShares({ base: 0.25, lifted: 0.4, exposed: 203, unexposed: 203 })).toBeCloseTo(0.9, 2);
    expect(neededExposed({ base: 0.4, lifted: 0.4 })).toBe(Number.POSITIVE_INFINITY);
    expect(powerOfTwoShares({ base: 0.4, lifted: 0.5, exposed: 0, unexposed: 5 })).toBe(0);
  });
});

describe('many comparisons', () => {
  test('those survive that survive in the paper of Benjamini and Hochberg', () => {
    const pValues = [
      0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719, 0.6528,
      0.759, 1,
    ];
    const rates = falseDiscoveryRates(pValues);
    expect(rates.filter((rate) => rate <= 0.05)).toHaveLength(4);
    expect(rates[3]).toBeCloseTo(0.035625, 6);
    expect(falseDiscoveryRates([1, 0.001])).toEqual([1, 0.002]);
    expect(falseDiscoveryRates([])).toEqual([]);
  });

  test('what is between them is what was published for the trials of BCG', () => {
    // G. A. Colditz et al., JAMA 271 (1994): ill and well, vaccinated and not; DerSimonian and Laird find 0.3088.
    const trials = [
      [4, 119, 11, 128],
      [6, 300, 29, 274],
      [3, 228, 11, 209],
      [62, 13536, 248, 12619],
      [33, 5036, 47, 5761],
      [180, 1361, 372, 1079],
      [8, 2537, 10, 619],
      [505, 87886, 499, 87892],
      [29, 7470, 45, 7232],
      [17, 1699, 65, 1600],
      [186, 50448, 141, 27197],
      [5, 2493, 3, 2338],
      [27, 16886, 29, 17825],
    ] as const;
    const estimates = trials.map(([a, b, c, d]) => ({
      estimate: Math.log(a / (a + b) / (c / (c + d))),
      standardError: Math.sqrt(1 / a - 1 / (a + b) + 1 / c - 1 / (c + d)),
    }));
    expect(varianceBetween(estimates)).toBeCloseTo(0.3088, 4);
  });

  test('the less is known of one the nearer it comes to the mean', () => {
    const [sure = 0, unsure = 0] = shrink([
      { estimate: 0.3, standardError: 0.02 },
      { estimate: 0.4, standardError: 0.3 },
      { estimate: -0.1, standardError: 0.02 },
      { estimate: 0, standardError: 0.02 },
    ]);
    expect(sure).toBeGreaterThan(unsure);
    expect(sure).toBeCloseTo(0.3, 1);
    expect(shrink([])).toEqual([]);
  });
});
