import { sql } from 'kysely';
import { type Address, mentions, withoutAddress } from '../db/address.ts';
import type { Database } from '../db/database.ts';
import { selectLinksTo } from '../shares/service.ts';

export async function exportPerson(db: Database, address: Address) {
  const { rows } = await sql<object>`
    select n.text, u.name as noted_by, n.noted_at
    from objection_note n join "user" u on u.id = n.noted_by_user_id
    where n.share_link_id in ${selectLinksTo(address)} or ${mentions('n.text', address)}
    order by n.noted_at`.execute(db);
  return { objectionNotes: rows };
}

/** That an objection was heard stays; what somebody said over a share link of theirs goes, and so does their address. */
export async function erasePerson(db: Database, address: Address) {
  const notes = await sql`
    update objection_note set share_link_id = null,
      text = case when share_link_id in ${selectLinksTo(address)} then '[erased]'
        else coalesce(nullif(left(${withoutAddress('text', address)}, 2000), ''), '[erased]') end
    where share_link_id in ${selectLinksTo(address)} or ${mentions('text', address)}`.execute(db);
  return { objection_note: Number(notes.numAffectedRows ?? 0) };
}
