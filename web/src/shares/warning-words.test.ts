import { expect, test } from 'vitest';
import { qrPath, richLinkHtml } from './rich-link.ts';
import { warningWords } from './warning-words.ts';

const now = new Date('2026-11-22T12:00:00Z');
const sentBefore = {
  kind: 'sent_before' as const,
  scope: 'person' as const,
  recipientName: 'Jane Doe',
  accountId: null,
  accountName: 'Northwind',
  byName: 'Cora',
  isOwn: false,
  sentAt: new Date('2026-11-16T12:00:00Z'),
  readPageCount: null,
  pageCount: null,
  lastOpenedAt: null,
};

test('who sent it, when and what was read are said in a sentence', () => {
  expect(warningWords(sentBefore, now)).toMatchObject({
    title: 'Cora sent this to Jane Doe 6 days ago',
    detail: 'No person has opened it yet.',
    tone: 'look',
  });
  const read = {
    ...sentBefore,
    readPageCount: 3,
    pageCount: 12,
    lastOpenedAt: new Date('2026-11-20T12:00:00Z'),
  };
  expect(warningWords({ ...read, isOwn: true, scope: 'account' }, now)).toMatchObject({
    title: 'You sent this to Jane Doe at Northwind 6 days ago',
    detail: '3 of 12 pages were read, last opened 2 days ago.',
    tone: 'plain',
  });
  expect(warningWords({ ...read, readPageCount: 0 }, now).detail).toMatch(/^It was opened and not read/);
});

test('what goes on the clipboard is a picture and a title that lead to the page, whatever the title says', () => {
  const html = richLinkHtml({
    title: '<b>"A" & B</b>',
    url: 'https://share.example.com/s/abc',
    facts: '12 pages',
    picture: 'data:image/jpeg;base64,AAAA',
  });
  expect(html).toContain('<img src="data:image/jpeg;base64,AAAA"');
  expect(html).toContain('&lt;b&gt;&quot;A&quot; &amp; B&lt;/b&gt;');
  expect(html.match(/href="https:\/\/share\.example\.com\/s\/abc"/g)).toHaveLength(2);
  expect(richLinkHtml({ title: 'A', url: 'https://x.example', facts: '', picture: null })).not.toContain(
    '<img',
  );
});

test('a QR code is a square of squares with a quiet border', () => {
  const { path, size } = qrPath('https://share.example.com/s/abcdefghijklmnopqrstuvwxyz012345');
  expect(size).toBeGreaterThan(30);
  const places = [...path.matchAll(/M(\d+) (\d+)h/g)].flatMap(([, x, y]) => [Number(x), Number(y)]);
  expect(places.length).toBeGreaterThan(400);
  expect(Math.min(...places)).toBe(4);
  expect(Math.max(...places)).toBe(size - 5);
});
