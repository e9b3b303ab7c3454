import type { RenderedPage } from '../documents/tasks.ts';

/** Twice what 5,000 full pages of a book say, with the places of the words. */
const longestDocument = 100_000_000;
/** What the place of a run of words takes beside the words. */
const placeLength = 20;

/**
 * How much the pages of a document may say. A page can stand in a file thousands of times and take no room there, but
 * each of its copies would take room in the database and in the memory of whoever reads it from there.
 */
export function createTextBudget(limit = longestDocument) {
  let left = limit;
  return {
    isSpent: () => left < 0,
    /** The page as it is, or without words where there were too many before it. */
    take(page: RenderedPage): RenderedPage {
      left -= lengthOf(page);
      return left < 0 ? { ...page, text: '', wordCount: 0, headings: [], links: [], textLayer: [] } : page;
    },
  };
}

function lengthOf({ text, textLayer, links, headings }: RenderedPage): number {
  const words = textLayer.reduce((length, [run]) => length + run.length + placeLength, text.length);
  const more = [...links.map(({ href }) => href ?? ''), ...headings.map((heading) => heading.text)];
  return more.reduce((length, said) => length + said.length + placeLength, words);
}
