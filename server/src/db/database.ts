import { CamelCasePlugin, Kysely } from 'kysely';
import type { Log } from '../http/log.ts';
import { postgresDialect } from './dialect.ts';
import type { DB } from './types.ts';

/** The database, or a transaction in it: functions take either and never ask which. */
export type Database = Kysely<DB>;

/** Connects lazily; `db.destroy()` ends it. */
export function connectDatabase(url: string, { log, max = 10 }: { log: Log; max?: number }): Database {
  return new Kysely<DB>({
    dialect: postgresDialect(url, { max, log }),
    // What is inside a jsonb column belongs to the feature that wrote it, so its keys stay as they are.
    plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })],
  });
}
