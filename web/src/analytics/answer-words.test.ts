import { expect, test } from 'vitest';
import { answerSentence } from '../lib/shelf-answer.ts';
import { buyersSentence, evidence, hasBefore, mainStops } from './answer-words.ts';
import type { Reach, Rung } from './api.ts';

const now = new Date('2026-11-22T09:00:00Z');
const ago = (days: number) => new Date(now.getTime() - days * 86_400_000);
const dayOf = (date: Date) => date.toISOString().slice(0, 10);
const rungs: Rung[] = ['published', 'surfaced', 'opened', 'shared', 'reached', 'read', 'moved'];

function reportOf({
  unused = [26, 41],
  before = [25, 33],
  since = 400,
  counts = [5, 11, 11, 3, 2, 5, 4],
} = {}) {
  const rate = ([part = 0, n = 0]: number[]) => ({ value: n > 0 ? part / n : null, part, n });
  return {
    asOf: now,
    window: { start: ago(90), end: now, firstDay: dayOf(ago(89)), lastDay: dayOf(now) },
    before: { start: ago(180), end: ago(90), firstDay: dayOf(ago(179)), lastDay: dayOf(ago(90)) },
    recordingSince: ago(since),
    unusedRate: { current: rate(unused), previous: rate(before) },
    ladder: rungs.map((rung, index) => ({
      rung,
      count: counts[index] ?? 0,
      reachedCount: counts.slice(index).reduce((sum, count) => sum + count, 0),
      previousCount: 0,
      previousReachedCount: 0,
      cause: '',
      action: '',
    })),
    notYetEligibleCount: 0,
    nextEligibleAt: null,
    staleCount: 0,
  } satisfies Reach;
}

test('the answer is a share of the library, with its counts and the period before', () => {
  expect(answerSentence(reportOf())).toBe('63% of your library stayed on the shelf in the last 90 days.');
  expect(evidence(reportOf())).toBe(
    'Sales neither shared nor downloaded 26 of 41 eligible assets. In the 90 days before it was 76%, 25 of 33.',
  );
  expect(buyersSentence(reportOf())).toBe('People outside opened 11 of the 41 and read 9.');
});

test('few assets are counted, not turned into a percentage', () => {
  expect(answerSentence(reportOf({ unused: [3, 4] }))).toBe(
    '3 of 4 eligible assets stayed on the shelf in the last 90 days.',
  );
  expect(answerSentence(reportOf({ unused: [12, 12] }))).toBe(
    'None of your 12 eligible assets left the shelf in the last 90 days.',
  );
  expect(answerSentence(reportOf({ unused: [0, 12] }))).toBe(
    'All of your 12 eligible assets were used in the last 90 days.',
  );
});

test('a time that was not recorded is neither claimed nor compared', () => {
  const young = reportOf({ unused: [132, 132], since: 0 });
  expect(answerSentence(young)).toBe(
    'None of your 132 eligible assets has left the shelf since recording began on 22 Nov 2026.',
  );
  expect(evidence(young)).toBe('Sales neither shared nor downloaded any of the 132.');
  expect(hasBefore(reportOf({ since: 120 }))).toBe(false);
  expect(evidence(reportOf({ since: 120 }))).toMatch(/no comparison .* recording began on 25 Jul 2026/);
  expect(hasBefore(reportOf({ since: 178 }))).toBe(true);
  expect(hasBefore(reportOf({ before: [0, 0] }))).toBe(false);
});

test('the main stops are all that are equally common, and never those that were read', () => {
  expect(mainStops(reportOf().ladder).map((step) => step.rung)).toEqual(['surfaced', 'opened']);
  expect(mainStops(reportOf({ counts: [0, 0, 0, 0, 0, 9, 1] }).ladder)).toEqual([]);
});

test('of some assets or some buyers the sentence says so', () => {
  expect(answerSentence(reportOf(), { isOfSomeAssets: true })).toBe(
    '63% of these assets stayed on the shelf in the last 90 days.',
  );
  expect(answerSentence(reportOf(), { isOfSomeBuyers: true })).toBe(
    '63% of your library was not shared with these buyers in the last 90 days.',
  );
  expect(answerSentence(reportOf({ unused: [12, 12] }), { isOfSomeBuyers: true })).toBe(
    'None of your 12 eligible assets was shared with these buyers in the last 90 days.',
  );
});

test('days that are over are named', () => {
  const past = { ...reportOf(), asOf: new Date('2027-03-01T00:00:00Z') };
  expect(answerSentence(past)).toBe('63% of your library stayed on the shelf from 25 Aug to 22 Nov 2026.');
});
