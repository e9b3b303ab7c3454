import type { Context } from '../context.ts';
import type { Database } from '../db/database.ts';
import { isForeignKeyViolation } from '../db/problems.ts';
import { type Actor, isCurator } from '../http/actor.ts';
import { newId } from '../http/ids.ts';
import { Problem } from '../http/problem.ts';
import type { StagedBlob } from '../storage/store.ts';
import { type AssetChange, changeAssets } from './bulk.ts';
import { type Content, claimFile, refuseDuplicate, titleOf } from './content.ts';
import type { Asset, AssetCard, AssetStatus } from './contract.ts';
import { type AssetEdit, type AssetFields, applyEdit, writeAsset } from './edit.ts';
import { type AssetPage, type AssetSort, listAssetPage } from './list-queries.ts';
import { warnOfType } from './media-type.ts';
import { erasePerson, exportPerson } from './person-queries.ts';
import {
  type AssetRow,
  findAssetRow,
  findUserName,
  findVersionFile,
  findWholeAsset,
  listCards,
  lockAssets,
} from './queries.ts';
import { readTicket, type StoredUpload } from './ticket.ts';
import { receiveBytes } from './upload.ts';
import {
  deleteAssetRow,
  insertActivity,
  listVersionsOfType,
  lockHash,
  updateMediaType,
  updatePageCount,
  updateScan,
  updateWords,
  upsertBlob,
} from './write-queries.ts';

// What privacy asks of every feature that keeps something of people, and what a decision about many assets comes to.
export { type AssetChange, changeAssets, erasePerson, exportPerson };

// ── who sees what ───────────────────────────────────────────────────────────────────────────────────────

/** Whether this user may see an asset of this status; what a user may not see does not exist for them. */
export function canReadAsset(actor: Actor, status: string): boolean {
  return status === 'published' || isCurator(actor);
}

function refuseUnknownAsset(): never {
  throw new Problem('not_found', 'There is no such asset, or it is not published. Go back to the library.');
}

/** The row of an asset that the actor may see; throws `not_found` for any other. */
async function getReadableAsset(db: Database, actor: Actor, assetId: string): Promise<AssetRow> {
  const row = await findAssetRow(db, assetId);
  if (!row || !canReadAsset(actor, row.status)) refuseUnknownAsset();
  return row;
}

/** The cards of these assets, in the order of the ids; what is gone is left out. */
export async function listAssetCards(db: Database, assetIds: string[], now: Date): Promise<AssetCard[]> {
  const cards = new Map((await listCards(db, assetIds, now)).map((card) => [card.id, card]));
  return assetIds.flatMap((assetId) => cards.get(assetId) ?? []);
}

export async function readAsset({ db, clock }: Context, actor: Actor, assetId: string): Promise<Asset> {
  const found = await findWholeAsset(db, assetId, clock());
  if (!found || !canReadAsset(actor, found.status)) refuseUnknownAsset();
  return found;
}

export interface ListInput {
  query: string;
  status?: AssetStatus | undefined;
  audience?: string | undefined;
  term: string[];
  owner?: string | undefined;
  isStale?: 'true' | undefined;
  sort: AssetSort;
  cursor?: string | undefined;
  limit: number;
}

/** Without a status, everything but what is archived. */
export function listAssets({ db, clock }: Context, actor: Actor, input: ListInput): Promise<AssetPage> {
  const wanted: AssetStatus[] = input.status ? [input.status] : ['draft', 'published'];
  const filter = {
    query: input.query,
    statuses: wanted.filter((status) => canReadAsset(actor, status)),
    audience: input.audience,
    termIds: input.term,
    owner: input.owner === 'me' ? actor.userId : input.owner,
    onlyStale: input.isStale === 'true',
  };
  return listAssetPage(db, filter, { ...input, cursor: input.cursor, now: clock() });
}

// ── changes ─────────────────────────────────────────────────────────────────────────────────────────────

interface ContentInput {
  uploadTicket?: string | undefined;
  url?: string | undefined;
}

function readContent({ instanceKey, clock }: Context, actor: Actor, input: ContentInput): Content {
  if (input.url !== undefined) return { kind: 'web_link', url: input.url };
  return { kind: 'file', upload: readTicket(instanceKey, clock(), actor, input.uploadTicket ?? '') };
}

/** What the actor uploaded and has not made an asset of yet; throws for a ticket that is not theirs or too old. */
export function readUploadTicket(
  { instanceKey, clock }: Context,
  actor: Actor,
  uploadTicket: string,
): StoredUpload {
  return readTicket(instanceKey, clock(), actor, uploadTicket);
}

interface CreateInput extends ContentInput, Omit<AssetFields, 'title' | 'ownerUserId' | 'ownerRole'> {
  title?: string | undefined;
  /** The actor owns what they add, unless they name somebody else or nobody. */
  ownerUserId?: string | null | undefined;
  allowsDuplicate: boolean;
}

export async function createAsset(ctx: Context, actor: Actor, input: CreateInput): Promise<Asset> {
  const { uploadTicket, url, title, allowsDuplicate, ownerUserId = actor.userId, ...fields } = input;
  const content = readContent(ctx, actor, { uploadTicket, url });
  const assetId = await ctx.db.transaction().execute(async (trx) => {
    if (content.kind === 'file') {
      await claimFile(trx, content.upload);
      if (!allowsDuplicate) await refuseDuplicate(trx, content.upload);
    }
    return writeAsset(
      trx,
      { ...fields, ownerUserId, ownerRole: '', title: title ?? titleOf(content), content },
      { userId: actor.userId, now: ctx.clock() },
    );
  });
  ctx.log.info({ event: 'asset_created', assetId, kind: content.kind, status: fields.status });
  return readAsset(ctx, actor, assetId);
}

type UpdateInput = Omit<AssetEdit, 'content' | 'publishedAt'> & { revision: number };

export async function updateAsset(
  ctx: Context,
  actor: Actor,
  assetId: string,
  { revision, ...edit }: UpdateInput,
): Promise<Asset> {
  await ctx.db.transaction().execute(async (trx) => {
    const [row] = await lockAssets(trx, [assetId]);
    if (!row) refuseUnknownAsset();
    if (row.revision !== revision) await refuseOldRevision(trx, actor, row);
    await applyEdit(trx, row, edit, { userId: actor.userId, now: ctx.clock() });
  });
  return readAsset(ctx, actor, assetId);
}

async function refuseOldRevision(trx: Database, actor: Actor, row: AssetRow): Promise<never> {
  const by = row.updatedByUserId;
  const name = by === null ? undefined : await findUserName(trx, by);
  const who = by === actor.userId ? 'You, in another window,' : (name ?? 'Somebody else');
  const when = row.updatedAt.toISOString().slice(0, 16).replace('T', ' at ');
  throw new Problem(
    'conflict',
    `${who} changed this asset on ${when} UTC, after you opened it. Reload it and make your change again.`,
  );
}

export async function addVersion(
  ctx: Context,
  actor: Actor,
  assetId: string,
  input: ContentInput,
): Promise<Asset> {
  const content = readContent(ctx, actor, input);
  await ctx.db.transaction().execute(async (trx) => {
    if (content.kind === 'file') await claimFile(trx, content.upload);
    const [row] = await lockAssets(trx, [assetId]);
    if (!row) refuseUnknownAsset();
    await refuseUnfitVersion(trx, row, content);
    await applyEdit(trx, row, { content }, { userId: actor.userId, now: ctx.clock() });
  });
  ctx.log.info({ event: 'asset_version_added', assetId });
  return readAsset(ctx, actor, assetId);
}

async function refuseUnfitVersion(trx: Database, row: AssetRow, content: Content): Promise<void> {
  if (row.kind !== content.kind) {
    const [is, wanted] = row.kind === 'file' ? ['a file', 'a file'] : ['a web link', 'a web address'];
    throw new Problem(
      'invalid_request',
      `This asset is ${is}, so its next version is ${wanted} too. Add the other as an asset of its own.`,
    );
  }
  const current = await findVersionFile(trx, row.id, undefined);
  const isSame =
    content.kind === 'file' ? current?.blobHash === content.upload.hash : current?.url === content.url;
  if (!isSame) return;
  const code = content.kind === 'file' ? 'duplicate_file' : 'already_exists';
  throw new Problem(code, 'This is what the current version holds already, so nothing was added.');
}

/** An asset that was shared has readers and numbers that point to it, so it can only be archived. */
export async function deleteAsset({ db, log }: Context, assetId: string): Promise<void> {
  await db
    .transaction()
    .execute(async (trx) => {
      const [row] = await lockAssets(trx, [assetId]);
      if (!row) refuseUnknownAsset();
      await deleteAssetRow(trx, assetId);
    })
    .catch((error: unknown) => {
      const wasShared = [
        'share_link_asset_id_fkey',
        'room_item_asset_id_fkey',
        'visit_version_asset_version_id_fkey',
      ].some((constraint) => isForeignKeyViolation(error, constraint));
      if (!wasShared) throw error;
      throw new Problem('conflict', 'This asset was shared, so it cannot be deleted. Archive it instead.');
    });
  log.info({ event: 'asset_deleted', assetId });
}

// ── use ─────────────────────────────────────────────────────────────────────────────────────────────────

export async function recordActivity(
  { db, clock }: Context,
  actor: Actor,
  assetId: string,
  { kind, searchId }: { kind: 'opened' | 'downloaded'; searchId: string | null },
): Promise<void> {
  await getReadableAsset(db, actor, assetId);
  const { userId } = actor;
  await insertActivity(db, { id: newId('act'), assetId, userId, kind, searchId, occurredAt: clock() });
}

/** Where the bytes of a version are; throws for a web link, which has none, and for what the virus scanner holds. */
export async function getAssetFile(ctx: Context, actor: Actor, assetId: string, versionId?: string) {
  const found = await findVersionFile(ctx.db, assetId, versionId);
  if (!found || !canReadAsset(actor, found.status)) refuseUnknownAsset();
  const { blobHash, fileName, sizeBytes, mediaType } = found;
  refuseUnsafe(ctx, found);
  if (blobHash === null || sizeBytes === null)
    throw new Problem('not_found', 'This asset is a web link and has no file. Open its address instead.');
  return { hash: blobHash, fileName: fileName ?? 'file', sizeBytes, mediaType };
}

// ── what is made of files, for the features to the right ────────────────────────────────────────────────

export { receiveBytes };

/** Throws for a file that the virus scanner named, or has not looked at yet where there is one. */
export function refuseUnsafe(
  { config }: Context,
  file: { blobHash: string | null; threat: string | null; scannedAt: Date | null },
): void {
  if (file.threat !== null)
    throw new Problem(
      'quarantined',
      'The virus scanner found something in this file, so nobody can open it. Ask its owner for a clean one.',
    );
  if (config.clamav && file.blobHash !== null && file.scannedAt === null)
    throw new Problem('unavailable', 'This file is being checked for viruses. Try again in a moment.');
}

/** Makes staged content findable within the caller's transaction, which then refers to it. */
export async function keepBlob(
  { clock }: Context,
  trx: Database,
  staged: Pick<StagedBlob, 'hash' | 'sizeBytes' | 'commit'>,
): Promise<void> {
  await lockHash(trx, staged.hash);
  await staged.commit();
  await upsertBlob(trx, { hash: staged.hash, sizeBytes: staged.sizeBytes, createdAt: clock() });
}

/** How many pages the versions of this content have; a page view beyond them is refused. */
export const setPageCount = updatePageCount;

/** A look at the whole file knows its type better than a look at its start. */
export async function correctMediaType(
  trx: Database,
  { blobHash, from, to }: { blobHash: string; from: string; to: string },
): Promise<void> {
  for (const { id, fileName } of await listVersionsOfType(trx, blobHash, from))
    await updateMediaType(trx, id, { mediaType: to, typeWarning: warnOfType(to, fileName ?? '') });
}

/** What the virus scanner found in a file, or null for nothing. */
export async function noteScan(
  { db, clock }: Context,
  blobHash: string,
  threat: string | null,
): Promise<void> {
  await updateScan(db, blobHash, { threat, scannedAt: clock() });
}

/**
 * Takes over what a web page says of itself, where nobody has said anything: a title that was made of the address,
 * and an empty description. It is no edit of a person's, so nobody's edit comes too late by it.
 */
export async function fillFromWebPage(
  trx: Database,
  assetId: string,
  { url, title, description }: { url: string; title: string; description: string },
): Promise<void> {
  const row = await findAssetRow(trx, assetId);
  if (!row) return;
  const isUntitled = row.title === titleOf({ kind: 'web_link', url });
  await updateWords(trx, assetId, {
    ...(isUntitled && title.trim() !== '' && { title: title.trim().slice(0, 200).toWellFormed() }),
    ...(row.description === '' && { description: description.trim().slice(0, 4000).toWellFormed() }),
  });
}
