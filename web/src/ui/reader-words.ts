import type { ActNowEntry } from '@offshelf/server/contract/activity';
import type { VisitorKeyKind } from '@offshelf/server/contract/tracking';

type Recipient = ActNowEntry['recipient'];

/** How a visitor is told from others, from the surest to the weakest. */
export const keyWords: Record<VisitorKeyKind, { short: string; long: string }> = {
  code: { short: 'by a proven address', long: 'A code that was mailed to the address came back.' },
  email: { short: 'by the address they typed', long: 'They typed an address, which may be anybody’s.' },
  cookie: { short: 'by a cookie', long: 'The same browser; who sits at it is not known.' },
  daily: {
    short: 'by a key of the day',
    long: 'The same kind of browser on the same network on that day; the next day they count anew.',
  },
  visit: {
    short: 'by this visit only',
    long: 'Nothing tells them from others, so each visit counts as one.',
  },
};

/** By what a visitor is called: a name, an address, or the recipient whose share link it is. */
export function readerName(
  reader: Pick<ActNowEntry['readers'][number], 'name' | 'email'>,
  recipient: Pick<Recipient, 'kind' | 'name' | 'email'>,
): string {
  if (isSame(reader.email, recipient.email) && recipient.kind === 'person') return recipient.name;
  const own = reader.name ?? reader.email;
  if (own) return own;
  if (recipient.kind === 'person') return recipient.name;
  return recipient.kind === 'account' ? `Somebody at ${recipient.name}` : 'Somebody';
}

function isSame(a: string | null, b: string | null): boolean {
  return a !== null && b !== null && a.toLowerCase() === b.toLowerCase();
}
