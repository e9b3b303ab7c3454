import { expect, test } from 'vitest';
import { findCoaching } from './coaching.ts';

const quiet = { median: null, low: 0, high: 0, n: 0 };
const rate = (part: number, n: number) => ({ value: n === 0 ? null : part / n, part, n });
const rep = (more: object) => ({
  shareCount: 4,
  search: rate(8, 10),
  followUp: { hours: quiet, answered: rate(0, 0) },
  ...more,
});

test('nothing is said where nothing stands out', () => {
  expect(findCoaching(rep({}))).toBeNull();
});

test('who does nothing is shown how to begin, who searches only is asked what was missing', () => {
  expect(findCoaching(rep({ shareCount: 0, search: rate(0, 0) }))).toMatch(/neither searched nor shared/);
  expect(findCoaching(rep({ shareCount: 0 }))).toMatch(/sends nothing/);
});

test('readers who wait count once there are several and more than half have no answer', () => {
  const waiting = (part: number, n: number) =>
    findCoaching(rep({ followUp: { hours: quiet, answered: rate(part, n) } }));
  expect(waiting(1, 4)).toBe('3 of 4 who read have had no answer. “Act now” on Find lists them.');
  expect(waiting(0, 2)).toBeNull();
  expect(waiting(5, 8)).toBeNull();
});

test('failing searches count from five on', () => {
  expect(findCoaching(rep({ search: rate(1, 10) }))).toMatch(/without anything used/);
  expect(findCoaching(rep({ search: rate(0, 4) }))).toBeNull();
});

test('late answers come last', () => {
  const hours = { median: 100, low: 80, high: 120, n: 6 };
  expect(findCoaching(rep({ followUp: { hours, answered: rate(6, 6) } }))).toMatch(/days after the reading/);
});
