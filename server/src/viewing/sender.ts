import { type Html, html } from './html.ts';

/** Who is behind the page, first of all: a seal with their initials, and what they did. */
export function renderSender(senderName: string, what: Html): Html {
  return html`<p class="from"><span class="seal" aria-hidden="true">${initialsOf(senderName)}</span><span><b>${senderName}</b> ${what}</span></p>`;
}

function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/);
  const letters = [words.at(0), words.length > 1 ? words.at(-1) : undefined].map(
    (word) => [...(word ?? '')][0] ?? '',
  );
  return letters.join('').toUpperCase();
}
