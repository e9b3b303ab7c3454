import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { bandsOf, overlapFrom, similarityOf } from '../similarity.ts';
import { signatureOf } from './minhash.ts';

/** Words that follow no pattern but are the same in every run. */
function words(count: number, seed: number): string[] {
  let state = seed;
  return Array.from({ length: count }, () => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return `w${(state >>> 16) % 5000}`;
  });
}

function signature(text: string): number[] {
  const found = signatureOf(text);
  if (!found) throw new Error('The text is too short.');
  return found;
}

/** The share of shingles that stand in both texts, of those that stand in either. */
const overlapOf = (one: number[], other: number[]) => overlapFrom(similarityOf(one, other));

const prose =
  'Offshelf gets marketing content off the shelf and into deals, and shows which of it works. Reps find what they need, share it, and see when a person has read it. 我们的销售内容库很好用。';

test('a signature comes out alike in every version, because it is stored', () => {
  const found = signature(prose);
  expect(found).toHaveLength(128);
  expect(found.slice(0, 4)).toEqual([40257656, 112771038, 105415734, 34288805]);
  expect(createHash('sha256').update(found.join()).digest('hex')).toBe(
    'e1b8c1caa1d9542ed90394a6dd969afe7e92e06eac3081dea9c08895d45a6724',
  );
});

test('how a text is laid out changes nothing', () => {
  expect(signature(prose.toUpperCase().replaceAll(' ', '\n  '))).toEqual(signature(prose));
  expect(signature(prose.replaceAll(',', ' –'))).toEqual(signature(prose));
  expect(signature('ﬁne '.repeat(5) + prose)).toEqual(signature('fine '.repeat(5) + prose));
});

test.each([[50], [300], [650], [1300]])(
  'a text with %i of 2,000 words changed is seen as that',
  (changed) => {
    const one = words(2000, 1);
    const other = [...words(changed, 7), ...one.slice(changed)];
    const shingles = (list: string[]) =>
      new Set(list.slice(4).map((_, at) => list.slice(at, at + 5).join(' ')));
    const [a, b] = [shingles(one), shingles(other)];
    const exact = a.intersection(b).size / a.union(b).size;
    expect(Math.abs(overlapOf(signature(one.join(' ')), signature(other.join(' '))) - exact)).toBeLessThan(
      0.12,
    );
  },
);

test('the estimate is not off to one side', () => {
  const errors = Array.from({ length: 40 }, (_, round) => {
    const one = words(600, round * 2 + 1);
    const other = [...words(200, round * 2 + 100), ...one.slice(200)];
    const exact = 396 / (596 * 2 - 396);
    return overlapOf(signature(one.join(' ')), signature(other.join(' '))) - exact;
  });
  const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
  expect(Math.abs(mean)).toBeLessThan(0.02);
});

test('texts of their own have nothing in common', () => {
  const [a, b] = [signature(words(800, 3).join(' ')), signature(words(800, 99).join(' '))];
  expect(overlapOf(a, b)).toBeLessThan(0.05);
  expect(bandsOf(a).filter((band) => bandsOf(b).includes(band))).toEqual([]);
});

test('a text without spaces is told by its characters', () => {
  const text = '销售人员需要合适的内容来推进交易并且知道客户是否真正阅读了它们而不是猜测';
  const edited = text.replace('合适的', '更好的');
  const similarity = overlapOf(signature(text), signature(edited));
  expect(similarity).toBeGreaterThan(0.4);
  expect(similarity).toBeLessThan(0.95);
});

test('a short text has no signature, and no text breaks it', () => {
  expect(signatureOf('')).toBeNull();
  expect(signatureOf(words(19, 1).join(' '))).toBeNull();
  expect(signatureOf('\ud800'.repeat(1000))).toBeNull();
  expect(signatureOf('a'.repeat(5_000_000))).toBeNull();
});

test('a long text is read fast', () => {
  const text = words(170_000, 5).join(' ');
  const started = performance.now();
  signature(text);
  expect(performance.now() - started).toBeLessThan(3000);
  const many = 'あ'.repeat(5_000_000);
  signatureOf(many);
  expect(performance.now() - started).toBeLessThan(4000);
});
