import { afterEach, expect, test, vi } from 'vitest';
import { encodeCsv } from '../lib/csv.ts';
import type { Reach } from './api.ts';
import { rungCsv } from './csv.ts';

afterEach(() => vi.unstubAllGlobals());

test('a text with commas, quotes or lines stays one cell', () => {
  expect(encodeCsv([['a,b', 'say "hi"', 'two\nlines', 3]])).toBe('"a,b","say ""hi""","two\nlines",3');
});

test('a title never becomes a formula', () => {
  expect(encodeCsv([['=HYPERLINK("x")'], ['+1'], ['@a'], ['-b']])).toBe(
    `"'=HYPERLINK(""x"")"\r\n'+1\r\n'@a\r\n'-b`,
  );
  expect(encodeCsv([['\t=1'], ['＝1+1'], [-3]])).toBe("'\t=1\r\n'＝1+1\r\n-3");
});

test('a table says when and over which days it was counted, and what its numbers mean', () => {
  const days = (firstDay: string, lastDay: string) => ({
    firstDay,
    lastDay,
    start: new Date(`${firstDay}T00:00:00Z`),
    end: new Date(`${lastDay}T23:59:59Z`),
  });
  const report: Reach = {
    asOf: new Date('2026-11-22T09:00:00Z'),
    window: days('2026-08-25', '2026-11-22'),
    before: days('2026-05-27', '2026-08-24'),
    recordingSince: null,
    unusedRate: { current: { value: 0.5, part: 2, n: 4 }, previous: { value: null, part: 0, n: 0 } },
    ladder: [],
    notYetEligibleCount: 0,
    nextEligibleAt: null,
    staleCount: 0,
  };
  vi.stubGlobal('window', { location: { origin: 'https://offshelf.example' } });
  const asset = {
    assetId: 'ast_0000000000',
    title: 'Price sheet',
    contentType: null,
    personas: ['CFO', 'CISO'],
    stages: [],
    ownerName: null,
    isStale: false,
    publishedAt: new Date('2026-01-05T00:00:00Z'),
    shareCount: 3,
    humanOpenCount: 0,
    lastUsedOn: null,
    advice: 'brief' as const,
    says: 'Brief the reps',
  };
  const lines = rungCsv(
    report,
    'opened',
    [asset],
    [{ key: 'usage_ladder', name: 'Usage ladder', definition: 'How far.', unit: 'assets', minimumN: 0 }],
  ).split('\r\n');
  expect(lines).toContain('Window,"2026-08-25 to 2026-11-22, 90 days"');
  expect(lines).toContain('Usage ladder,How far.');
  expect(lines[0]).toMatch(/^Asset,How far it got,/);
  expect(lines).toContain('As of,2026-11-22T09:00:00.000Z');
  expect(lines[1]).toMatch(
    /^Price sheet,.*,Brief the reps,,CFO; CISO,,,no,2026-01-05,3,0,,https:\/\/offshelf\.example\/assets\/ast_0000000000$/,
  );
});
