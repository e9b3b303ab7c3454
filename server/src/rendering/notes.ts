import type { OfficeText } from '../documents/tasks.ts';
import type { NotesOfPage } from './render-pdf.ts';

type Part = Pick<OfficeText['parts'][number], 'text' | 'notes'>;

/**
 * Finds out what the speaker says to a page of the PDF. Hidden slides have no page; where there are
 * some, a page is looked for among the slides from the last one on: it is the one that shares most words with it.
 */
export function matchNotes(parts: Part[]): NotesOfPage {
  if (parts.every(({ notes }) => notes === '')) return () => '';
  const slides = parts.map((part) => ({ notes: part.notes, words: wordsOf(part.text) }));
  let next = 0;
  return (pageNumber, text, pageCount) => {
    if (pageCount === slides.length) return slides[pageNumber - 1]?.notes ?? '';
    const words = wordsOf(text);
    let best = next;
    let most = shareOf(words, slides[next]?.words);
    for (let index = next + 1; index < slides.length && most < 1; index += 1) {
      const share = shareOf(words, slides[index]?.words);
      // A later slide has to fit much better, because pages rarely skip slides.
      if (share > most + 0.25) [best, most] = [index, share];
    }
    next = best + 1;
    return slides[best]?.notes ?? '';
  };
}

function wordsOf(text: string): Set<string> {
  return new Set(text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []);
}

/** How much of a slide stands on the page; a slide without words fits every page without words. */
function shareOf(page: Set<string>, slide: Set<string> | undefined): number {
  if (!slide) return -1;
  if (slide.size === 0) return page.size === 0 ? 1 : 0;
  return slide.intersection(page).size / slide.size;
}
