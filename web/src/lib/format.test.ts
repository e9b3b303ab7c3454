import { describe, expect, test } from 'vitest';
import {
  formatBytes,
  formatCalendarDay,
  formatClock,
  formatDuration,
  formatFileType,
  formatLanguage,
  formatList,
  formatMoney,
  formatPercent,
  formatRelative,
  initials,
  plural,
} from './format.ts';

describe('numbers', () => {
  test('a share that is not quite none or all does not round to it', () => {
    expect([0, 0.001, 0.724, 0.999, 1].map(formatPercent)).toEqual([
      '0%',
      'under 1%',
      '72%',
      'over 99%',
      '100%',
    ]);
  });

  test('money has its currency and no cents; what is no currency stands as it is', () => {
    expect([formatMoney(240_000, 'EUR'), formatMoney(1499.5, 'USD'), formatMoney(10, 'euros')]).toEqual([
      '€240,000',
      'US$1,500',
      'euros 10',
    ]);
  });

  test('one is singular, everything else plural', () => {
    expect([0, 1, 2, 1200].map((count) => plural(count, 'asset'))).toEqual([
      '0 assets',
      '1 asset',
      '2 assets',
      '1,200 assets',
    ]);
    expect(plural(2, 'match', 'matches')).toBe('2 matches');
  });

  test('sizes grow a unit before they show four digits', () => {
    expect([0, 1, 1023, 1024, 1536, 1_048_575, 2_147_483_648].map(formatBytes)).toEqual([
      '0 bytes',
      '1 byte',
      '1,023 bytes',
      '1 kB',
      '1.5 kB',
      '1 MB',
      '2 GB',
    ]);
  });

  test('active time is read in two units at most', () => {
    expect([400, 8_000, 60_000, 80_000, 3_600_000, 3_900_000].map(formatDuration)).toEqual([
      '0 s',
      '8 s',
      '1 min',
      '1 min 20 s',
      '1 h',
      '1 h 5 min',
    ]);
  });
});

describe('times', () => {
  const now = new Date('2026-11-22T12:00:00Z');
  const ago = (ms: number) => formatRelative(new Date(now.getTime() - ms), now);

  test('the past is told in the unit that a person would use', () => {
    expect(
      [0, 60_000, 7_200_000, 86_400_000, 5 * 86_400_000, 21 * 86_400_000, 90 * 86_400_000].map(ago),
    ).toEqual([
      'just now',
      '1 minute ago',
      '2 hours ago',
      'yesterday',
      '5 days ago',
      '3 weeks ago',
      '3 months ago',
    ]);
  });

  test('the future is told likewise', () => {
    expect(ago(-86_400_000)).toBe('tomorrow');
    expect(ago(-3 * 3_600_000)).toBe('in 3 hours');
  });

  test('59 minutes and a half do not read as 60 minutes', () => {
    expect(ago(59.6 * 60_000)).toBe('1 hour ago');
  });

  test('a calendar day is the same day in every time zone', () => {
    expect(formatCalendarDay('2026-11-01')).toBe('1 Nov 2026');
  });
});

describe('names', () => {
  test('a file is named by its extension, else by its media type', () => {
    expect(formatFileType('application/pdf', 'A.b.Pdf')).toBe('PDF');
    expect(formatFileType('text/markdown', null)).toBe('MD');
    expect(formatFileType('application/zip', null)).toBe('ZIP');
    expect(formatFileType('application/octet-stream', 'no extension')).toBe('FILE');
    expect(formatFileType('application/vnd.ms-word.document.macroenabled.12', null)).toBe('FILE');
  });

  test('initials take the first and the last name', () => {
    expect(['Anna Maria Ross', 'Cher', ' ', 'Émile Zola'].map(initials)).toEqual(['AR', 'C', '?', 'ÉZ']);
  });

  test('lists read as sentences do', () => {
    expect(formatList(['a', 'b', 'c'])).toBe('a, b and c');
  });
});

test('the length of a video reads like the clock of a player', () => {
  expect([0, 8_400, 151_000, 3_725_000].map(formatClock)).toEqual(['0:00', '0:08', '2:31', '1:02:05']);
});

test('a language has its name, and what is no language has none', () => {
  expect(['de', 'ja', null, 'not a code'].map(formatLanguage)).toEqual([
    'German',
    'Japanese',
    undefined,
    undefined,
  ]);
});
