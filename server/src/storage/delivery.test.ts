import { describe, expect, test } from 'vitest';
import { contentDisposition, parseRange } from './delivery.ts';

describe('a Range header', () => {
  test.each([
    ['bytes=0-', { start: 0, end: 99 }],
    ['bytes=10-19', { start: 10, end: 19 }],
    ['Bytes = 10 - 19 ', { start: 10, end: 19 }],
    ['bytes=99-', { start: 99, end: 99 }],
    ['bytes=90-5000', { start: 90, end: 99 }],
    ['bytes=-1', { start: 99, end: 99 }],
    ['bytes=-30', { start: 70, end: 99 }],
    ['bytes=-5000', { start: 0, end: 99 }],
  ])('"%s" of 100 bytes is a part', (header, range) => {
    expect(parseRange(header, 100)).toEqual(range);
  });

  test.each([undefined, '', 'items=0-5', 'bytes=', 'bytes=0-1,5-9', 'nonsense'])(
    '"%s" gets the whole blob',
    (header) => {
      expect(parseRange(header, 100)).toBe('whole');
    },
  );

  test.each([
    'bytes=100-',
    'bytes=100-200',
    'bytes=9-5',
    'bytes=-',
    'bytes=-0',
    'bytes=a-b',
    'bytes=1-2-3',
    'bytes=--5',
    'bytes=99999999999999999999999-',
  ])('"%s" of 100 bytes can not be satisfied', (header) => {
    expect(parseRange(header, 100)).toBe('unsatisfiable');
  });

  test('no part of an empty blob can be satisfied', () => {
    expect(parseRange('bytes=0-', 0)).toBe('unsatisfiable');
    expect(parseRange('bytes=-5', 0)).toBe('unsatisfiable');
    expect(parseRange(undefined, 0)).toBe('whole');
  });
});

describe('a file name in Content-Disposition', () => {
  test('is kept in full for browsers of today and in ASCII for the rest', () => {
    expect(contentDisposition('attachment', 'Preisübersicht 50%.pdf')).toBe(
      `attachment; filename="Preis_bersicht 50_.pdf"; filename*=UTF-8''Preis%C3%BCbersicht%2050%25.pdf`,
    );
  });

  test('can not end the header or add to it', () => {
    const value = contentDisposition('inline', 'a"; x="y\r\nSet-Cookie: b\\.pdf\u{d800}\'()');
    expect(value).not.toMatch(/[\r\n]/);
    expect(value.match(/"/g)).toHaveLength(2);
    expect(value).toMatch(
      /^inline; filename="a_; x=_y {2}Set-Cookie: b_\.pdf_'\(\)"; filename\*=UTF-8''[\w%.\-~!]+$/,
    );
  });
});
