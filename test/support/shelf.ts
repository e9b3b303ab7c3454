import { readFileSync } from 'node:fs';
import { extname, resolve } from 'node:path';
import { readLibraryFile } from '../../server/src/assets/library-file.ts';
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

/** Terms and assets of a library in a folder, with its Markdown files as text and nothing of the others. */
export async function insertLibrary(
  db: Database,
  folder: string,
): Promise<{ assetId: string; title: string; useWhen: string }[]> {
  const termIds = await insertTaxonomy(db, folder);
  const inserted = [];
  for (const row of readLibraryFile(readFileSync(`${folder}/library.csv`, 'utf8'), new Date()).rows) {
    const chosen = Object.entries(row.terms).flatMap(([dimensionKey, names]) =>
      names.flatMap((name) => termIds.get(`${dimensionKey}:${name}`) ?? []),
    );
    const isText = row.filePath !== null && extname(row.filePath) === '.md';
    const asset = {
      title: row.title,
      description: row.description ?? '',
      useWhen: row.useWhen ?? '',
      audience: row.audience ?? 'internal',
      body: isText ? readFileSync(resolve(folder, row.filePath ?? ''), 'utf8') : '',
    };
    const assetId = await insertShelfAsset(db, asset, chosen);
    inserted.push({ assetId, title: asset.title, useWhen: asset.useWhen });
  }
  return inserted;
}

async function insertTaxonomy(db: Database, folder: string): Promise<Map<string, string>> {
  const { dimensions } = JSON.parse(readFileSync(`${folder}/taxonomy.json`, 'utf8'));
  const ids = new Map<string, string>();
  for (const { key: dimensionKey, terms } of dimensions)
    for (const [position, { name, synonyms }] of terms.entries()) {
      const id = newId('trm');
      ids.set(`${dimensionKey}:${name}`, id);
      await db.insertInto('term').values({ id, dimensionKey, name, synonyms, position }).execute();
    }
  return ids;
}
