import { sql } from 'kysely';
import { type Address, isAddress, mentions, withoutAddress } from '../db/address.ts';
import type { Database } from '../db/database.ts';

export async function exportPerson(db: Database, address: Address) {
  const { rows } = await sql<object>`
    select d.external_id, account.name as account, d.owner_email, d.stage, d.outcome
    from deal d join account on account.id = d.account_id
    where ${isAddress('d.owner_email', address)} order by d.opened_at`.execute(db);
  return { dealsOwned: rows };
}

/**
 * A deal stays without its owner: it is the company's, and its outcome is counted. A file that waits to be imported goes
 * whole, since nobody can tell who stands in it.
 */
export async function erasePerson(db: Database, address: Address) {
  const deals =
    await sql`update deal set owner_email = null where ${isAddress('owner_email', address)}`.execute(db);
  const imports = await sql`
    update deal_import set notes = ${withoutAddress('notes', address)}::jsonb,
      samples = ${withoutAddress('samples', address)}::jsonb
    where ${mentions('notes', address)} or ${mentions('samples', address)}`.execute(db);
  const errors = await sql`
    update deal_import_error set detail = ${withoutAddress('detail', address)},
      external_id = ${withoutAddress('external_id', address)}
    where ${mentions('detail', address)} or ${mentions('external_id', address)}`.execute(db);
  const waiting = await sql`
    delete from deal_import where state in ('uploaded', 'checked')`.execute(db);
  await sql`
    delete from deal_import_chunk using deal_import i
    where i.id = deal_import_chunk.deal_import_id and i.state = 'failed'`.execute(db);
  await sql`
    delete from deal_import_row using deal_import i
    where i.id = deal_import_row.deal_import_id and i.state = 'failed'`.execute(db);
  return {
    deal: changed(deals),
    deal_import: changed(imports) + changed(waiting),
    deal_import_error: changed(errors),
  };
}

function changed({ numAffectedRows }: { numAffectedRows?: bigint }): number {
  return Number(numAffectedRows ?? 0);
}
