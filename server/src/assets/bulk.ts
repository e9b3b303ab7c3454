import type { Context } from '../context.ts';
import type { Database } from '../db/database.ts';
import type { Actor } from '../http/actor.ts';
import { Problem } from '../http/problem.ts';
import type { Author } from './content.ts';
import type { AssetPatch } from './contract.ts';
import { type AssetEdit, applyEdit, type Before } from './edit.ts';
import { listTermIds, lockAssets } from './queries.ts';

export interface AssetChange {
  assetId: string;
  patch: AssetPatch;
}

/**
 * Changes many assets or none. The answer holds the changes that take exactly this back: a tag that was there
 * before is not in it, so undoing never removes what somebody else had chosen.
 */
export async function bulkUpdateAssets(
  { db, clock, log }: Context,
  actor: Actor,
  changes: AssetChange[],
): Promise<{ updatedCount: number; undo: { changes: AssetChange[] } }> {
  const author = { userId: actor.userId, now: clock() };
  const undo = await db.transaction().execute((trx) => changeAssets(trx, author, changes));
  log.info({ event: 'assets_bulk_updated', count: undo.length });
  return { updatedCount: undo.length, undo: { changes: undo } };
}

/** Changes all of them in the caller's transaction, and answers the changes that take this back. */
export async function changeAssets(
  trx: Database,
  author: Author,
  changes: AssetChange[],
): Promise<AssetChange[]> {
  const assetIds = changes.map(({ assetId }) => assetId);
  if (new Set(assetIds).size < assetIds.length)
    throw new Problem('invalid_request', 'An asset is named twice. Put its changes together.');
  const rows = new Map((await lockAssets(trx, assetIds)).map((row) => [row.id, row]));
  const termIds = await listTermIds(trx, assetIds);
  const undoes: AssetChange[] = [];
  for (const { assetId, patch } of changes) {
    const row = rows.get(assetId);
    if (!row)
      throw new Problem('not_found', 'One of these assets is gone. Reload the list; nothing was changed.');
    const edit = toEdit(patch, termIds.get(assetId) ?? []);
    const before = await applyEdit(trx, row, edit, author);
    if (before) undoes.push({ assetId, patch: undoOf(before, edit) });
  }
  return undoes;
}

function toEdit(patch: AssetPatch, termIds: string[]): AssetEdit {
  const { addTermIds = [], removeTermIds = [], ...fields } = patch;
  if (addTermIds.length + removeTermIds.length === 0) return fields;
  const removed = new Set(removeTermIds);
  return {
    ...fields,
    termIds: [...new Set([...termIds, ...addTermIds])].filter((termId) => !removed.has(termId)),
  };
}

function undoOf(before: Before, edit: AssetEdit): AssetPatch {
  const patch: AssetPatch = {};
  if (edit.status !== undefined && edit.status !== before.status) patch.status = before.status;
  if (edit.audience !== undefined && edit.audience !== before.audience) patch.audience = before.audience;
  if (edit.ownerUserId !== undefined && edit.ownerUserId !== before.ownerUserId)
    patch.ownerUserId = before.ownerUserId;
  if (edit.reviewOn !== undefined && edit.reviewOn !== before.reviewOn) patch.reviewOn = before.reviewOn;
  const [had, has] = [new Set(before.termIds), new Set(edit.termIds ?? before.termIds)];
  if (has.difference(had).size > 0) patch.removeTermIds = [...has.difference(had)];
  if (had.difference(has).size > 0) patch.addTermIds = [...had.difference(has)];
  return patch;
}
