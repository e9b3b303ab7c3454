import { sql } from 'kysely';
import type { Database } from '../db/database.ts';
import type { RenditionState } from './contract.ts';
import { withReadText } from './queries.ts';

export interface UploadRendition {
  id: string;
  state: RenditionState;
  reason: string | null;
  pageCount: number;
  language: string | null;
  signature: number[] | null;
  bands: number[] | null;
}

/**
 * The rendition that stands for a file before it belongs to an asset: the newest that is done, else the newest. A
 * type that was corrected since the upload is no hindrance.
 */
export async function findUploadRendition(
  db: Database,
  { hash, sourceKey }: { hash: string; sourceKey: string },
): Promise<UploadRendition | undefined> {
  const { rows } = await sql<UploadRendition>`
    select id, state, reason, page_count, language, signature, bands
    from rendition
    where blob_hash = ${hash}
    order by (source_key = ${sourceKey}) desc, (state = 'done') desc, method desc
    limit 1`.execute(db);
  return rows[0];
}

/** The picture that stands for a rendition on a card. */
export async function findThumbnail(
  db: Database,
  renditionId: string,
): Promise<{ hash: string; sizeBytes: number } | undefined> {
  const { rows } = await sql<{ hash: string; sizeBytes: number }>`
    select blob.hash, blob.size_bytes
    from rendition_image image join blob on blob.hash = image.blob_hash
    where image.rendition_id = ${renditionId} and image.page_number = 1 and image.kind in ('thumbnail', 'poster')
    order by image.kind desc
    limit 1`.execute(db);
  return rows[0];
}

export interface SimilarRow {
  assetId: string;
  title: string;
  kind: 'file' | 'web_link';
  fileName: string | null;
  versionNumber: number;
  currentVersionNumber: number;
  /** The share of equal places of the signatures. */
  overlap: number;
}

interface Looked {
  signature: number[];
  bands: number[];
  /** Assets that hold this very file are duplicates, which is another matter. */
  blobHash: string;
  leastOverlap: number;
  limit: number;
}

/**
 * The assets with a version like this signature, the closest version of each; found by bands, then
 * compared. What has no pages, as without a converter, has its text all the same.
 */
export async function listSimilarAssets(
  db: Database,
  { signature, bands, blobHash, leastOverlap, limit }: Looked,
): Promise<SimilarRow[]> {
  const { rows } = await sql<SimilarRow>`
    with near as (
      select source_key, max((
        select count(*)::real / array_length(signature, 1)
        from unnest(signature, ${signature}::bigint[]) as pair (theirs, ours)
        where theirs = ours
      )) as overlap
      from rendition
      where bands && ${bands}::int[] and state in ('done', 'unsupported')
      group by source_key
    ),
    of_asset as (
      select distinct on (asset.id) asset.id as asset_id, asset.title, asset.kind, current.file_name,
        version.number as version_number, current.number as current_version_number, near.overlap
      from near
      join asset_version version on version.source_key = near.source_key
      join asset on asset.id = version.asset_id
      join asset_version current on current.id = asset.current_version_id
      where near.overlap >= ${leastOverlap} and asset.status <> 'archived' and not exists (
        select from asset_version same where same.asset_id = asset.id and same.blob_hash = ${blobHash}
      )
      order by asset.id, near.overlap desc, version.number desc
    )
    select * from of_asset order by overlap desc, asset_id limit ${limit}`.execute(db);
  return rows;
}

export interface CurrentRow {
  assetId: string;
  /** Equal for equal files. */
  sourceKey: string;
  /** Null until its text was read. */
  renditionId: string | null;
}

/** The current version of every asset that is not archived, the newest assets first. */
export async function listCurrent(db: Database, limit: number): Promise<CurrentRow[]> {
  const { rows } = await sql<CurrentRow>`
    select asset.id as asset_id, version.source_key, shown.id as rendition_id
    from asset
    join asset_version version on version.id = asset.current_version_id
    ${withReadText}
    where asset.status <> 'archived'
    order by asset.updated_at desc, asset.id
    limit ${limit}`.execute(db);
  return rows;
}

/** Of those renditions that have one; the others have too little text to compare. */
export async function readBands(db: Database, renditionIds: string[]): Promise<[string, number[]][]> {
  const { rows } = await sql<{ id: string; bands: number[] }>`
    select id, bands from rendition
    where id = any(${renditionIds}::text[]) and bands is not null`.execute(db);
  return rows.map(({ id, bands }) => [id, bands]);
}

export async function readSignatures(db: Database, renditionIds: string[]): Promise<[string, number[]][]> {
  const { rows } = await sql<{ id: string; signature: number[] }>`
    select id, signature from rendition
    where id = any(${renditionIds}::text[]) and signature is not null`.execute(db);
  return rows.map(({ id, signature }) => [id, signature]);
}

export interface ClusterAsset {
  assetId: string;
  title: string;
  kind: 'file' | 'web_link';
  status: 'draft' | 'published' | 'archived';
  assetVersionId: string;
  versionNumber: number;
  mediaType: string;
  fileName: string | null;
  pageCount: number;
  hasThumbnail: boolean;
  versionCreatedAt: Date;
  ownerName: string | null;
  shareLinkCount: number;
}

export async function listClusterAssets(db: Database, assetIds: string[]): Promise<ClusterAsset[]> {
  const { rows } = await sql<ClusterAsset>`
    select asset.id as asset_id, asset.title, asset.kind, asset.status, version.id as asset_version_id,
      version.number as version_number, version.media_type, version.file_name,
      version.page_count, version.created_at as version_created_at,
      coalesce(owner.name, nullif(asset.owner_role, '')) as owner_name,
      exists (
        select from version_rendition shown join rendition_image image on image.rendition_id = shown.rendition_id
        where shown.asset_version_id = version.id and image.page_number = 1 and image.kind = 'thumbnail'
      ) as has_thumbnail,
      (select count(*)::int from shared_asset where shared_asset.asset_id = asset.id) as share_link_count
    from asset
    join asset_version version on version.id = asset.current_version_id
    left join "user" owner on owner.id = asset.owner_user_id
    where asset.id = any(${assetIds}::text[])`.execute(db);
  return rows;
}
