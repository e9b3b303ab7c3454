import type { Database } from '../db/database.ts';
import { newId } from '../http/ids.ts';
import { Problem } from '../http/problem.ts';
import { enqueueOnce } from '../jobs/catalog.ts';
import { type Author, addContent, type Content } from './content.ts';
import type { AssetStatus } from './contract.ts';
import { type AssetRow, findUserName, listChosenTerms, listTermIds } from './queries.ts';
import {
  deleteTerms,
  insertAsset,
  insertStatusChange,
  insertTerms,
  setFirstVersion,
  updateAssetRow,
} from './write-queries.ts';

/** The fields that a person or an import sets. */
export interface AssetFields {
  title: string;
  description: string;
  useWhen: string;
  talkTrack: string;
  ownerUserId: string | null;
  ownerRole: string;
  audience: 'internal' | 'external';
  reviewOn: string | null;
  status: AssetStatus;
  termIds: string[];
}

export interface AssetEdit extends Partial<{ [K in keyof AssetFields]: AssetFields[K] | undefined }> {
  /** When it first became available, if that was before now. */
  publishedAt?: Date | undefined;
  content?: Content | undefined;
}

interface NewAsset extends AssetFields {
  content: Content;
  publishedAt?: Date | undefined;
  importKey?: string | undefined;
  isSample?: boolean | undefined;
}

/** Writes a whole new asset with its first version and its place in the history. */
export async function writeAsset(trx: Database, input: NewAsset, author: Author): Promise<string> {
  const { content, termIds, publishedAt, importKey, isSample, ...fields } = input;
  await checkTerms(trx, termIds);
  if (fields.ownerUserId) await checkOwner(trx, fields.ownerUserId);
  const assetId = newId('ast');
  const { userId, now } = author;
  const shownAt = fields.status === 'published' ? (publishedAt ?? now) : null;
  await insertAsset(trx, {
    ...fields,
    id: assetId,
    kind: content.kind,
    importKey: importKey ?? null,
    isSample: isSample ?? false,
    publishedAt: shownAt,
    createdByUserId: userId,
    createdAt: now,
    updatedByUserId: userId,
    updatedAt: now,
  });
  const versionId = await addContent(trx, assetId, content, author);
  await insertTerms(trx, assetId, termIds);
  const changedAt = shownAt ?? now;
  await insertStatusChange(trx, { assetId, status: fields.status, changedAt, changedByUserId: userId });
  await setFirstVersion(trx, assetId, versionId);
  await requestIndex(trx, assetId);
  return assetId;
}

const plainFields = [
  'title',
  'description',
  'useWhen',
  'talkTrack',
  'ownerUserId',
  'ownerRole',
  'audience',
  'reviewOn',
] as const satisfies (keyof AssetFields)[];

/** What a locked asset was before an edit that changed something. */
export type Before = Pick<AssetFields, (typeof plainFields)[number] | 'status' | 'termIds'>;

/**
 * Applies an edit to an asset that the transaction has locked. Answers what was there before, or undefined when
 * nothing differed: then nothing is written, and the revision stays.
 */
export async function applyEdit(
  trx: Database,
  row: AssetRow,
  edit: AssetEdit,
  author: Author,
): Promise<Before | undefined> {
  const termIds = (await listTermIds(trx, [row.id])).get(row.id) ?? [];
  const changed: Partial<AssetRow> = {};
  for (const field of plainFields) {
    const value = edit[field];
    if (value !== undefined && value !== row[field]) Object.assign(changed, { [field]: value });
  }
  const { added, removed } = compareTerms(termIds, edit.termIds);
  const statusChange = changeStatus(row, edit, author.now);
  if (Object.keys(changed).length + added.length + removed.length === 0 && !statusChange && !edit.content)
    return undefined;
  if (added.length > 0) await checkTerms(trx, edit.termIds ?? []);
  if (changed.ownerUserId) await checkOwner(trx, changed.ownerUserId);
  await deleteTerms(trx, row.id, removed);
  await insertTerms(trx, row.id, added);
  if (edit.content) changed.currentVersionId = await addContent(trx, row.id, edit.content, author);
  const { userId, now } = author;
  if (statusChange?.status) {
    const changedAt = statusChange.publishedAt ?? now;
    await insertStatusChange(trx, {
      assetId: row.id,
      status: statusChange.status,
      changedAt,
      changedByUserId: userId,
    });
  }
  await updateAssetRow(trx, row.id, { ...changed, ...statusChange, updatedByUserId: userId, updatedAt: now });
  await requestIndex(trx, row.id);
  return { ...row, status: row.status as AssetStatus, audience: row.audience as Before['audience'], termIds };
}

function compareTerms(before: string[], wanted: string[] | undefined) {
  if (wanted === undefined) return { added: [], removed: [] };
  const [had, has] = [new Set(before), new Set(wanted)];
  return { added: [...has.difference(had)], removed: [...had.difference(has)] };
}

/** The first publication counts for ever; leaving the shelf and coming back doesn't make an asset new. */
function changeStatus(row: AssetRow, edit: AssetEdit, now: Date) {
  const { status } = edit;
  if (status === undefined || status === row.status) return undefined;
  const isFirstPublication = status === 'published' && row.publishedAt === null;
  return {
    status,
    archivedAt: status === 'archived' ? now : null,
    ...(isFirstPublication && { publishedAt: edit.publishedAt ?? now }),
  };
}

/** Every term has to be there, and a dimension that takes one value gets one. */
async function checkTerms(trx: Database, termIds: string[]): Promise<void> {
  if (termIds.length === 0) return;
  const chosen = await listChosenTerms(trx, termIds);
  const known = new Set(chosen.map((term) => term.id));
  const refuse = (detail: string): never => {
    throw new Problem('invalid_request', detail, [{ pointer: '/body/termIds', detail }]);
  };
  if (termIds.some((termId) => !known.has(termId)))
    refuse('One of these tags is not there any more. Reload the page and choose again.');
  const single = chosen.filter((term) => !term.isMultiple);
  for (const { dimensionKey, dimensionName } of single)
    if (single.filter((term) => term.dimensionKey === dimensionKey).length > 1)
      refuse(`An asset has one ${dimensionName.toLowerCase()}. Choose one.`);
}

async function checkOwner(trx: Database, userId: string): Promise<void> {
  if (await findUserName(trx, userId)) return;
  const detail = 'There is no such user. Choose another owner.';
  throw new Problem('invalid_request', detail, [{ pointer: '/body/ownerUserId', detail }]);
}

async function requestIndex(trx: Database, assetId: string): Promise<void> {
  await enqueueOnce(trx, 'index-asset', { assetId });
}
