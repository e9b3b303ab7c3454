/** The pages of a document: their pictures in the right order and sharpness, their words, and which one is read. */

type PageNumber = number;

export interface Pages {
  /** Takes in pages that came later. */
  refresh(): void;
}

const path = location.pathname;
const connection = (navigator as Navigator & { connection?: { saveData?: boolean } }).connection;
/** A page that is looked at for this long is worth its full sharpness. */
const settleMs = 700;
/** The other pages wait for the first one, but not for ever. */
const firstPageMs = 4_000;

export function parseHtml(text: string): Document {
  return new DOMParser().parseFromString(text, 'text/html');
}

function pageOf(figure: Element): PageNumber {
  return Number(figure.id.slice('page-'.length));
}

function figureOf(page: PageNumber): HTMLElement | null {
  return document.querySelector<HTMLElement>(`figure#page-${page}`);
}

/** The address of the picture of a page, after that of the first one. */
export function sourceOf(page: PageNumber | string): string | undefined {
  const first = document.querySelector('figure > img')?.getAttribute('src');
  return first?.replace(/pages\/\d+/, `pages/${page}`);
}

/** Says which page fills most of the window, whenever that is another one. */
export function showPages(onPage: (page: PageNumber) => void): Pages {
  const inView = new Set<Element>();
  const asked = new Set<PageNumber>();
  let page: PageNumber | null = null;
  let areOthersShown = false;
  let settling: ReturnType<typeof setTimeout> | undefined;
  let isQueued = false;
  // One after the other, because an answer holds the words of the next pages too.
  let loading: Promise<unknown> = Promise.resolve();

  const seen = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries)
      if (isIntersecting) inView.add(target);
      else inView.delete(target);
    look();
  });
  const near = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries)
        if (isIntersecting) {
          near.unobserve(target);
          loading = loading.then(() => loadWords(pageOf(target)));
        }
    },
    { rootMargin: '150% 0%' },
  );

  /** Of the pages in view the one with the most height on the screen, also when it is zoomed. */
  function look(): void {
    const top = visualViewport?.offsetTop ?? 0;
    const bottom = top + (visualViewport?.height ?? innerHeight);
    let most = 0;
    let found: Element | undefined;
    for (const figure of inView) {
      const box = figure.getBoundingClientRect();
      const height = Math.min(box.bottom, bottom) - Math.max(box.top, top);
      if (height > most) [most, found] = [height, figure];
    }
    if (!found || pageOf(found) === page) return;
    page = pageOf(found);
    showPlace();
    onPage(page);
    clearTimeout(settling);
    settling = setTimeout(sharpen, settleMs);
  }

  function showPlace(): void {
    const where = document.querySelector('.at b');
    if (where && page !== null) where.textContent = String(page);
  }

  function lookSoon(): void {
    if (isQueued) return;
    isQueued = true;
    requestAnimationFrame(() => {
      isQueued = false;
      look();
    });
  }

  /** Loads the larger picture of the page in view, where the smaller one has too few dots for its size. */
  function sharpen(): void {
    const picture = page === null ? null : figureOf(page)?.querySelector('img');
    const zoom = visualViewport?.scale ?? 1;
    if (!picture?.complete || (connection?.saveData && zoom < 1.2)) return;
    const wanted = Math.ceil(picture.clientWidth * zoom);
    if (wanted > (Number.parseInt(picture.sizes, 10) || 0) || !picture.sizes.endsWith('px'))
      picture.sizes = `${wanted}px`;
  }

  /** In pages that came later the picture for browsers without script is one already, and never seen. */
  function showPicture(figure: Element): void {
    const source = sourceOf(pageOf(figure));
    if (!source || figure.querySelector(':scope > img')) return;
    const picture = new Image();
    picture.loading = 'lazy';
    picture.alt = '';
    picture.srcset = `${source} 800w, ${source.replace('w=800', 'w=1600')} 1600w`;
    picture.sizes = sizes();
    picture.src = source;
    figure.querySelector('noscript')?.remove();
    figure.append(picture);
    picture.addEventListener('load', () => pageOf(figure) === page && sharpenSoon());
  }

  function sharpenSoon(): void {
    clearTimeout(settling);
    settling = setTimeout(sharpen, settleMs);
  }

  function sizes(): string {
    return document.querySelector<HTMLElement>('[data-sizes]')?.dataset.sizes ?? '100vw';
  }

  function showOthers(): void {
    areOthersShown = true;
    for (const figure of document.querySelectorAll('figure:not(:has(> img))')) showPicture(figure);
    for (const figure of document.querySelectorAll('figure > svg:not([data-page])'))
      if (figure.parentElement) near.observe(figure.parentElement);
    sharpenSoon();
  }

  /** The answer holds the words of this page and of some that follow. */
  async function loadWords(from: PageNumber): Promise<boolean> {
    if (asked.has(from) || figureOf(from)?.querySelector('svg[data-page]')) return true;
    asked.add(from);
    try {
      const answer = await fetch(`${path}/pages/${from}/text`);
      if (!answer.ok) return false;
      for (const layer of parseHtml(await answer.text()).querySelectorAll('svg'))
        figureOf(Number(layer.dataset.page))?.querySelector('svg:not([data-page])')?.replaceWith(layer);
      return true;
    } catch {
      // Tried again by whoever searches.
      asked.delete(from);
      return false;
    }
  }

  /** The browser finds only what is there, so all words have to be. */
  async function loadAllWords(): Promise<void> {
    for (;;) {
      const next = document.querySelector('figure > svg:not([data-page])')?.parentElement;
      if (!next || !(await loadWords(pageOf(next)))) return;
    }
  }

  function refresh(): void {
    showPlace();
    for (const figure of document.querySelectorAll('figure[id]')) {
      figure.ariaLabel ||= `Page ${pageOf(figure)}`;
      seen.observe(figure);
    }
    if (areOthersShown) showOthers();
  }

  const first = document.querySelector<HTMLImageElement>('figure > img');
  // Whoever comes for a later page gets that one at once.
  const wanted = /^#page-\d+$/.test(location.hash) ? document.querySelector(location.hash) : null;
  if (wanted) showPicture(wanted);
  if (!first || first.complete) showOthers();
  else {
    first.addEventListener('load', showOthers, { once: true });
    first.addEventListener('error', showOthers, { once: true });
    setTimeout(() => areOthersShown || showOthers(), firstPageMs);
  }
  refresh();
  document.addEventListener('scroll', lookSoon, { passive: true });
  addEventListener('resize', lookSoon);
  visualViewport?.addEventListener('resize', () => {
    lookSoon();
    sharpenSoon();
  });
  visualViewport?.addEventListener('scroll', lookSoon);
  document.addEventListener('keydown', (event) => {
    const { key, target } = event;
    if (key === 'f' && (event.ctrlKey || event.metaKey)) loading = loading.then(loadAllWords);
    const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.shiftKey;
    const step = key === 'ArrowRight' ? 1 : key === 'ArrowLeft' ? -1 : 0;
    if (
      !isPlain ||
      step === 0 ||
      page === null ||
      (target instanceof Element && target.matches('input, video, audio'))
    )
      return;
    event.preventDefault();
    figureOf(page + step)?.scrollIntoView();
  });
  return { refresh };
}
