import { sourceOf } from './pages.ts';

/** What helps to read a document as pages: zoom, all pages at a glance, and keys for both. */

const steps = [1, 1.25, 1.5, 2, 3, 4];
/** Two taps on the same place within this time are one double tap. */
const doubleTapMs = 300;

const keys = [
  ['← →', 'Page back, page on'],
  ['+ − 0', 'Larger, smaller, whole width'],
  ['t', 'All pages'],
  ['?', 'These keys'],
];

export function offerTools(): void {
  const zoom = createZoom();
  let dialog: HTMLDialogElement | undefined;

  function show(className: string, name: string, content: string): HTMLDialogElement | undefined {
    const isSame = dialog?.classList.contains(className);
    dialog?.close();
    if (isSame) return undefined;
    document.body.insertAdjacentHTML(
      'beforeend',
      `<dialog class="${className}" aria-label="${name}"><form method="dialog"><button class="link">Close</button></form>${content}</dialog>`,
    );
    const made = document.body.lastElementChild as HTMLDialogElement;
    dialog = made;
    made.addEventListener('close', () => {
      made.remove();
      if (dialog === made) dialog = undefined;
    });
    made.addEventListener('click', ({ target }) => {
      if (target === made || (target as Element).closest('a')) made.close();
    });
    made.showModal();
    return made;
  }

  function showPages(): void {
    const items = Array.from(document.querySelectorAll('figure[id]'), ({ id }) => {
      const page = id.slice('page-'.length);
      const picture = sourceOf(page)?.replaceAll('&', '&amp;');
      return `<li><a href="#${id}" aria-label="Page ${page}"><img src="${picture}" alt="" loading="lazy">${page}</a></li>`;
    });
    const shown = show('overview', 'All pages', `<ol>${items.join('')}</ol>`);
    const links = [...(shown?.querySelectorAll('a') ?? [])];
    const here = document.querySelector('.at b')?.textContent ?? '1';
    const current = links.find(({ hash }) => hash === `#page-${here}`);
    current?.setAttribute('aria-current', 'page');
    current?.focus();
    shown?.addEventListener('keydown', (event) => {
      const at = links.indexOf(document.activeElement as HTMLAnchorElement);
      const row = links.findIndex(({ offsetTop }) => offsetTop !== links[0]?.offsetTop);
      const columns = row < 1 ? links.length : row;
      const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns }[event.key];
      if (step === undefined || at < 0) return;
      event.preventDefault();
      links[at + step]?.focus();
    });
  }

  function showKeys(): void {
    show('keys', 'Keys', `<dl>${keys.map(([key, does]) => `<dt>${key}</dt><dd>${does}</dd>`).join('')}</dl>`);
  }

  function addButtons(): void {
    const place = document.querySelector('span.at');
    if (!place || place.nextElementSibling?.matches('.zoom')) return;
    const less = addButton('zoom less', '−', () => zoom.step(-1));
    const more = addButton('zoom more', '+', () => zoom.step(1));
    less.ariaLabel = 'Smaller';
    more.ariaLabel = 'Larger';
    place.after(less, more);
    // Of a single page there is nothing to be seen at a glance.
    if (!place.querySelector('b')) return;
    const all = addButton('at', '', showPages);
    all.title = 'All pages';
    all.append(...place.childNodes);
    place.replaceWith(all);
  }

  function addButton(className: string, text: string, does: () => void): HTMLButtonElement {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = className;
    button.textContent = text;
    button.addEventListener('click', does);
    return button;
  }

  const does: Record<string, () => void> = {
    '+': () => zoom.step(1),
    '=': () => zoom.step(1),
    '-': () => zoom.step(-1),
    '0': () => zoom.step(0),
    t: showPages,
    '?': showKeys,
  };
  document.addEventListener('keydown', ({ key, ctrlKey, metaKey, altKey, target }) => {
    if (ctrlKey || metaKey || altKey || (target as Element).closest?.('input, textarea, select')) return;
    does[key]?.();
  });
  let tappedAt = 0;
  document.addEventListener('pointerup', ({ pointerType, target, timeStamp }) => {
    const element = target as Element;
    if (pointerType !== 'touch' || !element.closest('figure') || element.closest('a')) return;
    if (timeStamp - tappedAt < doubleTapMs) zoom.toggle();
    tappedAt = timeStamp;
  });
  addButtons();
  // The bar is another one when more pages have come.
  new MutationObserver(addButtons).observe(document.body, { childList: true });
}

/** Of the pages, beside what the browser does itself: the words move with their pictures, and the place stays. */
function createZoom() {
  const widthOf = (element: Element | null) => element?.clientWidth ?? 0;

  /** As wide as the pages are without zoom. */
  function fitOf(sheets: HTMLElement): number {
    const column = Number.parseFloat(getComputedStyle(document.body).getPropertyValue('--column')) * 16;
    return Math.min(column || widthOf(sheets), widthOf(document.documentElement) - 16);
  }

  function set(width: number, fit: number, sheets: HTMLElement): void {
    const [x, y] = [innerWidth / 2, innerHeight / 2];
    const anchor = document.elementFromPoint(x, y)?.closest('figure');
    const before = anchor?.getBoundingClientRect();
    sheets.style.width = `${width}px`;
    document.body.classList.toggle('zoomed', width > fit + 1);
    const after = anchor?.getBoundingClientRect();
    if (before && after) {
      const left = after.left + ((x - before.left) / before.width) * after.width - x;
      const top = after.top + ((y - before.top) / before.height) * after.height - y;
      // One of the two moves sideways.
      sheets.closest('main')?.scrollBy({ left, behavior: 'instant' });
      scrollBy({ left, top, behavior: 'instant' });
    }
    // Whoever follows pinching asks for sharper pictures then.
    visualViewport?.dispatchEvent(new Event('resize'));
  }

  /** To the next size in this direction; 0 is the whole width. */
  function step(direction: number): void {
    const sheets = document.querySelector<HTMLElement>('.sheets');
    if (!sheets) return;
    const fit = fitOf(sheets);
    const now = widthOf(sheets) / fit;
    const next =
      direction > 0
        ? steps.find((size) => size > now + 0.01)
        : direction < 0
          ? steps.findLast((size) => size < now - 0.01)
          : 1;
    if (next !== undefined) set(fit * next, fit, sheets);
  }

  function toggle(): void {
    const sheets = document.querySelector<HTMLElement>('.sheets');
    if (!sheets) return;
    const fit = fitOf(sheets);
    set(fit * (widthOf(sheets) > fit * 1.1 ? 1 : 2), fit, sheets);
  }

  // A phone that was turned begins with the whole width again.
  let width = innerWidth;
  addEventListener('resize', () => {
    if (innerWidth === width) return;
    width = innerWidth;
    document.querySelector<HTMLElement>('.sheets')?.style.removeProperty('width');
    document.body.classList.remove('zoomed');
  });

  return { step, toggle };
}
