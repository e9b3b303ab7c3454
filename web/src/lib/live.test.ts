import { expect, test } from 'vitest';
import { paceOfWork, workIn } from './live.ts';

const card = (
  id: string,
  renditionState: 'queued' | 'running' | 'done' | 'failed',
  hasThumbnail = false,
) => ({
  id,
  renditionState,
  hasThumbnail,
});

test('a list is asked again while work goes on in it, and more seldom when nothing changes', () => {
  const query = { queryHash: 'list', state: { dataUpdatedAt: 1 } };
  expect(paceOfWork(query, 'a')).toBe(2000);
  expect(paceOfWork(query, 'a')).toBe(2000);
  query.state.dataUpdatedAt = 2;
  const slower = paceOfWork(query, 'a');
  expect(slower).toBeGreaterThan(2000);
  for (let at = 3; at < 40; at += 1) {
    query.state.dataUpdatedAt = at;
    paceOfWork(query, 'a');
  }
  expect(paceOfWork(query, 'a')).toBe(20_000);
  query.state.dataUpdatedAt = 41;
  expect(paceOfWork(query, 'b')).toBe(2000);
  expect(paceOfWork(query, null)).toBe(false);
});

test('the mark of a list says what is open in it, and nothing when all is done', () => {
  expect(workIn([card('a', 'done', true), card('b', 'failed')])).toBe(null);
  const running = [card('a', 'done', true), card('b', 'running')];
  const withPicture = [card('a', 'done', true), card('b', 'running', true)];
  expect(workIn(running)).not.toBe(null);
  expect(workIn(running)).not.toBe(workIn(withPicture));
});
