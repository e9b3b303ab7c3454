import { expect, test } from 'vitest';
import { bandsOf } from '../documents/similarity.ts';
import { findClusters, haveSameName } from './similar.ts';

let state = 11;
const random = () => {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return state;
};
const newSignature = () => Array.from({ length: 128 }, random);
const changed = (signature: number[], places: number) =>
  signature.map((value, place) => (place < places ? random() : value));

function cluster(signatures: number[][]) {
  const rows = signatures.map((_, index) => ({
    assetId: `asset ${index.toString()}`,
    sourceKey: `file ${index.toString()}`,
    renditionId: index.toString(),
  }));
  let readCount = 0;
  const signatureOf = (id: string) => signatures[Number(id)] ?? [];
  return findClusters(rows, {
    bands: async (ids) => ids.map((id) => [id, bandsOf(signatureOf(id))]),
    signatures: async (ids) => {
      readCount += ids.length;
      return ids.map((id) => [id, signatureOf(id)]);
    },
  }).then((clusters) => ({ clusters, readCount }));
}

test('a chain of small changes is one group, and its weakest link is told', async () => {
  const first = newSignature();
  const second = changed(first, 30);
  const third = second.map((value, place) => (place >= 98 ? random() : value));
  const { clusters } = await cluster([first, newSignature(), second, third]);
  expect(clusters).toHaveLength(1);
  expect(clusters[0]?.assetIds.toSorted()).toEqual(['asset 0', 'asset 2', 'asset 3']);
  expect(clusters[0]?.similarity).toBeCloseTo((2 * (98 / 128)) / (1 + 98 / 128));
});

test('signatures of texts that share nothing are not even read', async () => {
  const { clusters, readCount } = await cluster(Array.from({ length: 500 }, newSignature));
  expect(clusters).toEqual([]);
  expect(readCount).toBeLessThan(10);
});

test('thousands of copies are one group', async () => {
  const one = newSignature();
  const { clusters } = await cluster(Array.from({ length: 3000 }, () => changed(one, 6)));
  expect(clusters.map(({ assetIds }) => assetIds.length)).toEqual([3000]);
});

test.each([
  ['Price list (v3 FINAL).docx', 'Price list 2026', true],
  ['dispatch-rules_v3.md', 'Dispatch rules', true],
  ['Prices.xlsx', 'Price.xlsx', true],
  ['Price list.docx', 'Security answers', false],
  ['Price list Germany.docx', 'Price list', true],
  ['2026.pdf', '2025.pdf', false],
  ['', 'Price list', false],
  ['会社概要 v2.pdf', '会社概要', true],
])('the names %s and %s are nearly the same: %s', (one, other, expected) => {
  expect(haveSameName(one, other)).toBe(expected);
});
