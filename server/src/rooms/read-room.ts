import { z } from 'zod';
import { listAssetCards } from '../assets/service.ts';
import type { Context } from '../context.ts';
import type { Database } from '../db/database.ts';
import { type Actor, isCurator } from '../http/actor.ts';
import { readCursor, writeCursor } from '../http/cursor.ts';
import { Problem } from '../http/problem.ts';
import { isRead } from '../rendering/service.ts';
import { stateOf } from '../shares/service.ts';
import type { Room, RoomCard, RoomHolder, RoomItem, RoomQuestion } from './contract.ts';
import { expectedMsOf } from './length.ts';
import { countRooms, findKeeper, findRoomRow, listItemRows, listRoomRows, type RoomRow } from './queries.ts';
import { listQuestionRows, type QuestionRow } from './question-queries.ts';
import {
  type HolderRow,
  listHolderRows,
  listLengths,
  listSeenPages,
  type SeenPageRow,
} from './reading-queries.ts';

const mostHolders = 500;
const mostQuestions = 500;

interface ListInput {
  part: 'own' | 'all';
  cursor?: string | undefined;
  limit: number;
}

/** Those of others are shown to nobody but those who look after the library. */
export async function listRooms({ db, clock }: Context, actor: Actor, { part, cursor, limit }: ListInput) {
  const place = z.tuple([z.literal(part), z.string().regex(/^\d{4,6}-\d\d-\d\d \S+$/), z.string()]);
  const after = cursor === undefined ? undefined : readCursor(place, cursor);
  const seesAll = isCurator(actor);
  const [rows, { own, all }] = await Promise.all([
    listRoomRows(db, {
      ofUserId: part === 'all' && seesAll ? null : actor.userId,
      after: after && { sortKey: after[1], id: after[2] },
      limit: limit + 1,
    }),
    countRooms(db, actor.userId),
  ]);
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const nextCursor = rows.length > limit && last ? writeCursor([part, last.sortKey, last.id]) : null;
  return {
    items: await toCards(db, actor, shown, clock()),
    nextCursor,
    counts: { own, all: seesAll ? all : own },
  };
}

async function toCards(db: Database, actor: Actor, rows: RoomRow[], now: Date): Promise<RoomCard[]> {
  const covers = await listAssetCards(db, [...new Set(rows.flatMap(({ coverIds }) => coverIds))], now);
  const coverOf = new Map(covers.map((cover) => [cover.id, cover]));
  return rows.map(({ coverIds, createdByUserId, ...row }) => ({
    ...row,
    isOwn: createdByUserId === actor.userId,
    covers: coverIds.flatMap((assetId) => coverOf.get(assetId) ?? []),
  }));
}

/** With who holds it, what they read and what they asked. */
export async function readRoom({ db, clock }: Context, actor: Actor, roomId: string): Promise<Room> {
  const now = clock();
  const keeper = await findKeeper(db, roomId, actor.userId);
  const row = keeper && (keeper.isOwn || isCurator(actor)) ? await findRoomRow(db, roomId) : undefined;
  const [card] = row ? await toCards(db, actor, [row], now) : [];
  if (!row || !card) throw new Problem('not_found', 'You have no room with this id. Go to your rooms.');
  const [items, holders, seen, questions] = await Promise.all([
    listItemRows(db, roomId),
    listHolderRows(db, roomId, mostHolders),
    listSeenPages(db, roomId),
    listQuestionRows(db, roomId, mostQuestions),
  ]);
  return {
    ...card,
    collection:
      row.collectionId !== null && row.collectionName !== null
        ? { id: row.collectionId, name: row.collectionName }
        : null,
    note: row.note,
    nextStep: row.nextStepLabel
      ? { label: row.nextStepLabel, url: row.nextStepUrl, at: row.nextStepAt }
      : null,
    items: await describeItems(db, items, seen, now),
    holders: holders.map((holder) =>
      describeHolder(
        holder,
        seen,
        items.map(({ assetId }) => assetId),
        now,
      ),
    ),
    questions: questions.map(toQuestion),
    asOf: now,
  };
}

async function describeItems(
  db: Database,
  items: Awaited<ReturnType<typeof listItemRows>>,
  seen: SeenPageRow[],
  now: Date,
): Promise<RoomItem[]> {
  const cards = new Map(
    (
      await listAssetCards(
        db,
        items.map(({ assetId }) => assetId),
        now,
      )
    ).map((card) => [card.id, card]),
  );
  const lengths = new Map(
    (
      await listLengths(
        db,
        [...cards.values()].map(({ versionId }) => versionId),
      )
    ).map((length) => [length.assetVersionId, length]),
  );
  const seenOf = Map.groupBy(seen, ({ assetId }) => assetId);
  return items.flatMap(({ assetId, note, addedAt, pinnedNumber, currentNumber }) => {
    const asset = cards.get(assetId);
    if (!asset) return [];
    const pages = seenOf.get(assetId) ?? [];
    const byReader = Map.groupBy(pages, ({ reader }) => reader);
    return {
      asset,
      note,
      addedAt,
      pinnedVersion: pinnedNumber === null ? null : { number: pinnedNumber, currentNumber },
      expectedMs: expectedMsOf(lengths.get(asset.versionId)),
      openedByCount: byReader.size,
      readByCount: [...byReader.values()].filter((own) => own.some(isReadPage)).length,
      medianActiveMs: medianOf([...byReader.values()].map(sumOf)),
    };
  });
}

function describeHolder(
  { startsAt, expiresAt, revokedAt, ...holder }: HolderRow,
  seen: SeenPageRow[],
  assetIds: string[],
  now: Date,
): RoomHolder {
  const pages = seen.filter(({ shareLinkId }) => shareLinkId === holder.shareLinkId);
  const isThere = new Set(assetIds);
  const countItems = (rows: SeenPageRow[]) =>
    new Set(rows.map(({ assetId }) => assetId).filter((assetId) => isThere.has(assetId))).size;
  const latest = pages.reduce((last, page) => Math.max(last, page.lastActiveAt.getTime()), 0);
  return {
    ...holder,
    state: stateOf({ startsAt, expiresAt, revokedAt }, now),
    lastOpenedAt: latest > 0 ? new Date(latest) : null,
    openedItemCount: countItems(pages),
    readItemCount: countItems(pages.filter(isReadPage)),
    activeMs: sumOf(pages),
  };
}

function isReadPage({ pageNumber, activeMs, wordCount }: SeenPageRow): boolean {
  return pageNumber !== null && isRead(activeMs, wordCount ?? 0);
}

function sumOf(pages: SeenPageRow[]): number {
  return pages.reduce((sum, { activeMs }) => sum + activeMs, 0);
}

function medianOf(values: number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.floor(sorted.length / 2)]];
  return low === undefined || high === undefined ? null : (low + high) / 2;
}

export function toQuestion({ assetId, assetTitle, ...row }: QuestionRow): RoomQuestion {
  return { ...row, asset: assetId === null ? null : { id: assetId, title: assetTitle ?? '' } };
}
