import type { SearchDocument } from './engine.ts';
import type { MeilisearchServer } from './meilisearch.ts';
import { makeDocuments } from './meilisearch-documents.ts';
import { assetSettings, type IndexNames, nameNext, pageSettings } from './meilisearch-settings.ts';

/** A request of this many letters is taken by every server; one huge asset may be more. */
const requestLength = 8_000_000;
/** How many requests may wait inside Meilisearch while an index is filled. */
const mostWaiting = 20;

/** Adds documents or replaces them, unless what is there was read later. Only one job does this at a time. */
export async function putDocuments(
  server: MeilisearchServer,
  names: IndexNames,
  documents: SearchDocument[],
): Promise<void> {
  if (documents.length === 0) return;
  const known = await server.readTimes(
    names.assets,
    documents.map(({ assetId }) => assetId),
  );
  const newer = documents.filter(({ assetId, readAt }) => (known.get(assetId) ?? 0) <= readAt.getTime());
  if (newer.length === 0) return;
  const tasks = await addDocuments(server, names, newer);
  // The pages that the assets have no more.
  const firstRead = Math.min(...newer.map(({ readAt }) => readAt.getTime()));
  const replaced = `assetId IN [${newer.map(({ assetId }) => assetId).join(', ')}] AND readAt < ${firstRead}`;
  tasks.push(await server.deleteDocuments(names.pages, replaced));
  await server.waitFor(tasks);
}

export async function removeDocuments(
  server: MeilisearchServer,
  names: IndexNames,
  assetIds: string[],
): Promise<void> {
  if (assetIds.length === 0) return;
  const filter = `assetId IN [${assetIds.join(', ')}]`;
  await server.waitFor([
    await server.deleteDocuments(names.assets, filter),
    await server.deleteDocuments(names.pages, filter),
  ]);
}

/** Fills new indexes and then puts them in the place of the old ones, at once; searches use the old ones until then. */
export async function refill(
  server: MeilisearchServer,
  names: IndexNames,
  batches: AsyncIterable<SearchDocument[]>,
): Promise<void> {
  const next = { assets: nameNext(names.assets), pages: nameNext(names.pages) };
  await server.createIndex(next.assets, 'assetId', assetSettings);
  await server.createIndex(next.pages, 'id', pageSettings);
  const waiting: number[] = [];
  for await (const documents of batches) {
    waiting.push(...(await addDocuments(server, next, documents)));
    if (waiting.length > mostWaiting) await server.waitFor(waiting.splice(0, waiting.length - mostWaiting));
  }
  await server.waitFor(waiting);
  const isFirst = (await server.countDocuments(names.assets)) === undefined;
  // Half an index, from a fill that was cut off between the two, would be in the way of the first one.
  if (isFirst) await server.dropIndex(names.pages);
  await server.swap(
    [
      [next.assets, names.assets],
      [next.pages, names.pages],
    ],
    { rename: isFirst },
  );
  if (isFirst) return;
  await server.dropIndex(next.assets);
  await server.dropIndex(next.pages);
}

/** Sends them in requests of moderate size; answers the tasks to wait for. */
async function addDocuments(
  server: MeilisearchServer,
  names: IndexNames,
  documents: SearchDocument[],
): Promise<number[]> {
  const tasks: number[] = [];
  const assets = startSending(server, names.assets, tasks);
  const pages = startSending(server, names.pages, tasks);
  for (const document of documents) {
    const made = await makeDocuments(document);
    for (const page of made.pages) await pages.add(page);
    await assets.add(made.asset);
  }
  await pages.send();
  await assets.send();
  return tasks;
}

function startSending(server: MeilisearchServer, index: string, tasks: number[]) {
  let documents: object[] = [];
  let length = 0;
  async function send(): Promise<void> {
    if (documents.length > 0) tasks.push(await server.addDocuments(index, documents));
    documents = [];
    length = 0;
  }
  return {
    send,
    async add(document: object): Promise<void> {
      documents.push(document);
      length += JSON.stringify(document).length;
      if (length >= requestLength) await send();
    },
  };
}
