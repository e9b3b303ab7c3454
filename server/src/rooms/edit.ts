import { canReadAsset } from '../assets/service.ts';
import { readCollection } from '../collections/service.ts';
import type { Context } from '../context.ts';
import type { Database } from '../db/database.ts';
import { type Actor, isCurator } from '../http/actor.ts';
import { newId } from '../http/ids.ts';
import { Problem } from '../http/problem.ts';
import { type LeftOut, mostRoomItems, type Room } from './contract.ts';
import {
  findKeeper,
  insertItems,
  insertRoom,
  listItemRows,
  lockAssets,
  lockRoom,
  restoreItem,
  updateItem,
  updateItemOrder,
  updateRoomRow,
} from './queries.ts';
import { readRoom } from './read-room.ts';

/** Whoever takes an item out and thinks better of it finds it as it was. */
const undoMs = 10 * 60_000;

// ── a room ──────────────────────────────────────────────────────────────────────────────────────────────

interface CreateInput {
  source: { collectionId: string } | { assetIds: string[] };
  name?: string | undefined;
}

export async function createRoom(
  ctx: Context,
  actor: Actor,
  { source, name }: CreateInput,
): Promise<{ room: Room; leftOut: LeftOut[] }> {
  const from =
    'collectionId' in source
      ? await readCollection(ctx, actor, source.collectionId)
      : { id: null, name: undefined, items: source.assetIds.map((id) => ({ asset: { id }, note: '' })) };
  const wanted = new Map(from.items.map(({ asset, note }) => [asset.id, note]));
  const id = newId('room');
  const now = ctx.clock();
  const leftOut = await ctx.db.transaction().execute(async (trx) => {
    const assets = new Map((await lockAssets(trx, [...wanted.keys()])).map((asset) => [asset.id, asset]));
    const seen = [...wanted.keys()].flatMap((assetId) => {
      const asset = assets.get(assetId);
      return asset && canReadAsset(actor, asset.status) ? [asset] : [];
    });
    if (seen.length < wanted.size) refuseUnknownAsset();
    const refused = seen.flatMap((asset) => {
      const reason = whyNot(asset);
      return reason ? [{ assetId: asset.id, title: asset.title, reason }] : [];
    });
    const items = seen
      .filter((asset) => !whyNot(asset))
      .map((asset) => ({ assetId: asset.id, note: wanted.get(asset.id) ?? '' }));
    if (items.length === 0)
      throw new Problem(
        'forbidden',
        'Nothing of this can be shared: a room holds published assets that are not internal. Add one first.',
      );
    if (items.length > mostRoomItems) refuseTooMany();
    await insertRoom(trx, {
      id,
      collectionId: from.id,
      name: name ?? from.name ?? seen[0]?.title.slice(0, 120) ?? 'Room',
      createdByUserId: actor.userId,
      createdAt: now,
      updatedAt: now,
    });
    await insertItems(trx, id, items, now);
    return refused;
  });
  ctx.log.info({ event: 'room_created', roomId: id, userId: actor.userId, leftOutCount: leftOut.length });
  return { room: await readRoom(ctx, actor, id), leftOut };
}

interface RoomEdit {
  name?: string | undefined;
  note?: string | undefined;
  nextStep?: { label: string; url: string } | { label: string; at: Date } | null | undefined;
}

export async function updateRoom(
  ctx: Context,
  actor: Actor,
  roomId: string,
  { name, note, nextStep }: RoomEdit,
): Promise<Room> {
  await changeRoom(ctx, actor, roomId, (trx) =>
    updateRoomRow(trx, roomId, {
      ...(name !== undefined && { name }),
      ...(note !== undefined && { note }),
      ...(nextStep !== undefined && {
        nextStepLabel: nextStep?.label ?? '',
        nextStepUrl: nextStep && 'url' in nextStep ? nextStep.url : null,
        nextStepAt: nextStep && 'at' in nextStep ? nextStep.at : null,
      }),
      updatedAt: ctx.clock(),
    }),
  );
  return readRoom(ctx, actor, roomId);
}

// ── what is in it ───────────────────────────────────────────────────────────────────────────────────────

interface AddInput {
  note: string;
  place?: number | undefined;
}

/** An asset that is in it already keeps its place and its note. */
export async function addToRoom(
  ctx: Context,
  actor: Actor,
  roomId: string,
  assetId: string,
  { note, place }: AddInput,
): Promise<void> {
  await changeRoom(ctx, actor, roomId, async (trx, now) => {
    const [asset] = await lockAssets(trx, [assetId]);
    if (!asset || !canReadAsset(actor, asset.status)) refuseUnknownAsset();
    const reason = whyNot(asset);
    if (reason) throw new Problem('forbidden', whyNotWords[reason]);
    const current = (await listItemRows(trx, roomId)).map((item) => item.assetId);
    if (current.includes(assetId)) return;
    if (current.length >= mostRoomItems) refuseTooMany();
    if (!(await restoreItem(trx, roomId, assetId, new Date(now.getTime() - undoMs))))
      await insertItems(trx, roomId, [{ assetId, note }], now);
    if (place !== undefined && place < current.length)
      await updateItemOrder(trx, roomId, current.toSpliced(place, 0, assetId));
    await touch(trx, roomId, now);
  });
}

interface ItemEdit {
  note?: string | undefined;
  isPinned?: boolean | undefined;
}

export async function updateRoomItem(
  ctx: Context,
  actor: Actor,
  roomId: string,
  assetId: string,
  { note, isPinned }: ItemEdit,
): Promise<void> {
  if (note === undefined && isPinned === undefined) return;
  await changeRoom(ctx, actor, roomId, async (trx, now) => {
    const [asset] = await lockAssets(trx, [assetId]);
    const isThere = await updateItem(trx, roomId, assetId, {
      ...(note !== undefined && { note }),
      ...(isPinned !== undefined && { pinnedVersionId: isPinned ? (asset?.currentVersionId ?? null) : null }),
    });
    if (!isThere)
      throw new Problem(
        'not_found',
        'Somebody has taken this out of the room. Add it again, then change it.',
      );
    await touch(trx, roomId, now);
  });
}

/** One that is gone already is no problem. */
export async function removeFromRoom(
  ctx: Context,
  actor: Actor,
  roomId: string,
  assetId: string,
): Promise<void> {
  await changeRoom(ctx, actor, roomId, async (trx, now) => {
    if (await updateItem(trx, roomId, assetId, { removedAt: now })) await touch(trx, roomId, now);
  });
}

export async function orderRoom(ctx: Context, actor: Actor, roomId: string, assetIds: string[]) {
  const wanted = new Set(assetIds);
  if (wanted.size < assetIds.length) {
    const detail = 'An asset is there twice. Name each once.';
    throw new Problem('invalid_request', detail, [{ pointer: '/body/assetIds', detail }]);
  }
  await changeRoom(ctx, actor, roomId, async (trx, now) => {
    const current = (await listItemRows(trx, roomId)).map(({ assetId }) => assetId);
    const there = new Set(current);
    const inOrder = assetIds.filter((assetId) => there.has(assetId)).values();
    const ordered = current.map((assetId) =>
      wanted.has(assetId) ? (inOrder.next().value ?? assetId) : assetId,
    );
    await updateItemOrder(trx, roomId, ordered);
    await touch(trx, roomId, now);
  });
}

/** Changes to one room happen one after the other, so none is lost. */
async function changeRoom(
  { db, clock }: Context,
  actor: Actor,
  roomId: string,
  change: (trx: Database, now: Date) => Promise<void>,
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await lockRoom(trx, roomId);
    await refuseStranger(trx, actor, roomId);
    await change(trx, clock());
  });
}

function touch(trx: Database, roomId: string, now: Date): Promise<void> {
  return updateRoomRow(trx, roomId, { updatedAt: now });
}

/** To everybody but its keepers a room is as good as missing. */
export async function refuseStranger(db: Database, actor: Actor, roomId: string): Promise<void> {
  const keeper = await findKeeper(db, roomId, actor.userId);
  if (!keeper || !(keeper.isOwn || isCurator(actor)))
    throw new Problem('not_found', 'You have no room with this id. Go to your rooms.');
}

// ── what may leave the company ──────────────────────────────────────────────────────────────────────────

function whyNot({ status, audience }: { status: string; audience: string }): LeftOut['reason'] | undefined {
  if (status === 'draft' || status === 'archived') return status;
  return audience === 'internal' ? 'internal' : undefined;
}

const whyNotWords: Record<LeftOut['reason'], string> = {
  draft: 'This asset is a draft. Publish it, then add it.',
  archived: 'This asset is archived. Publish it again, then add it.',
  internal:
    'This asset is internal only. Marketing can change its audience to external, then it can be added.',
};

function refuseUnknownAsset(): never {
  throw new Problem('not_found', 'There is no such asset, or it is not published. Look for another one.');
}

function refuseTooMany(): never {
  throw new Problem(
    'conflict',
    `A room holds ${mostRoomItems} items at most, and nobody reads that many. Take something out, or make two rooms.`,
  );
}
