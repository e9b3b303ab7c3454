/** The numbers behind "read page", for whoever counts it in SQL. */
export const readingRule = {
  wordsPerMinute: 238,
  /** What a page without text is expected to take. */
  textlessMs: 6_000,
  /** A page counts as read from this share of the expected time on … */
  share: 0.15,
  /** … but never before this. */
  minimumMs: 3_000,
} as const;

/** How long a person is expected to take for a page with this many words. */
export function expectedReadingMs(wordCount: number): number {
  return wordCount > 0 ? (wordCount / readingRule.wordsPerMinute) * 60_000 : readingRule.textlessMs;
}

/** Whether the active time on a page makes it a read page, as the metric defines it. */
export function isRead(activeMs: number, wordCount: number): boolean {
  return activeMs >= Math.max(readingRule.minimumMs, readingRule.share * expectedReadingMs(wordCount));
}
