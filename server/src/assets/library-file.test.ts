import { describe, expect, test } from 'vitest';
import { Problem } from '../http/problem.ts';
import { normalisePath, readLibraryFile } from './library-file.ts';

const now = new Date('2026-11-22T00:00:00Z');
const read = (csv: string) => readLibraryFile(csv, now);
const faultOf = (cells: string, header = 'file,url,title,audience,review_by,published_at,status') =>
  read(`${header}\n${cells}\n`).errors[0]?.detail;

test('a row is read with its cells of several values', () => {
  const { rows, errors, notes } = read(
    '\ufefffile,title,personas,stages,region,audience,review_by\r\nfiles/a.md,"A, the ""first""",Developer; Buyer ;,,EMEA,external,2027-01-31\r\n',
  );
  expect(errors).toEqual([]);
  expect(notes).toEqual([]);
  expect(rows).toEqual([
    expect.objectContaining({
      line: 2,
      importKey: 'files/a.md',
      title: 'A, the "first"',
      audience: 'external',
      reviewOn: '2027-01-31',
      terms: { persona: ['Developer', 'Buyer'], stage: [], region: ['EMEA'] },
    }),
  ]);
  expect(rows[0]?.description).toBeUndefined();
});

test('lines are counted as an editor counts them', () => {
  const { rows, errors } = read('file,title,description\na.md,A,"two\nlines"\n\nb.md,B,x\n,C,x\n');
  expect(rows.map((row) => row.line)).toEqual([2, 5]);
  expect(errors).toEqual([
    { line: 6, title: 'C', detail: expect.stringContaining('neither a file nor a url') },
  ]);
});

describe('a row is refused', () => {
  test.each([
    ['a.md,,,,,,', 'The title is missing.'],
    ['a.md,https://x.example,A,,,,', 'both a file and a url'],
    [',,A,,,,', 'neither a file nor a url'],
    [',javascript:alert(1),A,,,,', 'not a web address'],
    ['a.md,,A,everybody,,,', 'The audience “everybody” is not known.'],
    ['a.md,,A,,31.12.2026,,', 'review_by “31.12.2026” is not a date'],
    ['a.md,,A,,2026-02-30,,', 'review_by “2026-02-30” is not a date'],
    ['a.md,,A,,,soon,', 'published_at “soon” is not a date'],
    ['a.md,,A,,,2027-01-01,', 'is in the future'],
    ['a.md,,A,,,,live', 'The status “live” is not known.'],
    [`a.md,,${'x'.repeat(201)},,,,`, 'longer than 200 characters'],
    ['a.md,,Gr\ufffdn,,,,', 'Save library.csv as UTF-8'],
    ['a.md,,A, B,,,,,', '9 cells for 7 columns'],
  ])('%s', (cells, sentence) => {
    expect(faultOf(cells)).toContain(sentence);
  });

  test('with all its faults at once', () => {
    expect(faultOf('a.md,,,nobody,never,,')).toMatch(/title is missing.*audience.*review_by/);
  });

  test('when an earlier line has the same file', () => {
    const { rows, errors } = read('file,title\nu\u0308.md,A\n./ü.md,B\n');
    expect(rows).toHaveLength(1);
    expect(errors[0]).toEqual({
      line: 3,
      title: 'B',
      detail: expect.stringContaining('Line 2 has the same file'),
    });
  });
});

describe('a file is refused', () => {
  test.each([
    ['', 'is empty'],
    ['file,title\n', 'no rows'],
    ['file,description\na.md,x\n', 'no column “title”'],
    ['title\nA\n', 'neither a column “file” nor a column “url”'],
    ['file;title\na.md;A\n', 'separated by semicolons'],
    ['file,title,title\na.md,A,B\n', 'there twice'],
    ['file,title\na.md,"A\nb.md,B\n', 'library.csv, line'],
    ['file,title\na.md,A "quoted" word\nb.md,"B" x\n', 'library.csv, line 2'],
  ])('%j', (csv, sentence) => {
    expect(() => read(csv)).toThrow(Problem);
    expect(() => read(csv)).toThrow(sentence);
  });
});

test('columns that are not known are named', () => {
  expect(read('file,title,mood\na.md,A,good\n').notes).toEqual([
    'A column is not known and left out: “mood”.',
  ]);
});

test('paths are compared whatever system wrote them', () => {
  expect(normalisePath('.\\files\\u\u0308ber.md')).toBe('files/über.md');
  expect(normalisePath('/files/a.md')).toBe('files/a.md');
});
