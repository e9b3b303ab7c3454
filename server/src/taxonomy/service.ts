import type { Context } from '../context.ts';
import type { Database } from '../db/database.ts';
import { isUniqueViolation } from '../db/problems.ts';
import { newId } from '../http/ids.ts';
import { Problem } from '../http/problem.ts';
import { enqueueOnce } from '../jobs/catalog.ts';
import { type Dimension, type DimensionKey, mostSynonyms, type Term } from './contract.ts';
import {
  deleteTerm,
  findTermRow,
  insertTerm,
  listAssetIdsOfTerms,
  listDimensionRows,
  listTermIds,
  listTermRows,
  lockTags,
  lockTaxonomy,
  moveToTerm,
  type TermRow,
  updateTermOrder,
  updateTermRow,
} from './queries.ts';
import { type FileDimension, type FileTerm, readTaxonomyFile, tidySynonyms } from './taxonomy-file.ts';

export async function listDimensions(db: Database): Promise<Dimension[]> {
  const [dimensions, terms] = await Promise.all([listDimensionRows(db), listTerms(db)]);
  return dimensions.map((dimension) => {
    const key = dimension.key as DimensionKey;
    return { ...dimension, key, terms: terms.filter((term) => term.dimensionKey === key) };
  });
}

/** Every term, retired ones included, in order within its dimension. */
async function listTerms(db: Database): Promise<Term[]> {
  return (await listTermRows(db)).map(toTerm);
}

/** Finds a term by its name, else by a synonym, so that the name of a merged term still leads somewhere. */
export function createTermLookup(terms: readonly Term[]) {
  const found = new Map<string, Term>();
  const keyOf = (dimensionKey: string, word: string) => `${dimensionKey}:${word.trim().toLowerCase()}`;
  // The first one to say a word keeps it: names before synonyms, then the order of the terms.
  const put = (term: Term, word: string) => {
    const key = keyOf(term.dimensionKey, word);
    if (!found.has(key)) found.set(key, term);
  };
  for (const term of terms) put(term, term.name);
  for (const term of terms) for (const word of term.synonyms) put(term, word);
  return (dimensionKey: DimensionKey, word: string): Term | undefined => found.get(keyOf(dimensionKey, word));
}

interface TermInput {
  name: string;
  description: string;
  synonyms: string[];
}

export async function createTerm({ db }: Context, dimensionKey: DimensionKey, input: TermInput) {
  const id = newId('trm');
  const synonyms = tidySynonyms(input.name, input.synonyms);
  return db
    .transaction()
    .execute(async (trx) => {
      await lockTaxonomy(trx);
      await insertTerm(trx, { ...input, id, dimensionKey, synonyms });
      return getTerm(trx, id);
    })
    .catch(refuseTakenName(input.name));
}

interface TermEdit {
  name?: string | undefined;
  description?: string | undefined;
  synonyms?: string[] | undefined;
  isRetired?: boolean | undefined;
}

export async function updateTerm({ db, clock }: Context, termId: string, edit: TermEdit): Promise<Term> {
  return db
    .transaction()
    .execute(async (trx) => {
      await lockTaxonomy(trx);
      const before = (await findTermRow(trx, termId)) ?? refuseUnknownTerm();
      const { name, description, isRetired } = edit;
      const wording = edit.synonyms ?? (name === undefined ? undefined : before.synonyms);
      const synonyms = wording && tidySynonyms(name ?? before.name, wording);
      const retiredAt =
        isRetired === undefined ? undefined : isRetired ? (before.retiredAt ?? clock()) : null;
      await updateTermRow(trx, termId, { name, description, synonyms, retiredAt });
      if (name !== undefined || synonyms !== undefined) await reindexAssets(trx, [termId]);
      return getTerm(trx, termId);
    })
    .catch(refuseTakenName(edit.name ?? ''));
}

/** Within a transaction of the caller. A word that the term has already is refused. */
export async function addSynonym(trx: Database, termId: string, word: string): Promise<void> {
  await lockTaxonomy(trx);
  const term = (await findTermRow(trx, termId)) ?? refuseUnknownTerm();
  if (term.retiredAt)
    throw new Problem('conflict', `"${term.name}" is retired. Bring it back first, or choose another term.`);
  if (term.synonyms.length >= mostSynonyms)
    throw new Problem('conflict', `"${term.name}" has ${mostSynonyms} synonyms, which is all it can have.`);
  const synonyms = tidySynonyms(term.name, [...term.synonyms, word]);
  if (synonyms.length === term.synonyms.length)
    throw new Problem('already_exists', `"${word}" leads to "${term.name}" already. Make a request instead.`);
  await rewordTerm(trx, term, synonyms);
}

/** Within a transaction of the caller; a term or a word that is gone already is no problem. */
export async function removeSynonym(trx: Database, termId: string, word: string): Promise<void> {
  await lockTaxonomy(trx);
  const term = await findTermRow(trx, termId);
  if (!term) return;
  const isOther = (synonym: string) => synonym.toLowerCase() !== word.toLowerCase();
  if (!term.synonyms.every(isOther)) await rewordTerm(trx, term, term.synonyms.filter(isOther));
}

async function rewordTerm(trx: Database, term: TermRow, synonyms: string[]): Promise<void> {
  await updateTermRow(trx, term.id, { synonyms });
  await reindexAssets(trx, [term.id]);
}

/** The first term's name, synonyms and all that names it become the second's. */
export async function mergeTerm({ db, log }: Context, termId: string, intoTermId: string) {
  return db.transaction().execute(async (trx) => {
    await lockTaxonomy(trx);
    const from = (await findTermRow(trx, termId)) ?? refuseUnknownTerm();
    const into = await findTermRow(trx, intoTermId);
    if (!into) refuseTarget('There is no such term to merge into. Reload the list.');
    if (from.id === into.id) refuseTarget('A term cannot be merged into itself. Choose another one.');
    if (from.dimensionKey !== into.dimensionKey)
      refuseTarget(`"${into.name}" belongs to another dimension. Choose a term of the same one.`);
    if (into.retiredAt) refuseTarget(`"${into.name}" is retired. Bring it back first, then merge.`);
    await lockTags(trx, from.id);
    const movedIds = await listAssetIdsOfTerms(trx, [from.id]);
    await moveToTerm(trx, from.id, into.id);
    await deleteTerm(trx, from.id);
    const synonyms = tidySynonyms(into.name, [...into.synonyms, from.name, ...from.synonyms]);
    await updateTermRow(trx, into.id, { synonyms });
    await reindexAssets(trx, [into.id]);
    log.info({ event: 'term_merged', termId: from.id, intoTermId: into.id, movedCount: movedIds.length });
    return { term: await getTerm(trx, into.id), movedCount: movedIds.length };
  });
}

function refuseTarget(detail: string): never {
  throw new Problem('invalid_request', detail, [{ pointer: '/body/intoTermId', detail }]);
}

/** Terms that are not named keep their order behind those that are. */
export async function orderTerms({ db }: Context, dimensionKey: DimensionKey, termIds: string[]) {
  const wanted = new Set(termIds);
  await db.transaction().execute(async (trx) => {
    await lockTaxonomy(trx);
    const current = await listTermIds(trx, dimensionKey);
    if (wanted.size < termIds.length) refuseOrder('A term is there twice. Name each once.');
    if (termIds.some((id) => !current.includes(id)))
      refuseOrder('One of these terms is not in this dimension any more. Reload the list and try again.');
    await updateTermOrder(trx, [...termIds, ...current.filter((id) => !wanted.has(id))]);
  });
  const dimension = (await listDimensions(db)).find(({ key }) => key === dimensionKey);
  if (!dimension) throw new Problem('not_found');
  return dimension;
}

function refuseOrder(detail: string): never {
  throw new Problem('invalid_request', detail, [{ pointer: '/body/termIds', detail }]);
}

async function getTerm(db: Database, termId: string): Promise<Term> {
  return toTerm((await findTermRow(db, termId)) ?? refuseUnknownTerm());
}

function refuseUnknownTerm(): never {
  throw new Problem('not_found', 'There is no term with this id, perhaps it was merged. Reload the list.');
}

function toTerm({ retiredAt, assetCount, ...row }: TermRow): Term {
  const dimensionKey = row.dimensionKey as DimensionKey;
  return { ...row, dimensionKey, assetCount: assetCount ?? 0, isRetired: retiredAt !== null };
}

/** What is found by a term's words has to be indexed again when they change. */
async function reindexAssets(trx: Database, termIds: string[]): Promise<void> {
  for (const assetId of await listAssetIdsOfTerms(trx, termIds)) {
    await enqueueOnce(trx, 'index-asset', { assetId });
  }
}

function refuseTakenName(name: string) {
  return (error: unknown): never => {
    if (!isUniqueViolation(error, 'term_name_key')) throw error;
    const detail = `"${name}" is here already, perhaps retired. Choose another name, or bring that one back.`;
    throw new Problem('already_exists', detail, [{ pointer: '/body/name', detail }]);
  };
}

// ── import ──────────────────────────────────────────────────────────────────────────────────────────────

interface TaxonomyChange {
  action: 'create' | 'update';
  dimensionKey: DimensionKey;
  name: string;
  /** What an update fills in, in words. */
  detail: string;
}

export interface TaxonomyPlan {
  changes: TaxonomyChange[];
  unchangedCount: number;
}

/** What importing this taxonomy.json would change. */
export async function planTaxonomy(db: Database, json: string): Promise<TaxonomyPlan> {
  return describeSteps(planSteps(readTaxonomyFile(json), await listTerms(db)));
}

/** The terms as this taxonomy.json will leave them. One that is yet to be made has an id that stands for it. */
export async function foreseeTerms(db: Database, json: string): Promise<Term[]> {
  const terms = new Map((await listTerms(db)).map((term) => [term.id, term]));
  for (const { dimensionKey, wanted, existing, synonyms } of planSteps(readTaxonomyFile(json), [
    ...terms.values(),
  ])) {
    const { name, description } = wanted;
    const fresh = { id: `${dimensionKey}:${name}`, dimensionKey, name, description, position: 0 };
    const term = existing ?? { ...fresh, synonyms: [], isRetired: false, assetCount: 0 };
    terms.set(term.id, { ...term, synonyms: [...term.synonyms, ...synonyms] });
  }
  return [...terms.values()];
}

/**
 * Adds missing terms, missing synonyms and empty descriptions. What a person has written or ordered stays,
 * nothing is removed, and a second run changes nothing.
 */
export async function importTaxonomy(db: Database, json: string, isSample = false): Promise<TaxonomyPlan> {
  const file = readTaxonomyFile(json);
  return db.transaction().execute(async (trx) => {
    await lockTaxonomy(trx);
    const steps = planSteps(file, await listTerms(trx));
    const rewordedIds: string[] = [];
    for (const { dimensionKey, wanted, existing, description, synonyms } of steps) {
      if (!existing) {
        const { name, description } = wanted;
        await insertTerm(trx, { id: newId('trm'), dimensionKey, name, description, synonyms, isSample });
      } else if (description !== undefined || synonyms.length > 0) {
        // Two terms of the file can lead to one that was merged, so the second adds to what the first left.
        existing.synonyms = tidySynonyms(existing.name, [...existing.synonyms, ...synonyms]);
        await updateTermRow(trx, existing.id, { description, synonyms: existing.synonyms });
        if (synonyms.length > 0) rewordedIds.push(existing.id);
      }
    }
    if (rewordedIds.length > 0) await reindexAssets(trx, rewordedIds);
    return describeSteps(steps);
  });
}

interface Step {
  dimensionKey: DimensionKey;
  wanted: FileTerm;
  existing: Term | undefined;
  /** Set when it fills an empty one. */
  description: string | undefined;
  /** Those that the term lacks. */
  synonyms: string[];
}

function planSteps(file: FileDimension[], terms: Term[]): Step[] {
  const find = createTermLookup(terms);
  return file.flatMap(({ key, terms: wantedTerms }) =>
    wantedTerms.map((wanted) => {
      const existing = find(key, wanted.name);
      const all = tidySynonyms(existing?.name ?? wanted.name, [
        ...(existing?.synonyms ?? []),
        ...wanted.synonyms,
      ]);
      const before = new Set(existing?.synonyms.map((synonym) => synonym.toLowerCase()));
      const synonyms = all.filter((synonym) => !before.has(synonym.toLowerCase()));
      const fills = existing?.description === '' && wanted.description !== '';
      return {
        dimensionKey: key,
        wanted,
        existing,
        synonyms,
        description: fills ? wanted.description : undefined,
      };
    }),
  );
}

function describeSteps(steps: Step[]): TaxonomyPlan {
  const changes = steps.flatMap(
    ({ dimensionKey, wanted, existing, description, synonyms }): TaxonomyChange[] => {
      if (!existing) return [{ action: 'create', dimensionKey, name: wanted.name, detail: '' }];
      const parts = [
        ...(description === undefined ? [] : ['a description']),
        ...(synonyms.length === 0
          ? []
          : [`${synonyms.length} ${synonyms.length === 1 ? 'synonym' : 'synonyms'}`]),
      ];
      if (parts.length === 0) return [];
      return [{ action: 'update', dimensionKey, name: existing.name, detail: parts.join(' and ') }];
    },
  );
  return { changes, unchangedCount: steps.length - changes.length };
}
