import type { Context } from '../context.ts';
import type { Database } from '../db/database.ts';
import { type Actor, isCurator } from '../http/actor.ts';
import { readMomentCursor, writeCursor } from '../http/cursor.ts';
import { newId } from '../http/ids.ts';
import { Problem } from '../http/problem.ts';
import { recogniseTerms } from '../search/service.ts';
import type { DimensionKey } from '../taxonomy/contract.ts';
import type { ObjectionNote } from './contract.ts';
import { listObjectionCounts, type ObjectionCount, type Span } from './counts-queries.ts';
import { erasePerson, exportPerson } from './person-queries.ts';
import {
  deleteNote,
  findDealWithStage,
  findNoteRow,
  findSubjectOfLink,
  insertNote,
  isAssetThere,
  listDealsLike,
  listNoteRows,
  listTermsById,
  lockNote,
  type NoteRow,
  updateNote,
} from './queries.ts';

// What privacy asks of every feature that keeps something of people.
export { erasePerson, exportPerson };

interface NewNote {
  text: string;
  objectionTermId: string | null;
  personaTermId: string | null;
  stageTermId: string | null;
  dealId: string | null;
  assetId: string | null;
  shareLinkId: string | null;
}

/** What is not said comes from the share link, and the stage from the deal. */
export async function createObjectionNote(
  { db, clock }: Context,
  actor: Actor,
  { shareLinkId, ...given }: NewNote,
): Promise<ObjectionNote> {
  await refuseWrongTerms(db, given);
  const link = shareLinkId === null ? undefined : await findSubjectOfLink(db, shareLinkId);
  if (shareLinkId !== null && !link)
    throw wrong('shareLinkId', 'There is no such share link, perhaps it was taken back.');
  const dealId = given.dealId ?? link?.dealId ?? null;
  const stageOfDeal = await readStageOfDeal(db, dealId);
  const assetId = given.assetId ?? link?.assetId ?? null;
  if (assetId !== null && !(await isAssetThere(db, assetId)))
    throw wrong('assetId', 'There is no such asset. Reload the page.');
  const id = newId('obn');
  const now = clock();
  await insertNote(db, {
    ...given,
    id,
    shareLinkId,
    dealId,
    assetId,
    stageTermId: given.stageTermId ?? stageOfDeal,
    notedByUserId: actor.userId,
    notedAt: now,
    updatedAt: now,
  });
  return getNote(db, actor, id);
}

type NoteChanges = Partial<Omit<NewNote, 'assetId' | 'shareLinkId'>> | Record<string, undefined>;

export async function updateObjectionNote(
  { db, clock }: Context,
  actor: Actor,
  noteId: string,
  changes: NoteChanges,
): Promise<ObjectionNote> {
  await refuseWrongTerms(db, changes);
  await db.transaction().execute(async (trx) => {
    const note = (await lockNote(trx, noteId)) ?? refuseUnknown();
    const isOwn = note.notedByUserId === actor.userId;
    if (!isOwn && !isCurator(actor)) throw new Problem('forbidden', 'Only whoever noted it can change it.');
    if (!isOwn && (changes.text !== undefined || changes.dealId !== undefined))
      throw new Problem('forbidden', 'The words and the deal are up to whoever heard it.');
    const movesOn = changes.dealId !== undefined && changes.dealId !== note.dealId;
    const stage =
      movesOn && changes.stageTermId === undefined
        ? { stageTermId: await readStageOfDeal(trx, changes.dealId ?? null) }
        : {};
    const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
    await updateNote(trx, noteId, { ...given, ...stage, updatedAt: clock() });
  });
  return getNote(db, actor, noteId);
}

export async function deleteObjectionNote({ db }: Context, actor: Actor, noteId: string): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const note = (await lockNote(trx, noteId)) ?? refuseUnknown();
    if (note.notedByUserId !== actor.userId)
      throw new Problem('forbidden', 'Only whoever noted it can take it back.');
    await deleteNote(trx, noteId);
  });
}

interface NotePage {
  objection?: string | undefined;
  persona?: string | undefined;
  stage?: string | undefined;
  deal?: string | undefined;
  asset?: string | undefined;
  isUnsorted?: 'true' | undefined;
  isOwn?: 'true' | undefined;
  cursor?: string | undefined;
  limit: number;
}

export async function listObjectionNotes({ db }: Context, actor: Actor, page: NotePage) {
  const rows = await listNoteRows(db, {
    objection: page.objection ?? null,
    persona: page.persona ?? null,
    stage: page.stage ?? null,
    deal: page.deal ?? null,
    asset: page.asset ?? null,
    isUnsorted: page.isUnsorted !== undefined,
    notedByUserId: page.isOwn ? actor.userId : null,
    after: page.cursor === undefined ? null : readMomentCursor(page.cursor),
    limit: page.limit + 1,
  });
  const shown = rows.slice(0, page.limit);
  const last = shown.at(-1);
  return {
    items: shown.map((row) => describeNote(row, actor)),
    nextCursor: rows.length > shown.length && last ? writeCursor([last.notedAtText, last.id]) : null,
  };
}

const situation: readonly DimensionKey[] = ['objection', 'persona', 'stage'];

/** Of the terms that the words speak of those that a note has a place for. */
export async function suggestObjectionTerms(ctx: Context, actor: Actor, text: string) {
  if (text === '') return { terms: [] };
  const terms = await recogniseTerms(ctx, actor, text);
  return { terms: terms.filter(({ dimensionKey }) => situation.includes(dimensionKey)) };
}

const mostDeals = 20;

export async function listNotableDeals(
  { db }: Context,
  actor: Actor,
  { query, deal }: { query: string; deal?: string | undefined },
) {
  return {
    items: await listDealsLike(db, { query, email: actor.email, dealId: deal ?? null, limit: mostDeals }),
  };
}

/** For reports: how often each objection was heard, the most frequent first and those without a term last. */
export function countObjections(
  db: Database,
  windows: { window: Span; before: Span; buyerSliceIds: number[] },
): Promise<ObjectionCount[]> {
  return listObjectionCounts(db, windows.window, windows.before, windows.buyerSliceIds);
}

async function getNote(db: Database, actor: Actor, noteId: string): Promise<ObjectionNote> {
  return describeNote((await findNoteRow(db, noteId)) ?? refuseUnknown(), actor);
}

function describeNote({ notedByUserId, notedAtText: _, ...note }: NoteRow, actor: Actor): ObjectionNote {
  return { ...note, isOwn: notedByUserId === actor.userId };
}

async function readStageOfDeal(db: Database, dealId: string | null): Promise<string | null> {
  if (dealId === null) return null;
  const deal = await findDealWithStage(db, dealId);
  if (!deal) throw wrong('dealId', 'There is no such deal, perhaps it was removed in the CRM.');
  return deal.stageTermId;
}

const places = [
  ['objectionTermId', 'objection'],
  ['personaTermId', 'persona'],
  ['stageTermId', 'stage'],
] as const;

async function refuseWrongTerms(db: Database, given: NoteChanges): Promise<void> {
  const asked = places.flatMap(([field, dimensionKey]) => {
    const termId = given[field];
    return termId ? [{ field, dimensionKey, termId }] : [];
  });
  const terms = await listTermsById(
    db,
    asked.map(({ termId }) => termId),
  );
  for (const { field, dimensionKey, termId } of asked)
    if (!terms.some((term) => term.id === termId && term.dimensionKey === dimensionKey))
      throw wrong(field, `This is no ${dimensionKey}, perhaps it was merged. Choose again.`);
}

function wrong(field: string, detail: string): Problem {
  return new Problem('invalid_request', detail, [{ pointer: `/body/${field}`, detail }]);
}

function refuseUnknown(): never {
  throw new Problem('not_found', 'This note is not there any more.');
}
