import type { Context } from '../context.ts';
import type { Database } from '../db/database.ts';
import { type Actor, isCurator } from '../http/actor.ts';
import { Problem } from '../http/problem.ts';
import { unseal } from '../http/secrets.ts';
import type { Recipient, RecipientKind, ShareLink, ShareLinkState } from './contract.ts';
import { listShareLinkRowsById, type ShareLinkRow } from './queries.ts';

export const sealPurpose = 'share-token';

export function urlOf({ config }: Context, token: string): string {
  return `${config.shareUrl}/s/${token}`;
}

/** The URL from what is kept; undefined once the instance key is another one. */
export function unsealUrl(ctx: Context, tokenSealed: string): string | undefined {
  const token = unseal(ctx.instanceKey, sealPurpose, tokenSealed);
  return token === undefined ? undefined : urlOf(ctx, token);
}

interface StateRow {
  revokedAt: Date | null;
  expiresAt: Date | null;
  startsAt: Date | null;
}

/** The state at this moment of a share link that was not undone. */
export function stateOf({ revokedAt, expiresAt, startsAt }: StateRow, now: Date): ShareLinkState {
  if (revokedAt) return 'revoked';
  if (expiresAt && expiresAt <= now) return 'expired';
  return startsAt && startsAt > now ? 'not_started' : 'active';
}

export interface RecipientRow {
  recipientId: string;
  recipientKind: RecipientKind;
  recipientName: string;
  recipientEmail: string | null;
  accountId: string | null;
  accountName: string | null;
}

export function recipientOf(row: RecipientRow): Recipient {
  return {
    id: row.recipientId,
    kind: row.recipientKind,
    name: row.recipientName,
    email: row.recipientEmail,
    accountId: row.accountId,
    accountName: row.accountName,
  };
}

export function toShareLink(row: ShareLinkRow, now: Date): ShareLink {
  const { pinnedNumber, currentNumber } = row;
  return {
    ...row,
    recipient: recipientOf(row),
    hasPasscode: row.passcodeHash !== null,
    pinnedVersion:
      pinnedNumber === null ? null : { number: pinnedNumber, currentNumber: currentNumber ?? pinnedNumber },
    deal:
      row.dealId === null
        ? null
        : {
            id: row.dealId,
            name: row.dealName ?? '',
            amount: row.dealAmount ?? 0,
            currency: row.dealCurrency ?? '',
          },
    state: stateOf(row, now),
  };
}

/** All of them in the order of the ids, or none: one that the actor may not see is as good as missing. */
export async function getShareLinks(
  db: Database,
  shareLinkIds: string[],
  maySee: (row: ShareLinkRow) => boolean,
): Promise<ShareLinkRow[]> {
  const rows = new Map((await listShareLinkRowsById(db, shareLinkIds)).map((row) => [row.id, row]));
  return [...new Set(shareLinkIds)].map((shareLinkId) => {
    const row = rows.get(shareLinkId);
    if (!row || !maySee(row)) throw noSuchShareLink();
    return row;
  });
}

export async function getShareLink(
  db: Database,
  shareLinkId: string,
  maySee: (row: ShareLinkRow) => boolean,
): Promise<ShareLinkRow> {
  const [row] = await getShareLinks(db, [shareLinkId], maySee);
  if (!row) throw noSuchShareLink();
  return row;
}

/** Who made it, and those who look after the library. */
export const mayChange = (actor: Actor) => (row: ShareLinkRow) =>
  row.createdByUserId === actor.userId || isCurator(actor);

function noSuchShareLink(): Problem {
  return new Problem('not_found', 'You have no share link with this id.');
}
