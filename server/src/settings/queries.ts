import { sql } from 'kysely';
import type { Database } from '../db/database.ts';

export function listSettingRows(db: Database) {
  return db.selectFrom('setting').select(['key', 'value']).execute();
}

/** Whether the database knows the time zone, whose days it tells apart. */
export async function knowsTimeZone(db: Database, timeZone: string): Promise<boolean> {
  const { rows } = await sql`select from pg_timezone_names where name = ${timeZone}`.execute(db);
  return rows.length > 0;
}

export async function upsertSetting(
  db: Database,
  row: { key: string; value: unknown; changedByUserId: string; changedAt: Date },
): Promise<void> {
  const value = sql<string>`${JSON.stringify(row.value)}::text::jsonb`;
  await db
    .insertInto('setting')
    .values({ ...row, value })
    .onConflict((conflict) =>
      conflict
        .column('key')
        .doUpdateSet({ value, changedByUserId: row.changedByUserId, changedAt: row.changedAt }),
    )
    .execute();
}

/** Only the latest look of each kind is kept. */
export async function addSweep(
  db: Database,
  row: { kind: string; sweptAt: Date; deletedCount: number },
): Promise<void> {
  await db
    .insertInto('retentionSweep')
    .values(row)
    .onConflict((conflict) =>
      conflict.column('kind').doUpdateSet({ sweptAt: row.sweptAt, deletedCount: row.deletedCount }),
    )
    .execute();
}
