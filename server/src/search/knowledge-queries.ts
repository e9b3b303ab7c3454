import { sql } from 'kysely';
import type { Database } from '../db/database.ts';
import type { DimensionKey } from '../taxonomy/contract.ts';
import type { LearnedPhrase } from './lexicon.ts';
import type { Person } from './operators.ts';

/** Changes whenever a term, a learned phrase or a title does. */
export async function findKnowledgeVersion(db: Database): Promise<string> {
  const { rows } = await sql<{ version: string }>`
    select concat_ws(' ',
      (select md5(string_agg(term::text, '' order by id)) from term),
      (select md5(string_agg(dimension::text, '' order by key)) from dimension),
      (select count(*) || ' ' || max(chosen_at)::text from term_choice),
      (select max(updated_at) from asset where status = 'published')) as version`.execute(db);
  return rows[0]?.version ?? '';
}

export interface KnownTerm {
  id: string;
  dimensionKey: DimensionKey;
  dimensionName: string;
  name: string;
  synonyms: string[];
  isRetired: boolean;
}

/** Terms in the order of the taxonomy, retired ones too. */
export async function listKnownTerms(db: Database): Promise<KnownTerm[]> {
  const { rows } = await sql<KnownTerm>`
    select term.id, term.dimension_key, dimension.name as dimension_name, term.name, term.synonyms,
      term.retired_at is not null as is_retired
    from term join dimension on dimension.key = term.dimension_key
    order by dimension.position, term.position, term.name`.execute(db);
  return rows;
}

/** What at least two people typed before they chose a term, unless as many refused the term for it. */
export async function listLearnedPhrases(db: Database): Promise<LearnedPhrase[]> {
  const { rows } = await sql<LearnedPhrase>`
    select phrase, term_id from term_choice
    group by phrase, term_id
    having count(*) filter (where not is_refused) >= 2
      and count(*) filter (where not is_refused) > count(*) filter (where is_refused)
    order by count(*) desc, phrase, term_id limit 2000`.execute(db);
  return rows;
}

/** The titles that changed last stand for all when there are many. */
export async function listTitles(db: Database, limit: number): Promise<string[]> {
  const { rows } = await sql<{ title: string }>`
    select title from asset where status = 'published' order by updated_at desc, id limit ${limit}`.execute(
    db,
  );
  return rows.map(({ title }) => title);
}

/** Those of the words that stand in the library as they are. */
export async function listKnownWords(db: Database, words: string[]): Promise<string[]> {
  if (words.length === 0) return [];
  const { rows } = await sql<{ word: string }>`
    select word from search_word where word = any(${words}::text[]) and document_count > 0`.execute(db);
  return rows.map(({ word }) => word);
}

/** People by a part of their name or the beginning of their address. */
export async function findPeople(db: Database, words: string[]): Promise<Person[]> {
  if (words.length === 0) return [];
  const { rows } = await sql<Person>`
    select id, name, email from "user"
    where exists (
      select from unnest(${words}::text[]) as word
      where strpos(lower(name), lower(word)) > 0 or starts_with(lower(email), lower(word)))
    order by deactivated_at is not null, name, id limit 50`.execute(db);
  return rows;
}

/** Accounts that are called exactly so, whatever the case. */
export async function findAccountsByName(
  db: Database,
  names: string[],
): Promise<{ id: string; name: string }[]> {
  if (names.length === 0) return [];
  const { rows } = await sql<{ id: string; name: string }>`
    select id, name from account where lower(name) = any(${names}::text[]) limit 50`.execute(db);
  return rows;
}

export async function findAccountById(db: Database, accountId: string) {
  return db.selectFrom('account').select(['id', 'name']).where('id', '=', accountId).executeTakeFirst();
}
