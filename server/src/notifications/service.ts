import type { z } from 'zod';
import type { Context } from '../context.ts';
import type { Database } from '../db/database.ts';
import type { Actor } from '../http/actor.ts';
import { readMomentCursor, writeCursor } from '../http/cursor.ts';
import { Problem } from '../http/problem.ts';
import { recipientOf } from '../shares/service.ts';
import { visitorKeyKind } from '../tracking/contract.ts';
import { type changePreferences, likelihood, type Notification, news } from './contract.ts';
import { erasePerson, exportPerson } from './person-queries.ts';
import { savePreferences, showPreferences } from './preferences.ts';
import {
  countUnread,
  insertMute,
  isMuted,
  isSender,
  listMutes,
  listThreads,
  settleThreads,
  type ThreadRow,
} from './queries.ts';
import { replanSendings } from './sending.ts';
import { dropSendings } from './sending-queries.ts';

// What privacy asks of every feature that keeps something of people.
// The story of a share link says whether it is told of.
export { erasePerson, exportPerson, isMuted };

export async function readNotifications(
  { db }: Context,
  { userId }: Actor,
  { cursor, limit }: { cursor?: string | undefined; limit: number },
) {
  const [toldAtText, id] = cursor === undefined ? [] : readMomentCursor(cursor);
  const after = toldAtText !== undefined && id !== undefined ? { toldAtText, id } : null;
  const rows = await listThreads(db, { userId, after, limit: limit + 1 });
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    items: page.map(toNotification),
    nextCursor: rows.length > limit && last ? writeCursor([last.toldAtText, last.id]) : null,
    unreadCount: await countUnread(db, userId),
  };
}

function toNotification(row: ThreadRow): Notification {
  return {
    ...row,
    reader: {
      visitorId: row.visitorId,
      keyKind: row.keyKind === null ? null : visitorKeyKind.parse(row.keyKind),
      name: row.visitorName,
      email: row.visitorEmail,
    },
    recipient: recipientOf(row),
    news: news.parse(row.news),
    question:
      row.questionId === null
        ? null
        : { id: row.questionId, text: row.questionText ?? '', isAnswered: row.isAnswered },
    forwarding: row.forwarding === null ? null : likelihood.parse(row.forwarding),
    isRead: row.readAt !== null,
  };
}

/** Whoever has been followed up with is no news any more, and nothing leaves that was about to say so. */
export async function settleFollowedUp(
  db: Database,
  followUp: { shareLinkId: string; visitorId: string | null; at: Date },
): Promise<void> {
  await dropSendings(db, await settleThreads(db, followUp));
}

/** Only of share links of one's own is anybody told. */
export async function muteShareLink(
  { db, clock }: Context,
  { userId }: Actor,
  shareLinkId: string,
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    if (!(await isSender(trx, userId, shareLinkId)))
      throw new Problem('not_found', 'You have no share link with this id.');
    await insertMute(trx, { userId, shareLinkId, mutedAt: clock() });
  });
}

export async function readMutes({ db }: Context, { userId }: Actor) {
  const rows = await listMutes(db, userId);
  return { items: rows.map((row) => ({ ...row, recipient: recipientOf(row) })) };
}

export async function choosePreferences(
  ctx: Context,
  actor: Actor,
  changes: z.output<typeof changePreferences.body>,
) {
  await ctx.db.transaction().execute(async (trx) => {
    await savePreferences(trx, ctx, actor, changes);
    await replanSendings(trx, actor.userId, ctx.clock());
  });
  return showPreferences(ctx, actor);
}
