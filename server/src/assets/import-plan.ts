import type { Database } from '../db/database.ts';
import type { Dimension, DimensionKey, Term } from '../taxonomy/contract.ts';
import { createTermLookup, foreseeTerms, listDimensions } from '../taxonomy/service.ts';
import type { Content } from './content.ts';
import type { AssetEdit } from './edit.ts';
import type { FileLookup } from './import-files.ts';
import { type ImportedAsset, listHoldersByHash, listImported } from './import-queries.ts';
import type { LibraryRow } from './library-file.ts';
import { listTermIds } from './queries.ts';

/** What an import row keeps until it is applied. */
export interface RowPayload {
  row: LibraryRow;
  content: Content;
}

export interface PlannedRow {
  line: number;
  action: 'create' | 'update' | 'unchanged' | 'error';
  title: string;
  detail: string;
  assetId: string | null;
  payload: RowPayload | null;
}

export interface ImportOptions {
  /** When the content first became available, for rows without a date of their own. */
  publishedAt: string | null;
  status: 'draft' | 'published';
}

/** The taxonomy as an import meets it. */
export interface ImportTerms {
  dimensions: Dimension[];
  find: (dimensionKey: DimensionKey, name: string) => Term | undefined;
}

export async function readImportTerms(db: Database): Promise<ImportTerms> {
  const dimensions = await listDimensions(db);
  return { dimensions, find: createTermLookup(dimensions.flatMap((dimension) => dimension.terms)) };
}

/** The taxonomy as it will be when the taxonomy.json of this import has been taken in. */
export async function foreseeImportTerms(db: Database, taxonomyJson: string | null): Promise<ImportTerms> {
  const dimensions = await listDimensions(db);
  const terms =
    taxonomyJson === null
      ? dimensions.flatMap((dimension) => dimension.terms)
      : await foreseeTerms(db, taxonomyJson);
  return { dimensions, find: createTermLookup(terms) };
}

/** Says of each row what importing it would do. Nothing is written. */
export async function planRows(
  db: Database,
  rows: LibraryRow[],
  findFile: FileLookup,
  terms: ImportTerms,
  options: ImportOptions,
): Promise<PlannedRow[]> {
  const existing = new Map(
    (
      await listImported(
        db,
        rows.map((row) => row.importKey),
      )
    ).map((asset) => [asset.importKey, asset]),
  );
  const termIds = await termIdsOf(db, [...existing.values()]);
  const contents = rows.map((row) => contentOf(row, findFile));
  const hashes = contents.flatMap((content) =>
    'kind' in content && content.kind === 'file' ? content.upload.hash : [],
  );
  const holders = await listHoldersByHash(db, hashes);
  const lineOfHash = new Map<string, number>();

  /** Why a row may not become a new asset: its file is one already, or another row's. */
  function findDuplicate({ line }: LibraryRow, content: Content): string | undefined {
    if (content.kind !== 'file') return undefined;
    const { hash } = content.upload;
    const holder = holders.get(hash);
    if (holder)
      return `“${holder}” in the library holds the same file. Remove this row or archive that asset.`;
    const earlier = lineOfHash.get(hash);
    if (earlier !== undefined) return `Line ${earlier} has the same file under another name. Keep one.`;
    lineOfHash.set(hash, line);
    return undefined;
  }

  function planRow(row: LibraryRow, content: Content | { detail: string }): PlannedRow {
    const { line, title } = row;
    const resolved = resolveTerms(row, terms);
    const faults = [...('detail' in content ? [content.detail] : []), ...resolved.faults];
    const refuse = (detail: string) => ({
      line,
      action: 'error' as const,
      title,
      detail,
      assetId: null,
      payload: null,
    });
    if ('detail' in content || faults.length > 0) return refuse(faults.join(' '));
    const payload: RowPayload = { row, content };
    const asset = existing.get(row.importKey);
    if (!asset) {
      const duplicate = findDuplicate(row, content);
      if (duplicate) return refuse(duplicate);
      return { line, action: 'create', title, detail: describeNew(row, options), assetId: null, payload };
    }
    const had = termIds.get(asset.id) ?? [];
    const edit = toEdit(payload, asset, had, resolved.terms, terms);
    const detail = describeEdit(asset, had, edit, terms, resolved.terms);
    const isSame = detail === '';
    return {
      line,
      action: isSame ? 'unchanged' : 'update',
      title,
      detail,
      assetId: asset.id,
      payload: isSame ? null : payload,
    };
  }

  return rows.map((row, index) => planRow(row, contents[index] ?? { detail: 'The row could not be read.' }));
}

function termIdsOf(db: Database, assets: ImportedAsset[]) {
  const ids = assets.map((asset) => asset.id);
  return ids.length === 0 ? new Map<string, string[]>() : listTermIds(db, ids);
}

function contentOf(row: LibraryRow, findFile: FileLookup): Content | { detail: string } {
  if (row.url !== null) return { kind: 'web_link', url: row.url };
  const found = findFile(row.filePath ?? '');
  return 'hash' in found ? { kind: 'file', upload: found } : found;
}

interface ResolvedTerms {
  terms: Term[];
  faults: string[];
}

export function resolveTerms(row: LibraryRow, { dimensions, find }: ImportTerms): ResolvedTerms {
  const terms = new Map<string, Term>();
  const faults: string[] = [];
  for (const { key, name, isMultiple } of dimensions) {
    const names = row.terms[key] ?? [];
    if (!isMultiple && names.length > 1)
      faults.push(`An asset has one ${name.toLowerCase()}, this row names ${names.length}.`);
    for (const wanted of names) {
      const term = find(key, wanted);
      if (term) terms.set(term.id, term);
      else
        faults.push(
          `The ${name.toLowerCase()} “${wanted}” is not in the taxonomy. Add it there or correct it.`,
        );
    }
  }
  return { terms: [...terms.values()], faults };
}

/** What a row sets on the asset that it made before. Dimensions without a column keep their terms. */
export function toEdit(
  { row, content }: RowPayload,
  asset: ImportedAsset,
  termIds: string[],
  wanted: Term[],
  { dimensions }: ImportTerms,
): AssetEdit {
  const { title, description, useWhen, talkTrack, ownerRole, audience, reviewOn, status, publishedAt } = row;
  const keptIds = dimensions
    .filter(({ key }) => row.terms[key] === undefined)
    .flatMap((dimension) => dimension.terms.map((term) => term.id))
    .filter((termId) => termIds.includes(termId));
  const isNewFile = content.kind === 'file' && content.upload.hash !== asset.blobHash;
  return {
    title,
    description,
    useWhen,
    talkTrack,
    ownerRole,
    audience,
    reviewOn,
    status,
    publishedAt: publishedAt === undefined ? undefined : new Date(publishedAt),
    termIds: [...keptIds, ...wanted.map((term) => term.id)],
    ...(isNewFile && { content }),
  };
}

function describeNew(row: LibraryRow, options: ImportOptions): string {
  const status = row.status ?? options.status;
  const since = status === 'published' ? (row.publishedAt ?? options.publishedAt) : null;
  return `A new asset, ${status}${since ? ` since ${since.slice(0, 10)}` : ''}.`;
}

const shortFields = [
  ['title', 'Title'],
  ['ownerRole', 'Owner role'],
  ['audience', 'Audience'],
  ['reviewOn', 'Review date'],
  ['status', 'Status'],
] as const;
const longFields = [
  ['description', 'description'],
  ['useWhen', 'use-when line'],
  ['talkTrack', 'talk track'],
] as const;

/** The changes in words; empty when there are none. */
function describeEdit(
  asset: ImportedAsset,
  termIds: string[],
  edit: AssetEdit,
  { dimensions }: ImportTerms,
  wanted: Term[],
): string {
  const parts: string[] = [];
  if (edit.content) parts.push('A new version of the file.');
  for (const [field, name] of shortFields) {
    const [before, after] = [asset[field], edit[field]];
    if (after !== undefined && after !== before)
      parts.push(`${name}: ${show(before)} becomes ${show(after)}.`);
  }
  for (const [field, name] of longFields)
    if (edit[field] !== undefined && edit[field] !== asset[field]) parts.push(`The ${name} changes.`);
  const known = new Map(
    [...dimensions.flatMap((dimension) => dimension.terms), ...wanted].map((term) => [term.id, term]),
  );
  const [had, has] = [new Set(termIds), new Set(edit.termIds)];
  for (const { key, name } of dimensions) {
    const namesOf = (ids: Set<string>) =>
      [...ids].flatMap((id) => (known.get(id)?.dimensionKey === key ? (known.get(id)?.name ?? []) : []));
    const changes = [
      ...namesOf(has.difference(had)).map((term) => `${term} added`),
      ...namesOf(had.difference(has)).map((term) => `${term} removed`),
    ];
    if (changes.length > 0) parts.push(`${name}: ${changes.join(', ')}.`);
  }
  return parts.join(' ');
}

function show(value: string | null): string {
  return value === null || value === '' ? 'nothing' : `“${value}”`;
}
