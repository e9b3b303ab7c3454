import { sql } from 'kysely';
import { type Address, isAddress } from '../db/address.ts';
import type { Database } from '../db/database.ts';

export async function exportPerson(db: Database, address: Address) {
  const { rows } = await sql<object>`
    select d.external_id, account.name as account, d.owner_email, d.stage, d.outcome
    from deal d join account on account.id = d.account_id
    where ${isAddress('d.owner_email', address)} order by d.opened_at`.execute(db);
  return { dealsOwned: rows };
}

/** A deal stays without its owner: it is the company's, and its outcome is counted. */
export async function erasePerson(db: Database, address: Address) {
  const deals =
    await sql`update deal set owner_email = null where ${isAddress('owner_email', address)}`.execute(db);
  return { deal: Number(deals.numAffectedRows ?? 0) };
}
