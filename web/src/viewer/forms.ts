/** The question beside the content goes away at once where it is skipped; without script the page is loaded again. */
export function letSkip(): void {
  document.addEventListener('submit', (event) => {
    const form = event.target as HTMLFormElement;
    const button = event.submitter as HTMLButtonElement | null;
    if (button?.name !== 'skip') return;
    event.preventDefault();
    void fetch(form.action, {
      method: 'POST',
      body: new URLSearchParams({ skip: '1' }),
      redirect: 'manual',
      keepalive: true,
    });
    form.closest('aside')?.remove();
  });
}

/** What is passed on from here is known to come from this visit. */
export function nameVisit(visitToken: string): void {
  for (const field of document.querySelectorAll<HTMLInputElement>('[name="visit"]')) field.value = visitToken;
}

/** Without script the link is copied by hand. */
export function offerCopy(): void {
  const button = document.querySelector<HTMLButtonElement>('[data-copy]');
  const field = document.querySelector<HTMLInputElement>('#link');
  if (!button || !field) return;
  button.hidden = false;
  button.addEventListener('click', () => {
    field.select();
    // Over plain http a browser lets nobody write to the clipboard but by this older way.
    const done = navigator.clipboard
      ? navigator.clipboard.writeText(field.value).then(() => true)
      : Promise.resolve(document.execCommand('copy'));
    void done.then(
      (isCopied) => {
        if (isCopied) button.textContent = 'Copied';
      },
      () => undefined,
    );
  });
}
