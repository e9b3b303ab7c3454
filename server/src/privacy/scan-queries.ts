import { sql } from 'kysely';
import { type Address, mentions } from '../db/address.ts';
import type { Database } from '../db/database.ts';

export interface TextTable {
  schema: string;
  name: string;
  columns: string[];
}

/** Every table of the database with its columns that can hold text, those of the job queue included. */
export async function listTextTables(db: Database): Promise<TextTable[]> {
  const { rows } = await sql<TextTable>`
    select c.table_schema as schema, c.table_name as name, array_agg(c.column_name::text order by c.ordinal_position) as columns
    from information_schema.columns c
    join information_schema.tables t using (table_schema, table_name)
    where t.table_type = 'BASE TABLE' and c.table_schema not in ('pg_catalog', 'information_schema')
      and c.table_schema not like 'pg\\_%'
      and (c.data_type in ('text', 'character varying', 'character', 'json', 'jsonb', 'xml', 'tsvector')
        or c.udt_name in ('_text', '_varchar', '_json', '_jsonb', 'citext'))
    group by 1, 2 order by 1, 2`.execute(db);
  return rows;
}

/** How many rows of the table hold the address, by column; undefined when that takes longer than there is time. */
export async function countMentions(
  db: Database,
  { schema, name, columns }: TextTable,
  address: Address,
  limitMs: number,
): Promise<{ column: string; count: number }[] | undefined> {
  try {
    return await db.transaction().execute(async (trx) => {
      await sql`select set_config('statement_timeout', ${String(limitMs)}, true)`.execute(trx);
      const { rows } = await sql<{ column: string; count: number }>`
        select found.column, count(*)::int as count
        from ${sql.table(`${schema}.${name}`)} as looked
        cross join lateral (values ${sql.join(
          columns.map((column) => sql`(${column}::text, ${mentions(`looked.${column}`, address)})`),
        )}) as found ("column", has_address)
        where found.has_address group by 1 order by 1`.execute(trx);
      return rows;
    });
  } catch (error) {
    if ((error as { code?: unknown }).code === '57014') return undefined;
    throw error;
  }
}
