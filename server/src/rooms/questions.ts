import type { Context } from '../context.ts';
import type { Actor } from '../http/actor.ts';
import { Problem } from '../http/problem.ts';
import { enqueue } from '../jobs/catalog.ts';
import type { RoomQuestion } from './contract.ts';
import { refuseStranger } from './edit.ts';
import {
  findQuestionRow,
  listQuestionRowsOf,
  type QuestionRow,
  updateQuestionRow,
} from './question-queries.ts';
import { toQuestion } from './read-room.ts';

const mostListed = 200;

export async function listRoomQuestions({ db }: Context, actor: Actor) {
  const items = (await listQuestionRowsOf(db, actor.userId, mostListed)).map(toQuestion);
  return { items, openCount: items.filter(({ answer }) => answer === null).length };
}

interface QuestionEdit {
  answer?: string | undefined;
  isForAll?: boolean | undefined;
  isHidden?: boolean | undefined;
}

/** The asker reads the answer in the room; nothing is sent to them. */
export async function updateRoomQuestion(
  { db, clock, log }: Context,
  actor: Actor,
  questionId: string,
  { answer, isForAll, isHidden }: QuestionEdit,
): Promise<RoomQuestion> {
  const now = clock();
  const row = await db.transaction().execute(async (trx): Promise<QuestionRow> => {
    const before = await findQuestionRow(trx, questionId);
    if (before) await refuseStranger(trx, actor, before.roomId);
    else refuseUnknown();
    if (isForAll === true && before.answer === null && answer === undefined)
      throw new Problem(
        'conflict',
        'Nobody has answered this yet. Write the answer, then show it to everybody.',
      );
    await updateQuestionRow(trx, questionId, {
      ...(answer !== undefined && { answer, answeredByUserId: actor.userId, answeredAt: now }),
      ...(isForAll !== undefined && { isForAll }),
      ...(isHidden !== undefined && { hiddenAt: isHidden ? now : null }),
      // Something has to change, so that an empty edit is no broken one.
      text: before.text,
    });
    await enqueue(trx, 'notify-question', { questionId }, { key: `notify-question:${questionId}` });
    return (await findQuestionRow(trx, questionId)) ?? refuseUnknown();
  });
  if (answer !== undefined) log.info({ event: 'room_question_answered', questionId, roomId: row.roomId });
  return toQuestion(row);
}

function refuseUnknown(): never {
  throw new Problem('not_found', 'There is no such question in a room of yours. Go to your rooms.');
}
