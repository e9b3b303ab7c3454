import type { Database } from '../../server/src/db/database.ts';
import { newId } from '../../server/src/http/ids.ts';
import { listDocuments } from '../../server/src/search/queries.ts';

export interface ShelfAsset {
  title: string;
  useWhen?: string;
  description?: string;
  talkTrack?: string;
  body?: string;
  audience?: string;
  status?: string;
  publishedAt?: Date;
  terms?: string[];
}

/** What a rebuild reads: every asset once, one at a time. */
export async function* readInBatches(db: Database, assetIds: string[]) {
  const readAt = new Date();
  for (const assetId of assetIds)
    yield (await listDocuments(db, [assetId])).map((document) => ({ ...document, readAt }));
}

/** An asset with its text, as search sees it, without a file. */
export async function insertShelfAsset(db: Database, asset: ShelfAsset, termIds: string[]): Promise<string> {
  const { body, terms: _, ...fields } = asset;
  const assetId = newId('ast');
  const versionId = newId('ver');
  await db.transaction().execute(async (trx) => {
    await trx
      .insertInto('asset')
      .values({
        id: assetId,
        kind: 'web_link',
        audience: 'external',
        status: 'published',
        publishedAt: new Date('2026-01-01T00:00:00Z'),
        currentVersionId: versionId,
        ...fields,
      })
      .execute();
    await trx
      .insertInto('assetVersion')
      .values({ id: versionId, assetId, number: 1, url: 'https://example.com/', mediaType: 'text/uri-list' })
      .execute();
    if (body !== undefined)
      await trx
        .insertInto('versionText')
        .values({ assetVersionId: versionId, state: 'done', body })
        .execute();
    for (const termId of termIds) await trx.insertInto('assetTerm').values({ assetId, termId }).execute();
  });
  return assetId;
}
