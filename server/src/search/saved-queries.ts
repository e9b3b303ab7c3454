import { sql } from 'kysely';
import type { Database } from '../db/database.ts';
import type { Question } from './contract.ts';

export interface SavedRow {
  id: string;
  name: string;
  question: Question;
  createdAt: Date;
  seenAt: Date;
  /** Whether anything at all was published since its owner looked. */
  hasNews: boolean;
}

interface SavedKey {
  id: string;
  userId: string;
}

const selectSaved = sql`
  select id, name, question, created_at, seen_at,
    exists (select from asset where status = 'published' and published_at >= seen_at) as has_news
  from saved_search`;

export async function listSavedRows(db: Database, userId: string): Promise<SavedRow[]> {
  const { rows } = await sql<SavedRow>`
    ${selectSaved} where user_id = ${userId} order by lower(name), id`.execute(db);
  return rows;
}

export async function findSavedRow(db: Database, { id, userId }: SavedKey): Promise<SavedRow | undefined> {
  const { rows } = await sql<SavedRow>`${selectSaved} where id = ${id} and user_id = ${userId}`.execute(db);
  return rows[0];
}

interface NewSaved extends SavedKey {
  name: string;
  question: Question;
  createdAt: Date;
  seenAt: Date;
}

/** Until the transaction ends nobody else saves a search of this user: two at once would each count without the other. */
export async function lockSaving(db: Database, userId: string): Promise<void> {
  await sql`select from "user" where id = ${userId} for no key update`.execute(db);
}

/** False when the user has that many already. A taken name breaks `saved_search_name_key`. */
export async function insertSavedRow(db: Database, row: NewSaved, limit: number): Promise<boolean> {
  const { rows } = await sql`
    insert into saved_search (id, user_id, name, question, created_at, seen_at)
    select ${row.id}, ${row.userId}, ${row.name}, ${JSON.stringify(row.question)}::text::jsonb,
      ${row.createdAt}::timestamptz, ${row.seenAt}::timestamptz
    where (select count(*) from saved_search where user_id = ${row.userId}) < ${limit}
    returning id`.execute(db);
  return rows.length > 0;
}

interface SavedChanges {
  name: string | undefined;
  seenAt: Date | undefined;
}

export async function updateSavedRow(
  db: Database,
  { id, userId }: SavedKey,
  { name, seenAt }: SavedChanges,
): Promise<void> {
  await sql`
    update saved_search set name = coalesce(${name ?? null}::text, name),
      seen_at = coalesce(${seenAt ?? null}::timestamptz, seen_at)
    where id = ${id} and user_id = ${userId}`.execute(db);
}

export async function deleteSavedRow(db: Database, { id, userId }: SavedKey): Promise<void> {
  await sql`delete from saved_search where id = ${id} and user_id = ${userId}`.execute(db);
}
