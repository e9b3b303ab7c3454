import type { ShareLink } from './api.ts';

/** Why these can't be mailed, and what to do instead; undefined where they can, or while nobody knows. */
export function whyNotMailed(
  shareLinks: readonly Pick<ShareLink, 'recipient' | 'state' | 'mailAskedAt' | 'mailedAt'>[],
  canMail: boolean | undefined,
): string | undefined {
  if (canMail === undefined) return undefined;
  if (!canMail) return 'This instance has no mail server. Copy the link and send it yourself.';
  const reachable = shareLinks.filter(({ recipient }) => recipient.email !== null);
  if (reachable.length === 0) return 'Nobody knows their e-mail address. Copy the link and send it yourself.';
  if (reachable.every(({ state }) => state === 'revoked' || state === 'expired'))
    return 'It opens nothing any more, so it is not sent.';
  if (reachable.every(({ mailedAt }) => mailedAt !== null))
    return 'It was sent already. Copy the link to send it again.';
  if (reachable.every(({ mailAskedAt }) => mailAskedAt !== null))
    return 'It is sent as soon as it can no longer be undone.';
  return undefined;
}
