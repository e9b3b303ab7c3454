import type { Database } from '../../server/src/db/database.ts';
import { newId } from '../../server/src/http/ids.ts';
import { listDocuments } from '../../server/src/indexing/document-queries.ts';

export interface ShelfAsset {
  id?: string;
  title: string;
  useWhen?: string;
  description?: string;
  talkTrack?: string;
  body?: string;
  /** Of a file with pages, instead of `body`. */
  pages?: string[];
  audience?: string;
  ownerUserId?: string | undefined;
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
  const { body, pages, terms: _, ...fields } = asset;
  const assetId = asset.id ?? newId('ast');
  const versionId = assetId.replace('ast_', 'ver_');
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
    const texts = pages ?? (body === undefined ? [] : [body]);
    if (texts.length > 0) {
      const renditionId = newId('rnd');
      await trx
        .insertInto('rendition')
        .values({
          id: renditionId,
          sourceKey: versionId,
          assetVersionId: versionId,
          method: 1,
          mediaType: 'text/uri-list',
          state: 'done',
          pageCount: texts.length,
        })
        .execute();
      await trx
        .insertInto('renditionPage')
        .values(texts.map((text, index) => ({ renditionId, pageNumber: index + 1, text, wordCount: 1 })))
        .execute();
    }
    for (const termId of termIds) await trx.insertInto('assetTerm').values({ assetId, termId }).execute();
  });
  return assetId;
}
