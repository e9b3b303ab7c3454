const segmenter = new Intl.Segmenter(undefined, { granularity: 'word' });

/** Words as a reader meets them; scripts without spaces are counted by their dictionary words. */
export function countWords(text: string): number {
  let count = 0;
  for (const { isWordLike } of segmenter.segment(text)) if (isWordLike) count += 1;
  return count;
}
