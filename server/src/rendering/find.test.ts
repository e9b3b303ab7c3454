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

  it('are found on a page as long as a book in about the time that it takes to read it', () => {
    const wide = 'lorem ipsum dolor sit amet '.repeat(4_000);
    const narrow = 'loremipsumdolorsitametlorem'.repeat(4_000);
    const timeOf = (source: string) => {
      const start = performance.now();
      expect(findMatches(source, 'lorem').length).toBeGreaterThan(3_999);
      return performance.now() - start;
    };
    timeOf(narrow);
    // Spaces once made it take a hundred times as long.
    expect(timeOf(wide)).toBeLessThan(10 * timeOf(narrow) + 100);
  });

  it('are not found where they are not', () => {
    expect(found('nothing', 'something')).toEqual([]);
    expect(found('', 'x')).toEqual([]);
  });
});
