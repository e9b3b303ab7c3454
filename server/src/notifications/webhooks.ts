import { randomBytes } from 'node:crypto';
import { Webhook as Signer } from 'standardwebhooks';
import type { Context } from '../context.ts';
import type { Database } from '../db/database.ts';
import type { Actor } from '../http/actor.ts';
import { newId } from '../http/ids.ts';
import { Problem } from '../http/problem.ts';
import { seal, unseal } from '../http/secrets.ts';
import type { JobPayload } from '../jobs/catalog.ts';
import {
  type Webhook,
  type WebhookDelivery,
  type WebhookEvent,
  webhookDelivery,
  webhookEvent,
} from './contract.ts';
import { checkWebhookUrl, send } from './outgoing.ts';
import { addDelivery, queueDelivery } from './webhook-events.ts';
import {
  type DeliveryRow,
  deleteEndpoint,
  type EndpointRow,
  findDelivery,
  findEndpoint,
  insertEndpoint,
  listDeliveries,
  listEndpoints,
  type ShownEndpointRow,
  updateDelivery,
  updateEndpoint,
} from './webhook-queries.ts';

const purpose = 'webhook-secret';
const secondMs = 1_000;
const hourMs = 3_600 * secondMs;
/** After each try that failed; then it is given up. */
const waitsMs = [
  5 * secondMs,
  300 * secondMs,
  hourMs / 2,
  ...[2, 5, 10, 14, 20, 24].map((hours) => hours * hourMs),
];
/** A webhook that took nothing for so long is switched off. */
const failingForMs = 5 * 24 * hourMs;
/** For so long the secret before signs as well. */
const overlapMs = 24 * hourMs;
const mostDeliveries = 50;
const mostWebhooks = 20;

export async function readWebhooks({ db, clock }: Context): Promise<{ items: Webhook[] }> {
  return { items: (await listEndpoints(db, null)).map((row) => toWebhook(row, clock())) };
}

function toWebhook(row: ShownEndpointRow, now: Date): Webhook {
  const { id, url, createdAt, createdBy, failingSince, disabledAt, disabledReason, previousUntil } = row;
  return {
    id,
    url,
    events: row.events.flatMap((event) => webhookEvent.safeParse(event).data ?? []),
    createdAt,
    createdBy,
    failingSince,
    disabledAt,
    disabledReason,
    previousSecretUntil: previousUntil && previousUntil > now ? previousUntil : null,
    lastDelivery:
      row.lastState && row.lastCreatedAt
        ? { state: row.lastState, createdAt: row.lastCreatedAt, status: row.lastStatus }
        : null,
  };
}

async function showWebhook({ db, clock }: Context, webhookId: string): Promise<Webhook> {
  const [row] = await listEndpoints(db, webhookId);
  if (!row) throw missing();
  return toWebhook(row, clock());
}

function missing(): Problem {
  return new Problem('not_found', 'There is no webhook with this id. Somebody may have deleted it.');
}

async function getEndpoint(db: Database, webhookId: string): Promise<EndpointRow> {
  const endpoint = await findEndpoint(db, webhookId);
  if (!endpoint) throw missing();
  return endpoint;
}

function newSecret(): string {
  return `whsec_${randomBytes(32).toString('base64')}`;
}

export async function createWebhook(
  ctx: Context,
  actor: Actor,
  { url, events }: { url: string; events: WebhookEvent[] },
): Promise<{ webhook: Webhook; secret: string }> {
  const { db, config, clock, log, instanceKey } = ctx;
  await checkWebhookUrl(config, url);
  if ((await listEndpoints(db, null)).length >= mostWebhooks)
    throw new Problem('conflict', `There are ${mostWebhooks.toString()} webhooks already. Delete one first.`);
  const [id, secret] = [newId('whk'), newSecret()];
  await insertEndpoint(db, {
    id,
    url,
    events: [...new Set(events)],
    secretSealed: seal(instanceKey, purpose, secret),
    createdByUserId: actor.userId,
    createdAt: clock(),
  });
  log.info({ event: 'webhook_created', webhookId: id, userId: actor.userId });
  return { webhook: await showWebhook(ctx, id), secret };
}

interface WebhookChanges {
  url?: string | undefined;
  events?: WebhookEvent[] | undefined;
  isEnabled?: boolean | undefined;
}

export async function changeWebhook(
  ctx: Context,
  actor: Actor,
  webhookId: string,
  { url, events, isEnabled }: WebhookChanges,
): Promise<Webhook> {
  const { db, config, clock, log } = ctx;
  const endpoint = await getEndpoint(db, webhookId);
  if (url !== undefined) await checkWebhookUrl(config, url);
  const changes = {
    ...(url !== undefined && { url }),
    ...(events && { events: [...new Set(events)] }),
    ...(isEnabled === true && { disabledAt: null, disabledReason: null, failingSince: null }),
    ...(isEnabled === false &&
      !endpoint.disabledAt && { disabledAt: clock(), disabledReason: `${actor.name} switched it off.` }),
  };
  if (Object.keys(changes).length > 0) await updateEndpoint(db, webhookId, changes);
  log.info({ event: 'webhook_changed', webhookId, userId: actor.userId });
  return showWebhook(ctx, webhookId);
}

export async function removeWebhook({ db, log }: Context, actor: Actor, webhookId: string): Promise<void> {
  if (!(await deleteEndpoint(db, webhookId))) throw missing();
  log.info({ event: 'webhook_deleted', webhookId, userId: actor.userId });
}

export async function rotateSecret(
  ctx: Context,
  actor: Actor,
  webhookId: string,
): Promise<{ webhook: Webhook; secret: string }> {
  const { db, clock, log, instanceKey } = ctx;
  const { secretSealed } = await getEndpoint(db, webhookId);
  const secret = newSecret();
  await updateEndpoint(db, webhookId, {
    secretSealed: seal(instanceKey, purpose, secret),
    previousSecretSealed: secretSealed,
    previousUntil: new Date(clock().getTime() + overlapMs),
  });
  log.info({ event: 'webhook_secret_changed', webhookId, userId: actor.userId });
  return { webhook: await showWebhook(ctx, webhookId), secret };
}

export async function readDeliveries({ db }: Context, webhookId: string) {
  await getEndpoint(db, webhookId);
  return { items: (await listDeliveries(db, webhookId, mostDeliveries)).map(toDelivery) };
}

function toDelivery({ payload, state, ...row }: DeliveryRow): WebhookDelivery {
  return {
    ...row,
    state: webhookDelivery.shape.state.parse(state),
    payload: webhookDelivery.shape.payload.parse(payload),
  };
}

async function getDelivery(db: Database, id: string): Promise<DeliveryRow> {
  const delivery = await findDelivery(db, id);
  if (!delivery) throw new Problem('not_found', 'This delivery is not kept any more.');
  return delivery;
}

export async function testWebhook(ctx: Context, actor: Actor, webhookId: string): Promise<WebhookDelivery> {
  const endpoint = await getEndpoint(ctx.db, webhookId);
  refuseDisabled(endpoint);
  const id = await addDelivery(ctx, {
    webhookId,
    messageId: `msg_${newId('whd').slice(4)}`,
    event: 'test',
    createdAt: ctx.clock(),
    data: { message: 'A test from Offshelf. Nothing happened.', askedBy: actor.name },
  });
  return toDelivery(await getDelivery(ctx.db, id));
}

export async function replayDelivery(ctx: Context, actor: Actor, id: string): Promise<WebhookDelivery> {
  const { db, clock, log } = ctx;
  const { webhookEndpointId: webhookId } = await getDelivery(db, id);
  refuseDisabled(await getEndpoint(db, webhookId));
  await db.transaction().execute(async (trx) => {
    await updateDelivery(trx, id, { state: 'waiting', tryCount: 0, nextTryAt: clock() });
    await queueDelivery({ db: trx }, { id, webhookId });
  });
  log.info({ event: 'webhook_replayed', webhookDeliveryId: id, userId: actor.userId });
  return toDelivery(await getDelivery(db, id));
}

function refuseDisabled({ disabledAt }: EndpointRow): void {
  if (disabledAt) throw new Problem('conflict', 'This webhook is switched off. Switch it on first.');
}

/** A job. One try; the next one is a job of its own, so that whoever hangs or fails holds up nobody. */
export async function sendWebhook(
  ctx: Context,
  { webhookDeliveryId: id }: JobPayload<'send-webhook'>,
): Promise<void> {
  const { db, config, clock, log } = ctx;
  const delivery = await findDelivery(db, id);
  const endpoint = delivery && (await findEndpoint(db, delivery.webhookEndpointId));
  if (!delivery || !endpoint || delivery.state !== 'waiting') return;
  const giveUp = (error: string) => updateDelivery(db, id, { state: 'failed', nextTryAt: null, error });
  if (endpoint.disabledAt) return giveUp('The webhook was switched off.');
  const triedAt = clock();
  const body = JSON.stringify(delivery.payload);
  const signature = signatureOf(ctx, endpoint, delivery.messageId, triedAt, body);
  if (!signature) return giveUp('The secret was sealed with another instance key. Make a new one.');
  const startedAt = performance.now();
  const sent = await send(config, endpoint.url, body, {
    'content-type': 'application/json',
    ...signature,
  });
  const tryCount = delivery.tryCount + 1;
  const waitMs = sent.isTaken || sent.status === 410 ? undefined : waitsMs[tryCount - 1];
  const nextTryAt = waitMs === undefined ? null : new Date(triedAt.getTime() + waitMs);
  await db.transaction().execute(async (trx) => {
    await updateDelivery(trx, id, {
      state: sent.isTaken ? 'delivered' : nextTryAt ? 'waiting' : 'failed',
      tryCount,
      triedAt,
      nextTryAt,
      responseStatus: sent.status,
      responseExcerpt: sent.excerpt,
      error: sent.fault,
      tookMs: Math.round(performance.now() - startedAt),
    });
    await noteHealth(trx, endpoint, sent, triedAt);
    if (nextTryAt) await queueDelivery({ db: trx }, { id, webhookId: endpoint.id, runAt: nextTryAt });
  });
  log.info({
    event: sent.isTaken ? 'webhook_delivered' : 'webhook_not_delivered',
    webhookId: endpoint.id,
    webhookDeliveryId: id,
    status: sent.status,
    tryCount,
  });
}

async function noteHealth(
  db: Database,
  { id, failingSince }: EndpointRow,
  { isTaken, status, fault }: { isTaken: boolean; status: number | null; fault: string | null },
  at: Date,
): Promise<void> {
  if (isTaken) {
    if (failingSince) await updateEndpoint(db, id, { failingSince: null });
    return;
  }
  const isGone = status === 410;
  const isLong = failingSince !== null && at.getTime() - failingSince.getTime() >= failingForMs;
  await updateEndpoint(db, id, {
    failingSince: failingSince ?? at,
    ...((isGone || isLong) && {
      disabledAt: at,
      disabledReason: isGone
        ? 'It answered 410, by which it says that it is gone.'
        : `It took nothing for 5 days. ${fault ?? ''}`.trim(),
    }),
  });
}

/** By the secret that holds, and for a day after a change by the one before, too; undefined where none can be read. */
function signatureOf(
  { instanceKey }: Context,
  { secretSealed, previousSecretSealed, previousUntil }: EndpointRow,
  messageId: string,
  at: Date,
  body: string,
): Record<string, string> | undefined {
  const sealed = [
    secretSealed,
    ...(previousSecretSealed && previousUntil && previousUntil > at ? [previousSecretSealed] : []),
  ];
  const secrets = sealed.flatMap((each) => unseal(instanceKey, purpose, each) ?? []);
  if (secrets.length === 0) return undefined;
  return {
    'webhook-id': messageId,
    'webhook-timestamp': Math.floor(at.getTime() / 1_000).toString(),
    'webhook-signature': secrets.map((secret) => new Signer(secret).sign(messageId, at, body)).join(' '),
  };
}
