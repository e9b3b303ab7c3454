import { limitTries } from '../auth/service.ts';
import type { Context } from '../context.ts';
import type { Database } from '../db/database.ts';
import { newId } from '../http/ids.ts';
import { Problem } from '../http/problem.ts';
import { enqueue } from '../jobs/catalog.ts';
import { isRead } from '../rendering/service.ts';
import { findRoomHead, listItemFiles, type RoomItemFile, wasRemoved } from './content-queries.ts';
import { longestQuestion, type NextStep } from './contract.ts';
import { expectedMsOf } from './length.ts';
import { erasePerson, exportPerson } from './person-queries.ts';
import { lockRoom } from './queries.ts';
import {
  countQuestions,
  insertQuestion,
  listShownQuestionRows,
  type QuestionRow,
} from './question-queries.ts';
import {
  findVisitor,
  type LengthRow,
  listLengths,
  listNewItems,
  listOwnPages,
  listOwnWatched,
} from './reading-queries.ts';

// What privacy asks of every feature that keeps something of people.
export { erasePerson, exportPerson };

// What a prospect sees of a room. Whoever asks has checked the share link.

const visitEndsMs = 30 * 60_000;
const mostShownQuestions = 100;
/** Of one room, whoever asks. */
const mostQuestions = 500;
const hourMs = 60 * 60_000;
const questionTries = { perLinkAndAddress: 6, perLink: 30, perAddress: 20 };

export interface RoomContentItem extends RoomItemFile {
  /** 0 where nobody knows. */
  expectedMs: number;
  /** Pages to be read; 0 of what is played, or opens elsewhere. */
  readablePages: number;
  durationMs: number | null;
}

export interface RoomContent {
  name: string;
  note: string;
  nextStep: NextStep | null;
  items: RoomContentItem[];
}

export async function findRoomContent(db: Database, roomId: string): Promise<RoomContent | undefined> {
  const [head, files] = await Promise.all([findRoomHead(db, roomId), listItemFiles(db, roomId)]);
  if (!head) return undefined;
  const lengths = new Map(
    (
      await listLengths(
        db,
        files.map(({ versionId }) => versionId),
      )
    ).map((length) => [length.assetVersionId, length]),
  );
  const { nextStepLabel: label, nextStepUrl: url, nextStepAt: at } = head;
  return {
    name: head.name,
    note: head.note,
    nextStep: label ? { label, url, at } : null,
    items: files.map((file) => describeItem(file, lengths.get(file.versionId))),
  };
}

function describeItem(file: RoomItemFile, length: LengthRow | undefined): RoomContentItem {
  const durationMs = length?.durationMs ?? null;
  const isPlayed = /^(video|audio)\//.test(file.mediaType);
  return {
    ...file,
    durationMs,
    expectedMs: file.url === null ? expectedMsOf(length) : 0,
    readablePages: file.url !== null || isPlayed || !length ? 0 : Math.max(1, length.wordCounts.length),
  };
}

/** Whether this was in the room until its sender took it out. */
export function wasInRoom(db: Database, roomId: string, assetId: string): Promise<boolean> {
  return wasRemoved(db, roomId, assetId);
}

/** Whose visit to this share link it is. */
export async function findVisitorOfVisit(
  db: Database,
  shareLinkId: string,
  visitId: string | null,
): Promise<string | null> {
  const visitor = visitId === null ? undefined : await findVisitor(db, visitId);
  return visitor?.shareLinkId === shareLinkId ? visitor.visitorId : null;
}

// ── where a reader stands ───────────────────────────────────────────────────────────────────────────────

export interface ItemProgress {
  assetId: string;
  isNew: boolean;
  isOpened: boolean;
  readPages: number;
  readablePages: number;
  watchedMs: number;
  durationMs: number | null;
}

/** What the visitor of this visit has read, item by item, and what is new to them. Undefined for a foreign visit. */
export async function readProgress(
  { db, clock }: Context,
  { shareLinkId, roomId, visitId }: { shareLinkId: string; roomId: string; visitId: string },
): Promise<ItemProgress[] | undefined> {
  const visitor = await findVisitor(db, visitId);
  if (!visitor || visitor.shareLinkId !== shareLinkId) return undefined;
  const [content, pages, watched, fresh] = await Promise.all([
    findRoomContent(db, roomId),
    listOwnPages(db, visitor),
    listOwnWatched(db, visitor),
    listNewItems(db, visitor, { roomId, endedBefore: new Date(clock().getTime() - visitEndsMs) }),
  ]);
  const isNew = new Set(fresh);
  return content?.items.map(({ assetId, versionId, readablePages, durationMs }) => {
    const own = pages.filter((page) => page.assetId === assetId);
    const read = own.filter(
      ({ assetVersionId, pageNumber, activeMs, wordCount }) =>
        assetVersionId === versionId && pageNumber !== null && isRead(activeMs, wordCount ?? 0),
    );
    const seconds = watched.find(({ assetVersionId }) => assetVersionId === versionId)?.seconds ?? 0;
    return {
      assetId,
      isNew: isNew.has(assetId),
      isOpened: own.length > 0,
      readPages: Math.min(readablePages, new Set(read.map(({ pageNumber }) => pageNumber)).size),
      readablePages,
      watchedMs: Math.min(seconds * 1000, durationMs ?? 0),
      durationMs,
    };
  });
}

// ── questions ───────────────────────────────────────────────────────────────────────────────────────────

export interface ShownQuestion {
  id: string;
  /** It was asked by this share link; otherwise it was answered for everybody, and who asked is not said. */
  isOwn: boolean;
  askedByName: string;
  assetTitle: string | null;
  text: string;
  askedAt: Date;
  answer: string | null;
  answeredByName: string | null;
  answeredAt: Date | null;
}

/** What the holder of a share link reads, newest first. */
export async function listShownQuestions(
  db: Database,
  roomId: string,
  shareLinkId: string,
): Promise<ShownQuestion[]> {
  const rows = await listShownQuestionRows(db, roomId, shareLinkId, mostShownQuestions);
  return rows.map((row) => toShown(row, shareLinkId));
}

function toShown(row: QuestionRow, shareLinkId: string): ShownQuestion {
  const { id, assetTitle, text, askedAt, answer, answeredByName, answeredAt } = row;
  const isOwn = row.shareLinkId === shareLinkId;
  const askedByName = isOwn ? row.askedByName : '';
  return { id, isOwn, askedByName, assetTitle, text, askedAt, answer, answeredByName, answeredAt };
}

interface QuestionInput {
  shareLinkId: string;
  roomId: string;
  /** The visit in which it is asked, where there is one. */
  visitId: string | null;
  /** For limiting how much one address asks. */
  addressKey: string;
  name: string;
  email: string | null;
  text: string;
  assetId: string | null;
}

/** Refuses with `invalid_request` what can't be a question, with `too_many_attempts` too many of them. */
export async function askQuestion(ctx: Context, input: QuestionInput): Promise<void> {
  const { db, clock, log } = ctx;
  const { shareLinkId, roomId, addressKey, visitId } = input;
  const text = cleanText(input.text);
  if (text === '') throw new Problem('invalid_request', 'Write your question first.');
  if (text.length > longestQuestion)
    throw new Problem(
      'invalid_request',
      `This is longer than ${longestQuestion.toLocaleString('en')} letters. Shorten it, or ask in two parts.`,
    );
  const { perLinkAndAddress, perLink, perAddress } = questionTries;
  const tries = [
    { key: `question:${shareLinkId}:${addressKey}`, max: perLinkAndAddress },
    { key: `question-link:${shareLinkId}`, max: perLink },
    { key: `question-address:${addressKey}`, max: perAddress },
  ].map(({ key, max }) => ({ key, limit: { max, windowMs: hourMs } }));
  // What was asked counts: a try is never given back.
  await limitTries(db, clock, tries, async () => false);
  const visitorId = await findVisitorOfVisit(db, shareLinkId, visitId);
  const id = newId('que');
  await db.transaction().execute(async (trx) => {
    await lockRoom(trx, roomId);
    if ((await countQuestions(trx, roomId)) >= mostQuestions)
      throw new Problem('conflict', 'As much has been asked in this room as it can hold.');
    const items = await listItemFiles(trx, roomId);
    await insertQuestion(trx, {
      id,
      roomId,
      shareLinkId,
      visitorId,
      assetId: items.find(({ assetId }) => assetId === input.assetId)?.assetId ?? null,
      askedByName: cleanText(input.name).replace(/\s+/g, ' ').slice(0, 120).toWellFormed(),
      askedByEmail: input.email,
      text,
      askedAt: clock(),
    });
    await enqueue(trx, 'notify-question', { questionId: id }, { key: `notify-question:${id}` });
  });
  log.info({ event: 'room_question_asked', roomId, shareLinkId, questionId: id });
}

/** What no keyboard types, and no database takes, is left out. */
function cleanText(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(/[^\P{C}\n\t\u200d]/gu, '')
    .toWellFormed()
    .trim();
}
