import { join } from 'node:path';
import { afterAll } from 'vitest';
import { connectMeilisearch } from '../../server/src/search/meilisearch.ts';
import { meilisearchEngine } from '../../server/src/search/meilisearch-engine.ts';
import { nameIndexes } from '../../server/src/search/meilisearch-settings.ts';
import { openMeilisearch } from '../support/meilisearch.ts';
import type { OpenEngine } from '../support/search-shelf.ts';
import { searchIndexSuite } from './search-index-suite.ts';
import { searchSuite } from './search-suite.ts';

const finding = await openMeilisearch(join(import.meta.dirname, 'search-meilisearch.recorded.json'));
const indexing = await openMeilisearch(join(import.meta.dirname, 'search-meilisearch-index.recorded.json'));
console.info(`The Meilisearch suite runs against ${finding.name}.`);
afterAll(async () => {
  await finding.close();
  await indexing.close();
});

const openFor =
  (server: typeof finding, instance: string): OpenEngine =>
  (db) =>
    meilisearchEngine(db, connectMeilisearch(server), nameIndexes(instance));

searchSuite('Meilisearch', openFor(finding, 'find'));
searchIndexSuite('Meilisearch', openFor(indexing, 'index'));
