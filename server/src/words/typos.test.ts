import { describe, expect, it } from 'vitest';
import { allowedEdits, editDistance } from './typos.ts';

describe('misspellings', () => {
  it('are counted in letters put in, left out, replaced or swapped', () => {
    expect(editDistance('security', 'security')).toBe(0);
    expect(editDistance('secruity', 'security')).toBe(1);
    expect(editDistance('securty', 'security')).toBe(1);
    expect(editDistance('sekurty', 'security')).toBe(2);
    expect(editDistance('', 'abc')).toBe(3);
  });

  it('are not guessed for short words', () => {
    expect([allowedEdits('cfo'), allowedEdits('price'), allowedEdits('security')]).toEqual([0, 1, 2]);
  });
});
