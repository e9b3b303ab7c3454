import type { Database } from '../db/database.ts';

export function findVersion(db: Database, assetVersionId: string) {
  return db
    .selectFrom('assetVersion')
    .select(['id', 'assetId', 'blobHash', 'mediaType', 'sizeBytes'])
    .where('id', '=', assetVersionId)
    .executeTakeFirst();
}

export function findVersionText(db: Database, assetVersionId: string) {
  return db
    .selectFrom('assetVersion as version')
    .innerJoin('asset', 'asset.id', 'version.assetId')
    .leftJoin('versionText', 'versionText.assetVersionId', 'version.id')
    .select([
      'asset.status',
      'version.blobHash',
      'version.mediaType',
      'versionText.state',
      'versionText.body',
      'versionText.wordCount',
      'versionText.reason',
    ])
    .where('version.id', '=', assetVersionId)
    .executeTakeFirst();
}

export interface VersionText {
  assetVersionId: string;
  state: 'done' | 'failed' | 'unsupported';
  body: string;
  wordCount: number;
  reason: string | null;
  updatedAt: Date;
}

export async function upsertVersionText(trx: Database, row: VersionText): Promise<void> {
  const { assetVersionId: _, ...changes } = row;
  await trx
    .insertInto('versionText')
    .values(row)
    .onConflict((conflict) => conflict.column('assetVersionId').doUpdateSet(changes))
    .execute();
}
