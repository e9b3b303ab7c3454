import { sql } from 'kysely';
import type { Database } from '../db/database.ts';

interface ChangeRow {
  kind: string;
  policy: unknown;
  fromName: string | null;
  toName: string | null;
  byName: string | null;
  changedAt: Date;
}

/** What was changed of a share link after it was made, the first change first. */
export async function listChanges(db: Database, shareLinkId: string): Promise<ChangeRow[]> {
  const { rows } = await sql<ChangeRow>`
    select c.kind, c.policy, giver.name as from_name, taker.name as to_name, who.name as by_name, c.changed_at
    from share_link_change c
    left join "user" giver on giver.id = c.from_user_id
    left join "user" taker on taker.id = c.to_user_id
    left join "user" who on who.id = c.by_user_id
    where c.share_link_id = ${shareLinkId}
    order by c.changed_at limit 500`.execute(db);
  return rows;
}

interface RoomItemRow {
  assetId: string;
  title: string;
  addedAt: Date;
  removedAt: Date | null;
}

/** What came into a room or left it after that moment. */
export async function listRoomChanges(db: Database, roomId: string, since: Date): Promise<RoomItemRow[]> {
  const { rows } = await sql<RoomItemRow>`
    select item.asset_id, asset.title, item.added_at, item.removed_at
    from room_item item join asset on asset.id = item.asset_id
    where item.room_id = ${roomId} and (item.added_at > ${since} or item.removed_at > ${since})
    order by item.added_at, item.asset_id`.execute(db);
  return rows;
}
