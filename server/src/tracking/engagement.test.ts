import { expect, test } from 'vitest';
import { type CheckedBeat, checkBeat, toColumns } from './engagement.ts';

const startedAt = 1_000_000;
const assetVersionId = 'ver_0000000001';
const grant = { visitId: 'vis_0000000001', assetVersionId, startedAt, pageCount: 3 };

function beat(pages: { page: number; activeMs: number }[], ageMs = 0, watched: [number, number][] = []) {
  return { visitToken: 'token', tabKey: 'tabtab01', pages, watched, hasTrustedInput: false, ageMs };
}

function checked(known: Partial<CheckedBeat> = {}): CheckedBeat {
  return {
    visitId: 'vis_0000000001',
    assetVersionId,
    tabKey: 'tabtab01',
    activeAt: startedAt,
    hasTrustedInput: false,
    number: null,
    pages: [],
    watched: [],
    ...known,
  };
}

test('what is true passes as it is', () => {
  const pages = [
    { page: 1, activeMs: 20_000 },
    { page: 3, activeMs: 9_000 },
  ];
  expect(checkBeat(beat(pages), grant, startedAt + 30_000)?.pages).toEqual(pages);
});

test('a beat has a number that as many can have been sent by then, or none', () => {
  const numberOf = (number: number, passedMs: number) =>
    checkBeat({ ...beat([]), number }, grant, startedAt + passedMs)?.number;
  expect(numberOf(4, 0)).toBe(4);
  expect(numberOf(90, 60_000)).toBe(90);
  expect(numberOf(60_000, 60_000)).toBeNull();
  expect(checkBeat(beat([]), grant, startedAt)?.number).toBeNull();
});

test('pages together get no more than the time that has passed, and five seconds', () => {
  const pages = [
    { page: 1, activeMs: 20_000 },
    { page: 2, activeMs: 20_000 },
    { page: 3, activeMs: 20_000 },
  ];
  const granted = checkBeat(beat(pages), grant, startedAt + 30_000)?.pages.map(({ activeMs }) => activeMs);
  expect(granted).toEqual([20_000, 15_000, 0]);
});

test('a clock that is behind the start of the visit grants the slack only', () => {
  expect(checkBeat(beat([{ page: 1, activeMs: 60_000 }]), grant, startedAt - 3_600_000)?.pages).toEqual([
    { page: 1, activeMs: 5_000 },
  ]);
});

test('a page past the end is no page', () => {
  expect(checkBeat(beat([{ page: 4, activeMs: 1 }]), grant, startedAt)).toBeUndefined();
});

test('the age of a message places its activity, but never before the visit', () => {
  const now = startedAt + 3_600_000;
  expect(checkBeat(beat([], 600_000), grant, now)?.activeAt).toBe(now - 600_000);
  expect(checkBeat(beat([], 86_000_000), grant, now)?.activeAt).toBe(startedAt);
});

test('beats of one batch become one row per visit and one per page of a tab', () => {
  const columns = toColumns([
    checked({ pages: [{ page: 1, activeMs: 500 }], activeAt: startedAt + 5 }),
    checked({ pages: [{ page: 1, activeMs: 900 }], hasTrustedInput: true }),
    checked({ pages: [{ page: 1, activeMs: 700 }], activeAt: startedAt + 9, number: 2 }),
    checked({ pages: [{ page: 1, activeMs: 300 }], tabKey: 'tabtab02' }),
    checked({ visitId: 'vis_0000000002' }),
  ]);
  const at = (milliseconds: number) => new Date(startedAt + milliseconds).toISOString();
  expect(columns).toEqual({
    visitIds: '{vis_0000000001,vis_0000000002}',
    activeFrom: `{${at(0)},${at(0)}}`,
    activeTo: `{${at(9)},${at(0)}}`,
    trusted: '{t,f}',
    numbers: '{"{[46813519347714,46813519347715)}","{}"}',
    pageVisitIds: '{vis_0000000001,vis_0000000001}',
    tabKeys: '{tabtab01,tabtab02}',
    pageVersionIds: '{ver_0000000001,ver_0000000001}',
    pageNumbers: '{1,1}',
    activeMs: '{900,300}',
    watched: null,
  });
});

test('what was played has a length, and no more of it than fits into the time at the fastest playback', () => {
  const now = startedAt + 5_000;
  const told: [number, number][] = [
    [5, 5],
    [9, 3],
    [0, 60],
    [100, 200],
    [300, 400],
  ];
  expect(checkBeat(beat([], 0, told), grant, now)?.watched).toEqual([
    [0, 60],
    [100, 200],
  ]);
  expect(checkBeat(beat([], 0, told), { ...grant, assetVersionId: null }, now)?.watched).toEqual([]);
});

test('order and repetition in a batch change nothing', () => {
  const beats = [100, 900, 400].map((activeMs) => checked({ pages: [{ page: 2, activeMs }] }));
  expect(toColumns([...beats, ...beats].toReversed())).toEqual(toColumns(beats));
});
