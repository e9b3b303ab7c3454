import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { sql } from 'kysely';
import { connectDatabase, type Database } from '../../../server/src/db/database.ts';
import { createLog } from '../../../server/src/http/log.ts';
import { madeId, madeTerms, ownerCount } from './assets.ts';

const writers = 2;

/**
 * Fills an empty database with so many assets and answers how many a second. Texts, vectors and rows are the product's
 * own; what is made at once at the end and not asset by asset are the indexes and the counts of words.
 */
export async function loadLibrary(url: string, assetCount: number): Promise<number> {
  const startedAt = performance.now();
  const db = connectDatabase(url, { log: createLog('silent'), max: 2 });
  try {
    await insertFrame(db);
    const indexes = await dropTextIndexes(db);
    await Promise.all(Array.from({ length: writers }, (_, part) => write(url, part, assetCount)));
    await fillDictionary(db);
    for (const index of indexes) await sql.raw(index).execute(db);
    for (const table of [
      'asset',
      'asset_term',
      'rendition_page',
      'search_document',
      'search_page',
      'search_word',
    ])
      await sql`vacuum analyze ${sql.table(table)}`.execute(db);
    return assetCount / ((performance.now() - startedAt) / 1000);
  } finally {
    await db.destroy();
  }
}

async function insertFrame(db: Database): Promise<void> {
  await db.deleteFrom('term').execute();
  await db.insertInto('term').values(madeTerms).execute();
  await db
    .insertInto('user')
    .values(
      Array.from({ length: ownerCount }, (_, number) => ({
        id: madeId('usr', number),
        email: `owner${number}@example.com`,
        name: `Owner ${number}`,
        role: 'marketing',
      })),
    )
    .execute();
}

/** A part of the assets, in a process of its own. */
async function write(url: string, part: number, assetCount: number): Promise<void> {
  const program = fileURLToPath(new URL('./write.ts', import.meta.url));
  const child = spawn(process.execPath, [program, String(part), String(writers), String(assetCount)], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { PATH: process.env.PATH, DATABASE_URL: url },
  });
  const code = await new Promise<number | null>((done) => child.once('close', done));
  if (code !== 0) throw new Error(`Writing assets ended with ${code}.`);
}

const textIndexes = ['search_document_heading_idx', 'search_document_vector_idx'];

async function dropTextIndexes(db: Database): Promise<string[]> {
  const { rows } = await sql<{ indexdef: string }>`
    select indexdef from pg_indexes where indexname = any(${textIndexes}::text[])`.execute(db);
  for (const name of textIndexes) await sql`drop index ${sql.table(name)}`.execute(db);
  return rows.map(({ indexdef }) => indexdef);
}

async function fillDictionary(db: Database): Promise<void> {
  await sql`
    insert into search_word (word, document_count, heading_count)
    select word, coalesce(anywhere.ndoc, 0), coalesce(heading.ndoc, 0)
    from ts_stat('select vector from search_document') as anywhere
    full join (
      select * from ts_stat('select heading from search_document') where word not like '^%'
    ) as heading using (word)`.execute(db);
  await sql`
    insert into search_word (word, document_count) select '', count(*) from search_document`.execute(db);
}
