import { z } from 'zod';
import { recipientEmail } from '../shares/contract.ts';
import { type Html, html } from './html.ts';
import type { Privacy } from './notice.ts';
import type { Page } from './send-page.ts';

/** What was typed into the form, and why it was refused. */
export interface ForwardForm {
  name: string;
  email: string;
  problem: string;
}

interface ForwardView {
  senderName: string;
  path: string;
  privacy: Privacy;
  /** Undefined as long as nothing was typed. */
  form: ForwardForm | undefined;
}

/** A named share link for one more person. Plain, so that it works without script. */
export function renderForward({ senderName, path, privacy, form }: ForwardView): Html {
  return html`<section class="forward" id="forward"><details${form && html` open`}><summary>Pass it on to a colleague</summary>
<form method="post" action="${path}/forward#forward">
<label for="colleague">Their name</label>
<input id="colleague" name="name" maxlength="120" required value="${form?.name ?? ''}"${form && html` aria-invalid="true" aria-describedby="not-passed"`}>
<label for="colleague-email">Their e-mail address, if you like</label>
<input id="colleague-email" name="email" type="email" maxlength="254" value="${form?.email ?? ''}">
${form && html`<p id="not-passed" class="wrong" role="alert">${form.problem}</p>`}
${privacy === 'private' && html`<input type="hidden" name="private" value="1">`}
<input type="hidden" name="visit" value="">
<button class="button calm" type="submit">Make a link for them</button>
<p class="notice">You get a link to send yourself. ${senderName} sees the name, and what is read by that link; nothing is sent from here.</p>
</form></details></section>`;
}

/** The new link, to be copied and sent by whoever asked for it. */
export function forwardedPage(
  name: string,
  url: string,
  senderName: string,
  back: { path: string; word: 'room' | 'page' },
): Page {
  const address = `mailto:?subject=${encodeURIComponent(`From ${senderName}`)}&body=${encodeURIComponent(url)}`;
  return {
    status: 201,
    title: `A link for ${name}`,
    bundle: 'room',
    data: html` data-kind="link"`,
    body: html`<main class="plain"><h1>A link for ${name}</h1>
<p>Copy it and send it to ${name}. It ends when yours does.</p>
<p><label for="link">The link</label><input id="link" readonly value="${url}"></p>
<p><button class="button" type="button" data-copy hidden>Copy the link</button></p>
<p><a class="button calm" href="${address}">Write an e-mail with it</a></p>
<p><a href="${back.path}">Back to the ${back.word}</a></p></main>`,
  };
}

export const forwardForm = z.object({
  name: z.string().max(500).catch(''),
  email: z.string().max(500).catch(''),
  visit: z.string().max(2_000).catch(''),
});

/** What was typed as somebody to pass it on to, or a sentence that says what is wrong with it. */
export function readColleague(form: { name: string; email: string }) {
  const name = form.name.replace(/\p{C}/gu, '').replace(/\s+/g, ' ').trim();
  if (name === '') return 'Say who it is for.';
  if (name.length > 120) return 'This name is too long. Shorten it.';
  if (form.email.trim() === '') return { name, email: null };
  const email = recipientEmail.safeParse(form.email);
  return email.success
    ? { name, email: email.data }
    : 'This is not an e-mail address. Correct it, or leave it empty.';
}
