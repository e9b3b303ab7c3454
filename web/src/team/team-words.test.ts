import { expect, test } from 'vitest';
import type { Team } from './api.ts';
import { adoptionSentence, followUpWords, formatHours, searchWords } from './team-words.ts';

const team = (now: number, before: number, n: number) =>
  ({
    sharing: { value: now / n, part: now, n },
    previousSharing: { value: before / n, part: before, n },
  }) as Team;

test('the answer adds the teams up and compares', () => {
  expect(adoptionSentence([team(3, 2, 5), team(1, 1, 4)])).toBe(
    '4 of 9 sellers shared something, 1 more than in the days before.',
  );
  expect(adoptionSentence([team(0, 2, 5)])).toBe(
    'None of 5 sellers shared something, 2 fewer than in the days before.',
  );
  expect(adoptionSentence([team(1, 1, 1)])).toBe(
    'All of 1 seller shared something, as many as in the days before.',
  );
  expect(adoptionSentence([])).toBe('Nobody sells with Offshelf yet.');
});

test('hours read as people say them', () => {
  expect([0.2, 1, 20, 50, 100].map(formatHours)).toEqual([
    'under an hour',
    '1 hour',
    '20 hours',
    '2 days',
    '4 days',
  ]);
});

test('rates name their parts, and stay parts while there are few', () => {
  const hours = { median: 30, low: 10, high: 60, n: 6 };
  expect(followUpWords({ answered: { value: 0.75, part: 6, n: 8 }, hours })).toBe(
    '6 of 8 answered, half within 30 hours',
  );
  expect(followUpWords({ answered: { value: null, part: 0, n: 0 }, hours })).toBe(
    'nobody has read what they sent',
  );
  expect(searchWords({ value: null, part: 1, n: 2 })).toBe('1 of 2 searches led to something');
  expect(searchWords({ value: 0.5, part: 5, n: 10 })).toBe('50%, 5 of 10 searches led to something');
});
