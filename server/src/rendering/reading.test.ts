import { expect, test } from 'vitest';
import { expectedReadingMs, isRead } from './reading.ts';

test('238 words take a minute, a page without text six seconds', () => {
  expect(expectedReadingMs(238)).toBe(60_000);
  expect(expectedReadingMs(0)).toBe(6_000);
});

test('a page is read from 15% of the expected time on, but not before three seconds', () => {
  expect(isRead(8_999, 238)).toBe(false);
  expect(isRead(9_000, 238)).toBe(true);
  expect(isRead(2_999, 10)).toBe(false);
  expect(isRead(3_000, 10)).toBe(true);
  expect(isRead(3_000, 0)).toBe(true);
});
