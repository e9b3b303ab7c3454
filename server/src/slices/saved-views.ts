import type { z } from 'zod';
import type { Context } from '../context.ts';
import { isUniqueViolation } from '../db/problems.ts';
import { type Actor, isCurator } from '../http/actor.ts';
import { newId } from '../http/ids.ts';
import { Problem } from '../http/problem.ts';
import type { changeView, SavedView, saveView } from './contract.ts';
import {
  deleteSavedViewsBefore,
  findSavedViewRow,
  insertSavedView,
  listSavedViewRows,
  type SavedViewRow,
  updateSavedView,
} from './queries.ts';

const keptForUndoMs = 86_400_000;

export async function listViews({ db }: Context, actor: Actor): Promise<{ items: SavedView[] }> {
  const rows = await listSavedViewRows(db, actor.userId);
  return { items: rows.map((row) => toView(row, actor)) };
}

export async function makeView(
  { db, clock }: Context,
  actor: Actor,
  input: z.output<(typeof saveView)['body']>,
): Promise<SavedView> {
  const id = newId('svw');
  const now = clock();
  await deleteSavedViewsBefore(db, new Date(now.getTime() - keptForUndoMs));
  await refusingTwins(() =>
    insertSavedView(db, { ...input, id, userId: actor.userId, createdAt: now, updatedAt: now }),
  );
  return toView(await getChangeable(db, actor, id), actor);
}

export async function editView(
  { db, clock }: Context,
  actor: Actor,
  savedViewId: string,
  changes: z.output<(typeof changeView)['body']>,
): Promise<SavedView> {
  const row = await getChangeable(db, actor, savedViewId);
  await refusingTwins(() => updateSavedView(db, savedViewId, { ...changes, updatedAt: clock() }));
  return toView({ ...row, ...changes }, actor);
}

export async function removeView({ db, clock }: Context, actor: Actor, savedViewId: string): Promise<void> {
  await getChangeable(db, actor, savedViewId);
  await updateSavedView(db, savedViewId, { deletedAt: clock() });
}

export async function bringBackView({ db }: Context, actor: Actor, savedViewId: string): Promise<SavedView> {
  const row = await getChangeable(db, actor, savedViewId);
  await refusingTwins(() => updateSavedView(db, savedViewId, { deletedAt: null }));
  return toView(row, actor);
}

/** A view for the team may be changed by those who keep the library, any other only by who made it. */
function mayChange(row: SavedViewRow, actor: Actor): boolean {
  return row.userId === actor.userId || (row.isForTeam && isCurator(actor));
}

async function getChangeable(db: Context['db'], actor: Actor, savedViewId: string): Promise<SavedViewRow> {
  const row = await findSavedViewRow(db, savedViewId);
  if (!row || (row.userId !== actor.userId && !row.isForTeam))
    throw new Problem('not_found', 'This view is not there any more.');
  if (!mayChange(row, actor))
    throw new Problem('forbidden', `Only ${row.userName} or marketing may change this view.`);
  return row;
}

async function refusingTwins(write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (!isUniqueViolation(error, 'saved_view_user_id_name_key')) throw error;
    const detail = 'There is a view of this name already. Choose another.';
    throw new Problem('already_exists', detail, [{ pointer: '/body/name', detail }]);
  }
}

function toView({ userId, ...row }: SavedViewRow, actor: Actor): SavedView {
  return { ...row, isOwn: userId === actor.userId, mayChange: mayChange({ userId, ...row }, actor) };
}
