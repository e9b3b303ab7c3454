import { expect, test } from 'vitest';
import { countsSentence, proofSentence } from './privacy-words.ts';

const proof = {
  checkedAt: new Date(0),
  tableCount: 70,
  columnCount: 300,
  left: [],
  unchecked: [],
  waitingFileCount: 0,
};

test('counts are a sentence with what matters most first', () => {
  expect(countsSentence({ link_hit: 14, visit: 2, contact: 1, unheard_of: 1 })).toBe(
    '1 contact, 2 visits, 14 raw requests and 1 row of unheard_of',
  );
});

test('a proof says that nothing is left, or where', () => {
  expect(proofSentence(proof)).toBe('Nothing is left: 300 columns of 70 tables were looked through.');
  const sentence = proofSentence({ ...proof, left: [{ table: 'asset', column: 'description', count: 1 }] });
  expect(sentence).toContain('still stands in asset.description (1)');
  expect(sentence).not.toContain('Nothing is left');
});
