import { expect, test } from 'vitest';
import type { MyLink } from '../analytics/api.ts';
import { filterLinks, opensExplained, opensWords } from './outcome-words.ts';

const opens = (value: number, low: number, high: number, hiddenCount = 0) => ({
  value,
  low,
  high,
  hiddenCount,
});

test('doubt is said in words where the numbers are small', () => {
  expect(opensWords(opens(0, 0, 0))).toBe('None');
  expect(opensWords(opens(0, 0, 1))).toBe('None, perhaps 1');
  expect(opensWords(opens(0, 0, 3))).toBe('None, perhaps 3');
  expect(opensWords(opens(1, 0, 1))).toBe('Probably 1');
  expect(opensWords(opens(2, 2, 2))).toBe('2');
  expect(opensWords(opens(2, 1, 3))).toBe('2, 1–3');
  expect(opensExplained(opens(2, 1, 3, 4))).toBe(
    'Visits: 2 judged to be a person’s; between 1 and 3 is likely (90%). 4 automated or your own company’s, not counted.',
  );
});

function link(id: string, state: 'active' | 'expired' | 'revoked', value: number, readAt?: string): MyLink {
  return {
    shareLink: { id, state } as MyLink['shareLink'],
    humanOpens: opens(value, value, value),
    readPageCount: readAt ? 1 : 0,
    pageCount: 1,
    activeMs: 0,
    lastHumanAt: readAt ? new Date(readAt) : null,
    latestClass: null,
  };
}

test('those who read last come first to follow up, and what was taken back is not waited for', () => {
  const links = [
    link('a', 'active', 1, '2026-11-01'),
    link('b', 'expired', 2, '2026-11-20'),
    link('c', 'active', 0),
    link('d', 'revoked', 0),
    link('e', 'expired', 0),
  ];
  const ids = (filter: Parameters<typeof filterLinks>[1]) =>
    filterLinks(links, filter).map((item) => item.shareLink.id);
  expect(ids('follow-up')).toEqual(['b', 'a']);
  expect(ids('not-opened')).toEqual(['c', 'e']);
  expect(ids('expired')).toEqual(['b', 'e']);
  expect(ids(undefined)).toHaveLength(5);
});
