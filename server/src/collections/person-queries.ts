import { sql } from 'kysely';
import { type Address, mentions, withoutAddress } from '../db/address.ts';
import type { Database } from '../db/database.ts';

export async function exportPerson(db: Database, address: Address) {
  const { rows } = await sql<object>`
    select c.name, c.description, array(
      select i.note from collection_item i where i.collection_id = c.id and ${mentions('i.note', address)}
    ) as notes
    from collection c
    where ${mentions('c.name', address)} or ${mentions('c.description', address)} or exists (
      select from collection_item i where i.collection_id = c.id and ${mentions('i.note', address)}
    ) order by c.created_at`.execute(db);
  return { collections: rows };
}

export async function erasePerson(db: Database, address: Address) {
  // One user's collections have different names, also where an address was the whole of them.
  const collections = await sql`
    update collection set description = left(${withoutAddress('description', address)}, 1000),
      name = case when ${mentions('name', address)}
        then left(${withoutAddress('name', address)}, 112) || ' ' || right(id, 6) else name end
    where ${mentions('name', address)} or ${mentions('description', address)}`.execute(db);
  const items = await sql`
    update collection_item set note = left(${withoutAddress('note', address)}, 500)
    where ${mentions('note', address)}`.execute(db);
  return {
    collection: Number(collections.numAffectedRows ?? 0),
    collection_item: Number(items.numAffectedRows ?? 0),
  };
}
