import { describe, expect, it } from 'vitest';
import { findMatches } from './find.ts';

const found = (source: string, needle: string) =>
  findMatches(source, needle).map(({ start, end }) => source.slice(start, end));

describe('words on a page', () => {
  it('are found without regard to case, accents and line breaks', () => {
    expect(found('The Café\n  opens at nine. CAFE  OPENS.', 'cafe opens')).toEqual([
      'Café\n  opens',
      'CAFE  OPENS',
    ]);
  });

  it('are found where letters are longer than one unit, and marked whole', () => {
    expect(found('see 𝐁old and e\u0301tude', 'bold')).toEqual(['𝐁old']);
    expect(found('an e\u0301tude', 'etude')).toEqual(['e\u0301tude']);
    expect(found('ΟΔΟΣ', 'οδοσ')).toEqual(['ΟΔΟΣ']);
    expect(found('an o\ufb03ce', 'office')).toEqual(['o\ufb03ce']);
  });

  it('are not found where they are not', () => {
    expect(found('nothing', 'something')).toEqual([]);
    expect(found('', 'x')).toEqual([]);
  });
});
