import { sql } from 'kysely';
import type { Database } from '../db/database.ts';
import type { DimensionKey } from './contract.ts';

function selectTerms(db: Database) {
  return db
    .selectFrom('term')
    .select(['id', 'dimensionKey', 'name', 'description', 'synonyms', 'position', 'retiredAt'])
    .select((eb) =>
      eb
        .selectFrom('assetTerm')
        .innerJoin('asset', 'asset.id', 'assetTerm.assetId')
        .select(sql<number>`count(*)::int`.as('count'))
        .whereRef('assetTerm.termId', '=', 'term.id')
        .where('asset.status', '<>', 'archived')
        .as('assetCount'),
    );
}

export type TermRow = Awaited<ReturnType<typeof listTermRows>>[number];

export function listDimensionRows(db: Database) {
  return db
    .selectFrom('dimension')
    .select(['key', 'name', 'description', 'isMultiple'])
    .orderBy('position')
    .execute();
}

export function listTermRows(db: Database) {
  return selectTerms(db).orderBy('position').orderBy('id').execute();
}

export function findTermRow(db: Database, termId: string) {
  return selectTerms(db).where('id', '=', termId).executeTakeFirst();
}

/**
 * Whoever changes terms takes turns: places, names and synonyms of several terms depend on each other. Those
 * who only tag assets do not wait.
 */
export async function lockTaxonomy(db: Database): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('offshelf:taxonomy'))`.execute(db);
}

/** Until the transaction ends nobody can tag an asset with this term, so no tag is lost when it goes. */
export async function lockTags(db: Database, termId: string): Promise<void> {
  await db.selectFrom('term').select('id').where('id', '=', termId).forUpdate().execute();
}

export async function listTermIds(db: Database, dimensionKey: DimensionKey): Promise<string[]> {
  const rows = await db
    .selectFrom('term')
    .select('id')
    .where('dimensionKey', '=', dimensionKey)
    .orderBy('position')
    .orderBy('id')
    .execute();
  return rows.map((row) => row.id);
}

export async function updateTermOrder(db: Database, termIds: string[]): Promise<void> {
  await sql`
    update term set position = ordered.position
    from unnest(${termIds}::text[]) with ordinality as ordered (id, position)
    where term.id = ordered.id and term.position <> ordered.position
  `.execute(db);
}

interface NewTerm {
  id: string;
  dimensionKey: DimensionKey;
  name: string;
  description: string;
  synonyms: string[];
  isSample?: boolean;
}

/** Goes to the end of its dimension. A taken name breaks `term_name_key`. */
export async function insertTerm(db: Database, row: NewTerm): Promise<void> {
  await db
    .insertInto('term')
    .values((eb) => ({
      ...row,
      position: eb
        .selectFrom('term')
        .select(sql<number>`coalesce(max(position), 0) + 1`.as('position'))
        .where('dimensionKey', '=', row.dimensionKey),
    }))
    .execute();
}

export interface TermChanges {
  name?: string | undefined;
  description?: string | undefined;
  synonyms?: string[] | undefined;
  retiredAt?: Date | null | undefined;
}

export async function updateTermRow(db: Database, termId: string, changes: TermChanges): Promise<void> {
  const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
  if (Object.keys(given).length === 0) return;
  await db.updateTable('term').set(given).where('id', '=', termId).execute();
}

export async function deleteTerm(db: Database, termId: string): Promise<void> {
  await db.deleteFrom('term').where('id', '=', termId).execute();
}

export async function listAssetIdsOfTerms(db: Database, termIds: string[]): Promise<string[]> {
  const rows = await db
    .selectFrom('assetTerm')
    .select('assetId')
    .distinct()
    .where('termId', 'in', termIds)
    .orderBy('assetId')
    .execute();
  return rows.map((row) => row.assetId);
}

/**
 * Whatever names the first term names the second from now on. The one write to tables of other features: in the same
 * moment the first goes, and would take all this along. What was searched for stays as it was asked.
 */
export async function moveToTerm(db: Database, fromTermId: string, intoTermId: string): Promise<void> {
  await sql`
    insert into asset_term (asset_id, term_id)
    select asset_id, ${intoTermId} from asset_term where term_id = ${fromTermId}
    on conflict do nothing`.execute(db);
  await sql`
    insert into request_term (request_id, term_id)
    select request_id, ${intoTermId} from request_term where term_id = ${fromTermId}
    on conflict do nothing`.execute(db);
  await sql`
    insert into term_choice as known (phrase, term_id, user_id, is_refused, chosen_at)
    select phrase, ${intoTermId}, user_id, is_refused, chosen_at from term_choice where term_id = ${fromTermId}
    on conflict (phrase, term_id, user_id) do update
      set is_refused = excluded.is_refused, chosen_at = excluded.chosen_at
      where known.chosen_at < excluded.chosen_at`.execute(db);
  await sql`update gap_decision set term_id = ${intoTermId} where term_id = ${fromTermId}`.execute(db);
  await sql`
    update objection_note set
      objection_term_id = case objection_term_id when ${fromTermId} then ${intoTermId} else objection_term_id end,
      persona_term_id = case persona_term_id when ${fromTermId} then ${intoTermId} else persona_term_id end,
      stage_term_id = case stage_term_id when ${fromTermId} then ${intoTermId} else stage_term_id end
    where ${fromTermId} in (objection_term_id, persona_term_id, stage_term_id)`.execute(db);
  // Where both terms had a target, that of the one that stays counts.
  await sql`
    insert into coverage_target (persona_term_id, stage_term_id, objection_term_id, wanted_count, set_by_user_id, set_at)
    select
      case persona_term_id when ${fromTermId} then ${intoTermId} else persona_term_id end,
      case stage_term_id when ${fromTermId} then ${intoTermId} else stage_term_id end,
      case objection_term_id when ${fromTermId} then ${intoTermId} else objection_term_id end,
      wanted_count, set_by_user_id, set_at
    from coverage_target where ${fromTermId} in (persona_term_id, stage_term_id, objection_term_id)
    on conflict do nothing`.execute(db);
  // An id stands for nothing else, so it can be replaced wherever the question holds it.
  await sql`
    update saved_search set question = replace(question::text, ${fromTermId}, ${intoTermId})::jsonb
    where strpos(question::text, ${fromTermId}) > 0`.execute(db);
}
