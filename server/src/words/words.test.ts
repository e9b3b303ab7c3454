import { describe, expect, it } from 'vitest';
import { listWords, spanWords } from './words.ts';

describe('words', () => {
  it('are found without case, accents and punctuation', () => {
    expect(listWords('Détail: “Straße”, Łódź & SØREN (v2.1)')).toEqual([
      'detail',
      'strasse',
      'lodz',
      'soren',
      'v2',
      '1',
    ]);
  });

  it('lose the tail of a contraction but keep names with an apostrophe whole in two parts', () => {
    expect(listWords("We're sure the customer’s CFO doesn't")).toEqual([
      'we',
      'sure',
      'the',
      'customer',
      'cfo',
      'doesn',
    ]);
    expect(listWords("O'Reilly")).toEqual(['o', 'reilly']);
  });

  it('are read alike with and without a space before a number', () => {
    for (const text of ['SOC2', 'SOC-2', 'soc 2']) expect(listWords(text)).toEqual(['soc', '2']);
    expect(listWords('S3 v2 k8s 3d')).toEqual(['s3', 'v2', 'k8s', '3d']);
  });

  it('of Chinese and Japanese are single characters', () => {
    expect(listWords('多集群 AI ガイド')).toEqual(['多', '集', '群', 'ai', 'カ', 'イ', 'ト']);
  });

  it('of mixed scripts end where the script does', () => {
    expect(Array.from(spanWords('データAPI多'), ({ word, start, end }) => [word, start, end])).toEqual([
      ['テ', 0, 1],
      ['ー', 1, 2],
      ['タ', 2, 3],
      ['api', 3, 6],
      ['多', 6, 7],
    ]);
  });

  it('know where they stand in the text', () => {
    const text = 'Ask the CFO’s team';
    expect(Array.from(spanWords(text), ({ start, end }) => text.slice(start, end))).toEqual([
      'Ask',
      'the',
      'CFO’s',
      'team',
    ]);
  });

  it('are read out of any text at all', () => {
    for (const text of ['', '   ', '\u0000', "'; drop table asset; --", '\\\\ :* & | ! <->', '\ud800', '½ ﬁ'])
      for (const word of listWords(text)) expect(word).toMatch(/^[\p{L}\p{N}]+$/u);
    expect(listWords('½ ﬁ')).toEqual(['1', '2', 'fi']);
  });

  it('are cut when they are keys or encoded data', () => {
    expect(listWords('a'.repeat(5000))[0]).toHaveLength(40);
  });
});
