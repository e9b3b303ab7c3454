import { type Insertable, sql, type Updateable } from 'kysely';
import type { Database } from '../db/database.ts';
import type { DB } from '../db/types.ts';

export interface QuestionRow {
  id: string;
  roomId: string;
  roomName: string;
  shareLinkId: string;
  recipientName: string;
  askedByName: string;
  askedByEmail: string | null;
  assetId: string | null;
  assetTitle: string | null;
  text: string;
  askedAt: Date;
  answer: string | null;
  answeredByName: string | null;
  answeredAt: Date | null;
  isForAll: boolean;
  isHidden: boolean;
}

const selectQuestions = sql`
  select q.id, q.room_id, room.name as room_name, q.share_link_id, r.name as recipient_name, q.asked_by_name,
    q.asked_by_email, a.id as asset_id, a.title as asset_title, q.text, q.asked_at, q.answer,
    answerer.name as answered_by_name, q.answered_at, q.is_for_all, q.hidden_at is not null as is_hidden
  from room_question q
  join room on room.id = q.room_id
  join share_link l on l.id = q.share_link_id
  join recipient r on r.id = l.recipient_id
  left join asset a on a.id = q.asset_id
  left join "user" answerer on answerer.id = q.answered_by_user_id`;

export async function listQuestionRows(db: Database, roomId: string, limit: number): Promise<QuestionRow[]> {
  const { rows } = await sql<QuestionRow>`${selectQuestions}
    where q.room_id = ${roomId} and l.undone_at is null
    order by q.asked_at desc, q.id limit ${limit}`.execute(db);
  return rows;
}

/** Of the rooms that a user made or holds a share link to: what waits for an answer, then the newest. */
export async function listQuestionRowsOf(
  db: Database,
  userId: string,
  limit: number,
): Promise<QuestionRow[]> {
  const { rows } = await sql<QuestionRow>`${selectQuestions}
    where q.hidden_at is null and l.undone_at is null
      and (room.created_by_user_id = ${userId} or l.created_by_user_id = ${userId})
    order by (q.answer is not null), q.asked_at desc, q.id limit ${limit}`.execute(db);
  return rows;
}

export async function findQuestionRow(db: Database, questionId: string): Promise<QuestionRow | undefined> {
  const { rows } = await sql<QuestionRow>`${selectQuestions} where q.id = ${questionId}`.execute(db);
  return rows[0];
}

/** What the holder of a share link reads in the room: what was asked by it, and what was answered for everybody. */
export async function listShownQuestionRows(
  db: Database,
  roomId: string,
  shareLinkId: string,
  limit: number,
): Promise<QuestionRow[]> {
  const { rows } = await sql<QuestionRow>`${selectQuestions}
    where q.room_id = ${roomId} and q.hidden_at is null and l.undone_at is null
      and (q.share_link_id = ${shareLinkId} or (q.is_for_all and q.answer is not null))
    order by q.asked_at desc, q.id limit ${limit}`.execute(db);
  return rows;
}

export async function countQuestions(db: Database, roomId: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from room_question where room_id = ${roomId}`.execute(db);
  return rows[0]?.count ?? 0;
}

export async function insertQuestion(db: Database, row: Insertable<DB['roomQuestion']>): Promise<void> {
  await db.insertInto('roomQuestion').values(row).execute();
}

export async function updateQuestionRow(
  db: Database,
  questionId: string,
  changes: Updateable<DB['roomQuestion']>,
): Promise<void> {
  await db.updateTable('roomQuestion').set(changes).where('id', '=', questionId).execute();
}
