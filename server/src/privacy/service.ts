import type { Context } from '../context.ts';
import { type Address, hashAddress, readAddress } from '../db/address.ts';
import type { Database } from '../db/database.ts';
import type { Actor } from '../http/actor.ts';
import { newId } from '../http/ids.ts';
import { Problem } from '../http/problem.ts';
import { enqueue } from '../jobs/catalog.ts';
import { keptKind } from '../settings/contract.ts';
import { type LookUp, type PrivacyRequest, privacyRequest, proof } from './contract.ts';
import { collectPerson, forgetPerson } from './people.ts';
import { proveErased } from './prove.ts';
import {
  findErasedAt,
  findUserOfAddress,
  insertPrivacyRequest,
  listPrivacyRequests,
  listSweeps,
  lockErasing,
  updateProof,
} from './queries.ts';

const mostRequests = 50;
/** Whoever began a visit while their rows were being erased is found by looking once more. */
const mostRounds = 3;

export async function readPrivacy({ db }: Context) {
  const [sweeps, requests] = await Promise.all([listSweeps(db), listPrivacyRequests(db, mostRequests)]);
  return {
    sweeps: sweeps.map((sweep) => ({ ...sweep, kind: keptKind.parse(sweep.kind) })),
    requests: requests.map(toRequest),
  };
}

type RequestRow = Awaited<ReturnType<typeof listPrivacyRequests>>[number];

function toRequest({ kind, counts, proof: found, ...row }: RequestRow): PrivacyRequest {
  return {
    ...row,
    kind: privacyRequest.shape.kind.parse(kind),
    counts: privacyRequest.shape.counts.parse(counts),
    proof: found === null ? null : proof.decode(found as never),
  };
}

export async function sweepNow({ db }: Context): Promise<Record<string, never>> {
  for (const name of [
    'sweep-tracking',
    'sweep-searches',
    'sweep-email-codes',
    'sweep-notifications',
  ] as const)
    await enqueue(db, name, {}, { key: name });
  return {};
}

/** In a transaction that is taken back, so that it says what erasing would do and not what somebody thinks it does. */
export async function lookUpPerson(ctx: Context, email: string): Promise<LookUp> {
  const { db, clock } = ctx;
  const address = readAddress(email);
  const user = await findUserOfAddress(db, address);
  const erasedAt = await findErasedAt(db, hashesOf(ctx, address));
  return { counts: await rehearse(db, address, clock()), userName: user?.name ?? null, erasedAt };
}

async function rehearse(db: Database, address: Address, now: Date): Promise<Record<string, number>> {
  const trx = await db.startTransaction().execute();
  try {
    return await forgetPerson(trx, address, now);
  } finally {
    await trx.rollback().execute();
  }
}

/** Null for whoever asks by command. */
type Asker = Actor | null;

export async function exportPerson(
  ctx: Context,
  actor: Asker,
  email: string,
): Promise<Record<string, unknown>> {
  const { db, clock, config } = ctx;
  const address = readAddress(email);
  const [user, known] = [await findUserOfAddress(db, address), await collectPerson(db, address)];
  if (!user && Object.keys(known).length === 0) throw await unknown(ctx, address);
  const counts = Object.fromEntries(Object.entries(known).map(([name, rows]) => [name, rows.length]));
  await note(ctx, actor, { kind: 'export', address, counts });
  return {
    address: address.email,
    exportedAt: clock(),
    instance: config.publicUrl,
    ...(user && { user }),
    ...known,
  };
}

/**
 * Forgets everything that names a person or tells them from others, and proves it by looking through the whole database.
 * What was counted stays, of nobody.
 */
export async function erasePerson(ctx: Context, actor: Asker, email: string): Promise<PrivacyRequest> {
  const { db } = ctx;
  const address = readAddress(email);
  const user = await findUserOfAddress(db, address);
  if (user)
    throw new Problem(
      'conflict',
      `${user.name} signs in to this instance with this address, so it can not be erased. Deactivate them under Users; what they made is the company’s.`,
    );
  const request = await db.transaction().execute(async (trx) => {
    await lockErasing(trx);
    const counts = await forgetPerson(trx, address, ctx.clock());
    if (Object.keys(counts).length === 0) throw await unknown(ctx, address);
    return note({ ...ctx, db: trx }, actor, { kind: 'erase', address, counts });
  });
  let found = await proveErased(ctx, address);
  for (let round = 1; round < mostRounds && found.left.length > 0; round += 1) {
    const more = await db.transaction().execute((trx) => forgetPerson(trx, address, ctx.clock()));
    if (Object.keys(more).length === 0) break;
    found = await proveErased(ctx, address);
  }
  await updateProof(db, request.id, proof.encode(found));
  return { ...request, proof: found };
}

interface Noted {
  kind: PrivacyRequest['kind'];
  address: Address;
  counts: Record<string, number>;
}

async function note(ctx: Context, actor: Asker, { kind, address, counts }: Noted): Promise<PrivacyRequest> {
  const id = newId('prv');
  const requestedAt = ctx.clock();
  const addressHashes = hashesOf(ctx, address);
  await insertPrivacyRequest(ctx.db, {
    id,
    kind,
    addressHashes,
    requestedByUserId: actor?.userId ?? null,
    requestedAt,
    counts,
  });
  ctx.log.info({ event: `person_${kind}`, privacyRequestId: id, userId: actor?.userId ?? null });
  return { id, kind, addressHashes, requestedBy: actor?.name ?? null, requestedAt, counts, proof: null };
}

function hashesOf({ instanceKey }: Context, { spellings }: Address): string[] {
  return spellings.map((each) => hashAddress(instanceKey, each));
}

async function unknown(ctx: Context, address: Address): Promise<Problem> {
  const erasedAt = await findErasedAt(ctx.db, hashesOf(ctx, address));
  return new Problem(
    'not_found',
    erasedAt
      ? `Nothing is known of this address. It was erased on ${erasedAt.toISOString().slice(0, 10)}.`
      : 'Nothing is known of this address. Check how it is written.',
  );
}
