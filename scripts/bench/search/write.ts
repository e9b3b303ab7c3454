import { sql } from 'kysely';
import { connectDatabase, type Database } from '../../../server/src/db/database.ts';
import { createLog } from '../../../server/src/http/log.ts';
import { insertTermSets } from '../../../server/src/indexing/postgres-index-queries.ts';
import { writeDocument, writeHeading, writePage } from '../../../server/src/indexing/vector.ts';
import { type MadeAsset, madeTerms, makeAsset } from './assets.ts';

// One of several processes that write a library: node write.ts PART PARTS ASSETS, with DATABASE_URL.

const batch = 200;
const [part = 0, parts = 1, assetCount = 0] = process.argv.slice(2).map(Number);
const dimensionOf = new Map(madeTerms.map(({ id, dimensionKey }) => [id, dimensionKey]));
const sets = new Map<string, number>();
const mediaType = 'text/uri-list';

const db = connectDatabase(process.env.DATABASE_URL ?? '', { log: createLog('silent'), max: 1 });
for (let from = part * batch; from < assetCount; from += parts * batch) {
  const assets = Array.from({ length: Math.min(batch, assetCount - from) }, (_, index) =>
    makeAsset(from + index),
  );
  await db.transaction().execute(async (trx) => {
    // Rows are whole when they are written, so nothing needs to follow from them.
    await sql`set local session_replication_role = replica`.execute(trx);
    await sql`set local synchronous_commit = off`.execute(trx);
    await insertAssets(trx, assets);
  });
}
await db.destroy();

async function insertAssets(db: Database, assets: MadeAsset[]): Promise<void> {
  const published = assets.filter(({ status }) => status === 'published');
  await insertRows(
    db,
    'asset',
    assets.map((asset) => ({
      id: asset.assetId,
      kind: 'web_link',
      title: asset.title,
      description: asset.description,
      use_when: asset.useWhen,
      talk_track: asset.talkTrack,
      owner_user_id: asset.ownerUserId,
      owner_role: '',
      audience: asset.audience,
      status: asset.status,
      published_at: asset.status === 'draft' ? null : asset.publishedAt,
      archived_at: asset.status === 'archived' ? asset.publishedAt : null,
      current_version_id: asset.versionId,
      revision: 1,
      is_sample: false,
      created_at: asset.publishedAt,
      updated_at: asset.publishedAt,
    })),
  );
  await insertRows(
    db,
    'asset_version',
    assets.map(({ assetId, versionId, publishedAt }) => ({
      id: versionId,
      asset_id: assetId,
      number: 1,
      url: 'https://example.com/',
      media_type: mediaType,
      created_at: publishedAt,
    })),
  );
  await insertRows(
    db,
    'web_page',
    // A link that was asked in the far future is never asked again: nothing must go out during a measurement.
    assets.map(({ versionId }) => ({
      asset_version_id: versionId,
      title: '',
      description: '',
      checked_at: '2100-01-01T00:00:00Z',
    })),
  );
  await insertRows(
    db,
    'asset_term',
    assets.flatMap(({ assetId, termIds }) =>
      termIds.map((termId) => ({ asset_id: assetId, term_id: termId })),
    ),
  );
  await insertRows(
    db,
    'rendition',
    assets.map(({ renditionId, versionId, pages, wordCount, publishedAt }) => ({
      id: renditionId,
      source_key: versionId,
      asset_version_id: versionId,
      method: 1_000,
      media_type: mediaType,
      state: 'done',
      lacks_converter: false,
      death_count: 0,
      page_count: pages.length,
      rendered_page_count: 0,
      word_count: wordCount,
      queued_at: publishedAt,
    })),
  );
  await insertRows(
    db,
    'rendition_page',
    assets.flatMap(({ renditionId, pages }) =>
      pages.map(({ pageNumber, headings, text }) => ({
        rendition_id: renditionId,
        page_number: pageNumber,
        text,
        notes: '',
        word_count: 1,
        headings: headings.map((heading) => ({ text: heading })),
        links: [],
        text_layer: [],
      })),
    ),
  );
  await insertIndexRows(db, published);
}

async function insertIndexRows(db: Database, assets: MadeAsset[]): Promise<void> {
  await findSets(db, assets);
  const documents = [];
  const pages = [];
  for (const asset of assets) {
    documents.push({
      asset_id: asset.assetId,
      is_published: true,
      audience: asset.audience,
      owner_user_id: asset.ownerUserId,
      published_at: asset.publishedAt,
      moved_at: asset.publishedAt,
      indexed_at: asset.readAt,
      heading: writeHeading(asset),
      vector: await writeDocument(asset),
      ...Object.fromEntries(
        Array.from(groupTerms(asset), ([dimensionKey, termIds]) => [
          `${dimensionKey}_set`,
          sets.get(termIds.join(' ')),
        ]),
      ),
    });
    for (const { pageNumber, text } of asset.pages)
      pages.push({
        asset_id: asset.assetId,
        page_number: pageNumber,
        text,
        vector: await writePage(text),
      });
  }
  const columns = Object.keys(Object.assign({}, ...documents));
  await insertRows(db, 'search_document', documents, columns);
  await insertRows(db, 'search_page', pages);
}

function groupTerms({ termIds }: MadeAsset): Map<string, string[]> {
  return Map.groupBy(termIds.toSorted(), (id) => dimensionOf.get(id) ?? '');
}

async function findSets(db: Database, assets: MadeAsset[]): Promise<void> {
  const unknown = assets.filter((asset) =>
    [...groupTerms(asset).values()].some((termIds) => !sets.has(termIds.join(' '))),
  );
  if (unknown.length === 0) return;
  await insertTermSets(db, unknown);
  for (const { id, termIds } of await db.selectFrom('searchTermSet').select(['id', 'termIds']).execute())
    sets.set(termIds.join(' '), id);
}

async function insertRows(
  db: Database,
  table: string,
  rows: object[],
  columns = Object.keys(rows[0] ?? {}),
): Promise<void> {
  if (rows.length === 0) return;
  const names = sql.join(columns.map((column) => sql.ref(column)));
  await sql`
    insert into ${sql.table(table)} (${names})
    select ${names} from jsonb_populate_recordset(null::${sql.table(table)}, ${JSON.stringify(rows)}::text::jsonb)`.execute(
    db,
  );
}
