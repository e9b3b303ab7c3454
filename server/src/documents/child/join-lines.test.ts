import { expect, test } from 'vitest';
import { joinLines } from './join-lines.ts';
import { tidy } from './pdf-text.ts';

/** Lines of one run each; a hyphen at the end parts a word. */
function linesOf(...texts: string[]) {
  const place = { left: 0, top: 0, right: 0, bottom: 0, size: 10, isBold: false, isApart: false };
  return texts.map((text) => ({ runs: [{ ...place, text }], isHyphenated: text.endsWith('-') }));
}

test.each([
  [['a docu-', 'ment of two'], 'a document of two'],
  [['a self-', 'hosted tool'], 'a self-hosted tool'],
  [['matter-of-', 'fact words'], 'matter-of-fact words'],
  [['the COVID-', '19 year'], 'the COVID-19 year'],
  [['fast and cloud-', 'ready: ready for any cloud'], 'fast and cloud-ready: ready for any cloud'],
  [['one line', 'and the next'], 'one line\nand the next'],
  [['it ends with -', 'a dash'], 'it ends with -a dash'],
])('%j are joined', (lines, joined) => {
  expect(joinLines(linesOf(...lines))).toBe(joined);
});

test('runs stand apart where there is room between them', () => {
  const [line] = linesOf('Our');
  const run = line?.runs[0];
  if (!run) throw new Error('There is no run.');
  const runs = [run, { ...run, text: 'tone', isApart: true }, { ...run, text: ', always' }];
  expect(joinLines([{ runs, isHyphenated: false }])).toBe('Our tone, always');
});

test('letters that stand for several are spelt out, and half letters go', () => {
  expect(tidy('o\ufb03ce \ufb01t ½ ™')).toBe('office fit ½ ™');
  expect(tidy('a\0b\ud83d')).toBe('ab\ufffd');
});
