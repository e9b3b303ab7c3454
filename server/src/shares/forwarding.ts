import { limitTries } from '../auth/service.ts';
import type { Context } from '../context.ts';
import { hashToken, newId, newToken } from '../http/ids.ts';
import { Problem } from '../http/problem.ts';
import { seal } from '../http/secrets.ts';
import { enqueue } from '../jobs/catalog.ts';
import { admitsEmail } from './policy.ts';
import { insertShareLink, lockParentLink } from './queries.ts';
import { ensureRecipients } from './recipients.ts';
import { sealPurpose, stateOf, urlOf } from './share-link.ts';

export const mostChildLinks = 50;
/** With everything that is forwarded from what was forwarded. */
const mostInFamily = 200;
const forwardLimit = { max: 10, windowMs: 60 * 60_000 };

interface ChildLinkInput {
  parentShareLinkId: string;
  /** Null where nobody is told who it was. */
  visitorId: string | null;
  /** For limiting how much one address passes on. */
  addressKey: string;
  recipient: { name: string; email: string | null };
}

/**
 * Makes a share link of the same content with the same policy for somebody whom a prospect names, so that the two can
 * be told apart. It belongs to the sender, and ends with the one that it was made from.
 */
export async function createChildLink(
  ctx: Context,
  { parentShareLinkId, visitorId, addressKey, recipient }: ChildLinkInput,
): Promise<{ shareLinkId: string; url: string }> {
  const { db, clock } = ctx;
  const tries = [
    { key: `forward:${parentShareLinkId}:${addressKey}`, limit: forwardLimit },
    { key: `forward-address:${addressKey}`, limit: { ...forwardLimit, max: 30 } },
    { key: `forward:${parentShareLinkId}`, limit: { ...forwardLimit, max: mostChildLinks } },
  ];
  // What was passed on counts: a try is never given back.
  await limitTries(db, clock, tries, async () => false);
  const now = clock();
  const id = newId('lnk');
  const token = newToken();
  await db.transaction().execute(async (trx) => {
    const parent = await lockParentLink(trx, parentShareLinkId);
    if (!parent || parent.undoneAt || stateOf(parent, now) !== 'active')
      throw new Problem('not_found', 'This link does not open any more, so it can not be passed on.');
    const isMuch = parent.childCount >= mostChildLinks || parent.familyCount > mostInFamily;
    if (parent.maxVisitors !== null || isMuch)
      throw new Problem(
        'forbidden',
        'This was shared with a limited number of people. Ask whoever sent it for a link of their own.',
      );
    if (recipient.email !== null && !admitsEmail(parent, recipient.email))
      throw new Problem(
        'forbidden',
        'This was shared with certain addresses only. Ask whoever sent it to add this one.',
      );
    const [person] = await ensureRecipients(
      trx,
      [{ kind: 'person', name: recipient.name, email: recipient.email, accountName: null }],
      now,
      parent.accountId,
    );
    if (!person) throw new Error('A recipient was neither found nor made.');
    const {
      childCount: _count,
      familyCount: _inAll,
      accountId: _account,
      undoneAt: _undone,
      revokedAt: _revoked,
      ...policy
    } = parent;
    await insertShareLink(trx, {
      ...policy,
      id,
      recipientId: person.id,
      parentShareLinkId,
      forwardedByVisitorId: visitorId,
      tokenHash: hashToken(token),
      tokenSealed: seal(ctx.instanceKey, sealPurpose, token),
      createdAt: now,
    });
    await enqueue(trx, 'announce-share-link', { shareLinkId: id });
  });
  ctx.log.info({ event: 'share_link_forwarded', shareLinkId: id, parentShareLinkId });
  return { shareLinkId: id, url: urlOf(ctx, token) };
}
