import { expect, test } from 'vitest';
import { parseArray, toParameter, valueTypes } from './values.ts';

const text = (literal: string) => parseArray(literal, (item) => item);

test('arrays are read with everything that can be in an item', () => {
  expect(text('{}')).toEqual([]);
  expect(text('{a,NULL,"NULL","",b c}')).toEqual(['a', null, 'NULL', '', 'b c']);
  expect(text('{"say \\"hi\\"","back\\\\slash","a,b","{x}","two\nlines"}')).toEqual([
    'say "hi"',
    'back\\slash',
    'a,b',
    '{x}',
    'two\nlines',
  ]);
  expect(parseArray('{{1,2},{3,4}}', Number)).toEqual([
    [1, 2],
    [3, 4],
  ]);
});

test('an array comes back as it was written', () => {
  const items = [
    'plain',
    '',
    'NULL',
    'null',
    'q"uote',
    'back\\slash',
    '{brace}',
    'comma,',
    ' space ',
    'ünï\n',
  ];
  expect(text(`${toParameter(items)}`)).toEqual(items);
});

test('a bigint is a number as long as a number can hold it', () => {
  expect(valueTypes.bigint.parse('9007199254740991')).toBe(Number.MAX_SAFE_INTEGER);
  expect(() => valueTypes.bigint.parse('9007199254740993')).toThrow('too large for a JavaScript number');
});

test('a day stays a day', () => {
  expect(valueTypes.day.parse('2026-11-22')).toBe('2026-11-22');
  expect(valueTypes.day.serialize(toParameter(new Date('2026-11-22T23:30:00Z')))).toBe('2026-11-22');
});
