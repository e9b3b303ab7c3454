import { expect, test } from 'vitest';
import { encodeCsv } from './csv.ts';

test('a text with commas, quotes or lines stays one cell', () => {
  expect(encodeCsv([['a,b', 'say "hi"', 'two\nlines', 3]])).toBe('"a,b","say ""hi""","two\nlines",3');
});

test('a title never becomes a formula', () => {
  expect(encodeCsv([['=HYPERLINK("x")'], ['+1'], ['@a'], ['-b']])).toBe(
    `"'=HYPERLINK(""x"")"\r\n'+1\r\n'@a\r\n'-b`,
  );
});
