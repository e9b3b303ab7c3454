import { expect, it } from 'vitest';
import type { Context } from '../context.ts';
import { keepCounted } from './kept.ts';

/** Counts how often it is asked for as many things as there are. */
function shelfOf(size: number) {
  let now = 0;
  let asked = 0;
  const ctx = { db: {} as Context['db'], clock: () => new Date(now) };
  return {
    ask: (question: unknown = 'all') =>
      keepCounted(ctx, { what: 'shelf', question, count: async () => ++asked, sizeOf: () => size }),
    wait: (ms: number) => {
      now += ms;
    },
    asked: () => asked,
  };
}

it('counts little anew each time', async () => {
  const shelf = shelfOf(10);
  expect([await shelf.ask(), await shelf.ask()]).toEqual([1, 2]);
});

it('keeps what is counted of much for half a minute, each question by itself', async () => {
  const shelf = shelfOf(20_000);
  expect([await shelf.ask(), await shelf.ask(), await shelf.ask('other')]).toEqual([1, 1, 2]);
  shelf.wait(30_000);
  expect(await shelf.ask()).toBe(3);
});

it('counts much once for all who ask at the same time', async () => {
  const shelf = shelfOf(20_000);
  await shelf.ask();
  shelf.wait(30_000);
  expect(await Promise.all([shelf.ask(), shelf.ask(), shelf.ask()])).toEqual([2, 2, 2]);
  expect(shelf.asked()).toBe(2);
});

it('keeps no failure', async () => {
  const ctx = { db: {} as Context['db'], clock: () => new Date(0) };
  const ask = (question: string, count: () => Promise<number>) =>
    keepCounted(ctx, { what: 'shelf', question, count, sizeOf: () => 20_000 });
  expect(await ask('all', async () => 1)).toBe(1);
  await expect(ask('other', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await ask('other', async () => 2)).toBe(2);
});

it('keeps nothing of what there is little of, beside something of which there is much', async () => {
  const ctx = { db: {} as Context['db'], clock: () => new Date(0) };
  let asked = 0;
  const ask = (what: string, size: number) =>
    keepCounted(ctx, { what, question: 'all', count: async () => ++asked, sizeOf: () => size });
  expect([
    await ask('much', 20_000),
    await ask('little', 3),
    await ask('little', 3),
    await ask('much', 20_000),
  ]).toEqual([1, 2, 3, 1]);
});
