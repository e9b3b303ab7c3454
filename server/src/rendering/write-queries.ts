import { type Insertable, sql, type Updateable } from 'kysely';
import type { Database } from '../db/database.ts';
import type { DB } from '../db/types.ts';
import type { RenditionState } from './contract.ts';

export interface RenditionRow {
  id: string;
  sourceKey: string;
  method: number;
  blobHash: string | null;
  mediaType: string;
  assetVersionId: string | null;
  state: RenditionState;
  workerKey: string | null;
  deathCount: number;
  pageCount: number;
  lacksConverter: boolean;
}

const renditionColumns = [
  'id',
  'sourceKey',
  'method',
  'blobHash',
  'mediaType',
  'assetVersionId',
  'state',
  'workerKey',
  'deathCount',
  'pageCount',
  'lacksConverter',
] as const;

/**
 * Runs `work` while nobody else works on this source. The lock is that of a connection, so it is gone with a process
 * that is killed. Answers false, without having run anything, when somebody else holds it.
 */
export async function holdSource(db: Database, source: string, work: () => Promise<void>): Promise<boolean> {
  return db.connection().execute(async (connection) => {
    const key = sql`hashtextextended(${`render:${source}`}::text, 0)`;
    const { rows } = await sql<{ isHeld: boolean }>`select pg_try_advisory_lock(${key}) as is_held`.execute(
      connection,
    );
    if (!rows[0]?.isHeld) return false;
    try {
      await work();
    } finally {
      // A connection that is lost has let go of it already.
      await sql`select pg_advisory_unlock(${key})`.execute(connection).catch(() => undefined);
    }
    return true;
  });
}

/** The rendition of a source by one method; made when it is not there. */
export async function ensureRendition(db: Database, row: Insertable<DB['rendition']>): Promise<RenditionRow> {
  await db
    .insertInto('rendition')
    .values(row)
    .onConflict((conflict) => conflict.columns(['sourceKey', 'method']).doNothing())
    .execute();
  const found = await findRendition(db, row.sourceKey, row.method);
  if (!found) throw new Error('A rendition was removed while its file was being rendered.');
  return found;
}

export async function findRendition(
  db: Database,
  sourceKey: string,
  method: number,
): Promise<RenditionRow | undefined> {
  return db
    .selectFrom('rendition')
    .select(renditionColumns)
    .where('sourceKey', '=', sourceKey)
    .where('method', '=', method)
    .$castTo<RenditionRow>()
    .executeTakeFirst();
}

export async function updateRendition(
  db: Database,
  renditionId: string,
  changes: Updateable<DB['rendition']>,
): Promise<void> {
  await db.updateTable('rendition').set(changes).where('id', '=', renditionId).execute();
}

/** Forgets that the newest rendition of a source failed; false when it did not. */
export async function resetRendition(trx: Database, sourceKey: string, at: Date): Promise<boolean> {
  const { rows } = await sql`
    update rendition set state = 'queued', reason = null, death_count = 0, queued_at = ${at}, finished_at = null
    where source_key = ${sourceKey} and (state = 'failed' or lacks_converter)
      and method = (select max(method) from rendition newest where newest.source_key = ${sourceKey})
    returning id`.execute(trx);
  return rows.length > 0;
}

/** Takes away what an earlier try left. A poster stays: the person who gave it will not give it again. */
export async function clearRendition(trx: Database, renditionId: string): Promise<void> {
  await trx.deleteFrom('renditionPage').where('renditionId', '=', renditionId).execute();
  await sql`
    delete from rendition_image i
    where rendition_id = ${renditionId} and not exists (
      select from rendition_image poster where poster.rendition_id = i.rendition_id and poster.kind = 'poster'
    )`.execute(trx);
}

export async function upsertPage(trx: Database, row: Insertable<DB['renditionPage']>): Promise<void> {
  const { renditionId: _id, pageNumber: _number, ...changes } = row;
  await trx
    .insertInto('renditionPage')
    .values(row)
    .onConflict((conflict) => conflict.columns(['renditionId', 'pageNumber']).doUpdateSet(changes))
    .execute();
}

export async function deletePagesAfter(trx: Database, renditionId: string, last: number): Promise<void> {
  await trx
    .deleteFrom('renditionPage')
    .where('renditionId', '=', renditionId)
    .where('pageNumber', '>', last)
    .execute();
}

export async function upsertImage(trx: Database, row: Insertable<DB['renditionImage']>): Promise<void> {
  const { renditionId: _id, pageNumber: _number, kind: _kind, ...changes } = row;
  await trx
    .insertInto('renditionImage')
    .values(row)
    .onConflict((conflict) => conflict.columns(['renditionId', 'pageNumber', 'kind']).doUpdateSet(changes))
    .execute();
}

export function findScan(db: Database, blobHash: string) {
  return db
    .selectFrom('blob')
    .select(['threat', 'scannedAt'])
    .where('hash', '=', blobHash)
    .executeTakeFirst();
}

/** Everything that was ever made of this content. */
export async function deleteContents(db: Database, blobHash: string): Promise<void> {
  const ofBlob = db.selectFrom('rendition').select('id').where('blobHash', '=', blobHash);
  await db.deleteFrom('renditionImage').where('renditionId', 'in', ofBlob).execute();
  await db.deleteFrom('renditionPage').where('renditionId', 'in', ofBlob).execute();
  await db
    .updateTable('rendition')
    .set({ state: 'failed', html: null, signature: null, bands: null })
    .where('blobHash', '=', blobHash)
    .execute();
}

export async function hasPoster(db: Database, renditionId: string): Promise<boolean> {
  const row = await db
    .selectFrom('renditionImage')
    .select('kind')
    .where('renditionId', '=', renditionId)
    .where('kind', '=', 'poster')
    .executeTakeFirst();
  return row !== undefined;
}

/** Takes the poster over from an older rendition of the same video. */
export async function copyPoster(db: Database, { id, sourceKey }: RenditionRow): Promise<void> {
  await sql`
    insert into rendition_image (rendition_id, page_number, kind, blob_hash, width, height)
    select ${id}, page_number, kind, i.blob_hash, width, height
    from rendition_image i join rendition r on r.id = i.rendition_id
    where r.source_key = ${sourceKey} and r.id <> ${id} and i.kind in ('poster', 'thumbnail')
    order by r.method
    on conflict do nothing`.execute(db);
}

/** What older methods made of the same source; it was shown until the newer one was done. */
export async function deleteOlderRenditions(
  trx: Database,
  { sourceKey, method }: { sourceKey: string; method: number },
): Promise<void> {
  await trx.deleteFrom('rendition').where('sourceKey', '=', sourceKey).where('method', '<', method).execute();
}

export async function deleteRendition(trx: Database, renditionId: string): Promise<void> {
  await trx.deleteFrom('rendition').where('id', '=', renditionId).execute();
}

export async function upsertWebPage(db: Database, row: Insertable<DB['webPage']>): Promise<void> {
  const { assetVersionId: _, ...changes } = row;
  await db
    .insertInto('webPage')
    .values(row)
    .onConflict((conflict) => conflict.column('assetVersionId').doUpdateSet(changes))
    .execute();
}

/** The assets that show this source now. */
export async function listCurrentAssetIds(db: Database, sourceKey: string): Promise<string[]> {
  const rows = await db
    .selectFrom('asset')
    .innerJoin('assetVersion', 'assetVersion.id', 'asset.currentVersionId')
    .select('asset.id')
    .where('assetVersion.sourceKey', '=', sourceKey)
    .execute();
  return rows.map(({ id }) => id);
}

export async function countRenditionWords(db: Database, renditionId: string): Promise<number> {
  const { count } = await db
    .selectFrom('renditionPage')
    .select(sql<number>`coalesce(sum(word_count), 0)::int`.as('count'))
    .where('renditionId', '=', renditionId)
    .executeTakeFirstOrThrow();
  return count;
}

/** Everything that a rendition says in words, for search, language and likeness. */
export async function readWholeText(db: Database, renditionId: string, limit: number): Promise<string> {
  const { rows } = await sql<{ text: string | null }>`
    select left(string_agg(text, E'\n\n' order by page_number), ${limit}::int) as text
    from rendition_page where rendition_id = ${renditionId}`.execute(db);
  return rows[0]?.text ?? '';
}
