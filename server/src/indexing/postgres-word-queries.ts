import { sql } from 'kysely';
import type { Database } from '../db/database.ts';

/** A word of the library and what it is to one of the words that were given. */
export interface WordFact {
  given: string;
  kind: 'exact' | 'form' | 'completion' | 'near';
  word: string;
  documentCount: number;
  headingCount: number;
  /** How many documents there are in all. */
  indexedCount: number;
}

/** How many words are looked at for one that was given. */
const most = { forms: 12, completions: 12, near: 300 };
/** A word that more documents hold is no slip. */
const commonFrom = 4;

/**
 * What the dictionary knows of these words: themselves, other forms, what the unfinished one may become, and for rare
 * ones the words that differ by a letter.
 */
export async function findWordFacts(
  db: Database,
  words: string[],
  unfinished: string | null,
): Promise<WordFact[]> {
  const { rows } = await sql<WordFact>`
    select given.word as given, found.*,
      coalesce((select document_count from search_word where word = ''), 0) as indexed_count
    from (
      select word, (ts_lexize('english_stem', word))[1] as stem,
        coalesce((select document_count from search_word known where known.word = given.word), 0) as held
      from unnest(${words}::text[]) as given (word) offset 0
    ) as given
    cross join lateral (
      select 'exact' as kind, word, document_count, heading_count
      from search_word known where known.word = given.word and document_count > 0
      union all (
        select 'form', word, document_count, heading_count from search_word known
        where known.stem = given.stem and known.word <> given.word and document_count > 0
        order by document_count desc, word limit ${most.forms}
      )
      union all (
        select 'completion', word, document_count, heading_count from search_word known
        where given.word = ${unfinished}::text and length(given.word) < 3
          and known.word > given.word and known.word < given.word || ${lastLetter} and is_in_heading
        order by heading_count desc, word limit ${most.completions}
      )
      union all (
        select 'completion', word, document_count, heading_count from search_word known
        where given.word = ${unfinished}::text and length(given.word) >= 3
          and known.word > given.word and known.word < given.word || ${lastLetter} and document_count > 0
        order by heading_count desc, document_count desc, word limit ${most.completions}
      )
      union all (
        select 'near', word, document_count, heading_count from search_word known
        where given.held < ${commonFrom} and length(given.word) > 3 and given.word !~ '\\d'
          and deletions && search_deletions(given.word, 1) and known.word <> given.word and document_count > 0
        limit ${most.near}
      )
    ) as found`.execute(db);
  return rows;
}

/** Sorts behind every word. */
const lastLetter = String.fromCodePoint(0x10ffff);

/** Words that may differ from this one by two letters. */
export async function findSimilarWords(db: Database, word: string): Promise<WordFact[]> {
  const { rows } = await sql<WordFact>`
    select ${word}::text as given, 'near' as kind, word, document_count, heading_count, 0 as indexed_count
    from search_word
    where deletions && search_deletions(${word}, 2) and document_count > 0 and ${word} !~ '\\d'
      and abs(length(word) - length(${word}::text)) < 3
    limit 3000`.execute(db);
  return rows;
}

export async function countIndexedDocuments(db: Database): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select document_count as count from search_word where word = ''`.execute(db);
  return rows[0]?.count ?? 0;
}
