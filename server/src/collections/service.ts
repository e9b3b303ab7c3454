import { z } from 'zod';
import { canReadAsset, listAssetCards } from '../assets/service.ts';
import type { Context } from '../context.ts';
import type { Database } from '../db/database.ts';
import { isForeignKeyViolation, isUniqueViolation } from '../db/problems.ts';
import { type Actor, isCurator } from '../http/actor.ts';
import { readCursor, writeCursor } from '../http/cursor.ts';
import { newId } from '../http/ids.ts';
import { Problem } from '../http/problem.ts';
import {
  type Collection,
  type CollectionCard,
  type CollectionChoice,
  mostCollections,
  mostItems,
} from './contract.ts';
import { erasePerson, exportPerson } from './person-queries.ts';
import {
  type CollectionRow,
  countCollections,
  deleteItem,
  findCollectionRow,
  insertCollection,
  insertItems,
  listChoiceRows,
  listCollectionRows,
  listItemIds,
  listItemRows,
  lockCollection,
  lockCollectionsOf,
  updateCollectionRow,
  updateItemNote,
  updateItemOrder,
} from './queries.ts';

// What privacy asks of every feature that keeps something of people.
export { erasePerson, exportPerson };

// ── reading ─────────────────────────────────────────────────────────────────────────────────────────────

interface ListInput {
  part: 'all' | 'own' | 'pinned';
  query: string;
  cursor?: string | undefined;
  limit: number;
}

export async function listCollections(
  { db, clock }: Context,
  actor: Actor,
  { part, query, cursor, limit }: ListInput,
) {
  const place = z.tuple([z.literal(part), z.string().regex(/^\d{4,6}-\d\d-\d\d \S+$/), z.string()]);
  const after = cursor === undefined ? undefined : readCursor(place, cursor);
  const [rows, counts] = await Promise.all([
    listCollectionRows(db, {
      statuses: seenStatuses(actor),
      createdByUserId: part === 'own' ? actor.userId : undefined,
      onlyPinned: part === 'pinned',
      query,
      after: after && { sortKey: after[1], id: after[2] },
      limit: limit + 1,
    }),
    countCollections(db, actor.userId),
  ]);
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const nextCursor = rows.length > limit && last ? writeCursor([part, last.sortKey, last.id]) : null;
  return { items: await toCards(db, actor, shown, clock()), nextCursor, counts };
}

export async function readCollection(
  { db, clock }: Context,
  actor: Actor,
  collectionId: string,
): Promise<Collection> {
  const row = await findCollectionRow(db, collectionId, seenStatuses(actor));
  const [card] = row ? await toCards(db, actor, [row], clock()) : [];
  if (!row || !card) refuseUnknown();
  const items = await listItemRows(db, collectionId);
  const assets = await listAssetCards(
    db,
    items.map(({ assetId }) => assetId),
    clock(),
  );
  const assetOf = new Map(assets.map((asset) => [asset.id, asset]));
  return {
    ...card,
    hiddenCount: row.hiddenCount,
    items: items.flatMap(({ assetId, ...item }) => {
      const asset = assetOf.get(assetId);
      return asset && canReadAsset(actor, asset.status) ? [{ ...item, asset }] : [];
    }),
  };
}

export async function listCollectionChoices(
  ctx: Context,
  actor: Actor,
  assetId: string,
): Promise<CollectionChoice[]> {
  await refuseUnseenAssets(ctx, actor, [assetId]);
  const { userId } = actor;
  return listChoiceRows(ctx.db, assetId, {
    userId,
    withPinned: isCurator(actor),
    statuses: seenStatuses(actor),
  });
}

function seenStatuses(actor: Actor): string[] {
  return ['draft', 'published', 'archived'].filter((status) => canReadAsset(actor, status));
}

async function toCards(
  db: Database,
  actor: Actor,
  rows: CollectionRow[],
  now: Date,
): Promise<CollectionCard[]> {
  const covers = await listAssetCards(db, [...new Set(rows.flatMap(({ coverIds }) => coverIds))], now);
  const coverOf = new Map(covers.map((cover) => [cover.id, cover]));
  return rows.map(({ coverIds, createdByUserId, ...row }) => ({
    ...row,
    isOwn: createdByUserId === actor.userId,
    mayEdit: mayEdit(actor, createdByUserId),
    covers: coverIds.flatMap((assetId) => coverOf.get(assetId) ?? []),
  }));
}

function mayEdit(actor: Actor, createdByUserId: string): boolean {
  return createdByUserId === actor.userId || isCurator(actor);
}

// ── a collection ────────────────────────────────────────────────────────────────────────────────────────

interface CreateInput {
  name: string;
  description: string;
  assetIds: string[];
}

export async function createCollection(ctx: Context, actor: Actor, input: CreateInput): Promise<Collection> {
  const { name, description } = input;
  const { userId } = actor;
  const assetIds = [...new Set(input.assetIds)];
  await refuseUnseenAssets(ctx, actor, assetIds);
  const id = newId('col');
  const now = ctx.clock();
  await ctx.db
    .transaction()
    .execute(async (trx) => {
      await refuseTooManyCollections(trx, userId);
      const moments = { createdAt: now, updatedAt: now };
      await insertCollection(trx, { id, name, description, createdByUserId: userId, ...moments });
      await insertItems(trx, { collectionId: id, assetIds, note: '', userId, now });
    })
    .catch(explainRefusal(name));
  ctx.log.info({ event: 'collection_created', collectionId: id, itemCount: assetIds.length });
  return readCollection(ctx, actor, id);
}

export async function updateCollection(
  ctx: Context,
  actor: Actor,
  collectionId: string,
  edit: { name?: string | undefined; description?: string | undefined },
): Promise<Collection> {
  await changeCollection(ctx, actor, collectionId, async (trx) => {
    await updateCollectionRow(trx, collectionId, edit);
    return edit.name !== undefined || edit.description !== undefined;
  }).catch(explainRefusal(edit.name ?? ''));
  return readCollection(ctx, actor, collectionId);
}

export async function deleteCollection(ctx: Context, actor: Actor, collectionId: string): Promise<void> {
  await changeCollection(ctx, actor, collectionId, async (trx) => {
    await updateCollectionRow(trx, collectionId, { deletedAt: ctx.clock() });
    return false;
  });
  ctx.log.info({ event: 'collection_deleted', collectionId });
}

/** Brings back what was deleted less than a day ago, pinned where it was pinned. */
export async function restoreCollection(ctx: Context, actor: Actor, collectionId: string) {
  await ctx.db.transaction().execute(async (trx) => {
    const row = (await lockCollection(trx, collectionId)) ?? refuseUnknown();
    if (!mayEdit(actor, row.createdByUserId)) refuseUnknown();
    if (row.deletedAt === null) return;
    await refuseTooManyCollections(trx, row.createdByUserId);
    await updateCollectionRow(trx, collectionId, { deletedAt: null }).catch(explainRefusal(row.name));
  });
  return readCollection(ctx, actor, collectionId);
}

export async function setPinned(ctx: Context, collectionId: string, isPinned: boolean): Promise<void> {
  await ctx.db.transaction().execute(async (trx) => {
    const row = await lockCollection(trx, collectionId);
    if (!row || row.deletedAt !== null) refuseUnknown();
    const pinnedAt = isPinned ? (row.pinnedAt ?? ctx.clock()) : null;
    await updateCollectionRow(trx, collectionId, { pinnedAt });
  });
  ctx.log.info({ event: isPinned ? 'collection_pinned' : 'collection_unpinned', collectionId });
}

// ── what is in it ───────────────────────────────────────────────────────────────────────────────────────

interface AddInput {
  note: string;
  place?: number | undefined;
}

/** An asset that is in it already keeps its place and its note. */
export async function addToCollection(
  ctx: Context,
  actor: Actor,
  collectionId: string,
  assetId: string,
  { note, place }: AddInput,
): Promise<void> {
  await refuseUnseenAssets(ctx, actor, [assetId]);
  await changeCollection(ctx, actor, collectionId, async (trx) => {
    const current = await listItemIds(trx, collectionId);
    if (current.includes(assetId)) return false;
    if (current.length >= mostItems)
      throw new Problem(
        'conflict',
        `This collection holds ${mostItems} assets, which is all it can hold. Remove one, or start another.`,
      );
    const { userId } = actor;
    await insertItems(trx, { collectionId, assetIds: [assetId], note, userId, now: ctx.clock() });
    if (place !== undefined && place < current.length)
      await updateItemOrder(trx, collectionId, current.toSpliced(place, 0, assetId));
    return true;
  }).catch(explainRefusal(''));
}

export async function updateCollectionItem(
  ctx: Context,
  actor: Actor,
  collectionId: string,
  assetId: string,
  note: string,
): Promise<void> {
  await changeCollection(ctx, actor, collectionId, async (trx) => {
    if (await updateItemNote(trx, collectionId, assetId, note)) return true;
    throw new Problem(
      'not_found',
      'Somebody has removed this asset from the collection. Add it again, then write the note.',
    );
  });
}

/** One that is gone already is no problem. */
export async function removeFromCollection(
  ctx: Context,
  actor: Actor,
  collectionId: string,
  assetId: string,
): Promise<void> {
  await changeCollection(ctx, actor, collectionId, (trx) => deleteItem(trx, collectionId, assetId));
}

export async function orderCollection(ctx: Context, actor: Actor, collectionId: string, assetIds: string[]) {
  const wanted = new Set(assetIds);
  if (wanted.size < assetIds.length) {
    const detail = 'An asset is there twice. Name each once.';
    throw new Problem('invalid_request', detail, [{ pointer: '/body/assetIds', detail }]);
  }
  await changeCollection(ctx, actor, collectionId, async (trx) => {
    const current = await listItemIds(trx, collectionId);
    const there = new Set(current);
    const inOrder = assetIds.filter((assetId) => there.has(assetId)).values();
    const ordered = current.map((assetId) =>
      wanted.has(assetId) ? (inOrder.next().value ?? assetId) : assetId,
    );
    await updateItemOrder(trx, collectionId, ordered);
    return ordered.some((assetId, index) => assetId !== current[index]);
  });
}

/** Changes to one collection happen one after the other, so none is lost. The change says whether there was one. */
async function changeCollection(
  { db, clock }: Context,
  actor: Actor,
  collectionId: string,
  change: (trx: Database) => Promise<boolean>,
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const row = await lockCollection(trx, collectionId);
    if (!row || row.deletedAt !== null) refuseUnknown();
    if (!mayEdit(actor, row.createdByUserId))
      throw new Problem(
        'forbidden',
        'This collection is somebody else’s. Ask them or marketing to change it, or make one of your own.',
      );
    if (await change(trx)) await updateCollectionRow(trx, collectionId, { updatedAt: clock() });
  });
}

// ── refusals ────────────────────────────────────────────────────────────────────────────────────────────

function refuseUnknown(): never {
  throw new Problem('not_found', 'There is no such collection, perhaps it was deleted. Go to Collections.');
}

function refuseUnknownAsset(): never {
  throw new Problem('not_found', 'There is no such asset, or it is not published. Look for another one.');
}

async function refuseUnseenAssets({ db, clock }: Context, actor: Actor, assetIds: string[]): Promise<void> {
  const seen = (await listAssetCards(db, assetIds, clock())).filter(({ status }) =>
    canReadAsset(actor, status),
  );
  if (seen.length < assetIds.length) refuseUnknownAsset();
}

async function refuseTooManyCollections(trx: Database, userId: string): Promise<void> {
  if ((await lockCollectionsOf(trx, userId)) < mostCollections) return;
  throw new Problem(
    'conflict',
    `There are ${mostCollections} collections of yours, which is all you can have. Delete one first.`,
  );
}

function explainRefusal(name: string) {
  return (error: unknown): never => {
    // The asset was deleted between the look at it and the write.
    if (isForeignKeyViolation(error, 'collection_item_asset_id_fkey')) refuseUnknownAsset();
    if (!isUniqueViolation(error, 'collection_name_key')) throw error;
    const detail = `There is a collection “${name}” by the same person already. Choose another name.`;
    throw new Problem('already_exists', detail, [{ pointer: '/body/name', detail }]);
  };
}
