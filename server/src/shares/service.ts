import { limitTries } from '../auth/service.ts';
import type { Context } from '../context.ts';
import type { Database } from '../db/database.ts';
import { type Actor, isCurator } from '../http/actor.ts';
import { readMomentCursor, writeCursor } from '../http/cursor.ts';
import { hashToken, newId, newToken } from '../http/ids.ts';
import { Problem } from '../http/problem.ts';
import { hashSecret, seal, verifySecret } from '../http/secrets.ts';
import { enqueue } from '../jobs/catalog.ts';
import { noteSearchAction } from '../search/service.ts';
import { type Gate, type ShareLink, type ShareLinkState, type ShareTarget, undoMs } from './contract.ts';
import { refuseOtherDeal } from './deal-choice.ts';
import { createChildLink, mostChildLinks } from './forwarding.ts';
import { erasePerson, exportPerson, selectLinksTo } from './person-queries.ts';
import { admitsEmail, refusePolicy } from './policy.ts';
import {
  findOpenedShareLink,
  findPasscodeHash,
  insertShareLink,
  listChildLinkRows,
  listShareLinkRows,
  lockSharedAsset,
  lockSharedRoom,
  type OpenedAssetRow,
  type OpenedRoomRow,
  type OpenedRow,
  type ShareLinkKey,
} from './queries.ts';
import { ensureRecipients, type RecipientInput, refuseRecipients } from './recipients.ts';
import {
  getShareLink,
  getShareLinks,
  type RecipientRow,
  recipientOf,
  sealPurpose,
  stateOf,
  toShareLink,
  unsealUrl,
  urlOf,
} from './share-link.ts';

/** A passcode may be tried this often in a quarter of an hour; a right one counts nowhere. */
const passcodeWindowMs = 15 * 60_000;
const passcodeTries = { perLinkAndAddress: 10, perAddress: 30, perLink: 100 };

// What the pages of share links ask of policies and of forwarding.
// What those who tell of share links say of them.
// What privacy asks of every feature that keeps something of people.
export {
  admitsEmail,
  createChildLink,
  erasePerson,
  exportPerson,
  type RecipientRow,
  recipientOf,
  selectLinksTo,
  stateOf,
};

interface ShareLinkInput {
  message: string;
  gate: Gate;
  allowedDomains: string[];
  allowedEmails: string[];
  hasWatermark: boolean;
  allowsDownload: boolean;
  passcode: string | null;
  startsAt: Date | null;
  expiresAt: Date | null;
  isPinned: boolean;
  maxVisitors: number | null;
  dealId: string | null;
  searchId: string | null;
}

export interface MadeShareLink {
  shareLink: ShareLink;
  url: string;
  knownAs: string | null;
}

/** Makes a share link for one recipient. The URL holds the token, which is kept nowhere in the clear. */
export async function createShareLink(
  ctx: Context,
  actor: Actor,
  target: ShareTarget,
  { recipient, ...input }: ShareLinkInput & { recipient: RecipientInput },
): Promise<MadeShareLink> {
  refuseRecipients([recipient], 'recipient');
  const [made] = await makeShareLinks(ctx, actor, target, { ...input, recipients: [recipient] });
  if (!made) throw new Problem('invalid_request', 'Say who this is for.');
  return made;
}

/** One for each recipient; somebody who is named twice gets one. All are made, or none. */
export async function createShareLinks(
  ctx: Context,
  actor: Actor,
  target: ShareTarget,
  input: ShareLinkInput & { recipients: RecipientInput[] },
): Promise<{ items: MadeShareLink[] }> {
  refuseRecipients(input.recipients, 'recipients');
  return { items: await makeShareLinks(ctx, actor, target, input) };
}

async function makeShareLinks(
  ctx: Context,
  actor: Actor,
  target: ShareTarget,
  input: ShareLinkInput & { recipients: RecipientInput[] },
): Promise<MadeShareLink[]> {
  const now = ctx.clock();
  refusePolicy(ctx, input);
  const { recipients, passcode, searchId, isPinned, ...policy } = input;
  const passcodeHash = passcode === null ? null : await hashSecret(passcode);
  const assetId = 'assetId' in target ? target.assetId : null;
  const roomId = 'roomId' in target ? target.roomId : null;
  const made = await ctx.db.transaction().execute(async (trx) => {
    const currentVersionId = assetId
      ? await getShareableVersion(trx, actor, assetId)
      : await refuseUnshareableRoom(trx, actor, roomId ?? '', isPinned);
    const people = await ensureRecipients(trx, recipients, now);
    const once = people.filter(
      (person, place) => people.findIndex((other) => other.id === person.id) === place,
    );
    await refuseOtherDeal(
      trx,
      input.dealId,
      once.map(({ id }) => id),
    );
    const notedSearchId = assetId ? await noteSharedResult(ctx, trx, actor, assetId, searchId) : null;
    const links = once.map((person) => ({
      ...person,
      recipientId: person.id,
      id: newId('lnk'),
      token: newToken(),
    }));
    for (const { id, recipientId, token } of links)
      await insertShareLink(trx, {
        ...policy,
        id,
        assetId,
        roomId,
        recipientId,
        createdByUserId: actor.userId,
        searchId: notedSearchId,
        tokenHash: hashToken(token),
        tokenSealed: seal(ctx.instanceKey, sealPurpose, token),
        passcodeHash,
        pinnedVersionId: isPinned ? currentVersionId : null,
        createdAt: now,
      });
    for (const { id: shareLinkId } of links)
      await enqueue(trx, 'announce-share-link', { shareLinkId }, { runAt: new Date(now.getTime() + undoMs) });
    const rows = await getShareLinks(
      trx,
      links.map(({ id }) => id),
      () => true,
    );
    return rows.map((row, place) => ({
      shareLink: toShareLink(row, now),
      url: urlOf(ctx, links[place]?.token ?? ''),
      knownAs: links[place]?.knownAs ?? null,
    }));
  });
  for (const { shareLink } of made)
    ctx.log.info({
      event: 'share_link_created',
      shareLinkId: shareLink.id,
      ...(assetId ? { assetId } : { roomId }),
      userId: actor.userId,
    });
  return made;
}

/** The version that is current, of an asset that may leave the company. */
async function getShareableVersion(db: Database, actor: Actor, assetId: string): Promise<string | null> {
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
  return asset.currentVersionId;
}

async function refuseUnshareableRoom(
  db: Database,
  actor: Actor,
  roomId: string,
  isPinned: boolean,
): Promise<null> {
  const room = await lockSharedRoom(db, roomId);
  if (!room || (room.createdByUserId !== actor.userId && !isCurator(actor)))
    throw new Problem('not_found', 'You have no room with this id.');
  if (room.itemCount === 0)
    throw new Problem('forbidden', 'This room is empty. Put something into it, then share it.');
  const [internal] = room.internalTitles;
  if (internal !== undefined)
    throw new Problem(
      'forbidden',
      `“${internal}” is internal only. Take it out of the room, or have marketing make it external.`,
    );
  if (isPinned)
    throw new Problem('invalid_request', 'A room pins versions item by item.', [
      { pointer: '/body/isPinned', detail: 'A room pins versions item by item.' },
    ]);
  return null;
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
  roomId?: string | undefined;
  cursor?: string | undefined;
  limit: number;
}

export async function listShareLinks(
  { db, clock }: Context,
  actor: Actor,
  { assetId, roomId, cursor, limit }: ListInput,
) {
  const rows = await listShareLinkRows(db, {
    userId: actor.userId,
    assetId: assetId ?? null,
    roomId: roomId ?? null,
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

function readPlace(cursor: string): ShareLinkKey {
  const [createdAtText, id] = readMomentCursor(cursor);
  return { createdAtText, id };
}

/** To whoever made the share link, and to those who see everybody's. */
export async function listChildLinks({ db, clock }: Context, actor: Actor, shareLinkId: string) {
  await getShareLink(db, shareLinkId, (row) => row.createdByUserId === actor.userId || actor.role !== 'rep');
  const rows = await listChildLinkRows(db, shareLinkId, mostChildLinks);
  return { items: rows.map((row) => toShareLink(row, clock())) };
}

/** Only for the sender, and an admin who has to help; everybody else is told that there is no such share link. */
export async function readShareLinkUrl(
  ctx: Context,
  actor: Actor,
  shareLinkId: string,
): Promise<{ url: string }> {
  const row = await getShareLink(
    ctx.db,
    shareLinkId,
    ({ createdByUserId }) => createdByUserId === actor.userId || actor.role === 'admin',
  );
  const url = unsealUrl(ctx, row.tokenSealed);
  if (url === undefined)
    throw new Problem(
      'not_found',
      'The URL cannot be read any more, because the instance key has changed. What was sent still works; make a new share link to copy one.',
    );
  return { url };
}

/** The state at this moment of what was looked up before. */
export function stateOfOpened(
  row: Pick<OpenedRow, 'undoneAt' | 'revokedAt' | 'expiresAt' | 'startsAt'>,
  now: Date,
): ShareLinkState | 'undone' {
  return row.undoneAt ? 'undone' : stateOf(row, now);
}

type Opened<Row> = Omit<Row, 'passcodeHash'> & {
  state: ShareLinkState | 'undone';
  hasPasscode: boolean;
  /** Another one with each passcode, and nothing that tells it. */
  passcodeMark: string;
};
export type OpenedAsset = Opened<OpenedAssetRow>;
export type OpenedRoom = Opened<OpenedRoomRow>;

/** What a share link leads to, told apart by its state and by whether it has a `roomId`. */
export type OpenedShareLink = { state: 'unknown' } | OpenedAsset | OpenedRoom;

/**
 * Looks a token up by its hash. An asset that was archived or went back to draft stays open here: that takes it
 * out of the library, while what was sent to a buyer is withdrawn by revoking. One that was undone is as good as unknown
 * to whoever asks; its row is there for the record of who asked.
 */
export async function openShareLink({ db, clock }: Context, token: string): Promise<OpenedShareLink> {
  const row = await findOpenedShareLink(db, hashToken(token));
  if (!row) return { state: 'unknown' };
  const { passcodeHash, ...opened } = row;
  const isOpen = {
    state: stateOfOpened(row, clock()),
    hasPasscode: passcodeHash !== null,
    passcodeMark: hashToken(passcodeHash ?? '').slice(0, 12),
  };
  return opened.roomId === null ? { ...opened, ...isOpen } : { ...opened, ...isOpen };
}

/**
 * Whether the passcode opens the share link. Wrong ones are limited for each address on this link, for each address on
 * all links, and for this link whatever the address, because addresses are cheap; then `too_many_attempts`.
 */
export function checkPasscode(
  { db, clock }: Context,
  shareLinkId: string,
  passcode: string,
  addressKey: string,
): Promise<boolean> {
  const { perLinkAndAddress, perAddress, perLink } = passcodeTries;
  const tries = [
    { key: `passcode:${shareLinkId}:${addressKey}`, max: perLinkAndAddress },
    { key: `passcode-address:${addressKey}`, max: perAddress },
    { key: `passcode-link:${shareLinkId}`, max: perLink },
  ].map(({ key, max }) => ({ key, limit: { max, windowMs: passcodeWindowMs } }));
  return limitTries(db, clock, tries, async () => {
    const passcodeHash = await findPasscodeHash(db, shareLinkId);
    return passcodeHash ? verifySecret(passcodeHash, passcode.trim()) : false;
  });
}
