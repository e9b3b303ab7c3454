import { expect, test } from 'vitest';
import { countWords } from './words.ts';

test('words are counted in scripts without spaces too', () => {
  expect(countWords('Three small words.')).toBe(3);
  expect(countWords('今日は良い天気です')).toBeGreaterThan(2);
  expect(countWords(' \n--- ')).toBe(0);
});
