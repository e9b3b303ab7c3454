import { sql } from 'kysely';
import type { Database } from './database.ts';

/**
 * Runs a query with a plan for its own values: a plan that is kept for any window and any slice reads whole tables where a
 * few rows would do, and the other way round. With too little memory what is grouped goes through files.
 */
export function planned<T>(db: Database, run: (trx: Database) => Promise<T>): Promise<T> {
  return db.transaction().execute(async (trx) => {
    await sql`
      select set_config('plan_cache_mode', 'force_custom_plan', true), set_config('jit', 'off', true),
        set_config('work_mem', '32MB', true)`.execute(trx);
    return run(trx);
  });
}
