import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { inject } from 'vitest';
import { withDatabase } from '../../server/src/db/connection-url.ts';
import { connectDatabase, type Database } from '../../server/src/db/database.ts';
import { createLog } from '../../server/src/http/log.ts';
import './global-setup.ts';

export interface TestDatabase {
  url: string;
  db: Database;
  close(): Promise<void>;
}

/** A migrated, empty database of its own; `close` drops it. */
export function createTestDatabase(): Promise<TestDatabase> {
  return createDatabase(inject('testDatabase').template);
}

/** A database without any table, for tests of the migrations themselves. */
export function createEmptyDatabase(): Promise<TestDatabase> {
  return createDatabase('template0');
}

async function createDatabase(template: string): Promise<TestDatabase> {
  const serverUrl = inject('testDatabase').url;
  const log = createLog('silent');
  const name = `offshelf_${randomBytes(6).toString('hex')}`;
  const admin = connectDatabase(serverUrl, { log, max: 1 });
  await sql.raw(`create database ${name} template ${template}`).execute(admin);
  const url = withDatabase(serverUrl, name);
  const db = connectDatabase(url, { log });
  return {
    url,
    db,
    async close() {
      await db.destroy();
      await sql.raw(`drop database if exists ${name} with (force)`).execute(admin);
      await admin.destroy();
    },
  };
}
