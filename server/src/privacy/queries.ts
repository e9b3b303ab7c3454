import { type Insertable, sql } from 'kysely';
import { type Address, isAddress } from '../db/address.ts';
import type { Database } from '../db/database.ts';
import type { DB } from '../db/types.ts';

/** One after the other, whoever asks: the second one finds what the first one left. */
export async function lockErasing(db: Database): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('offshelf:erase'))`.execute(db);
}

export async function findUserOfAddress(
  db: Database,
  address: Address,
): Promise<{ name: string; role: string; team: string | null; createdAt: Date } | undefined> {
  const { rows } = await sql<{ name: string; role: string; team: string | null; createdAt: Date }>`
    select u.name, u.role, u.team, u.created_at from "user" u where ${isAddress('u.email', address)} limit 1`.execute(
    db,
  );
  return rows[0];
}

export async function insertPrivacyRequest(
  db: Database,
  row: Insertable<DB['privacyRequest']>,
): Promise<void> {
  await db.insertInto('privacyRequest').values(row).execute();
}

export async function updateProof(db: Database, id: string, proof: object): Promise<void> {
  await db
    .updateTable('privacyRequest')
    .set({ proof: sql<string>`${JSON.stringify(proof)}::text::jsonb` })
    .where('id', '=', id)
    .execute();
}

/** Newest first. */
export function listPrivacyRequests(db: Database, limit: number) {
  return db
    .selectFrom('privacyRequest as request')
    .leftJoin('user', 'user.id', 'request.requestedByUserId')
    .selectAll('request')
    .select('user.name as requestedBy')
    .orderBy('request.requestedAt', 'desc')
    .orderBy('request.id')
    .limit(limit)
    .execute();
}

export async function findErasedAt(db: Database, addressHashes: string[]): Promise<Date | null> {
  const { rows } = await sql<{ erasedAt: Date | null }>`
    select max(requested_at) as erased_at from privacy_request
    where kind = 'erase' and address_hashes && ${addressHashes}::text[]`.execute(db);
  return rows[0]?.erasedAt ?? null;
}

export function listSweeps(db: Database) {
  return db.selectFrom('retentionSweep').selectAll().execute();
}

/** Under which names the address is known. */
export async function listNames(db: Database, address: Address): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select name from contact where ${isAddress('email', address)}
    union select name from recipient where ${isAddress('email', address)}
    union select name from visitor where name is not null and ${isAddress('email', address)}
    union select asked_by_name from room_question where ${isAddress('asked_by_email', address)}`.execute(db);
  return rows.map(({ name }) => name);
}
