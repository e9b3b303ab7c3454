import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import postgres from 'postgres';
import type { Log } from '../http/log.ts';
import { parseConnectionUrl } from './connection-url.ts';

/** The database and the code do not fit together; the message says which migration and what to do. */
export class MigrationError extends Error {
  override readonly name = 'StartError';
}

export interface MigrateOptions {
  log: Log;
  /** Tells the person at the terminal what is going on. */
  say?: (text: string) => void;
  migrationsDir?: string;
}

export const defaultMigrationsDir = join(import.meta.dirname, '../../../db/migrations');
/** Any number will do, as long as every Offshelf uses the same one. */
const lockKey = 7_420_001;
const queueName = 'graphile-worker';

interface Migration {
  name: string;
  text: string;
  hash: string;
}

/**
 * Brings the database up to the code: the SQL files of `db/migrations` in order, one transaction each, then the
 * tables of the job queue. A lock makes starts that race wait for each other.
 */
export async function migrate(
  url: string,
  { log, say = () => {}, migrationsDir = defaultMigrationsDir }: MigrateOptions,
): Promise<void> {
  const migrations = await readMigrations(migrationsDir);
  const { url: cleanUrl, socketDir } = parseConnectionUrl(url);
  const sql = postgres(cleanUrl, {
    ...(socketDir && { host: socketDir }),
    max: 1,
    connect_timeout: 10,
    fetch_types: false,
    onnotice: () => {},
    connection: { application_name: 'offshelf-migrate' },
  });
  try {
    await sql`select pg_advisory_lock(${lockKey})`;
    await sql`
      create table if not exists schema_migration (
        name text primary key,
        sha256 text not null,
        applied_at timestamptz not null default now()
      )`;
    const rows = await sql<
      { name: string; sha256: string }[]
    >`select name, sha256 from schema_migration order by name`;
    const applied = new Map(rows.map((row) => [row.name, row.sha256]));
    const queueVersion = await readQueueVersion();
    const appliedQueueVersion = applied.get(queueName);
    applied.delete(queueName);

    const pending = findPending(migrations, applied);
    if (pending.length > 0)
      say(
        pending.length === 1
          ? 'Migrating the database (one step).'
          : `Migrating the database (${pending.length} steps).`,
      );
    for (const migration of pending) {
      await apply(sql, migration);
      log.info({ event: 'migration_applied', name: migration.name });
    }
    if (appliedQueueVersion !== queueVersion) {
      await migrateQueue(url);
      await sql`
        insert into schema_migration (name, sha256) values (${queueName}, ${queueVersion})
        on conflict (name) do update set sha256 = excluded.sha256, applied_at = now()`;
    }
  } finally {
    // Ending the session also gives the lock back.
    await sql.end({ timeout: 5 });
  }
}

async function readMigrations(folder: string): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort();
  const wrong = names.find((name) => !/^\d{4}_[a-z0-9_]+\.sql$/.test(name));
  if (wrong) throw new MigrationError(`The migration ${wrong} must be named like 0002_add_team.sql.`);
  return Promise.all(
    names.map(async (name) => {
      const text = await readFile(join(folder, name), 'utf8');
      return { name, text, hash: createHash('sha256').update(text).digest('hex') };
    }),
  );
}

function findPending(migrations: Migration[], applied: Map<string, string>): Migration[] {
  const known = new Set(migrations.map(({ name }) => name));
  const unknown = [...applied.keys()].find((name) => !known.has(name));
  if (unknown)
    throw new MigrationError(
      `The database is newer than this Offshelf: it has the migration ${unknown}, which this version does not know. Start the version that was used last, or restore a backup from before.`,
    );
  const edited = migrations.find(({ name, hash }) => applied.has(name) && applied.get(name) !== hash);
  if (edited)
    throw new MigrationError(
      `The migration ${edited.name} was changed after it was applied to this database. Put it back as it was and add a new migration, or start with an empty database.`,
    );
  const pending = migrations.filter(({ name }) => !applied.has(name));
  const last = [...applied.keys()].at(-1) ?? '';
  const late = pending.find(({ name }) => name < last);
  if (late)
    throw new MigrationError(
      `The migration ${late.name} sorts before ${last}, which is already applied. Give it the next free number.`,
    );
  return pending;
}

async function apply(sql: postgres.Sql, { name, text, hash }: Migration): Promise<void> {
  try {
    await sql.begin(async (tx) => {
      await tx.unsafe(text);
      await tx`insert into schema_migration (name, sha256) values (${name}, ${hash})`;
    });
  } catch (error) {
    if (!(error instanceof postgres.PostgresError)) throw error;
    const line = error.position ? `, line ${text.slice(0, Number(error.position)).split('\n').length}` : '';
    throw new MigrationError(
      `The migration ${name} failed${line}: ${error.message}. Nothing of it was kept.`,
      {
        cause: error,
      },
    );
  }
}

/** The queue's own migrations are only loaded when its version has changed: loading them takes a while. */
async function readQueueVersion(): Promise<string> {
  const entry = createRequire(import.meta.url).resolve('graphile-worker');
  return JSON.parse(await readFile(join(dirname(entry), '../package.json'), 'utf8')).version;
}

async function migrateQueue(url: string): Promise<void> {
  const { Logger, runMigrations } = await import('graphile-worker');
  const logger = new Logger(() => () => {});
  await runMigrations({ connectionString: url, logger });
}
