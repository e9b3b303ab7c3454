import { deliverMail } from '../auth/mail.ts';
import type { Context } from '../context.ts';
import type { Database } from '../db/database.ts';
import type { Actor } from '../http/actor.ts';
import { Problem } from '../http/problem.ts';
import { enqueue, type JobPayload } from '../jobs/catalog.ts';
import type { Kind, Timing } from './contract.ts';
import { composeMail, composeSlack, type Message, testMessage } from './messages.ts';
import { send } from './outgoing.ts';
import { type Preference, readPreference, slackUrlOf } from './preferences.ts';
import { findTold, listThreadsById } from './queries.ts';
import { afterQuiet, nextMoment } from './quiet-hours.ts';
import {
  type Channel,
  dropOverdue,
  findLastSent,
  listDue,
  listWaiting,
  markSent,
  setDue,
  upsertSending,
} from './sending-queries.ts';

const channels = ['email', 'slack'] as const;
/** Somebody who reads on and on fills no mailbox. */
const pauseMs = 15 * 60_000;
const keptTryingMs = 24 * 3_600_000;

/** Notes what has to leave by mail and to Slack, and when. */
export async function planSendings(
  db: Database,
  { userId, threadId, kind }: { userId: string; threadId: string; kind: Kind },
  now: Date,
): Promise<void> {
  const preference = await readPreference(db, userId);
  for (const channel of channels) {
    const timing = preference.kinds[kind][channel];
    if (timing === 'off') continue;
    const sentAt = await findLastSent(db, threadId, channel);
    const dueAt = findDue(preference, timing, now, sentAt);
    await upsertSending(db, { threadId, channel, dueAt });
    await queueNext(db, userId, channel, now);
  }
}

function findDue(preference: Preference, timing: Timing, now: Date, sentAt: Date | null): Date {
  const { quiet, timeZone, digestHour } = preference;
  if (timing === 'digest') return nextMoment(now, digestHour * 60, timeZone);
  const earliest = new Date(Math.max(now.getTime(), (sentAt?.getTime() ?? 0) + pauseMs));
  return afterQuiet(sentAt ? earliest : now, quiet, timeZone);
}

async function queueNext(db: Database, userId: string, channel: Channel, now: Date): Promise<void> {
  const [next] = await listWaiting(db, userId, channel);
  if (!next) return;
  await enqueue(
    db,
    'send-notifications',
    { userId, channel },
    { key: `send-notifications:${userId}:${channel}`, ...(next.dueAt > now && { runAt: next.dueAt }) },
  );
}

/** After other hours were chosen, or a channel was switched off. */
export async function replanSendings(db: Database, userId: string, now: Date): Promise<void> {
  const preference = await readPreference(db, userId);
  for (const channel of channels) {
    for (const { threadId, kind } of await listWaiting(db, userId, channel)) {
      const timing = preference.kinds[kind][channel];
      await setDue(db, [threadId], channel, timing === 'off' ? null : findDue(preference, timing, now, null));
    }
    await queueNext(db, userId, channel, now);
  }
}

/** A job. One message for all that is due; what changed since it was planned is asked again. */
export async function sendNotifications(
  ctx: Context,
  { userId, channel }: JobPayload<'send-notifications'>,
): Promise<void> {
  const { db, clock, log } = ctx;
  const now = clock();
  const waiting = await listWaiting(db, userId, channel);
  const user = await findTold(db, userId);
  const preference = await readPreference(db, userId);
  const canSend = user && (channel === 'slack' || ctx.config.mail);
  const due = Map.groupBy(
    waiting.filter(({ dueAt }) => dueAt <= now),
    ({ kind }): Timing => (canSend ? preference.kinds[kind][channel] : 'off'),
  );
  const idsOf = (timing: Timing) => (due.get(timing) ?? []).map(({ threadId }) => threadId);
  await setDue(db, idsOf('off'), channel, null);
  if (!user) return;
  const opensAt = afterQuiet(now, preference.quiet, preference.timeZone);
  const isQuiet = opensAt > now;
  if (isQuiet) await setDue(db, idsOf('at_once'), channel, opensAt);
  const ids = [...(isQuiet ? [] : idsOf('at_once')), ...idsOf('digest')];
  if (ids.length > 0) {
    const threads = await listThreadsById(db, ids);
    if (threads.length > 0) {
      const message = { threads, isDigest: isQuiet || idsOf('at_once').length === 0 };
      await deliver(ctx, channel, user.email, preference, message);
      log.info({ event: 'notifications_sent', userId, channel, count: threads.length });
    }
    await markSent(db, threads, channel, now);
    // What is withdrawn or somebody else's by now says nothing.
    await setDue(
      db,
      ids.filter((threadId) => !threads.some(({ id }) => id === threadId)),
      channel,
      null,
    );
  }
  await queueNext(db, userId, channel, now);
}

async function deliver(
  ctx: Context,
  channel: Channel,
  email: string,
  preference: Preference,
  message: Message,
): Promise<void> {
  if (channel === 'email') {
    if (!ctx.config.mail) throw new Error('No mail server is set. Set SMTP_URL and MAIL_FROM.');
    await deliverMail(ctx.config.mail, { to: email, ...composeMail(ctx.config, message) });
    return;
  }
  const url = slackUrlOf(ctx, preference);
  if (url === undefined)
    throw new Error('The Slack webhook was sealed with another instance key. Enter it again.');
  const body = JSON.stringify(composeSlack(ctx.config, message));
  const { isTaken, fault } = await send(ctx.config, url, body, { 'content-type': 'application/json' });
  if (!isTaken) throw new Error(`Slack did not take the message. ${fault ?? ''}`.trim());
}

/** Sends now, whatever the hours say, and answers what went wrong. */
export async function testChannel(ctx: Context, actor: Actor, channel: Channel): Promise<void> {
  const preference = await readPreference(ctx.db, actor.userId);
  if (channel === 'email' && !ctx.config.mail)
    throw new Problem('conflict', 'This instance has no mail server. Whoever runs it can set SMTP_URL.');
  if (channel === 'slack' && preference.slackUrlSealed === null)
    throw new Problem('conflict', 'There is no Slack webhook yet. Paste its address and save it first.');
  try {
    await deliver(ctx, channel, actor.email, preference, testMessage);
  } catch (error) {
    throw new Problem('conflict', error instanceof Error ? error.message : 'It could not be sent.');
  }
}

/** A job. What was never queued, as after a crash, or given up, is tried again until it is no news any more. */
export async function sendDueNotifications({ db, clock, log }: Context): Promise<void> {
  const now = clock();
  const droppedCount = await dropOverdue(db, new Date(now.getTime() - keptTryingMs));
  if (droppedCount > 0) log.warn({ event: 'notifications_dropped', count: droppedCount });
  for (const { userId, channel } of await listDue(db, new Date(now.getTime() - 60_000)))
    await queueNext(db, userId, channel, now);
}
