import { expect, test } from 'vitest';
import { createRateLimit, createTabLimit } from './rate.ts';

test('a burst passes, then one for each refill', () => {
  const limit = createRateLimit({ perSecond: 1, burst: 3 });
  expect([0, 0, 0, 0].map((now) => limit.take('a', now))).toEqual([true, true, true, false]);
  expect(limit.take('a', 1_000)).toBe(true);
  expect(limit.take('a', 1_500)).toBe(false);
  expect(limit.take('b', 1_500)).toBe(true);
});

test('it remembers the busy keys and forgets the others', () => {
  const limit = createRateLimit({ perSecond: 0, burst: 1 });
  expect(limit.take('busy', 0)).toBe(true);
  for (let index = 0; index < 120_000; index++) {
    limit.take(`key${index}`, 0);
    if (index % 10_000 === 0) expect(limit.take('busy', 0)).toBe(false);
  }
});

test('lets a visit have many tabs, but not any number of them', () => {
  const tabs = createTabLimit();
  for (let tab = 0; tab < 100; tab += 1) expect(tabs.admits('vis_1', `tab${tab}`)).toBe(true);
  expect([
    tabs.admits('vis_1', 'tab100'),
    tabs.admits('vis_1', 'tab7'),
    tabs.admits('vis_2', 'tab100'),
  ]).toEqual([false, true, true]);
});
