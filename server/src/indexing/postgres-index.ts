import type { Database } from '../db/database.ts';
import type { SearchDocument } from './engine.ts';
import {
  claimDocuments,
  insertPages,
  insertTermSets,
  lockFreeDocuments,
  updateDocuments,
  type WrittenDocument,
} from './postgres-index-queries.ts';
import { writeDocument, writeHeading, writePage } from './vector.ts';

/** Documents are written together up to so much text: their words are counted at once, and the memory is spared. */
const lettersAtOnce = 1_000_000;
const documentsAtOnce = 100;
/** How many pages are sent at once: those of a book would fill the memory. */
const pagesAtOnce = 50;

/** Adds documents or replaces them, unless one that was read later is there already. */
export async function indexDocuments(db: Database, documents: SearchDocument[]): Promise<void> {
  for (const load of divide(documents)) {
    const busy = new Set(await writeLoad(db, load));
    // Whoever waits for one row while holding no other is in nobody's way.
    for (const document of load) if (busy.has(document.assetId)) await writeLoad(db, [document]);
  }
}

/** Answers which of several documents somebody is changing at this moment: they are not written. */
async function writeLoad(db: Database, load: SearchDocument[]): Promise<string[]> {
  const written: WrittenDocument[] = [];
  for (const document of load)
    written.push({
      assetId: document.assetId,
      termIds: document.termIds,
      heading: writeHeading(document),
      vector: await writeDocument(document),
      readAt: document.readAt,
    });
  return db.transaction().execute(async (trx) => {
    const claimed = new Set(
      await claimDocuments(
        trx,
        load.map(({ assetId, readAt }) => ({ assetId, readAt })),
      ),
    );
    for (const { assetId, pages } of load) {
      if (!claimed.has(assetId)) continue;
      for (let from = 0; from < pages.length; from += pagesAtOnce) {
        const some = [];
        for (const { pageNumber, text } of pages.slice(from, from + pagesAtOnce))
          some.push({ pageNumber, text, vector: await writePage(text) });
        await insertPages(trx, assetId, some);
      }
    }
    const kept = written.filter(({ assetId }) => claimed.has(assetId));
    await insertTermSets(trx, kept);
    const free = load.length > 1 ? new Set(await lockFreeDocuments(trx, [...claimed])) : claimed;
    // Last, because it holds the rows of the words, which all writers share, until the end.
    await updateDocuments(
      trx,
      kept.filter(({ assetId }) => free.has(assetId)),
    );
    return [...claimed].filter((assetId) => !free.has(assetId));
  });
}

function divide(documents: SearchDocument[]): SearchDocument[][] {
  const loads: SearchDocument[][] = [];
  let letters = Number.POSITIVE_INFINITY;
  for (const document of documents) {
    const size = document.pages.reduce((sum, { text }) => sum + text.length, 0);
    letters += size;
    const load = loads.at(-1);
    if (load && letters <= lettersAtOnce && load.length < documentsAtOnce) load.push(document);
    else {
      loads.push([document]);
      letters = size;
    }
  }
  return loads;
}
