import { parseHtml } from './pages.ts';

const firstWaitMs = 2_000;
const longestWaitMs = 15_000;
const givenUpAfterMs = 30 * 60_000;

/** Asks for the content again while it is being prepared, and puts what is new below what is there. */
export function followPreparation(onChange: () => void): void {
  let waitMs = firstWaitMs;
  const startedAt = performance.now();

  function askLater(): void {
    if (document.querySelector('[data-wait]') && performance.now() - startedAt < givenUpAfterMs)
      setTimeout(() => void ask(), waitMs);
  }

  async function ask(): Promise<void> {
    if (document.visibilityState === 'visible') {
      const answer = await fetch(`${location.pathname}/pages`).catch(() => undefined);
      // The share link was withdrawn or has expired; the page says so itself.
      if (answer && answer.status < 500 && answer.status >= 400) return location.reload();
      if (answer?.ok && update(parseHtml(await answer.text()))) {
        waitMs = firstWaitMs;
        onChange();
      } else waitMs = Math.min(longestWaitMs, waitMs * 1.5);
    }
    askLater();
  }

  askLater();
}

/** Says whether anything is new. Pages that are there stay as they are, because somebody reads them. */
function update(fresh: Document): boolean {
  const [content, newContent] = [document.querySelector('main'), fresh.querySelector('main')];
  if (!content || !newContent) return false;
  const sheets = content.querySelector('.sheets');
  const figures = fresh.querySelectorAll('figure[id]');
  const isWaiting = fresh.querySelector('[data-wait]') !== null;
  if (sheets) {
    const added = [...figures].filter(({ id }) => !document.getElementById(id));
    if (added.length === 0 && isWaiting) return false;
    sheets.append(...added);
    for (const name of ['.meta', '.wait'])
      exchange(content.querySelector(name), newContent.querySelector(name));
  } else {
    if (figures.length === 0 && isWaiting) return false;
    content.replaceWith(newContent);
  }
  const bar = fresh.querySelector('footer');
  if (!document.querySelector('footer') && bar) document.body.append(bar);
  else exchange(document.querySelector('footer'), bar);
  return true;
}

/** A list of contents that somebody has open stays open: they are about to choose from it. */
function exchange(old: Element | null, fresh: Element | null): void {
  if (old?.querySelector('details[open]')) fresh?.querySelector('details')?.setAttribute('open', '');
  if (fresh) old?.replaceWith(fresh);
  else old?.remove();
}
