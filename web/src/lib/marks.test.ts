import { expect, test } from 'vitest';
import { cutAtStretches, findStretches, holds, markedWords } from './marks.ts';

function marked(texts: string[], words: string[], as: 'typed' | 'words' = 'words'): string[] {
  const found = findStretches(texts, { words, as });
  return texts.map((text, index) =>
    cutAtStretches(text, found[index] ?? [])
      .map(({ text: part, match }) => (match === null ? part : `[${match.toString()}:${part}]`))
      .join(''),
  );
}

test('words are found whatever their capitals and accents', () => {
  expect(marked(['The Résumé of ACME'], ['resume', 'acme'])).toEqual(['The [0:Résumé] of [1:ACME]']);
});

test('a phrase is found over the runs of a page', () => {
  expect(marked(['What about vendor', 'lock-in then?'], ['vendor lock-in'])).toEqual([
    'What about [0:vendor]',
    '[0:lock-in] then?',
  ]);
});

test('a word is no part of another one, but stands in other forms, too', () => {
  expect(marked(['pricing in detail'], ['in'])).toEqual(['pricing [0:in] detail']);
  expect(marked(['At rest, restricted: the rests'], ['rest'])).toEqual([
    'At [0:rest], restricted: the [1:rests]',
  ]);
  expect(marked(['pricing in detail'], ['in'], 'typed')).toEqual(['pric[0:in]g [1:in] detail']);
});

test('signs are meant as they are, and text without spaces is found inside', () => {
  expect(marked(['C++ (not C)'], ['c++'])).toEqual(['[0:C++] (not C)']);
  expect(marked(['価格表について'], ['価格'])).toEqual(['[0:価格]表について']);
  expect(marked(['👍 yes 👍'], ['yes'])).toEqual(['👍 [0:yes] 👍']);
  expect(marked(['ﬁle and ﬁne'], ['file'])).toEqual(['[0:ﬁle] and ﬁne']);
});

test('nothing is marked for nothing', () => {
  expect(marked(['abc'], [' ', ''])).toEqual(['abc']);
  expect(markedWords(null).words).toEqual([]);
  expect(
    markedWords([
      { text: 'Price', isMatch: true },
      { text: ' of ', isMatch: false },
      { text: 'price', isMatch: true },
    ]),
  ).toEqual({ words: ['price'], as: 'words' });
});

test('a text holds a phrase or does not', () => {
  expect(holds('Our data\nresidency promise', 'Data residency')).toBe(true);
  expect(holds('Our residency', 'data residency')).toBe(false);
});
