import { type Insertable, sql } from 'kysely';
import type { Database } from '../db/database.ts';
import type { DB } from '../db/types.ts';
import type { CollectionChoice } from './contract.ts';

export interface CollectionRow {
  id: string;
  name: string;
  description: string;
  createdByUserId: string;
  createdByName: string;
  isPinned: boolean;
  updatedAt: Date;
  itemCount: number;
  hiddenCount: number;
  /** The first three assets that may be seen. */
  coverIds: string[];
  /** The moment that the list is ordered by, to the last digit, as a cursor needs it. */
  sortKey: string;
}

/** An asset of another status is hidden. */
const selectCollections = (statuses: string[], order: 'updated' | 'pinned') => sql`
  select c.id, c.name, c.description, c.created_by_user_id, u.name as created_by_name,
    c.pinned_at is not null as is_pinned, c.updated_at, held.item_count, held.hidden_count, held.cover_ids,
    (${orders[order]})::text as sort_key
  from collection c
  join "user" u on u.id = c.created_by_user_id
  cross join lateral (
    select count(*) filter (where item.is_shown)::int as item_count,
      count(*) filter (where not item.is_shown)::int as hidden_count,
      coalesce((array_agg(item.asset_id order by item.position, item.asset_id)
        filter (where item.is_shown))[1:3], '{}') as cover_ids
    from (
      select i.asset_id, i.position, a.status = any(${statuses}::text[]) as is_shown
      from collection_item i join asset a on a.id = i.asset_id
      where i.collection_id = c.id
    ) as item
  ) as held
  where c.deleted_at is null`;

const orders = { updated: sql`c.updated_at`, pinned: sql`c.pinned_at` };

export async function findCollectionRow(
  db: Database,
  collectionId: string,
  statuses: string[],
): Promise<CollectionRow | undefined> {
  const { rows } = await sql<CollectionRow>`
    ${selectCollections(statuses, 'updated')} and c.id = ${collectionId}`.execute(db);
  return rows[0];
}

interface CollectionFilter {
  statuses: string[];
  createdByUserId: string | undefined;
  onlyPinned: boolean;
  /** Every word has to occur in the name or the description. */
  query: string;
  after: { sortKey: string; id: string } | undefined;
  limit: number;
}

export async function listCollectionRows(db: Database, filter: CollectionFilter): Promise<CollectionRow[]> {
  const order = filter.onlyPinned ? 'pinned' : 'updated';
  const conditions = filter.query
    .split(/\s+/)
    .filter(Boolean)
    .map(
      (word) => sql`concat_ws(' ', c.name, c.description) ilike ${`%${word.replace(/[\\%_]/g, '\\$&')}%`}`,
    );
  if (filter.createdByUserId) conditions.push(sql`c.created_by_user_id = ${filter.createdByUserId}`);
  if (filter.onlyPinned) conditions.push(sql`c.pinned_at is not null`);
  if (filter.after) {
    const { sortKey, id } = filter.after;
    conditions.push(sql`(${orders[order]} < ${sortKey}::timestamptz
      or (${orders[order]} = ${sortKey}::timestamptz and c.id > ${id}))`);
  }
  const { rows } = await sql<CollectionRow>`
    ${selectCollections(filter.statuses, order)} ${sql.join(
      conditions.map((condition) => sql`and ${condition}`),
      sql` `,
    )}
    order by ${orders[order]} desc, c.id limit ${filter.limit}`.execute(db);
  return rows;
}

export async function countCollections(db: Database, userId: string) {
  return db
    .selectFrom('collection')
    .select([
      sql<number>`count(*)::int`.as('all'),
      sql<number>`(count(*) filter (where created_by_user_id = ${userId}))::int`.as('own'),
      sql<number>`count(pinned_at)::int`.as('pinned'),
    ])
    .where('deletedAt', 'is', null)
    .executeTakeFirstOrThrow();
}

export function listItemRows(db: Database, collectionId: string) {
  return db
    .selectFrom('collectionItem')
    .leftJoin('user', 'user.id', 'collectionItem.addedByUserId')
    .select(['collectionItem.assetId', 'collectionItem.note', 'collectionItem.addedAt'])
    .select('user.name as addedByName')
    .where('collectionId', '=', collectionId)
    .orderBy('position')
    .orderBy('assetId')
    .execute();
}

interface ChoiceFilter {
  userId: string;
  /** Those of others that are pinned, too. */
  withPinned: boolean;
  statuses: string[];
}

export async function listChoiceRows(
  db: Database,
  assetId: string,
  { userId, withPinned, statuses }: ChoiceFilter,
): Promise<CollectionChoice[]> {
  const { rows } = await sql<CollectionChoice>`
    select c.id, c.name, u.name as created_by_name, c.created_by_user_id = ${userId} as is_own,
      (select count(*)::int from collection_item i join asset a on a.id = i.asset_id
        where i.collection_id = c.id and a.status = any(${statuses}::text[])) as item_count,
      exists (select from collection_item where collection_id = c.id and asset_id = ${assetId}) as has_asset
    from collection c join "user" u on u.id = c.created_by_user_id
    where c.deleted_at is null
      and (c.created_by_user_id = ${userId} or (${withPinned}::boolean and c.pinned_at is not null))
    order by (c.created_by_user_id = ${userId}) desc, c.updated_at desc, c.id`.execute(db);
  return rows;
}

// ── changes ─────────────────────────────────────────────────────────────────────────────────────────────

/** Until the transaction ends this user makes and restores one collection after the other, so that they can be counted. */
export async function lockCollectionsOf(trx: Database, userId: string): Promise<number> {
  await sql`select pg_advisory_xact_lock(hashtext(${`offshelf:collections:${userId}`}))`.execute(trx);
  return (await countCollections(trx, userId)).own;
}

/** Whoever changes a collection or what is in it takes turns. One that was deleted is found, too. */
export function lockCollection(trx: Database, collectionId: string) {
  return trx
    .selectFrom('collection')
    .selectAll()
    .where('id', '=', collectionId)
    .forUpdate()
    .executeTakeFirst();
}

/** A taken name breaks `collection_name_key`. */
export async function insertCollection(db: Database, row: Insertable<DB['collection']>): Promise<void> {
  await db.insertInto('collection').values(row).execute();
}

interface CollectionChanges {
  name?: string | undefined;
  description?: string | undefined;
  updatedAt?: Date;
  pinnedAt?: Date | null;
  deletedAt?: Date | null;
}

export async function updateCollectionRow(
  db: Database,
  collectionId: string,
  changes: CollectionChanges,
): Promise<void> {
  const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
  await db.updateTable('collection').set(given).where('id', '=', collectionId).execute();
}

export async function deleteCollectionsDeletedBefore(db: Database, moment: Date): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom('collection')
    .where('deletedAt', '<', moment)
    .executeTakeFirst();
  return Number(numDeletedRows);
}

export async function listItemIds(db: Database, collectionId: string): Promise<string[]> {
  return (await listItemRows(db, collectionId)).map(({ assetId }) => assetId);
}

interface NewItems {
  collectionId: string;
  assetIds: string[];
  note: string;
  userId: string;
  now: Date;
}

/** They go to the end. An asset that went meanwhile breaks `collection_item_asset_id_fkey`. */
export async function insertItems(
  db: Database,
  { collectionId, assetIds, note, userId, now }: NewItems,
): Promise<void> {
  await sql`
    insert into collection_item (collection_id, asset_id, position, note, added_by_user_id, added_at)
    select ${collectionId}, added.asset_id, added.place + (
        select coalesce(max(position), 0) from collection_item where collection_id = ${collectionId}
      ), ${note}, ${userId}, ${now}
    from unnest(${assetIds}::text[]) with ordinality as added (asset_id, place)`.execute(db);
}

export async function updateItemOrder(db: Database, collectionId: string, assetIds: string[]): Promise<void> {
  await sql`
    update collection_item i set position = ordered.place
    from unnest(${assetIds}::text[]) with ordinality as ordered (asset_id, place)
    where i.collection_id = ${collectionId} and i.asset_id = ordered.asset_id
      and i.position <> ordered.place`.execute(db);
}

export async function updateItemNote(
  db: Database,
  collectionId: string,
  assetId: string,
  note: string,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('collectionItem')
    .set({ note })
    .where('collectionId', '=', collectionId)
    .where('assetId', '=', assetId)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

export async function deleteItem(db: Database, collectionId: string, assetId: string): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('collectionItem')
    .where('collectionId', '=', collectionId)
    .where('assetId', '=', assetId)
    .executeTakeFirst();
  return numDeletedRows > 0n;
}
