import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { sql } from 'kysely';
import { connectDatabase, type Database } from '../../../server/src/db/database.ts';
import { findEmbeddedPostgres } from '../../../server/src/db/embedded.ts';
import { createLog } from '../../../server/src/http/log.ts';
import type { RunningOffshelf } from '../../../test/support/offshelf.ts';

const settleMs = 20 * 60_000;

/** Imports a library's folder into the running program as its own command does. */
export async function importLibrary({ dataDir, port }: RunningOffshelf, folder: string): Promise<void> {
  const child = spawn(process.execPath, [resolve(import.meta.dirname, '../../import.ts'), folder], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { PATH: process.env.PATH, DATA_DIR: dataDir, PORT: String(port), LOG_LEVEL: 'warn' },
  });
  const code = await new Promise<number | null>((done) => child.once('close', done));
  if (code === 1) throw new Error(`Nothing could be imported from ${folder}.`);
}

/** Waits until every page is drawn and every asset indexed, then reads. Web links may be asked for hours. */
export async function settle<T>(
  { dataDir }: RunningOffshelf,
  read: (db: Database) => Promise<T>,
): Promise<T> {
  const url = (await findEmbeddedPostgres(join(dataDir, 'postgres'), () => {})) ?? '';
  const db = connectDatabase(url, { log: createLog('silent') });
  try {
    const deadline = Date.now() + settleMs;
    for (;;) {
      const { rows } = await sql<{ waiting: number }>`
        select count(*)::int as waiting from job_run where state in ('queued', 'running')
          and name in ('render-file', 'index-asset')`.execute(db);
      if (rows[0]?.waiting === 0) return await read(db);
      if (Date.now() > deadline) throw new Error('The library was not rendered and indexed in time.');
      await new Promise((done) => setTimeout(done, 500));
    }
  } finally {
    await db.destroy();
  }
}
