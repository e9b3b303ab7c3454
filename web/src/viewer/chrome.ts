/** What stands around the content: it steps back while somebody reads, and comes back on any movement. */

const fadeMs = 3_000;

export function fadeWhileReading(): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const bar = (): HTMLElement | null => document.querySelector('footer.bar');

  function wake(): void {
    bar()?.classList.remove('away');
    clearTimeout(timer);
    timer = setTimeout(rest, fadeMs);
  }

  function rest(): void {
    const shown = bar();
    // At the start nobody reads yet, and what is in use stays.
    if (scrollY < innerHeight / 2 || shown?.matches(':focus-within, :hover, :has([open])')) return;
    shown?.classList.add('away');
  }

  for (const name of ['pointermove', 'pointerdown', 'scroll', 'keydown', 'focusin'])
    document.addEventListener(name, wake, { passive: true, capture: true });
  wake();
}

/** The list of contents closes when it has done its work. */
export function closeContents(): void {
  const list = (): HTMLDetailsElement | null => document.querySelector('details.contents[open]');
  document.addEventListener('click', ({ target }) => {
    const open = list();
    if (open && target instanceof Element && (target.closest('.contents a') || !open.contains(target)))
      open.open = false;
  });
  document.addEventListener('keydown', ({ key }) => {
    const open = list();
    if (key !== 'Escape' || !open) return;
    open.open = false;
    open.querySelector('summary')?.focus();
  });
}

/** Offers the page on which this browser was last; kept on the device, and told to nobody. */
export function offerToResume(): { keep(page: number): void } {
  const key = `page:${location.pathname}`;
  try {
    const page = Number(localStorage.getItem(key));
    if (page > 1 && !location.hash && document.getElementById(`page-${page}`)) {
      const link = document.createElement('a');
      link.href = `#page-${page}`;
      link.textContent = `Continue on page ${page}`;
      document.querySelector('main > .meta')?.append(' · ', link);
    }
  } catch {
    // A browser that keeps nothing begins on the first page.
  }
  return {
    keep(page) {
      try {
        localStorage.setItem(key, String(page));
      } catch {
        // As above.
      }
    },
  };
}

/** The share link was made for fewer people than have come; the content gives way to the sentence that says so. */
export function giveWay(sentence: string): void {
  const text = document.createElement('p');
  text.setAttribute('role', 'alert');
  text.textContent = sentence;
  document.querySelector('main')?.replaceChildren(text);
  document.querySelector('footer')?.remove();
}
