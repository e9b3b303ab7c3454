import type { Context } from '../context.ts';
import { newId } from '../http/ids.ts';
import type { JobPayload } from '../jobs/catalog.ts';
import { readPreference } from './preferences.ts';
import { findQuestion, findThreadOfQuestion, insertThread, isMuted, updateThread } from './queries.ts';
import { planSendings } from './sending.ts';
import { dropSendings } from './sending-queries.ts';
import { announceQuestion } from './webhook-events.ts';

/** A job. Tells the sender of a room what was asked in it, once; what is answered or hidden by now is done with. */
export async function notifyOfQuestion(
  ctx: Context,
  { questionId }: JobPayload<'notify-question'>,
): Promise<void> {
  const now = ctx.clock();
  await ctx.db.transaction().execute(async (db) => {
    const question = await findQuestion(db, questionId);
    if (!question) return;
    const { userId, shareLinkId, isHidden, isAnswered } = question;
    const known = await findThreadOfQuestion(db, questionId);
    if (isHidden || isAnswered) {
      if (!known) return;
      await updateThread(db, known.id, {
        readAt: known.readAt ?? now,
        withdrawnAt: isHidden ? (known.withdrawnAt ?? now) : null,
      });
      await dropSendings(db, [known.id]);
      return;
    }
    if (known) {
      await updateThread(db, known.id, { withdrawnAt: null });
      return;
    }
    const isMute = await isMuted(db, userId, shareLinkId);
    const { kinds } = await readPreference(db, userId);
    const threadId = newId('ntf');
    await insertThread(db, {
      id: threadId,
      userId,
      shareLinkId,
      questionId,
      news: 'asked',
      isConfirmed: true,
      visitCount: 0,
      readPageCount: 0,
      activeMs: 0,
      hasDownloaded: false,
      device: '',
      lastVisitAt: question.askedAt,
      lastActiveAt: question.askedAt,
      toldAt: now,
      readAt: isMute || !kinds.question.isInApp ? now : null,
    });
    if (!isMute) await planSendings(db, { userId, threadId, kind: 'question' }, now);
    await announceQuestion({ ...ctx, db }, threadId);
    ctx.log.info({ event: 'notification_told', questionId, said: 'asked' });
  });
}
