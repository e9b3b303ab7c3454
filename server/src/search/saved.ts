import type { Context } from '../context.ts';
import { isUniqueViolation } from '../db/problems.ts';
import type { Actor } from '../http/actor.ts';
import { newId } from '../http/ids.ts';
import { Problem } from '../http/problem.ts';
import { askEngine } from '../indexing/service.ts';
import type { Question, SavedSearch } from './contract.ts';
import { readQuestion } from './question.ts';
import {
  deleteSavedRow,
  findSavedRow,
  insertSavedRow,
  listSavedRows,
  lockSaving,
  type SavedRow,
  updateSavedRow,
} from './saved-queries.ts';

/** More than anybody keeps in mind; it also bounds the work of counting what is new. */
const mostSaved = 50;

export async function listSavedSearches(ctx: Context, actor: Actor): Promise<SavedSearch[]> {
  const rows = await listSavedRows(ctx.db, actor.userId);
  const saved: SavedSearch[] = [];
  for (const row of rows) saved.push(await describe(ctx, actor, row));
  return saved;
}

export async function createSavedSearch(
  ctx: Context,
  actor: Actor,
  { name, ...question }: Question & { name: string },
): Promise<SavedSearch> {
  const now = ctx.clock();
  const row = { id: newId('svs'), userId: actor.userId, name, question, createdAt: now, seenAt: now };
  const isSaved = await ctx.db
    .transaction()
    .execute(async (trx) => {
      await lockSaving(trx, actor.userId);
      return insertSavedRow(trx, row, mostSaved);
    })
    .catch(refuseTakenName(name));
  if (!isSaved)
    throw new Problem(
      'conflict',
      `You have ${mostSaved} saved searches, which is as many as there can be. Delete one first.`,
    );
  return describe(ctx, actor, await getSaved(ctx, actor, row.id));
}

interface SavedEdit {
  name?: string | undefined;
  isSeen?: true | undefined;
}

export async function updateSavedSearch(
  ctx: Context,
  actor: Actor,
  savedSearchId: string,
  { name, isSeen }: SavedEdit,
): Promise<SavedSearch> {
  const seenAt = isSeen ? ctx.clock() : undefined;
  const key = { id: savedSearchId, userId: actor.userId };
  await updateSavedRow(ctx.db, key, { name, seenAt }).catch(refuseTakenName(name ?? ''));
  return describe(ctx, actor, await getSaved(ctx, actor, savedSearchId));
}

export async function deleteSavedSearch(ctx: Context, actor: Actor, savedSearchId: string): Promise<void> {
  await getSaved(ctx, actor, savedSearchId);
  await deleteSavedRow(ctx.db, { id: savedSearchId, userId: actor.userId });
}

async function getSaved({ db }: Context, actor: Actor, savedSearchId: string): Promise<SavedRow> {
  const row = await findSavedRow(db, { id: savedSearchId, userId: actor.userId });
  if (!row) throw new Problem('not_found', 'This saved search is not there any more. Reload the list.');
  return row;
}

/** The engine is asked only when something was published since the owner looked. */
async function describe(ctx: Context, actor: Actor, row: SavedRow): Promise<SavedSearch> {
  const { id, name, createdAt, question, seenAt, hasNews } = row;
  const newCount = hasNews ? await countNew(ctx, actor, question, seenAt) : 0;
  return { ...question, id, name, createdAt, newCount };
}

async function countNew(ctx: Context, actor: Actor, question: Question, seenAt: Date): Promise<number> {
  const { asked } = await readQuestion(ctx, actor, question);
  const since =
    asked.publishedSince !== null && asked.publishedSince > seenAt ? asked.publishedSince : seenAt;
  const { total, closeCount } = await askEngine(ctx, (engine) =>
    engine.match({ ...asked, publishedSince: since, countedKeys: [], offset: 0, limit: 1 }),
  );
  return closeCount ?? total;
}

function refuseTakenName(name: string) {
  return (error: unknown): never => {
    if (!isUniqueViolation(error, 'saved_search_name_key')) throw error;
    const detail = `You have a saved search called "${name}" already. Choose another name.`;
    throw new Problem('already_exists', detail, [{ pointer: '/body/name', detail }]);
  };
}
