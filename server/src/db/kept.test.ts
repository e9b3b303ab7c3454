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
      keepCounted(
        ctx,
        question,
        async () => ++asked,
        () => size,
      ),
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
  const ask = (count: () => Promise<number>) => keepCounted(ctx, 'all', count, () => 20_000);
  expect(await ask(async () => 1)).toBe(1);
  const failing = () =>
    keepCounted(
      ctx,
      'other',
      () => Promise.reject(new Error('no')),
      () => 1,
    );
  await expect(failing()).rejects.toThrow('no');
  expect(
    await keepCounted(
      ctx,
      'other',
      async () => 2,
      () => 1,
    ),
  ).toBe(2);
});
