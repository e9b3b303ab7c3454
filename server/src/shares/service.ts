import { z } from 'zod';
import { ensureAccount } from '../accounts/service.ts';
import { limitAttempts } from '../auth/service.ts';
import type { Context } from '../context.ts';
import type { Database } from '../db/database.ts';
import { type Actor, isCurator } from '../http/actor.ts';
import { readCursor, writeCursor } from '../http/cursor.ts';
import { hashToken, newId, newToken } from '../http/ids.ts';
import { Problem } from '../http/problem.ts';
import { hashSecret, seal, unseal, verifySecret } from '../http/secrets.ts';
import { noteSearchAction } from '../search/service.ts';
import type { ShareLink } from './contract.ts';
import {
  clearShareLinkRevoked,
  findContactByEmail,
  findOpenedShareLink,
  findPasscodeHash,
  findShareLink,
  insertShareLink,
  listShareLinkRows,
  lockSharedAsset,
  markShareLinkRevoked,
  type OpenedRow,
  type ShareLinkKey,
  type ShareLinkRow,
  upsertRecipient,
} from './queries.ts';

const sealPurpose = 'share-token';
const passcodeLimit = { max: 10, windowMs: 15 * 60_000 };

interface RecipientInput {
  name: string;
  email: string | null;
  accountName: string | null;
}

interface ShareLinkInput {
  recipient: RecipientInput;
  message: string;
  expiresAt: Date | null;
  passcode: string | null;
  allowsDownload: boolean;
  searchId: string | null;
}

/** Makes a share link for one recipient. The URL holds the token, which is kept nowhere in the clear. */
export async function createShareLink(ctx: Context, actor: Actor, assetId: string, input: ShareLinkInput) {
  const now = ctx.clock();
  if (input.expiresAt && input.expiresAt <= now) {
    const detail = 'This moment has passed. Choose a later one, or none.';
    throw new Problem('invalid_request', detail, [{ pointer: '/body/expiresAt', detail }]);
  }
  const passcodeHash = input.passcode === null ? null : await hashSecret(input.passcode);
  const token = newToken();
  const row = await ctx.db.transaction().execute(async (trx) => {
    await refuseUnshareable(trx, actor, assetId);
    const recipientId = await ensureRecipient(trx, input.recipient, now);
    const id = newId('lnk');
    await insertShareLink(trx, {
      id,
      assetId,
      recipientId,
      createdByUserId: actor.userId,
      searchId: await noteSharedResult(ctx, trx, actor, assetId, input.searchId),
      tokenHash: hashToken(token),
      tokenSealed: seal(ctx.instanceKey, sealPurpose, token),
      message: input.message,
      passcodeHash,
      allowsDownload: input.allowsDownload,
      expiresAt: input.expiresAt,
      createdAt: now,
    });
    return getShareLink(trx, id);
  });
  ctx.log.info({ event: 'share_link_created', shareLinkId: row.id, assetId, userId: actor.userId });
  return { shareLink: toShareLink(row, now), url: urlOf(ctx, token) };
}

async function refuseUnshareable(db: Database, actor: Actor, assetId: string): Promise<void> {
  const asset = await lockSharedAsset(db, assetId);
  if (!asset || (asset.status !== 'published' && !isCurator(actor)))
    throw new Problem('not_found', 'There is no published asset with this id. Search for it again.');
  if (asset.status !== 'published')
    throw new Problem(
      'forbidden',
      `This asset is ${asset.status === 'draft' ? 'a draft' : 'archived'}. Publish it, then share it.`,
    );
  if (asset.audience === 'internal')
    throw new Problem(
      'forbidden',
      'This asset is internal only. Marketing can change its audience to external, then it can be shared.',
    );
}

/** The recipient by e-mail address, else by name and account. A contact with that address says who it is. */
async function ensureRecipient(db: Database, input: RecipientInput, now: Date): Promise<string> {
  const contact = input.email === null ? undefined : await findContactByEmail(db, input.email);
  const account = input.accountName ? await ensureAccount(db, input.accountName) : undefined;
  return upsertRecipient(db, {
    id: newId('rcp'),
    name: input.name,
    email: input.email,
    contactId: contact?.id ?? null,
    accountId: account?.id ?? contact?.accountId ?? null,
    createdAt: now,
  });
}

/** The search that led here, if it is the sender's own and showed this asset. */
async function noteSharedResult(
  ctx: Context,
  db: Database,
  actor: Actor,
  assetId: string,
  searchId: string | null,
) {
  if (searchId === null) return null;
  const isNoted = await noteSearchAction(ctx, db, actor, {
    searchId,
    assetId,
    kind: 'shared',
    dwellMs: null,
  });
  return isNoted ? searchId : null;
}

interface ListInput {
  assetId?: string | undefined;
  cursor?: string | undefined;
  limit: number;
}

export async function listShareLinks(
  { db, clock }: Context,
  actor: Actor,
  { assetId, cursor, limit }: ListInput,
) {
  const rows = await listShareLinkRows(db, {
    userId: actor.userId,
    assetId: assetId ?? null,
    after: cursor === undefined ? null : readPlace(cursor),
    limit: limit + 1,
  });
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const now = clock();
  return {
    items: page.map((row) => toShareLink(row, now)),
    nextCursor: rows.length > limit && last ? writeCursor([last.createdAtText, last.id]) : null,
  };
}

const place = z.tuple([z.string().refine((text) => !Number.isNaN(Date.parse(text))), z.string()]);

function readPlace(cursor: string): ShareLinkKey {
  const [createdAtText, id] = readCursor(place, cursor);
  return { createdAtText, id };
}

/** Only for the sender, and an admin who has to help; everybody else is told that there is no such share link. */
export async function readShareLinkUrl(
  ctx: Context,
  actor: Actor,
  shareLinkId: string,
): Promise<{ url: string }> {
  const row = await getShareLink(ctx.db, shareLinkId);
  if (row.createdByUserId !== actor.userId && actor.role !== 'admin') throw noSuchShareLink();
  const token = unseal(ctx.instanceKey, sealPurpose, row.tokenSealed);
  if (token === undefined)
    throw new Problem(
      'not_found',
      'The URL cannot be read any more, because the instance key has changed. What was sent still works; make a new share link to copy one.',
    );
  return { url: urlOf(ctx, token) };
}

/** Every process reads the state with each request, so this holds everywhere once it has answered. */
export async function revokeShareLink(ctx: Context, actor: Actor, shareLinkId: string): Promise<ShareLink> {
  refuseStranger(actor, await getShareLink(ctx.db, shareLinkId));
  await markShareLinkRevoked(ctx.db, shareLinkId, ctx.clock());
  ctx.log.info({ event: 'share_link_revoked', shareLinkId, userId: actor.userId });
  return toShareLink(await getShareLink(ctx.db, shareLinkId), ctx.clock());
}

export async function restoreShareLink(ctx: Context, actor: Actor, shareLinkId: string): Promise<ShareLink> {
  refuseStranger(actor, await getShareLink(ctx.db, shareLinkId));
  await clearShareLinkRevoked(ctx.db, shareLinkId);
  ctx.log.info({ event: 'share_link_restored', shareLinkId, userId: actor.userId });
  return toShareLink(await getShareLink(ctx.db, shareLinkId), ctx.clock());
}

function refuseStranger(actor: Actor, row: ShareLinkRow): void {
  if (row.createdByUserId !== actor.userId && !isCurator(actor)) throw noSuchShareLink();
}

async function getShareLink(db: Database, shareLinkId: string): Promise<ShareLinkRow> {
  const row = await findShareLink(db, shareLinkId);
  if (!row) throw noSuchShareLink();
  return row;
}

function noSuchShareLink(): Problem {
  return new Problem('not_found', 'You have no share link with this id.');
}

function urlOf({ config }: Context, token: string): string {
  return `${config.publicUrl}/s/${token}`;
}

function stateOf({ revokedAt, expiresAt }: Pick<OpenedRow, 'revokedAt' | 'expiresAt'>, now: Date) {
  if (revokedAt) return 'revoked';
  return expiresAt && expiresAt <= now ? 'expired' : 'active';
}

function toShareLink(row: ShareLinkRow, now: Date): ShareLink {
  return {
    ...row,
    recipient: {
      id: row.recipientId,
      name: row.recipientName,
      email: row.recipientEmail,
      accountName: row.accountName,
    },
    hasPasscode: row.passcodeHash !== null,
    state: stateOf(row, now),
  };
}

/** What a share link leads to, told apart by its state. */
export type OpenedShareLink =
  | { state: 'unknown' }
  | (Omit<OpenedRow, 'passcodeHash'> & { state: 'active' | 'expired' | 'revoked'; hasPasscode: boolean });

/**
 * Looks a token up by its hash. An asset that was archived or went back to draft stays open here: that takes it
 * out of the library, while what was sent to a buyer is withdrawn by revoking.
 */
export async function openShareLink({ db, clock }: Context, token: string): Promise<OpenedShareLink> {
  const row = await findOpenedShareLink(db, hashToken(token));
  if (!row) return { state: 'unknown' };
  const { passcodeHash, ...opened } = row;
  return { ...opened, state: stateOf(row, clock()), hasPasscode: passcodeHash !== null };
}

/** Whether the passcode opens the share link. Ten tries in 15 minutes for each address; then `too_many_attempts`. */
export async function checkPasscode(
  { db, clock }: Context,
  shareLinkId: string,
  passcode: string,
  addressKey: string,
): Promise<boolean> {
  await limitAttempts(db, clock, hashToken(`passcode:${shareLinkId}:${addressKey}`), passcodeLimit);
  const passcodeHash = await findPasscodeHash(db, shareLinkId);
  return passcodeHash ? verifySecret(passcodeHash, passcode.trim()) : false;
}
