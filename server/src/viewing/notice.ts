import type { PrivacyMode } from '../settings/contract.ts';
import type { Guest } from '../tracking/token.ts';
import { type Html, html } from './html.ts';

/** Why nobody is told of this visit: the reader chose so, or their browser asks for it; or that somebody is. */
export type Privacy = 'told' | 'private' | 'signal';

/** What the sender learns of a reader, and by what it is known that it is the same one. */
export interface Audience {
  privacy: Privacy;
  privacyMode: PrivacyMode;
  /** The browser asks not to be tracked, which is no private view where the instance is not strict. */
  asksNotToBeTracked: boolean;
  guest: Guest | null;
}

/** The same address, for a reader who stays in private view. */
export function inView(path: string, privacy: Privacy): string {
  return privacy === 'private' ? `${path}?private=1` : path;
}

interface NoticeView {
  senderName: string;
  /** The address of the page, without origin. */
  path: string;
  /** Such as "which pages are read and for how long". */
  what: string;
  /** What opens: this page, this room. */
  subject: 'this page' | 'this room';
  mayDownload: boolean;
}

/** One line that says what the sender can see under exactly this policy and mode, with the way out. */
export function renderNotice(
  { senderName, path, what, subject, mayDownload }: NoticeView,
  { privacy, privacyMode, asksNotToBeTracked, guest }: Audience,
): Html {
  const forgets = subject === 'this room' && ', and nothing is remembered of what you have read';
  if (privacy === 'signal')
    return html`<p class="notice">Your browser asks not to be tracked, so this view is private: ${senderName} is told nothing about it${forgets}.</p>`;
  if (privacy === 'private')
    return html`<p class="notice">This view is private: ${senderName} is told nothing about it${forgets}. <a href="${path}">Leave private view</a></p>`;
  const who = guest?.email ?? guest?.name;
  const seen = `${senderName} can see when ${subject} is opened, ${what}, the kind of device and the country${mayDownload ? ', and downloads' : ''}`;
  const known = who
    ? html`, and that it is <b>${who}</b>.`
    : asksNotToBeTracked
      ? '. As your browser asks, no cookie is set.'
      : privacyMode === 'strict'
        ? '. Your name is not known, and no cookie is set.'
        : '. Your name is not known; a cookie recognises this browser.';
  return html`<p class="notice">${seen}${known} <a href="${path}?private=1">View it privately</a></p>`;
}

/** Seen by nobody and left out by keyboards and screen readers; what follows it is a program. */
export function renderTrap(linkPath: string): Html {
  return html`<a class="trap" data-trap href="${linkPath}/trap" tabindex="-1" aria-hidden="true" rel="nofollow">Index</a>`;
}
