import { sql } from 'kysely';
import type { Database } from '../db/database.ts';
import type { ImageKind, RenderedPage, TextRun } from '../documents/tasks.ts';
import type { RenditionState } from './contract.ts';

/** A version with the rendition that stands for it, which may be missing. */
export interface VersionRow {
  assetVersionId: string;
  assetId: string;
  status: string;
  blobHash: string | null;
  url: string | null;
  fileName: string | null;
  mediaType: string;
  sourceKey: string;
  threat: string | null;
  renditionId: string | null;
  method: number | null;
  state: RenditionState | null;
  reason: string | null;
  pageCount: number | null;
  renderedPageCount: number | null;
  wordCount: number | null;
  language: string | null;
  durationMs: number | null;
  html: string | null;
  finishedAt: Date | null;
  /** Whether a newer way of rendering waits or runs for it. */
  isBeingRenewed: boolean;
}

export async function findVersion(db: Database, assetVersionId: string): Promise<VersionRow | undefined> {
  const { rows } = await sql<VersionRow>`
    select v.id as asset_version_id, v.asset_id, a.status, v.blob_hash, v.url, v.file_name, v.media_type,
      v.source_key, b.threat, shown.rendition_id, shown.method, shown.state, shown.reason, shown.page_count,
      shown.rendered_page_count, shown.word_count, shown.language, shown.duration_ms, shown.finished_at, r.html,
      exists (
        select from rendition newer
        where newer.source_key = v.source_key and newer.method > shown.method and newer.state in ('queued', 'running')
      ) as is_being_renewed
    from asset_version v
    join asset a on a.id = v.asset_id
    left join blob b on b.hash = v.blob_hash
    left join version_rendition shown on shown.asset_version_id = v.id
    left join rendition r on r.id = shown.rendition_id
    where v.id = ${assetVersionId}`.execute(db);
  return rows[0];
}

export interface PageRow {
  pageNumber: number;
  width: number | null;
  height: number | null;
  wordCount: number;
  headings: { level: number; text: string }[];
  hasNotes: boolean;
}

/** The pages without their text, which can be megabytes. */
export async function listPages(db: Database, renditionId: string): Promise<PageRow[]> {
  const { rows } = await sql<PageRow>`
    select page_number, width, height, word_count, headings, notes <> '' as has_notes
    from rendition_page where rendition_id = ${renditionId} order by page_number`.execute(db);
  return rows;
}

export interface ImageRow {
  pageNumber: number;
  kind: ImageKind;
  blobHash: string;
  width: number;
  height: number;
}

export async function listImages(db: Database, renditionId: string): Promise<ImageRow[]> {
  return db
    .selectFrom('renditionImage')
    .select(['pageNumber', 'kind', 'blobHash', 'width', 'height'])
    .where('renditionId', '=', renditionId)
    .orderBy('pageNumber')
    .$castTo<ImageRow>()
    .execute();
}

export interface StoredImage extends ImageRow {
  sizeBytes: number;
  /** Of the asset, which decides who sees it. */
  status: string;
  /** Of a file's page; a poster is replaced by a better one, and a web page changes its picture. */
  isLasting: boolean;
}

/** The pictures of one page of the rendition that stands for a version. */
export async function listPageImages(
  db: Database,
  assetVersionId: string,
  pageNumber: number,
): Promise<StoredImage[]> {
  const { rows } = await sql<StoredImage>`
    select i.page_number, i.kind, i.blob_hash, i.width, i.height, b.size_bytes, a.status,
      v.url is null and not v.media_type like 'video/%' as is_lasting
    from version_rendition shown
    join rendition_image i on i.rendition_id = shown.rendition_id and i.page_number = ${pageNumber}
    join blob b on b.hash = i.blob_hash
    join asset_version v on v.id = shown.asset_version_id
    join asset a on a.id = v.asset_id
    where shown.asset_version_id = ${assetVersionId}`.execute(db);
  return rows;
}

export interface PageLayerRow {
  pageNumber: number;
  width: number | null;
  height: number | null;
  text: string;
  notes: string;
  textLayer: TextRun[];
  links: RenderedPage['links'];
}

/** The words on these pages with their boxes and links. */
export async function listPageLayers(
  db: Database,
  renditionId: string,
  first: number,
  last: number,
): Promise<PageLayerRow[]> {
  return db
    .selectFrom('renditionPage')
    .select(['pageNumber', 'width', 'height', 'text', 'notes', 'textLayer', 'links'])
    .where('renditionId', '=', renditionId)
    .where('pageNumber', '>=', first)
    .where('pageNumber', '<=', last)
    .orderBy('pageNumber')
    .$castTo<PageLayerRow>()
    .execute();
}

/** A few at a time: all that a long document says would be hundreds of megabytes in memory at once. */
export async function* listPageTexts(db: Database, renditionId: string) {
  const batch = 25;
  for (let last = -1; ; ) {
    const rows = await db
      .selectFrom('renditionPage')
      .select(['pageNumber', 'text', 'notes'])
      .where('renditionId', '=', renditionId)
      .where('pageNumber', '>', last)
      .orderBy('pageNumber')
      .limit(batch)
      .execute();
    yield* rows;
    if (rows.length < batch) return;
    last = rows.at(-1)?.pageNumber ?? last;
  }
}

export function findWebPage(db: Database, assetVersionId: string) {
  return db.selectFrom('webPage').selectAll().where('assetVersionId', '=', assetVersionId).executeTakeFirst();
}

/** Joins a `version` with the rendition whose text was read whole, as what stands for it may be under way again. */
export const withReadText = sql`
    left join lateral (
      select id from rendition
      where source_key = version.source_key and state in ('done', 'unsupported')
      order by (state = 'done') desc, method desc
      limit 1
    ) shown on true`;
