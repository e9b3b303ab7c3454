import { sql } from 'kysely';
import { type Address, mentions, withoutAddress } from '../db/address.ts';
import type { Database } from '../db/database.ts';

const namesPerson = (address: Address) => sql`(
  ${mentions('title', address)} or ${mentions('details', address)} or ${mentions('answer', address)}
    or ${mentions('cluster_key', address)})`;

export async function exportPerson(db: Database, address: Address) {
  const { rows } = await sql<object>`
    select title, details, answer, created_at from request where ${namesPerson(address)} order by created_at`.execute(
    db,
  );
  return { requests: rows };
}

export async function erasePerson(db: Database, address: Address) {
  const requests = await sql`
    update request set title = left(${withoutAddress('title', address)}, 200),
      details = ${withoutAddress('details', address)}, answer = ${withoutAddress('answer', address)},
      cluster_key = case when ${mentions('cluster_key', address)} then null else cluster_key end
    where ${namesPerson(address)}`.execute(db);
  return { request: Number(requests.numAffectedRows ?? 0) };
}
