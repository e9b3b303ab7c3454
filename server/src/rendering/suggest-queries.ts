import { sql } from 'kysely';
import type { Database } from '../db/database.ts';
import type { DimensionKey } from '../taxonomy/contract.ts';
import { withReadText } from './queries.ts';

export interface TermRow {
  id: string;
  name: string;
  synonyms: string[];
  dimensionKey: DimensionKey;
  isMultiple: boolean;
}

/** The terms that can still be given. */
export async function listGivenTerms(db: Database): Promise<TermRow[]> {
  const { rows } = await sql<TermRow>`
    select term.id, term.name, term.synonyms, term.dimension_key, dimension.is_multiple
    from term join dimension on dimension.key = term.dimension_key
    where term.retired_at is null
    order by dimension.position, term.position, term.id`.execute(db);
  return rows;
}

export interface ExampleRow {
  assetId: string;
  title: string;
  fileName: string | null;
  mediaType: string;
  sourceKey: string;
  renditionId: string | null;
  termIds: string[];
}

/** Assets to learn from, those first that somebody changed last. */
export async function listExamples(db: Database, limit: number): Promise<ExampleRow[]> {
  const { rows } = await sql<ExampleRow>`
    select asset.id as asset_id, asset.title, version.file_name, version.media_type, version.source_key,
      shown.id as rendition_id,
      array(select term_id from asset_term where asset_id = asset.id order by term_id) as term_ids
    from asset
    join asset_version version on version.id = asset.current_version_id
    ${withReadText}
    where asset.status <> 'archived'
    order by asset.updated_at desc, asset.id
    limit ${limit}`.execute(db);
  return rows;
}

export interface RenditionText {
  headings: string[];
  text: string;
}

/** The start of each text, which is where it says what it is about. */
export async function readStarts(
  db: Database,
  renditionIds: string[],
  { pages, charactersPerPage }: { pages: number; charactersPerPage: number },
): Promise<Map<string, RenditionText>> {
  const { rows } = await sql<{ renditionId: string; text: string; headings: { text: string }[] }>`
    select rendition_id, left(text, ${charactersPerPage}) as text, headings
    from rendition_page
    where rendition_id = any(${renditionIds}::text[]) and page_number <= ${pages}
    order by rendition_id, page_number`.execute(db);
  const texts = new Map<string, RenditionText>();
  for (const { renditionId, text, headings } of rows) {
    const known = texts.get(renditionId) ?? { headings: [], text: '' };
    known.headings.push(...headings.map((heading) => heading.text));
    known.text += `${text}\n`;
    texts.set(renditionId, known);
  }
  return texts;
}
