import { expect, test } from 'vitest';
import { enqueue, type Message, toBeat } from './outbox.ts';

const minute = 60_000;

function message(at: number, visitToken = 'a'): Message {
  return {
    visitToken,
    tabKey: 'tab00001',
    pages: [{ page: 1, activeMs: at }],
    hasTrustedInput: true,
    number: 1,
    at,
  };
}

function fill(times: number[]): number[] {
  return times.reduce<Message[]>((waiting, at) => enqueue(waiting, message(at)), []).map(({ at }) => at);
}

test('a newer message takes the place of the last one, and the oldest stays', () => {
  expect(fill([1 * minute, 2 * minute, 3 * minute])).toEqual([1 * minute, 3 * minute]);
});

test('an hour offline keeps enough messages to show that the visit went on', () => {
  const kept = fill(Array.from({ length: 240 }, (_, index) => index * minute * 0.25));
  expect(kept.length).toBeLessThan(8);
  expect(kept.at(-1)).toBe(239 * minute * 0.25);
  const gaps = kept.slice(1).map((at, index) => at - (kept[index] ?? 0));
  expect(Math.max(...gaps)).toBeLessThan(30 * minute);
});

test('a message that names a page which the newer one does not is kept', () => {
  const on = (page: number, at: number): Message => ({ ...message(at), pages: [{ page, activeMs: at }] });
  const waiting = [on(1, 1_000), on(2, 2_000), on(3, 3_000)].reduce<Message[]>(enqueue, []);
  expect(waiting.map(({ pages }) => pages[0]?.page)).toEqual([1, 2, 3]);
});

test('a message that takes the place of another takes its number, so nothing seems to be lost', () => {
  const waiting = [1, 2, 3].reduce<Message[]>(
    (before, at) => enqueue(before, { ...message(at), number: (before.at(-1)?.number ?? 0) + 1 }),
    [],
  );
  expect(waiting.map(({ at, number }) => [at, number])).toEqual([
    [1, 1],
    [3, 2],
  ]);
});

test('messages of an earlier visit stay', () => {
  const waiting = enqueue(enqueue([], message(minute, 'a')), message(2 * minute, 'b'));
  expect(enqueue(waiting, message(3 * minute, 'b')).map(({ visitToken, at }) => [visitToken, at])).toEqual([
    ['a', minute],
    ['b', 2 * minute],
    ['b', 3 * minute],
  ]);
});

test('the server is told the age, never the time of this clock', () => {
  expect(JSON.parse(toBeat(message(1_000), 4_500))).toEqual({
    visitToken: 'a',
    tabKey: 'tab00001',
    pages: [{ page: 1, activeMs: 1_000 }],
    hasTrustedInput: true,
    number: 1,
    ageMs: 3_500,
  });
});
