import { describeDate, describeMoment } from './dates.ts';
import { type Html, html } from './html.ts';
import type { Page } from './send-page.ts';
import { renderSender } from './sender.ts';

/** A page that only says something. */
function plain(status: number, title: string, text: Html, headers: Record<string, string> = {}): Page {
  const body = html`<main class="plain"><h1>${title}</h1>${text}</main>`;
  return { status, title, body, headers };
}

/** The same where it is known who sent the link: a stranger trusts a form or a sentence by that. */
export function plainFrom(senderName: string, status: number, title: string, text: Html): Page {
  const body = html`<main class="plain">${renderSender(senderName, html`shared this with you`)}<h1>${title}</h1>${text}</main>`;
  return { status, title, body };
}

export function unknownPage(): Page {
  return plain(
    404,
    'There is nothing at this address',
    html`<p>It may have been cut off on its way to you. Open it again from the message it came in, or ask whoever sent it for a new one.</p>`,
  );
}

export function expiredPage(senderName: string, expiresAt: Date): Page {
  return plainFrom(
    senderName,
    410,
    'This link has expired',
    html`<p>${senderName} shared it until ${describeDate(expiresAt)}. If you still need it, ask ${senderName} for a new link.</p>`,
  );
}

export function notStartedPage(senderName: string, startsAt: Date): Page {
  return plainFrom(
    senderName,
    403,
    'This opens later',
    html`<p>${senderName} shares it from ${describeMoment(startsAt)}. Keep this link and come back then.</p>`,
  );
}

/** As many have come as it was made for. */
export function tooManyVisitorsPage(senderName: string, maxVisitors: number): Page {
  const [people, had] = maxVisitors === 1 ? ['one person', 'has'] : [`${maxVisitors} people`, 'have'];
  return plainFrom(
    senderName,
    403,
    'As many have come as this was made for',
    html`<p>${senderName} shared it with ${people}, who ${had} opened it. If you are one of them, open it in the browser that you used then; otherwise ask ${senderName} for a link of your own.</p>`,
  );
}

export function revokedPage(senderName: string): Page {
  return plainFrom(
    senderName,
    410,
    'This link was withdrawn',
    html`<p>${senderName} has taken it back, perhaps because there is something newer. Ask ${senderName} if you still need it.</p>`,
  );
}

export function tooManyTriesPage(waitSeconds: number): Page {
  const minutes = Math.max(1, Math.ceil(waitSeconds / 60));
  return plain(
    429,
    'Too many tries',
    html`<p>To keep the content safe, this can only be tried a few times. Wait ${minutes === 1 ? 'a minute' : `${minutes} minutes`} and try again, or ask whoever sent the link.</p>`,
    { 'Retry-After': String(waitSeconds) },
  );
}

export function foreignFormPage(): Page {
  return plain(
    403,
    'This has to come from its own page',
    html`<p>Your browser did not say that it does. Open the link again and fill in the form there.</p>`,
  );
}

/** It was in a room until its sender thought better of it. */
export function removedItemPage(senderName: string, path: string): Page {
  return plainFrom(
    senderName,
    410,
    'This is no longer in the room',
    html`<p>${senderName} has taken it out since you opened the room. What you have read of it stays read; ask ${senderName} if you still need it.</p><p><a href="${path}">Back to the room</a></p>`,
  );
}

export function noDownloadPage(senderName: string, path: string): Page {
  return plainFrom(
    senderName,
    403,
    'This cannot be downloaded',
    html`<p>${senderName} has switched downloads off for this link. Ask ${senderName} for a copy.</p><p><a href="${path}">Back to the page</a></p>`,
  );
}

export function quarantinedPage(senderName: string): Page {
  return plainFrom(
    senderName,
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
