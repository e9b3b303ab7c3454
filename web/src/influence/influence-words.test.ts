import { expect, test } from 'vitest';
import type { AssetInfluence, Influence } from './api.ts';
import { assetSentence, influenceAnswer, intervalWords, lineWords, pointsWords } from './influence-words.ts';

const asset = (input: Partial<AssetInfluence> = {}): AssetInfluence => ({
  assetId: 'ast_0000000000',
  title: 'Price sheet',
  exposed: { dealCount: 60, progressedCount: 30 },
  unexposed: { dealCount: 200, progressedCount: 70 },
  difference: { estimate: 0.12, low: 0.04, high: 0.2, shrunken: 0.1, falseDiscoveryRate: 0.02, isSure: true },
  power: 0.6,
  moreDealCount: 0,
  ...input,
});
const report = (input: Partial<Influence>): Influence => ({
  asOf: new Date(),
  landmarkDays: 14,
  outcomeDays: 60,
  lookBackDays: 730,
  minimum: { exposed: 20, unexposed: 20, outcome: 5 },
  cohort: {
    enteredCount: 0,
    tooYoungCount: 0,
    leftEarlyCount: 0,
    dealCount: 0,
    progressedCount: 0,
    readAssetCount: 0,
  },
  known: [],
  knownCount: 0,
  sureCount: 0,
  unknown: [],
  unknownCount: 0,
  ...input,
});

test('points are whole and say which way', () => {
  expect(pointsWords(0.124)).toBe('12 points more often');
  expect(pointsWords(-0.01)).toBe('1 point less often');
  expect(intervalWords({ low: -0.034, high: 0.2 })).toBe('−3 to +20');
});

test('the answer names what stands out, else that nothing does, else how many more deals it takes', () => {
  expect(influenceAnswer(report({ known: [asset()], knownCount: 1 }))).toBe(
    'Deals that read “Price sheet” moved on 12 points more often than deals like them.',
  );
  const unclear = asset({
    difference: { estimate: 0.02, low: -0.1, high: 0.2, shrunken: 0, falseDiscoveryRate: 0.8, isSure: false },
  });
  expect(influenceAnswer(report({ known: [unclear], knownCount: 1 }))).toMatch(/none stands out/);
  expect(
    influenceAnswer(report({ unknown: [asset({ difference: null, moreDealCount: 7 })], unknownCount: 1 })),
  ).toMatch(/needs about 7 more deals/);
  expect(influenceAnswer(report({}))).toMatch(/can’t be told yet/);
});

test('what survives no correction is not called a difference, and nothing is called a cause', () => {
  const byChance = asset({
    difference: { estimate: 0.12, low: 0.01, high: 0.2, shrunken: 0, falseDiscoveryRate: 0.4, isSure: false },
  });
  expect(assetSentence(byChance)).toMatch(/by chance, so it is not marked/);
  expect(assetSentence(asset({ difference: null, moreDealCount: 9 }))).toMatch(/About 9 more deals/);
  for (const words of [assetSentence(asset()), assetSentence(byChance)])
    expect(words).not.toMatch(/cause|because|makes|helps|drives/);
});

test('a card says in a line what is known or how far it is from that', () => {
  const line = {
    assetId: 'ast_0000000000',
    estimate: null,
    low: null,
    high: null,
    dealCount: 3,
    moreDealCount: 17,
  };
  expect(lineWords({ ...line, standing: 'unknown' })).toBe('Influence: not enough data, about 17 more deals');
  expect(lineWords({ ...line, standing: 'unread' })).toBe('Influence: not read in a deal yet');
});
