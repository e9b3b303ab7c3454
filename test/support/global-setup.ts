import { sql } from 'kysely';
import type { TestProject } from 'vitest/node';
import { withDatabase } from '../../server/src/db/connection-url.ts';
import { connectDatabase } from '../../server/src/db/database.ts';
import { migrate } from '../../server/src/db/migrate.ts';
import { createLog } from '../../server/src/http/log.ts';
import { startTemporaryPostgres } from './postgres.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** A database of the server that all tests share; its siblings are cloned from `template`. */
    testDatabase: { url: string; template: string };
  }
}

/** One server and one migrated template for the whole run; each test file clones the template. */
export async function setup(project: TestProject) {
  const log = createLog('silent');
  const server = process.env.TEST_DATABASE_URL ? undefined : await startTemporaryPostgres();
  const url = process.env.TEST_DATABASE_URL ?? server?.url ?? '';
  const template = `offshelf_template_${process.pid}`;
  await administrate(url, `create database ${template}`);
  await migrate(withDatabase(url, template), { log });
  project.provide('testDatabase', { url, template });

  return async () => {
    if (server) await server.stop();
    else await administrate(url, `drop database if exists ${template} with (force)`);
  };
}

async function administrate(url: string, statement: string): Promise<void> {
  const db = connectDatabase(url, { log: createLog('silent'), max: 1 });
  try {
    await sql.raw(statement).execute(db);
  } finally {
    await db.destroy();
  }
}
