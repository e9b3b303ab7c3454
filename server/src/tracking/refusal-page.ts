import { type Html, html } from './html.ts';
import type { Page } from './send-page.ts';

function plain(status: number, title: string, text: Html, headers: Record<string, string> = {}): Page {
  const body = html`<main class="plain"><h1>${title}</h1>${text}</main>`;
  return { status, title, body, headers };
}

export function unknownPage(): Page {
  return plain(
    404,
    'There is nothing at this address',
    html`<p>It may have been cut off on its way to you. Open it again from the message it came in, or ask whoever sent it for a new one.</p>`,
  );
}

export function expiredPage(senderName: string, expiresAt: Date): Page {
  const day = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' }).format(expiresAt);
  return plain(
    410,
    'This link has expired',
    html`<p>${senderName} shared it until ${day}. If you still need it, ask ${senderName} for a new link.</p>`,
  );
}

export function revokedPage(senderName: string): Page {
  return plain(
    410,
    'This link was withdrawn',
    html`<p>${senderName} has taken it back, perhaps because there is something newer. Ask ${senderName} if you still need it.</p>`,
  );
}

interface PasscodeForm {
  senderName: string;
  path: string;
  isPrivate: boolean;
  isWrong: boolean;
}

export function passcodePage({ senderName, path, isPrivate, isWrong }: PasscodeForm): Page {
  const wrong =
    isWrong &&
    html`<p id="wrong" class="wrong" role="alert">That is not the passcode. Check it and try again.</p>`;
  const page = plain(
    401,
    'This needs a passcode',
    html`<p>${senderName} has protected what they share with you. The passcode came with the message or separately; if you don't have it, ask ${senderName}.</p>
<form method="post" action="${path}/passcode">
<label for="passcode">Passcode</label>
<input id="passcode" name="passcode" type="password" autocomplete="off" autocapitalize="none" spellcheck="false" maxlength="60" required autofocus${isWrong && html` aria-invalid="true" aria-describedby="wrong"`}>
${wrong}
${isPrivate && html`<input type="hidden" name="private" value="1">`}
<button class="button" type="submit">Open</button>
</form>`,
  );
  return { ...page, hasForm: true };
}

export function tooManyTriesPage(waitSeconds: number): Page {
  const minutes = Math.max(1, Math.ceil(waitSeconds / 60));
  return plain(
    429,
    'Too many tries',
    html`<p>To keep the content safe, the passcode can only be tried a few times. Wait ${minutes === 1 ? 'a minute' : `${minutes} minutes`} and try again, or ask whoever sent the link.</p>`,
    { 'Retry-After': String(waitSeconds) },
  );
}

export function foreignFormPage(): Page {
  return plain(
    403,
    'The passcode has to come from its own page',
    html`<p>Your browser did not say that it does. Open the link again and type the passcode there.</p>`,
  );
}

export function noDownloadPage(senderName: string, path: string): Page {
  return plain(
    403,
    'This cannot be downloaded',
    html`<p>${senderName} has switched downloads off for this link. Ask ${senderName} for a copy.</p><p><a href="${path}">Back to the page</a></p>`,
  );
}

export function quarantinedPage(senderName: string): Page {
  return plain(
    403,
    'This file is kept aside',
    html`<p>The virus scanner found something in it, so nobody can open it. Ask ${senderName} for a clean copy.</p>`,
  );
}

export function wrongMethodPage(allowed: string): Page {
  return plain(405, 'This address is for reading only', html`<p>Open it in a browser.</p>`, {
    Allow: allowed,
  });
}

export function unavailablePage(): Page {
  return plain(
    503,
    'This cannot be shown right now',
    html`<p>The place where it is kept does not answer. Nothing is lost; try again in a minute.</p><p><a href="">Try again</a></p>`,
    { 'Retry-After': '30' },
  );
}

export function brokenPage(requestNumber: string): Page {
  return plain(
    500,
    'Something went wrong on our side',
    html`<p>Try again in a minute. If it happens again, tell whoever sent you the link this number: ${requestNumber}</p><p><a href="">Try again</a></p>`,
  );
}
