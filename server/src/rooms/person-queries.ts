import { sql } from 'kysely';
import { type Address, isAddress, mentions, withoutAddress } from '../db/address.ts';
import type { Database } from '../db/database.ts';
import { selectLinksTo } from '../shares/service.ts';

/** Asked by them: under their address, with it in the words, or without one by a share link that was made for them. */
const isAsker = (address: Address) => sql`(
  ${isAddress('q.asked_by_email', address)} or ${mentions('q.asked_by_name', address)} or ${mentions('q.text', address)}
    or (q.asked_by_email is null and q.share_link_id in ${selectLinksTo(address)}))`;

export async function exportPerson(db: Database, address: Address) {
  const questions = await sql<object>`
    select room.name as room, q.asked_by_name, q.asked_by_email, q.text, q.asked_at, q.answer, q.answered_at
    from room_question q join room on room.id = q.room_id
    where ${isAsker(address)} or ${mentions('q.answer', address)}
    order by q.asked_at`.execute(db);
  const rooms = await sql<object>`
    select room.name, room.note, room.next_step_label, room.next_step_url, array(
      select i.note from room_item i where i.room_id = room.id and ${mentions('i.note', address)}
    ) as item_notes
    from room
    where ${namesPerson(address)} or exists (
      select from room_item i where i.room_id = room.id and ${mentions('i.note', address)}
    ) order by room.created_at`.execute(db);
  return { roomQuestions: questions.rows, namedInRooms: rooms.rows };
}

const namesPerson = (address: Address) => sql`(
  ${mentions('room.name', address)} or ${mentions('room.note', address)}
    or ${mentions('room.next_step_label', address)} or ${mentions('room.next_step_url', address)})`;

/** Their questions go with the answers; what others wrote goes on without the address. */
export async function erasePerson(db: Database, address: Address) {
  const asked = await sql`delete from room_question q where ${isAsker(address)}`.execute(db);
  const named = await sql`
    update room_question set answer = ${withoutAddress('answer', address)}
    where ${mentions('answer', address)}`.execute(db);
  const rooms = await sql`
    update room set name = left(${withoutAddress('name', address)}, 120), note = ${withoutAddress('note', address)},
      next_step_label = ${withoutAddress('next_step_label', address)},
      next_step_url = case when ${mentions('next_step_url', address)} then null else next_step_url end
    where ${namesPerson(address)}`.execute(db);
  const items = await sql`
    update room_item set note = ${withoutAddress('note', address)} where ${mentions('note', address)}`.execute(
    db,
  );
  return {
    room_question: Number(asked.numAffectedRows ?? 0) + Number(named.numAffectedRows ?? 0),
    room: Number(rooms.numAffectedRows ?? 0),
    room_item: Number(items.numAffectedRows ?? 0),
  };
}
