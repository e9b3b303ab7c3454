import { type Insertable, type Selectable, sql } from 'kysely';
import type { Database } from '../db/database.ts';
import type { DB } from '../db/types.ts';
import type { RecipientRow } from '../shares/service.ts';

export type EndpointRow = Selectable<DB['webhookEndpoint']>;
export type DeliveryRow = Selectable<DB['webhookDelivery']>;

export interface ShownEndpointRow extends EndpointRow {
  createdBy: string | null;
  lastState: 'waiting' | 'delivered' | 'failed' | null;
  lastCreatedAt: Date | null;
  lastStatus: number | null;
}

export async function listEndpoints(db: Database, webhookId: string | null): Promise<ShownEndpointRow[]> {
  const { rows } = await sql<ShownEndpointRow>`
    select e.*, u.name as created_by, last.state as last_state, last.created_at as last_created_at,
      last.response_status as last_status
    from webhook_endpoint e
    left join "user" u on u.id = e.created_by_user_id
    left join lateral (
      select state, created_at, response_status from webhook_delivery
      where webhook_endpoint_id = e.id order by created_at desc, id desc limit 1
    ) last on true
    where ${webhookId === null ? sql`true` : sql`e.id = ${webhookId}`}
    order by e.created_at, e.id`.execute(db);
  return rows;
}

export function findEndpoint(db: Database, webhookId: string): Promise<EndpointRow | undefined> {
  return db.selectFrom('webhookEndpoint').selectAll().where('id', '=', webhookId).executeTakeFirst();
}

/** Those that are switched on and want to be told of this. */
export async function listEndpointsFor(db: Database, event: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from webhook_endpoint where disabled_at is null and ${event} = any(events)`.execute(db);
  return rows.map(({ id }) => id);
}

export async function insertEndpoint(db: Database, row: Insertable<DB['webhookEndpoint']>): Promise<void> {
  await db.insertInto('webhookEndpoint').values(row).execute();
}

export async function updateEndpoint(
  db: Database,
  webhookId: string,
  changes: Partial<Insertable<DB['webhookEndpoint']>>,
): Promise<void> {
  await db.updateTable('webhookEndpoint').set(changes).where('id', '=', webhookId).execute();
}

export async function deleteEndpoint(db: Database, webhookId: string): Promise<boolean> {
  const result = await db.deleteFrom('webhookEndpoint').where('id', '=', webhookId).executeTakeFirst();
  return result.numDeletedRows > 0n;
}

/** Answers false where this endpoint was told of it before. */
export async function insertDelivery(db: Database, row: Insertable<DB['webhookDelivery']>): Promise<boolean> {
  const result = await db
    .insertInto('webhookDelivery')
    .values(row)
    .onConflict((conflict) => conflict.columns(['webhookEndpointId', 'messageId']).doNothing())
    .executeTakeFirst();
  return (result.numInsertedOrUpdatedRows ?? 0n) > 0n;
}

export function findDelivery(db: Database, id: string): Promise<DeliveryRow | undefined> {
  return db.selectFrom('webhookDelivery').selectAll().where('id', '=', id).executeTakeFirst();
}

export async function updateDelivery(
  db: Database,
  id: string,
  changes: Partial<Insertable<DB['webhookDelivery']>>,
): Promise<void> {
  await db.updateTable('webhookDelivery').set(changes).where('id', '=', id).execute();
}

export function listDeliveries(db: Database, webhookId: string, limit: number): Promise<DeliveryRow[]> {
  return db
    .selectFrom('webhookDelivery')
    .selectAll()
    .where('webhookEndpointId', '=', webhookId)
    .orderBy('createdAt', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
}

export async function deleteDeliveriesBefore(db: Database, before: Date): Promise<number> {
  const result = await db
    .deleteFrom('webhookDelivery')
    .where('createdAt', '<', before)
    .where('state', '<>', 'waiting')
    .executeTakeFirst();
  return Number(result.numDeletedRows);
}

/** What a share link is, for other systems. */
export async function findAnnounced(db: Database, shareLinkId: string) {
  const { rows } = await sql<
    RecipientRow & {
      assetId: string | null;
      roomId: string | null;
      title: string;
      createdAt: Date;
      expiresAt: Date | null;
      senderId: string;
      senderName: string;
    }
  >`
    select asset_id, room_id, title, created_at, expires_at, created_by_user_id as sender_id, sender_name,
      recipient_id, recipient_kind, recipient_name, recipient_email, account_id, account_name
    from sent_link where share_link_id = ${shareLinkId}`.execute(db);
  return rows[0];
}
