import { sql } from 'kysely';
import { type Address, isAddress } from '../db/address.ts';
import type { Database } from '../db/database.ts';

/** Told to every process on the channel of share links. */
export const personErased = 'person_erased';

export async function exportPerson(db: Database, address: Address) {
  const { rows } = await sql<object>`
    select share_link_id, email, sent_at, used_at, try_count from email_code
    where ${isAddress('email', address)} order by sent_at`.execute(db);
  return { emailCodes: rows };
}

export async function erasePerson(db: Database, address: Address) {
  const codes = await sql`delete from email_code where ${isAddress('email', address)}`.execute(db);
  // Heard when the transaction is written.
  await sql`select pg_notify('share_changed', ${personErased})`.execute(db);
  return { email_code: Number(codes.numAffectedRows ?? 0) };
}
