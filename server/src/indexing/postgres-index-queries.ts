import { sql } from 'kysely';
import type { Database } from '../db/database.ts';
import { type DimensionKey, dimensionKey } from '../taxonomy/contract.ts';

/**
 * Makes other writers of these documents wait, and answers which of them are still to be written: the asset is there,
 * and nothing that was read later is. Their pages are taken out. The row itself is not locked, so that whoever
 * changes the asset need not wait for a long text.
 */
export async function claimDocuments(
  db: Database,
  documents: { assetId: string; readAt: Date }[],
): Promise<string[]> {
  const sorted = documents.toSorted((a, b) => (a.assetId < b.assetId ? -1 : 1));
  for (const { assetId } of sorted)
    await sql`select pg_advisory_xact_lock(hashtextextended(${`search_document ${assetId}`}, 0))`.execute(db);
  const [assetIds, readAts] = [sorted.map(({ assetId }) => assetId), sorted.map(({ readAt }) => readAt)];
  await sql`
    insert into search_document (asset_id, is_published, audience, owner_user_id, published_at, moved_at)
    select id, status = 'published', audience, owner_user_id, published_at, coalesce(published_at, created_at)
    from asset
    where id = any(${assetIds}::text[]) and not exists (select from search_document where asset_id = asset.id)
    on conflict (asset_id) do nothing`.execute(db);
  const { rows } = await sql<{ assetId: string }>`
    select asset_id from unnest(${assetIds}::text[], ${readAts}::timestamptz[]) as given (asset_id, read_at)
    join search_document d using (asset_id)
    where d.indexed_at is null or d.indexed_at <= given.read_at`.execute(db);
  const claimed = rows.map(({ assetId }) => assetId);
  await sql`delete from search_page where asset_id = any(${claimed}::text[])`.execute(db);
  return claimed;
}

export async function insertPages(
  db: Database,
  assetId: string,
  pages: { pageNumber: number; text: string; vector: string }[],
): Promise<void> {
  await sql`
    insert into search_page (asset_id, page_number, text, vector)
    select ${assetId}, page_number, text, vector::tsvector from unnest(
      ${pages.map((page) => page.pageNumber)}::int[], ${pages.map((page) => page.text)}::text[],
      ${pages.map((page) => page.vector)}::text[]
    ) as page (page_number, text, vector)`.execute(db);
}

/** The sets of terms that these documents have, one for each dimension; most are there already. */
export async function insertTermSets(db: Database, documents: { termIds: string[] }[]): Promise<void> {
  await sql`
    insert into search_term_set (dimension_key, term_ids)
    select distinct held.dimension_key, held.term_ids
    from jsonb_array_elements(${JSON.stringify(documents.map(({ termIds }) => termIds))}::text::jsonb) as given
    cross join lateral (
      select dimension_key, array_agg(id order by id) as term_ids
      from term where id in (select jsonb_array_elements_text(given)) group by dimension_key
    ) as held
    where not exists (
      select from search_term_set known
      where known.dimension_key = held.dimension_key and known.term_ids = held.term_ids
    )
    order by 1, 2
    on conflict (dimension_key, term_ids) do nothing`.execute(db);
}

export interface WrittenDocument {
  assetId: string;
  termIds: string[];
  heading: string;
  vector: string;
  readAt: Date;
}

/**
 * Locks those of these documents whose rows nobody holds. Somebody who changes many assets at once holds many rows in
 * an order of their own, and to wait for one of them while holding others could be for ever.
 */
export async function lockFreeDocuments(db: Database, assetIds: string[]): Promise<string[]> {
  const { rows } = await sql<{ assetId: string }>`
    select asset_id from search_document where asset_id = any(${assetIds}::text[])
    for no key update skip locked`.execute(db);
  return rows.map(({ assetId }) => assetId);
}

export async function updateDocuments(db: Database, documents: WrittenDocument[]): Promise<void> {
  if (documents.length === 0) return;
  const setOf = (key: DimensionKey) => sql`${sql.ref(`${key}_set`)} = (
    select s.id from search_term_set s where s.dimension_key = ${key} and s.term_ids = (
      select array_agg(term.id order by term.id) from term
      where term.dimension_key = ${key} and term.id in (select jsonb_array_elements_text(given.term_ids))
    ))`;
  await sql`
    update search_document d set heading = given.heading::tsvector, vector = given.vector::tsvector,
      indexed_at = given.read_at, ${sql.join(dimensionKey.options.map(setOf))}
    from (
      select "assetId" as asset_id, "termIds" as term_ids, heading, vector, "readAt" as read_at
      from jsonb_to_recordset(${JSON.stringify(documents)}::text::jsonb) as given (
        "assetId" text, "termIds" jsonb, heading text, vector text, "readAt" timestamptz
      )
    ) as given
    where d.asset_id = given.asset_id`.execute(db);
}

export async function deleteDocuments(db: Database, assetIds: string[]): Promise<void> {
  await db.deleteFrom('searchPage').where('assetId', 'in', assetIds).execute();
  await db.deleteFrom('searchDocument').where('assetId', 'in', assetIds).execute();
}

/** Forgets documents whose asset is no longer published, and words that stand in no document, but for those in use. */
export async function deleteLeftovers(db: Database): Promise<void> {
  for (const table of ['search_document', 'search_page'])
    await sql`
      delete from ${sql.table(table)} d
      where asset_id in (
        select known.asset_id from ${sql.table(table)} known
        where not exists (select from asset a where a.id = known.asset_id and a.status = 'published')
        for update skip locked
      )`.execute(db);
  await sql`
    delete from search_word where word in (
      select word from search_word where document_count = 0 and heading_count = 0 for update skip locked
    )`.execute(db);
}
