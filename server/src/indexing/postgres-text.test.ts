import { expect, test } from 'vitest';
import { writeEnough } from './postgres-text.ts';
import { asForm } from './postgres-words.ts';

const word = (typed: string, weight: number) => ({
  typed,
  forms: [asForm(typed, 1)],
  weight,
  place: 0,
  readAs: null,
  isUnknown: false,
});
const write = ({ typed }: { typed: string }) => typed;

/** Which sets of these words meet the condition. */
function meets(condition: string | null, held: string[]): boolean {
  const answer = (condition ?? '').replace(/\w+/g, (name) => String(held.includes(name)));
  return new Function(`return Boolean(${answer.replaceAll('&', '&&').replaceAll('|', '||')})`)();
}

test('two words of the same weight have to be there both', () => {
  const condition = writeEnough([word('cfo', 2), word('closing', 2)], 0.6, write);
  expect(meets(condition, ['cfo', 'closing'])).toBe(true);
  expect(meets(condition, ['cfo'])).toBe(false);
  expect(meets(condition, ['closing'])).toBe(false);
});

test('a word that tells much is enough beside one that tells little, and not the other way round', () => {
  const condition = writeEnough([word('compare', 1), word('gitlab', 3)], 0.6, write);
  expect(meets(condition, ['gitlab'])).toBe(true);
  expect(meets(condition, ['compare'])).toBe(false);
});

test('of a sentence any words of half the weight are enough', () => {
  const words = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => word(name, 1));
  const condition = writeEnough(words, 0.5, write);
  expect(meets(condition, ['d', 'e', 'f'])).toBe(true);
  expect(meets(condition, ['a', 'c', 'e'])).toBe(true);
  expect(meets(condition, ['a', 'b'])).toBe(false);
});

test('a long text makes no long condition', () => {
  const words = Array.from({ length: 24 }, (_, index) => word(`w${index}`, 1 + index / 100));
  expect(writeEnough(words, 0.5, write)?.length).toBeLessThan(5_000);
});
