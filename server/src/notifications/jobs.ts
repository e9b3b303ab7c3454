import type { Context } from '../context.ts';
import { keptSince, noteSweep, readSettings } from '../settings/service.ts';
import { deleteThreadsBefore } from './queries.ts';
import { notifyOfQuestion } from './questions.ts';
import { sendDueNotifications, sendNotifications } from './sending.ts';
import { notifyOfVisit } from './threads.ts';
import { announceShareLink } from './webhook-events.ts';
import { deleteDeliveriesBefore } from './webhook-queries.ts';
import { sendWebhook } from './webhooks.ts';

export const notificationJobs = {
  'notify-visit': notifyOfVisit,
  'notify-question': notifyOfQuestion,
  'send-notifications': sendNotifications,
  'send-due-notifications': sendDueNotifications,
  'announce-share-link': announceShareLink,
  'send-webhook': sendWebhook,
  'sweep-notifications': sweepNotifications,
};

/** Forgets threads and deliveries that are older than was decided. */
async function sweepNotifications(ctx: Context): Promise<void> {
  const { db, clock } = ctx;
  const { notificationsKeptDays } = await readSettings(db);
  const before = keptSince(clock(), notificationsKeptDays);
  const count = (await deleteThreadsBefore(db, before)) + (await deleteDeliveriesBefore(db, before));
  await noteSweep(ctx, 'notifications', count);
}
