import type { Context } from '../context.ts';
import { newId } from '../http/ids.ts';
import { enqueue, type JobPayload } from '../jobs/catalog.ts';
import { recipientOf } from '../shares/service.ts';
import type { WebhookEvent } from './contract.ts';
import { storyUrl } from './messages.ts';
import { listThreadsById, type ThreadRow } from './queries.ts';
import { findAnnounced, insertDelivery, listEndpointsFor } from './webhook-queries.ts';

type Told = Pick<Context, 'db' | 'config' | 'clock'>;

/** Notes for everybody who wants to know of it what is told, in the caller's transaction. */
async function announce(
  { db, clock }: Told,
  event: WebhookEvent,
  messageId: string,
  describe: () => Promise<object | undefined>,
): Promise<void> {
  const webhookIds = await listEndpointsFor(db, event);
  const data = webhookIds.length > 0 ? await describe() : undefined;
  if (!data) return;
  const now = clock();
  for (const webhookId of webhookIds)
    await addDelivery({ db }, { webhookId, messageId, event, createdAt: now, data });
}

interface NewDelivery {
  webhookId: string;
  messageId: string;
  event: string;
  createdAt: Date;
  data: object;
}

export async function addDelivery(
  { db }: Pick<Context, 'db'>,
  { webhookId, messageId, event, createdAt, data }: NewDelivery,
): Promise<string> {
  const id = newId('whd');
  const isNew = await insertDelivery(db, {
    id,
    webhookEndpointId: webhookId,
    messageId,
    event,
    payload: { type: event, timestamp: createdAt.toISOString(), data } as never,
    createdAt,
    state: 'waiting',
    nextTryAt: createdAt,
  });
  if (isNew) await queueDelivery({ db }, { id, webhookId });
  return id;
}

/** Deliveries of one webhook go one after the other, so that one that hangs keeps no other waiting. */
export async function queueDelivery(
  { db }: Pick<Context, 'db'>,
  { id, webhookId, runAt }: { id: string; webhookId: string; runAt?: Date },
): Promise<void> {
  await enqueue(
    db,
    'send-webhook',
    { webhookDeliveryId: id },
    { key: `send-webhook:${id}`, queue: `webhook:${webhookId}`, ...(runAt && { runAt }) },
  );
}

/** Of a thread that says something new. */
export async function announceVisit(
  told: Told,
  threadId: string,
  event: 'visit.read' | 'visit.updated',
): Promise<void> {
  await announce(told, event, `msg_${newId('whd').slice(4)}`, async () => {
    const [thread] = await listThreadsById(told.db, [threadId]);
    return (
      thread && {
        visitId: thread.visitId,
        shareLinkId: thread.shareLinkId,
        storyUrl: storyUrl(told.config, thread.shareLinkId),
        assetId: thread.assetId,
        roomId: thread.roomId,
        title: thread.title,
        senderId: thread.userId,
        visitor: visitorOf(thread),
        recipient: recipientOf(thread),
        news: thread.news,
        isConfirmed: thread.isConfirmed,
        visitCount: thread.visitCount,
        readPageCount: thread.readPageCount,
        pageCount: thread.pageCount,
        activeMs: thread.activeMs,
        hasDownloaded: thread.hasDownloaded,
        device: thread.device,
        probablyForwarded: thread.forwarding,
        lastActiveAt: thread.lastActiveAt.toISOString(),
      }
    );
  });
}

export async function announceQuestion(told: Told, threadId: string): Promise<void> {
  await announce(told, 'question.asked', `msg_${newId('whd').slice(4)}`, async () => {
    const [thread] = await listThreadsById(told.db, [threadId]);
    return (
      thread && {
        questionId: thread.questionId,
        text: thread.questionText,
        shareLinkId: thread.shareLinkId,
        storyUrl: storyUrl(told.config, thread.shareLinkId),
        roomId: thread.roomId,
        title: thread.title,
        senderId: thread.userId,
        visitor: visitorOf(thread),
        recipient: recipientOf(thread),
        askedAt: thread.lastActiveAt.toISOString(),
      }
    );
  });
}

function visitorOf({ visitorId, keyKind, visitorName, visitorEmail }: ThreadRow) {
  return { id: visitorId, knownBy: keyKind, name: visitorName, email: visitorEmail };
}

/** A job. What was undone in the meantime is told to nobody, and nobody is told twice. */
export async function announceShareLink(
  ctx: Context,
  { shareLinkId }: JobPayload<'announce-share-link'>,
): Promise<void> {
  await ctx.db.transaction().execute((trx) =>
    announce({ ...ctx, db: trx }, 'share_link.created', `msg_${shareLinkId.slice(4)}`, async () => {
      const link = await findAnnounced(trx, shareLinkId);
      return (
        link && {
          shareLinkId,
          storyUrl: storyUrl(ctx.config, shareLinkId),
          assetId: link.assetId,
          roomId: link.roomId,
          title: link.title,
          sender: { id: link.senderId, name: link.senderName },
          recipient: recipientOf(link),
          createdAt: link.createdAt.toISOString(),
          expiresAt: link.expiresAt?.toISOString() ?? null,
        }
      );
    }),
  );
}
