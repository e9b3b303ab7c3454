import type { OfficeText } from '../documents/tasks.ts';
import type { NotesOfPage } from './render-pdf.ts';

type Part = Pick<OfficeText['parts'][number], 'text' | 'notes'>;

/** A file made to do harm has thousands of slides of thousands of words, and a page is compared with each of them. */
const farthest = 300;
const longestSlide = 5_000;
const longestPage = 50_000;

/**
 * Finds out what the speaker says to a page of the PDF. Hidden slides have no page; where there are
 * some, a page is looked for among the slides from the last one on: it is the one that shares most words with it.
 */
export function matchNotes(parts: Part[]): NotesOfPage {
  if (parts.every(({ notes }) => notes === '')) return () => '';
  const known = new Map<number, Set<string>>();
  const wordsOfSlide = (index: number) => {
    const words = known.get(index) ?? wordsOf(parts[index]?.text.slice(0, longestSlide) ?? '');
    known.set(index, words);
    return words;
  };
  let next = 0;
  return (pageNumber, text, pageCount) => {
    if (pageCount === parts.length) return parts[pageNumber - 1]?.notes ?? '';
    if (next >= parts.length) return '';
    const words = wordsOf(text.slice(0, longestPage));
    let best = next;
    let most = shareOf(words, wordsOfSlide(next));
    const end = Math.min(parts.length, next + farthest);
    for (let index = next + 1; index < end && most < 1; index += 1) {
      const share = shareOf(words, wordsOfSlide(index));
      // A later slide has to fit much better, because pages rarely skip slides.
      if (share > most + 0.25) [best, most] = [index, share];
    }
    next = best + 1;
    return parts[best]?.notes ?? '';
  };
}

function wordsOf(text: string): Set<string> {
  return new Set(text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []);
}

/** How much of a slide stands on the page; a slide without words fits every page without words. */
function shareOf(page: Set<string>, slide: Set<string>): number {
  if (slide.size === 0) return page.size === 0 ? 1 : 0;
  return slide.intersection(page).size / slide.size;
}
