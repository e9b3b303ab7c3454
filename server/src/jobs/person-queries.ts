import { sql } from 'kysely';
import { type Address, mentions, withoutAddress } from '../db/address.ts';
import type { Database } from '../db/database.ts';

const namesPerson = (address: Address) =>
  sql`(${mentions('payload', address)} or ${mentions('error', address)})`;

/** Jobs hold ids and not addresses; where a fault quoted one, it is here. */
export async function exportPerson(db: Database, address: Address) {
  const { rows } = await sql<object>`
    select name, payload, error, queued_at from job_run where ${namesPerson(address)} order by queued_at`.execute(
    db,
  );
  return { jobs: rows };
}

export async function erasePerson(db: Database, address: Address) {
  const runs = await sql`
    update job_run set payload = ${withoutAddress('payload', address)}::jsonb, error = ${withoutAddress('error', address)}
    where ${namesPerson(address)}`.execute(db);
  return { job_run: Number(runs.numAffectedRows ?? 0) };
}
