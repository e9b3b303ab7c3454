import { describe, expect, it } from 'vitest';
import { cutPassage, markExcerpt, markText } from './snippet.ts';

const looksFor =
  (...words: string[]) =>
  (word: string) => {
    const index = words.indexOf(word);
    return index === -1 ? undefined : index;
  };

describe('a marked text', () => {
  it('keeps every character and marks what was searched for', () => {
    const parts = markText('Détails about the price, again: PRICE.', looksFor('details', 'price'));
    expect(parts.map((part) => part.text).join('')).toBe('Détails about the price, again: PRICE.');
    expect(parts.filter((part) => part.isMatch).map((part) => part.text)).toEqual([
      'Détails',
      'price',
      'PRICE',
    ]);
  });

  it('without a match is one plain part', () => {
    expect(markText('Nothing here', looksFor('price'))).toEqual([{ text: 'Nothing here', isMatch: false }]);
    expect(markText('', looksFor('price'))).toEqual([{ text: '', isMatch: false }]);
  });
});

describe('an excerpt', () => {
  it('is the sentence that holds most of the words', () => {
    const text = 'The price is fixed. The CFO asks about the price. Nobody else does.';
    expect(
      markExcerpt([text], looksFor('cfo', 'price'))
        ?.snippet.map((part) => part.text)
        .join(''),
    ).toBe('The CFO asks about the price.');
  });

  it('is missing when no sentence holds a word', () => {
    expect(markExcerpt(['One sentence.', ''], looksFor('price'))).toBeNull();
  });

  it('of a long sentence is short and shows the match', () => {
    const text = `${'word '.repeat(300)}price ${'word '.repeat(300)}`;
    const excerpt = markExcerpt([text], looksFor('price'));
    expect(excerpt?.snippet.some((part) => part.isMatch)).toBe(true);
    expect(excerpt?.snippet.map((part) => part.text).join('').length).toBeLessThan(225);
  });

  it('of text without a space does not run away', () => {
    const excerpt = markExcerpt([`${'あ'.repeat(1000)}価${'い'.repeat(1000)}`], looksFor('価'));
    expect(excerpt?.snippet.some((part) => part.isMatch)).toBe(true);
  });
});

describe('a passage', () => {
  const filler = 'nothing of interest stands here at all. '.repeat(60);

  it('is where most of the words come together', () => {
    const text = `${filler}The price. ${filler}The CFO asks about the price. ${filler}`;
    const passage = cutPassage(text, [['cfo'], ['price', 'pric']]);
    expect(passage).toContain('The CFO asks about the price.');
    expect(passage.length).toBeLessThanOrEqual(600);
  });

  it('is not where a word is only part of another', () => {
    const text = `${filler}A block of clocks. ${filler}Under lock and key. ${filler}`;
    expect(cutPassage(text, [['lock']])).toContain('lock and key');
  });

  it('joins lines that were broken to fit, and no others', () => {
    expect(cutPassage('one thought that\ngoes on\nNext point', [])).toBe(
      'one thought that goes on\nNext point',
    );
  });
});
