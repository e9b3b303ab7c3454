import { type Insertable, sql, type Updateable } from 'kysely';
import type { Database } from '../db/database.ts';
import type { DB } from '../db/types.ts';

export interface RoomRow {
  id: string;
  name: string;
  note: string;
  collectionId: string | null;
  collectionName: string | null;
  nextStepLabel: string;
  nextStepUrl: string | null;
  nextStepAt: Date | null;
  createdByUserId: string;
  createdByName: string;
  createdAt: Date;
  updatedAt: Date;
  itemCount: number;
  coverIds: string[];
  holderCount: number;
  openedByCount: number;
  lastOpenedAt: Date | null;
  openQuestionCount: number;
  /** The moment that the list is ordered by, to the last digit, as a cursor needs it. */
  sortKey: string;
}

/** Whoever made it looks after it, and whoever was handed a share link to it. */
const isOwnOf = (userId: string) => sql<boolean>`(room.created_by_user_id = ${userId} or exists (
  select from share_link held where held.room_id = room.id and held.created_by_user_id = ${userId}
    and held.undone_at is null
))`;

const selectRooms = sql`
  select room.id, room.name, room.note, room.collection_id, c.name as collection_name, room.next_step_label,
    room.next_step_url, room.next_step_at, room.created_by_user_id, u.name as created_by_name, room.created_at,
    room.updated_at, held.item_count, held.cover_ids, holders.holder_count, holders.opened_by_count,
    holders.last_opened_at, room.updated_at::text as sort_key,
    (select count(*) from room_question where room_id = room.id and answer is null and hidden_at is null)::int
      as open_question_count
  from room
  join "user" u on u.id = room.created_by_user_id
  left join collection c on c.id = room.collection_id and c.deleted_at is null
  cross join lateral (
    select count(*)::int as item_count,
      coalesce((array_agg(asset_id order by position, asset_id))[1:3], '{}') as cover_ids
    from room_item where room_id = room.id and removed_at is null
  ) as held
  cross join lateral (
    select count(*)::int as holder_count, count(seen.last_opened_at)::int as opened_by_count,
      max(seen.last_opened_at) as last_opened_at
    from share_link l
    left join lateral (
      select max(v.last_active_at) as last_opened_at from visit v
      join current_judgement j on j.visit_id = v.id and j.is_human
      where v.share_link_id = l.id and not v.is_internal
        and exists (select from visit_version opened where opened.visit_id = v.id)
    ) as seen on true
    where l.room_id = room.id and l.undone_at is null
  ) as holders`;

export async function findRoomRow(db: Database, roomId: string): Promise<RoomRow | undefined> {
  const { rows } = await sql<RoomRow>`${selectRooms} where room.id = ${roomId}`.execute(db);
  return rows[0];
}

interface RoomFilter {
  /** Null: everybody's. */
  ofUserId: string | null;
  after: { sortKey: string; id: string } | undefined;
  limit: number;
}

export async function listRoomRows(db: Database, { ofUserId, after, limit }: RoomFilter): Promise<RoomRow[]> {
  const own = ofUserId === null ? sql`` : sql`and ${isOwnOf(ofUserId)}`;
  const later = after
    ? sql`and (room.updated_at < ${after.sortKey}::timestamptz
        or (room.updated_at = ${after.sortKey}::timestamptz and room.id > ${after.id}))`
    : sql``;
  const { rows } = await sql<RoomRow>`${selectRooms} where true ${own} ${later}
    order by room.updated_at desc, room.id limit ${limit}`.execute(db);
  return rows;
}

export async function countRooms(db: Database, userId: string): Promise<{ own: number; all: number }> {
  const { rows } = await sql<{ own: number; all: number }>`
    select count(*)::int as all, (count(*) filter (where ${isOwnOf(userId)}))::int as own from room`.execute(
    db,
  );
  return rows[0] ?? { own: 0, all: 0 };
}

/** Whether the user made the room or holds a share link to it. Undefined where there is no such room. */
export async function findKeeper(db: Database, roomId: string, userId: string) {
  const { rows } = await sql<{ isOwn: boolean }>`
    select ${isOwnOf(userId)} as is_own from room where room.id = ${roomId}`.execute(db);
  return rows[0];
}

/** Whoever changes a room or what is in it takes turns. */
export async function lockRoom(db: Database, roomId: string): Promise<void> {
  await sql`select from room where id = ${roomId} for no key update`.execute(db);
}

export async function insertRoom(db: Database, row: Insertable<DB['room']>): Promise<void> {
  await db.insertInto('room').values(row).execute();
}

export async function updateRoomRow(
  db: Database,
  roomId: string,
  changes: Updateable<DB['room']>,
): Promise<void> {
  await db.updateTable('room').set(changes).where('id', '=', roomId).execute();
}

// ── items ───────────────────────────────────────────────────────────────────────────────────────────────

export interface RoomItemRow {
  assetId: string;
  note: string;
  addedAt: Date;
  pinnedNumber: number | null;
  currentNumber: number;
}

/** In their order, without those that were taken out. */
export async function listItemRows(db: Database, roomId: string): Promise<RoomItemRow[]> {
  const { rows } = await sql<RoomItemRow>`
    select i.asset_id, i.note, i.added_at, pinned.number as pinned_number, latest.number as current_number
    from room_item i
    join asset a on a.id = i.asset_id
    join asset_version latest on latest.id = a.current_version_id
    left join asset_version pinned on pinned.id = i.pinned_version_id
    where i.room_id = ${roomId} and i.removed_at is null
    order by i.position, i.asset_id`.execute(db);
  return rows;
}

interface ShareableRow {
  id: string;
  title: string;
  status: 'draft' | 'published' | 'archived';
  audience: string;
  currentVersionId: string | null;
}

/** These assets as they stay until the transaction ends. */
export async function lockAssets(db: Database, assetIds: string[]): Promise<ShareableRow[]> {
  const { rows } = await sql<ShareableRow>`
    select id, title, status, audience, current_version_id from asset where id = any(${assetIds}::text[])
    order by id for share`.execute(db);
  return rows;
}

/** They go to the end in this order; one that was taken out before comes back as new. */
export async function insertItems(
  db: Database,
  roomId: string,
  items: { assetId: string; note: string }[],
  now: Date,
): Promise<void> {
  await sql`
    insert into room_item (room_id, asset_id, position, note, added_at)
    select ${roomId}, added."assetId", added.place + (
        select coalesce(max(position), 0) from room_item where room_id = ${roomId} and removed_at is null
      ), added.note, ${now}
    from jsonb_to_recordset(${JSON.stringify(items.map((item, index) => ({ ...item, place: index + 1 })))}::text::jsonb)
      as added("assetId" text, note text, place int)
    on conflict (room_id, asset_id) do update set
      position = excluded.position, note = excluded.note, added_at = excluded.added_at,
      removed_at = null, pinned_version_id = null`.execute(db);
}

/**
 * One that was taken out by mistake comes back as it was: whoever saw it before is not told that it is new.
 */
export async function restoreItem(
  db: Database,
  roomId: string,
  assetId: string,
  removedSince: Date,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('roomItem')
    .set({ removedAt: null })
    .where('roomId', '=', roomId)
    .where('assetId', '=', assetId)
    .where('removedAt', '>', removedSince)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

export async function updateItem(
  db: Database,
  roomId: string,
  assetId: string,
  changes: Pick<Updateable<DB['roomItem']>, 'note' | 'pinnedVersionId' | 'removedAt'>,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('roomItem')
    .set(changes)
    .where('roomId', '=', roomId)
    .where('assetId', '=', assetId)
    .where('removedAt', 'is', null)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

export async function updateItemOrder(db: Database, roomId: string, assetIds: string[]): Promise<void> {
  await sql`
    update room_item i set position = ordered.place
    from unnest(${assetIds}::text[]) with ordinality as ordered (asset_id, place)
    where i.room_id = ${roomId} and i.asset_id = ordered.asset_id and i.position <> ordered.place`.execute(
    db,
  );
}
