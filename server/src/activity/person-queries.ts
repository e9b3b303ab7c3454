import { sql } from 'kysely';
import { type Address, mentions, withoutAddress } from '../db/address.ts';
import type { Database } from '../db/database.ts';
import { selectLinksTo } from '../shares/service.ts';

export async function exportPerson(db: Database, address: Address) {
  const { rows } = await sql<object>`
    select f.share_link_id, u.name as noted_by, f.kind, f.note, f.followed_up_at
    from follow_up f join "user" u on u.id = f.user_id
    where f.share_link_id in ${selectLinksTo(address)} or ${mentions('f.note', address)}
    order by f.followed_up_at`.execute(db);
  return { followUps: rows };
}

/** That somebody followed up stays; what they noted of the person does not. */
export async function erasePerson(db: Database, address: Address) {
  const followUps = await sql`
    update follow_up set visitor_id = null,
      note = case when share_link_id in ${selectLinksTo(address)} then '' else ${withoutAddress('note', address)} end
    where share_link_id in ${selectLinksTo(address)} or ${mentions('note', address)}`.execute(db);
  return { follow_up: Number(followUps.numAffectedRows ?? 0) };
}
