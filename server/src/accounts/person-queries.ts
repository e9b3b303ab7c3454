import { sql } from 'kysely';
import { type Address, isAddress } from '../db/address.ts';
import type { Database } from '../db/database.ts';

export async function exportPerson(db: Database, address: Address) {
  const { rows } = await sql<object>`
    select c.id, c.name, c.email, account.name as account, c.created_at
    from contact c left join account on account.id = c.account_id
    where ${isAddress('c.email', address)}`.execute(db);
  return { contacts: rows };
}

export async function erasePerson(db: Database, address: Address) {
  const contacts = await sql`delete from contact where ${isAddress('email', address)}`.execute(db);
  return { contact: Number(contacts.numAffectedRows ?? 0) };
}
