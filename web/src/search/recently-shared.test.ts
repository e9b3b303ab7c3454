import { expect, test } from 'vitest';
import type { MyLink } from '../analytics/api.ts';
import { becameOf } from './recently-shared.tsx';

const link = (facts: object, state = 'active') =>
  ({
    shareLink: { state },
    humanOpens: { value: 0, low: 0, high: 0, hiddenCount: 3 },
    readPageCount: 0,
    pageCount: 12,
    ...facts,
  }) as unknown as MyLink;

test('what became of a share link is said in the fewest words, and machines are not people', () => {
  const opened = { value: 1, low: 0, high: 1, hiddenCount: 0 };
  expect(becameOf(link({})).words).toBe('Not opened yet');
  expect(becameOf(link({ humanOpens: { ...opened, value: 0 } })).words).toBe('Perhaps opened');
  expect(becameOf(link({ humanOpens: opened })).words).toBe('Opened, not read');
  expect(becameOf(link({ humanOpens: opened, readPageCount: 4 }))).toEqual({
    words: '4 of 12 pages read',
    isRead: true,
  });
  expect(becameOf(link({ humanOpens: opened, readPageCount: 1, pageCount: 1 })).words).toBe('Read');
  expect(becameOf(link({}, 'revoked')).words).toBe('Revoked');
  expect(becameOf(link({ readPageCount: 2 }, 'revoked')).words).toBe('2 of 12 pages read');
  expect(becameOf(link({}, 'expired')).words).toBe('Expired unopened');
});
