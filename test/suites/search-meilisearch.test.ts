import { join } from 'node:path';
import { afterAll } from 'vitest';
import type { SearchDocument } from '../../server/src/indexing/engine.ts';
import { connectMeilisearch } from '../../server/src/indexing/meilisearch.ts';
import { meilisearchEngine } from '../../server/src/indexing/meilisearch-engine.ts';
import { nameIndexes } from '../../server/src/indexing/meilisearch-settings.ts';
import { postgresEngine } from '../../server/src/indexing/postgres.ts';
import { openMeilisearch } from '../support/meilisearch.ts';
import type { OpenEngine } from '../support/search-shelf.ts';
import { searchIndexSuite } from './search-index-suite.ts';
import { searchSuite } from './search-suite.ts';

const finding = await openMeilisearch(join(import.meta.dirname, 'search-meilisearch.recorded.jsonl'));
const indexing = await openMeilisearch(join(import.meta.dirname, 'search-meilisearch-index.recorded.jsonl'));
console.info(`The Meilisearch suite runs against ${finding.name}.`);
afterAll(async () => {
  await finding.close();
  await indexing.close();
});

/** The whole shelf is shown by PostgreSQL, whose index is always kept, whichever engine answers. */
const openFor =
  (server: typeof finding, instance: string): OpenEngine =>
  (db) => {
    const postgres = postgresEngine(db);
    const meilisearch = meilisearchEngine(db, connectMeilisearch(server), nameIndexes(instance));
    async function* indexAll(batches: AsyncIterable<SearchDocument[]>) {
      for await (const documents of batches) {
        await postgres.index(documents);
        yield documents;
      }
    }
    return {
      ...meilisearch,
      async index(documents) {
        await postgres.index(documents);
        await meilisearch.index(documents);
      },
      rebuild: (batches) => meilisearch.rebuild(indexAll(batches)),
    };
  };

searchSuite('Meilisearch', openFor(finding, 'find'));
searchIndexSuite('Meilisearch', openFor(indexing, 'index'));
