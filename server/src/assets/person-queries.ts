import { sql } from 'kysely';
import { type Address, mentions, withoutAddress } from '../db/address.ts';
import type { Database } from '../db/database.ts';

/** Imports that brought the address in, such as the owner of a deal in deals.csv. */
export async function exportPerson(db: Database, address: Address) {
  const { rows } = await sql<object>`
    select id, source_name, created_at from import_run where ${mentions('plan', address)}
      or exists (
        select from import_row where import_run_id = import_run.id and ${mentions('payload', address)}
      ) order by created_at`.execute(db);
  return { imports: rows };
}

/** What was imported is left as the library has it; the file that it came from is kept without the address. */
export async function erasePerson(db: Database, address: Address) {
  const runs = await sql`
    update import_run set plan = ${withoutAddress('plan', address)}::jsonb, source_name = ${withoutAddress('source_name', address)}
    where ${mentions('plan', address)} or ${mentions('source_name', address)}`.execute(db);
  const rows = await sql`
    update import_row set payload = ${withoutAddress('payload', address)}::jsonb,
      title = ${withoutAddress('title', address)}, detail = ${withoutAddress('detail', address)}
    where ${mentions('payload', address)} or ${mentions('title', address)} or ${mentions('detail', address)}`.execute(
    db,
  );
  return { import_run: Number(runs.numAffectedRows ?? 0), import_row: Number(rows.numAffectedRows ?? 0) };
}
