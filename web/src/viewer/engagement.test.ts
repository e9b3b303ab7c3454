import { expect, test } from 'vitest';
import {
  createEngagement,
  type Engagement,
  nextSendAt,
  receive,
  restart,
  type Signal,
} from './engagement.ts';

function reader(page: number | null = 1, isVideo = false): Engagement {
  const state = createEngagement(0, page, isVideo);
  receive(state, { kind: 'visible', is: true }, 0);
  receive(state, { kind: 'focused', is: true }, 0);
  return state;
}

/** Ticks every second, as the page does. */
function pass(state: Engagement, from: number, to: number): void {
  for (let now = from + 1000; now <= to; now += 1000) receive(state, { kind: 'tick' }, now);
}

test('time counts while the page is visible and focused', () => {
  const state = reader();
  pass(state, 0, 12_000);
  expect(state.totals.get(1)).toBe(12_000);
});

test('a hidden page counts nothing, to the millisecond', () => {
  const state = reader();
  pass(state, 0, 3_000);
  receive(state, { kind: 'visible', is: false }, 3_400);
  pass(state, 3_400, 20_400);
  receive(state, { kind: 'visible', is: true }, 20_500);
  receive(state, { kind: 'tick' }, 21_000);
  expect(state.totals.get(1)).toBe(3_900);
});

test('without focus it counts for 30 s after the last touch', () => {
  const state = reader();
  pass(state, 0, 10_000);
  receive(state, { kind: 'input', isTrusted: true }, 10_000);
  receive(state, { kind: 'focused', is: false }, 10_000);
  pass(state, 10_000, 90_000);
  expect(state.totals.get(1)).toBe(40_000);
});

test('after 60 s without a touch the rest is left out', () => {
  const state = reader();
  pass(state, 0, 600_000);
  expect(state.totals.get(1)).toBe(60_000);
  receive(state, { kind: 'input', isTrusted: true }, 600_000);
  pass(state, 600_000, 605_000);
  expect(state.totals.get(1)).toBe(65_000);
});

test('sleep counts nothing', () => {
  const state = reader();
  pass(state, 0, 4_000);
  receive(state, { kind: 'tick' }, 30_000);
  pass(state, 30_000, 32_000);
  expect(state.totals.get(1)).toBe(6_000);
});

test('a clock that steps back takes nothing away', () => {
  const state = reader();
  pass(state, 0, 4_000);
  receive(state, { kind: 'tick' }, 1_000);
  receive(state, { kind: 'tick' }, 5_000);
  expect(state.totals.get(1)).toBe(5_000);
});

test('a video counts while it plays and is visible, touched or not', () => {
  const state = reader(1, true);
  pass(state, 0, 10_000);
  expect(state.totals.get(1)).toBeUndefined();
  receive(state, { kind: 'playing', is: true }, 10_000);
  receive(state, { kind: 'focused', is: false }, 10_000);
  pass(state, 10_000, 190_000);
  receive(state, { kind: 'playing', is: false }, 190_000);
  pass(state, 190_000, 250_000);
  expect(state.totals.get(1)).toBe(180_000);
});

test('where nothing can be read, activity counts and no page does', () => {
  const state = reader(null);
  pass(state, 0, 8_000);
  expect(state.activeMs).toBe(8_000);
  expect(state.totals.size).toBe(0);
});

test('each page has its own total', () => {
  const state = reader();
  pass(state, 0, 2_000);
  receive(state, { kind: 'page', page: 2 }, 2_500);
  pass(state, 2_500, 4_500);
  expect([...state.totals]).toEqual([
    [1, 2_500],
    [2, 2_000],
  ]);
});

test('a page gets its time from when it came into view, once it has stayed for 700 ms', () => {
  const state = reader();
  pass(state, 0, 2_000);
  receive(state, { kind: 'page', page: 2 }, 2_000);
  receive(state, { kind: 'tick' }, 2_600);
  expect(state.totals.has(2)).toBe(false);
  receive(state, { kind: 'tick' }, 2_700);
  expect([...state.totals]).toEqual([
    [1, 2_000],
    [2, 700],
  ]);
});

test('pages that are only passed get nothing, and the time on the way is nobody’s', () => {
  const state = reader();
  pass(state, 0, 2_000);
  for (let page = 2; page <= 9; page++) receive(state, { kind: 'page', page }, 2_000 + page * 300);
  receive(state, { kind: 'tick' }, 5_700);
  expect([...state.totals]).toEqual([
    [1, 2_600],
    [9, 1_000],
  ]);
  expect(state.activeMs).toBe(5_700);
});

test('a glance at the next page and back leaves the page as it was', () => {
  const state = reader();
  pass(state, 0, 2_000);
  receive(state, { kind: 'page', page: 2 }, 2_000);
  receive(state, { kind: 'page', page: 1 }, 2_500);
  pass(state, 2_500, 4_500);
  expect([...state.totals]).toEqual([[1, 4_000]]);
});

test('a document counts nothing before its first page is in view', () => {
  const state = reader(null);
  pass(state, 0, 1_000);
  receive(state, { kind: 'page', page: 1 }, 1_000);
  pass(state, 1_000, 3_000);
  expect([...state.totals]).toEqual([[1, 2_000]]);
});

test('the page that was read last stands last', () => {
  const state = reader();
  pass(state, 0, 1_000);
  receive(state, { kind: 'page', page: 2 }, 1_000);
  pass(state, 1_000, 3_000);
  receive(state, { kind: 'page', page: 1 }, 3_000);
  pass(state, 3_000, 5_000);
  expect([...state.totals.keys()]).toEqual([2, 1]);
});

test('only trusted input marks a person', () => {
  const state = reader();
  receive(state, { kind: 'input', isTrusted: false }, 100);
  expect(state.hasTrustedInput).toBe(false);
  receive(state, { kind: 'input', isTrusted: true }, 200);
  expect(state.hasTrustedInput).toBe(true);
});

test('a new visit begins from nothing', () => {
  const state = reader();
  pass(state, 0, 9_000);
  restart(state);
  pass(state, 9_000, 10_000);
  expect(state.totals.get(1)).toBe(1_000);
});

test('messages are due after 5, 15 and 30 s, then every 15 s', () => {
  const due: number[] = [];
  for (let at = nextSendAt(0); at <= 60_000; at = nextSendAt(at)) due.push(at);
  expect(due).toEqual([5_000, 15_000, 30_000, 45_000, 60_000]);
});

test('whatever the signals, totals only grow and never outrun the clock', () => {
  const kinds: Signal[] = [
    { kind: 'tick' },
    { kind: 'visible', is: true },
    { kind: 'visible', is: false },
    { kind: 'focused', is: true },
    { kind: 'focused', is: false },
    { kind: 'input', isTrusted: true },
    { kind: 'page', page: 2 },
    { kind: 'page', page: 1 },
  ];
  let seed = 7;
  const random = () => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
  for (let run = 0; run < 200; run++) {
    const state = reader();
    let now = 0;
    let before = 0;
    for (let step = 0; step < 100; step++) {
      now += Math.floor(random() ** 3 * 20_000);
      receive(state, kinds[Math.floor(random() * kinds.length)] ?? { kind: 'tick' }, now);
      expect(state.activeMs).toBeGreaterThanOrEqual(before);
      expect(state.activeMs).toBeLessThanOrEqual(now);
      before = state.activeMs;
    }
    const sum = [...state.totals.values()].reduce((total, ms) => total + ms, 0);
    // What was only passed belongs to no page.
    expect(sum).toBeLessThanOrEqual(state.activeMs);
  }
});
