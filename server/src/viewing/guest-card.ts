import { z } from 'zod';
import { recipientEmail } from '../shares/contract.ts';
import type { Guest } from '../tracking/token.ts';
import { type Html, html } from './html.ts';

export interface GuestCard {
  name: string;
  email: string;
  problem?: string;
}

export const emptyCard: GuestCard = { name: '', email: '' };

/** A question that may be skipped; it stands beside what is read and never before it. */
export function renderGuestCard(
  { name, email, problem }: GuestCard,
  { senderName, path }: { senderName: string; path: string },
): Html {
  return html`<aside class="ask" id="ask" aria-labelledby="asking"><form method="post" action="${path}/guest#ask">
<h2 id="asking">May ${senderName} know who reads this?</h2>
<p class="fields"><span><label for="guest-name">Your name</label><input id="guest-name" name="name" autocomplete="name" maxlength="120" value="${name}"></span>
<span><label for="guest-email">E-mail, if you like</label><input id="guest-email" name="email" type="text" inputmode="email" autocomplete="email" autocapitalize="none" spellcheck="false" maxlength="254" value="${email}"${problem !== undefined && html` aria-invalid="true" aria-describedby="unclear"`}></span></p>
${problem !== undefined && html`<p id="unclear" class="wrong" role="alert">${problem}</p>`}
<p class="row"><button class="button" type="submit">Tell ${senderName}</button><button class="link" name="skip" value="1" type="submit" formnovalidate>Skip</button></p>
</form></aside>`;
}

/** What was said in the card; a guest without name and address has skipped it. */
export function readGuestCard(body: unknown): { guest: Guest } | { card: GuestCard } {
  const { name, email: typed, skip } = cardForm.parse(body ?? {});
  const nobody: Guest = { email: null, name: null, isVerified: false };
  if (skip) return { guest: nobody };
  const email = typed.trim() === '' ? null : recipientEmail.safeParse(typed).data;
  if (email === undefined)
    return {
      card: {
        name,
        email: typed,
        problem: 'This does not look like an e-mail address. Check it, or leave it out.',
      },
    };
  return { guest: { ...nobody, name: plainName(name) || null, email } };
}

/** One line, without characters that can not be seen or that turn the line around. */
function plainName(name: string): string {
  return name
    .normalize('NFC')
    .replace(/[\s\p{C}]+/gu, ' ')
    .trim()
    .slice(0, 120)
    .toWellFormed();
}

const cardForm = z.object({
  name: z.string().max(1_000).catch(''),
  email: z.string().max(300).catch(''),
  skip: z
    .string()
    .optional()
    .catch('')
    .transform((value) => value !== undefined),
});
