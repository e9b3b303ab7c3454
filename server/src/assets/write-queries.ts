import { type Insertable, sql, type Updateable } from 'kysely';
import type { Database } from '../db/database.ts';
import type { DB } from '../db/types.ts';

/** Whoever stores, claims or removes the file of this hash waits here for whoever does so already. */
export async function lockHash(trx: Database, hash: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`blob:${hash}`}::text, 0))`.execute(trx);
}

/** Serialises the runs of an import that name the same content. */
export async function lockImportKey(trx: Database, importKey: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`import:${importKey}`}::text, 0))`.execute(trx);
}

// ── blobs ───────────────────────────────────────────────────────────────────────────────────────────────

/** A file that comes again is young again, so that it is not swept before it is used. */
export async function upsertBlob(trx: Database, row: { hash: string; sizeBytes: number; createdAt: Date }) {
  await trx
    .insertInto('blob')
    .values(row)
    .onConflict((conflict) => conflict.column('hash').doUpdateSet({ createdAt: row.createdAt }))
    .execute();
}

export async function hasBlob(db: Database, hash: string): Promise<boolean> {
  return (
    (await db.selectFrom('blob').select('hash').where('hash', '=', hash).executeTakeFirst()) !== undefined
  );
}

export async function listUnusedHashes(db: Database, before: Date, limit: number): Promise<string[]> {
  const rows = await selectUnused(db, before).orderBy('createdAt').limit(limit).execute();
  return rows.map(({ hash }) => hash);
}

/** Deletes the row unless an asset or a page uses it by now; answers whether it did. */
export async function deleteUnusedBlob(trx: Database, hash: string, before: Date): Promise<boolean> {
  const result = await trx
    .deleteFrom('blob')
    .where('hash', 'in', selectUnused(trx, before).where('hash', '=', hash))
    .executeTakeFirst();
  return result.numDeletedRows > 0n;
}

function selectUnused(db: Database, before: Date) {
  return db
    .selectFrom('blob')
    .select('blob.hash')
    .where('blob.createdAt', '<', before)
    .where((eb) =>
      eb.not(
        eb.exists(
          eb.selectFrom('assetVersion').select('id').whereRef('assetVersion.blobHash', '=', 'blob.hash'),
        ),
      ),
    )
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('renditionImage')
            .select('pageNumber')
            .whereRef('renditionImage.blobHash', '=', 'blob.hash'),
        ),
      ),
    );
}

export async function updateScan(
  db: Database,
  hash: string,
  scan: { threat: string | null; scannedAt: Date },
): Promise<void> {
  await db.updateTable('blob').set(scan).where('hash', '=', hash).execute();
}

// ── assets ──────────────────────────────────────────────────────────────────────────────────────────────

export async function insertAsset(trx: Database, row: Insertable<DB['asset']>): Promise<void> {
  await trx.insertInto('asset').values(row).execute();
}

export async function insertVersion(trx: Database, row: Insertable<DB['assetVersion']>): Promise<void> {
  await trx.insertInto('assetVersion').values(row).execute();
}

export function listVersionsOfType(trx: Database, blobHash: string, mediaType: string) {
  return trx
    .selectFrom('assetVersion')
    .select(['id', 'fileName'])
    .where('blobHash', '=', blobHash)
    .where('mediaType', '=', mediaType)
    .forUpdate()
    .execute();
}

export async function updateMediaType(
  trx: Database,
  versionId: string,
  type: { mediaType: string; typeWarning: string | null },
): Promise<void> {
  await trx.updateTable('assetVersion').set(type).where('id', '=', versionId).execute();
}

export async function updatePageCount(trx: Database, sourceKey: string, pageCount: number): Promise<void> {
  await trx
    .updateTable('assetVersion')
    .set({ pageCount })
    .where('sourceKey', '=', sourceKey)
    .where('pageCount', '<>', pageCount)
    .execute();
}

export async function insertStatusChange(
  trx: Database,
  row: { assetId: string; status: string; changedAt: Date; changedByUserId: string | null },
): Promise<void> {
  await trx.insertInto('assetStatusChange').values(row).execute();
}

/** Completes an asset that was made in the same transaction, so it is no change of its own. */
export async function setFirstVersion(
  trx: Database,
  assetId: string,
  currentVersionId: string,
): Promise<void> {
  await trx.updateTable('asset').set({ currentVersionId }).where('id', '=', assetId).execute();
}

/** Every change of an asset is a new revision. */
export async function updateAssetRow(
  trx: Database,
  assetId: string,
  changes: Updateable<DB['asset']>,
): Promise<void> {
  await trx
    .updateTable('asset')
    .set(changes)
    .set((eb) => ({ revision: eb('revision', '+', 1) }))
    .where('id', '=', assetId)
    .execute();
}

export async function updateWords(
  trx: Database,
  assetId: string,
  words: { title?: string; description?: string },
): Promise<void> {
  if (Object.keys(words).length === 0) return;
  await trx.updateTable('asset').set(words).where('id', '=', assetId).execute();
}

export async function insertTerms(trx: Database, assetId: string, termIds: string[]): Promise<void> {
  if (termIds.length === 0) return;
  await trx
    .insertInto('assetTerm')
    .values(termIds.map((termId) => ({ assetId, termId })))
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

export async function deleteTerms(trx: Database, assetId: string, termIds: string[]): Promise<void> {
  if (termIds.length === 0) return;
  await trx.deleteFrom('assetTerm').where('assetId', '=', assetId).where('termId', 'in', termIds).execute();
}

export async function nextVersionNumber(trx: Database, assetId: string): Promise<number> {
  const { last } = await trx
    .selectFrom('assetVersion')
    .select((eb) => eb.fn.max('number').as('last'))
    .where('assetId', '=', assetId)
    .executeTakeFirstOrThrow();
  return (last ?? 0) + 1;
}

/** Breaks `share_link_asset_id_fkey` for an asset that was ever shared. */
export async function deleteAssetRow(trx: Database, assetId: string): Promise<void> {
  await trx.deleteFrom('asset').where('id', '=', assetId).execute();
}

export async function insertActivity(db: Database, row: Insertable<DB['assetActivity']>): Promise<void> {
  await db.insertInto('assetActivity').values(row).execute();
}
