import { type Insertable, sql, type Updateable } from 'kysely';
import type { Database } from '../db/database.ts';
import type { DB } from '../db/types.ts';

/** The assets that these rows made or will meet, with what their current version holds. */
export async function listImported(db: Database, importKeys: string[]) {
  if (importKeys.length === 0) return [];
  return db
    .selectFrom('asset')
    .innerJoin('assetVersion as version', 'version.id', 'asset.currentVersionId')
    .selectAll('asset')
    .select(['version.blobHash', 'version.url', 'version.fileName'])
    .where('asset.importKey', 'in', importKeys)
    .execute();
}

export type ImportedAsset = Awaited<ReturnType<typeof listImported>>[number];

/** The same for one row, locked until the transaction ends. */
export function lockImported(trx: Database, importKey: string) {
  return trx
    .selectFrom('asset')
    .innerJoin('assetVersion as version', 'version.id', 'asset.currentVersionId')
    .selectAll('asset')
    .select(['version.blobHash', 'version.url', 'version.fileName'])
    .where('asset.importKey', '=', importKey)
    .forUpdate('asset')
    .executeTakeFirst();
}

/** Hash → title of an asset that holds the file and is not archived. */
export async function listHoldersByHash(db: Database, hashes: string[]): Promise<Map<string, string>> {
  if (hashes.length === 0) return new Map();
  const rows = await db
    .selectFrom('assetVersion')
    .innerJoin('asset', 'asset.id', 'assetVersion.assetId')
    .select(['assetVersion.blobHash', 'asset.title'])
    .where('assetVersion.blobHash', 'in', hashes)
    .where('asset.status', '<>', 'archived')
    .execute();
  return new Map(rows.map(({ blobHash, title }) => [blobHash ?? '', title]));
}

export async function insertImportRun(trx: Database, row: Insertable<DB['importRun']>): Promise<void> {
  await trx.insertInto('importRun').values(row).execute();
}

export async function insertImportRows(trx: Database, rows: Insertable<DB['importRow']>[]): Promise<void> {
  for (let start = 0; start < rows.length; start += 1000)
    await trx
      .insertInto('importRow')
      .values(rows.slice(start, start + 1000))
      .execute();
}

function selectRuns(db: Database) {
  return db
    .selectFrom('importRun')
    .leftJoin('user', 'user.id', 'importRun.createdByUserId')
    .selectAll('importRun')
    .select('user.name as createdByName')
    .select((eb) =>
      eb
        .selectFrom('importRow')
        .select((row) => row.cast<number>(row.fn.countAll(), 'integer').as('count'))
        .whereRef('importRow.importRunId', '=', 'importRun.id')
        .where('importRow.action', '=', 'error')
        .as('errorCount'),
    )
    .select(
      sql<boolean>`import_run.state = 'running' and not exists (
        select from job_run where key = 'run-import:' || import_run.id and job_run.state in ('queued', 'running')
      )`.as('hasStopped'),
    );
}

export function findImportRun(db: Database, importRunId: string) {
  return selectRuns(db).where('importRun.id', '=', importRunId).executeTakeFirst();
}

export type ImportRunRow = NonNullable<Awaited<ReturnType<typeof findImportRun>>>;

export function listImportRuns(db: Database, limit: number) {
  return selectRuns(db)
    .orderBy('importRun.createdAt', 'desc')
    .orderBy('importRun.id', 'desc')
    .limit(limit)
    .execute();
}

export function listImportRows(db: Database, importRunId: string) {
  return db
    .selectFrom('importRow')
    .select(['line', 'action', 'title', 'detail', 'assetId'])
    .where('importRunId', '=', importRunId)
    .orderBy('line')
    .execute();
}

export function lockImportRun(trx: Database, importRunId: string) {
  return trx.selectFrom('importRun').selectAll().where('id', '=', importRunId).forUpdate().executeTakeFirst();
}

export async function updateImportRun(
  db: Database,
  importRunId: string,
  changes: Updateable<DB['importRun']>,
): Promise<void> {
  await db.updateTable('importRun').set(changes).where('id', '=', importRunId).execute();
}

export async function listWaitingLines(db: Database, importRunId: string): Promise<number[]> {
  const rows = await db
    .selectFrom('importRow')
    .select('line')
    .where('importRunId', '=', importRunId)
    .where('action', 'in', ['create', 'update'])
    .orderBy('line')
    .execute();
  return rows.map(({ line }) => line);
}

/** A row that waits, or undefined when another worker has done it by now. */
export function lockWaitingRow(trx: Database, importRunId: string, line: number) {
  return trx
    .selectFrom('importRow')
    .selectAll()
    .where('importRunId', '=', importRunId)
    .where('line', '=', line)
    .where('action', 'in', ['create', 'update'])
    .forUpdate()
    .executeTakeFirst();
}

/** Settles a row and counts it, so that progress and content are one. */
export async function settleRow(
  trx: Database,
  importRunId: string,
  line: number,
  row: { action: 'done' | 'error'; detail?: string; assetId?: string },
): Promise<void> {
  await trx
    .updateTable('importRow')
    .set(row)
    .where('importRunId', '=', importRunId)
    .where('line', '=', line)
    .execute();
  await trx
    .updateTable('importRun')
    .set((eb) => ({ doneCount: eb('doneCount', '+', 1) }))
    .where('id', '=', importRunId)
    .execute();
}
