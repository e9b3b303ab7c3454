import { expectedReadingMs } from '../rendering/service.ts';
import type { LengthRow } from './reading-queries.ts';

type Length = Pick<LengthRow, 'wordCounts' | 'wordCount' | 'durationMs'>;

/** How long somebody is expected to take for it; 0 where nobody knows, as for a web page. */
export function expectedMsOf(length: Length | undefined): number {
  if (!length) return 0;
  const { wordCounts, wordCount, durationMs } = length;
  if (durationMs !== null && durationMs > 0) return durationMs;
  if (wordCounts.length > 0)
    return Math.round(wordCounts.reduce((sum, words) => sum + expectedReadingMs(words), 0));
  return wordCount > 0 ? Math.round(expectedReadingMs(wordCount)) : 0;
}
