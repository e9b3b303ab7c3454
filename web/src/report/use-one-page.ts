import { type RefObject, useEffect } from 'react';

/** Of an A4 page within its margins, with a little to spare for how printers round. */
const pageHeightMm = 272;
const mmInPixels = 96 / 25.4;
/** Smaller than the first nobody reads it, larger than the second it is a poster. */
const [smallest, largest] = [0.72, 1.3];
const steps = 8;
/** Below this rather fewer examples are told in larger letters. */
const comfortable = 0.86;
const mostRows = 5;

/** Fits what is printed on one page: as large as it can be, with fewer examples for each answer where there is much to say. */
export function useOnePage(sheet: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const before = () => sheet.current && layOut(sheet.current);
    const after = () => sheet.current?.removeAttribute('data-paper');
    window.addEventListener('beforeprint', before);
    window.addEventListener('afterprint', after);
    return () => {
      window.removeEventListener('beforeprint', before);
      window.removeEventListener('afterprint', after);
    };
  }, [sheet]);
}

function layOut(sheet: HTMLElement): void {
  sheet.setAttribute('data-paper', '');
  for (let rows = mostRows; rows > 0; rows -= 1) {
    for (const list of sheet.querySelectorAll('ul'))
      for (const [place, row] of [...list.children].entries())
        row.toggleAttribute('data-left-out', place >= rows);
    if (fit(sheet) >= comfortable) return;
  }
}

/** The largest size that fits, within a hundredth or so. */
function fit(sheet: HTMLElement): number {
  let [low, high] = [smallest, largest];
  for (let step = 0; step < steps; step += 1) {
    const middle = (low + high) / 2;
    sheet.style.setProperty('--fit', middle.toString());
    if (sheet.getBoundingClientRect().height <= pageHeightMm * mmInPixels) low = middle;
    else high = middle;
  }
  sheet.style.setProperty('--fit', low.toString());
  return low;
}
