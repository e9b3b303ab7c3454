import { readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { Kysely } from 'kysely';
import { generate, PostgresDialect } from 'kysely-codegen';
import { connectDatabase } from '../server/src/db/database.ts';
import { postgresDialect } from '../server/src/db/dialect.ts';
import { migrate } from '../server/src/db/migrate.ts';
import { createLog, type Log } from '../server/src/http/log.ts';
import { startTemporaryPostgres } from '../test/support/postgres.ts';
import { dumpSchema } from './schema-dump.ts';

/*
 * Writes server/src/db/types.ts and db/schema.sql from the migrations, by applying them to an empty database.
 * With --check it writes nothing and fails when what is committed differs.
 */

const root = join(import.meta.dirname, '..');
const outputs = {
  types: join(root, 'server/src/db/types.ts'),
  schema: join(root, 'db/schema.sql'),
};

async function generateTypes(url: string, log: Log): Promise<string> {
  const db = new Kysely<unknown>({ dialect: postgresDialect(url, { max: 4, log }) });
  try {
    return await generate({
      db,
      dialect: new PostgresDialect({ dateParser: 'string' }),
      camelCase: true,
      defaultSchemas: ['public'],
      includePattern: 'public.*',
      outFile: null,
      // values.ts turns bigint into a number, so the types say so too.
      typeMapping: { int8: 'ColumnType<number, bigint | number | string, bigint | number | string>' },
    });
  } finally {
    await db.destroy();
  }
}

async function generateAll(): Promise<{ types: string; schema: string }> {
  const log = createLog('silent');
  const server = await startTemporaryPostgres();
  try {
    await migrate(server.url, { log });
    const db = connectDatabase(server.url, { log });
    try {
      return { types: await generateTypes(server.url, log), schema: await dumpSchema(db) };
    } finally {
      await db.destroy();
    }
  } finally {
    await server.stop();
  }
}

const generated = await generateAll();
const isCheck = process.argv.includes('--check');
let hasDrift = false;
for (const name of ['types', 'schema'] as const) {
  const path = outputs[name];
  if ((await readFile(path, 'utf8').catch(() => '')) === generated[name]) continue;
  hasDrift = true;
  if (!isCheck) await writeFile(path, generated[name]);
  console.log(`${relative(root, path)} ${isCheck ? 'is out of date. Run "npm run db:types".' : 'written.'}`);
}
if (!hasDrift) console.log('Types and schema are up to date.');
process.exitCode = isCheck && hasDrift ? 1 : 0;
