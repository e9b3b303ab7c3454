import { sql } from 'kysely';
import type { Database } from '../db/database.ts';

export interface RoomHead {
  name: string;
  note: string;
  nextStepLabel: string;
  nextStepUrl: string | null;
  nextStepAt: Date | null;
}

export async function findRoomHead(db: Database, roomId: string): Promise<RoomHead | undefined> {
  const { rows } = await sql<RoomHead>`
    select name, note, next_step_label, next_step_url, next_step_at from room where id = ${roomId}`.execute(
    db,
  );
  return rows[0];
}

/** An item as a prospect may open it: the pinned version, else the current one. */
export interface RoomItemFile {
  assetId: string;
  assetTitle: string;
  note: string;
  addedAt: Date;
  versionId: string;
  versionNumber: number;
  isPinned: boolean;
  blobHash: string | null;
  url: string | null;
  fileName: string | null;
  mediaType: string;
  sizeBytes: number | null;
  pageCount: number;
  threat: string | null;
  scannedAt: Date | null;
  hasThumbnail: boolean;
}

/** In their order, without those that were taken out. */
export async function listItemFiles(db: Database, roomId: string): Promise<RoomItemFile[]> {
  const { rows } = await sql<RoomItemFile>`
    select a.id as asset_id, a.title as asset_title, i.note, i.added_at, v.id as version_id,
      v.number as version_number, i.pinned_version_id is not null as is_pinned, v.blob_hash, v.url, v.file_name,
      v.media_type, v.size_bytes, v.page_count, b.threat, b.scanned_at,
      exists (
        select from version_rendition shown
        join rendition_image image on image.rendition_id = shown.rendition_id and image.page_number = 1
        where shown.asset_version_id = v.id
      ) as has_thumbnail
    from room_item i
    join asset a on a.id = i.asset_id
    join asset_version v on v.id = coalesce(i.pinned_version_id, a.current_version_id)
    left join blob b on b.hash = v.blob_hash
    where i.room_id = ${roomId} and i.removed_at is null
    order by i.position, a.id`.execute(db);
  return rows;
}

/** Whether the asset was in the room and was taken out. */
export async function wasRemoved(db: Database, roomId: string, assetId: string): Promise<boolean> {
  const { rows } = await sql`
    select from room_item where room_id = ${roomId} and asset_id = ${assetId} and removed_at is not null`.execute(
    db,
  );
  return rows.length > 0;
}
