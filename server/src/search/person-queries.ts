import { sql } from 'kysely';
import { type Address, mentions, withoutAddress } from '../db/address.ts';
import type { Database } from '../db/database.ts';

const namesPerson = (address: Address) =>
  sql`(${mentions('s.query', address)} or ${mentions('s.question', address)} or ${mentions('s.cluster_key', address)})`;

/** What our own people typed in which the address stands. */
export async function exportPerson(db: Database, address: Address) {
  const searches = await sql<object>`
    select s.searched_at, s.query, u.name as searched_by
    from search s join "user" u on u.id = s.user_id
    where ${namesPerson(address)} order by s.searched_at`.execute(db);
  const saved = await sql<object>`
    select s.name, s.question, u.name as saved_by, s.created_at
    from saved_search s join "user" u on u.id = s.user_id
    where ${mentions('s.name', address)} or ${mentions('s.question', address)} order by s.created_at`.execute(
    db,
  );
  const notes = await sql<object>`
    select a.note, a.acted_at from search_action a where ${mentions('a.note', address)}`.execute(db);
  return { searches: searches.rows, savedSearches: saved.rows, searchNotes: notes.rows };
}

/** A search that names the person loses all its words, since a pasted message says more than the address. */
export async function erasePerson(db: Database, address: Address) {
  const searches = await sql`
    update search s set query = '', cluster_key = '', question = jsonb_set(question, '{query}', '""')
    where ${namesPerson(address)}`.execute(db);
  const saved = await sql`
    delete from saved_search where ${mentions('name', address)} or ${mentions('question', address)}`.execute(
    db,
  );
  const notes = await sql`
    update search_action set note = ${withoutAddress('note', address)} where ${mentions('note', address)}`.execute(
    db,
  );
  const choices = await sql`delete from term_choice where ${mentions('phrase', address)}`.execute(db);
  return {
    search: Number(searches.numAffectedRows ?? 0),
    saved_search: Number(saved.numAffectedRows ?? 0),
    search_action: Number(notes.numAffectedRows ?? 0),
    term_choice: Number(choices.numAffectedRows ?? 0),
  };
}

/** With the results that were shown and what was done with them; that they were shown stays counted. */
export async function deleteSearchesBefore(db: Database, before: Date): Promise<number> {
  return db.transaction().execute(async (trx) => {
    await sql`select keep_surfaced(${before})`.execute(trx);
    const result = await trx.deleteFrom('search').where('searchedAt', '<', before).executeTakeFirst();
    return Number(result.numDeletedRows);
  });
}
