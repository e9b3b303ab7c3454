import type { z } from 'zod';
import type { Context } from '../context.ts';
import type { Database } from '../db/database.ts';
import { type Actor, isCurator } from '../http/actor.ts';
import { Problem } from '../http/problem.ts';
import { hashSecret } from '../http/secrets.ts';
import { takeBackShared } from '../search/service.ts';
import {
  clearRevoked,
  insertChanges,
  lockShareLink,
  lockUser,
  markRevoked,
  markUndone,
  type PolicyChange,
  updateOwner,
  updateOwnerOfAll,
  updatePolicy,
} from './change-queries.ts';
import {
  type changeShareLink as changeEndpoint,
  type PolicyNote,
  policyNote,
  type ShareLink,
  undoMs,
} from './contract.ts';
import { chooseDeal } from './deal-choice.ts';
import { refusePolicy } from './policy.ts';
import { lockSharedAsset } from './queries.ts';
import { getShareLink, getShareLinks, mayChange, toShareLink } from './share-link.ts';

/** Every process reads the state with each request, so this holds everywhere once it has answered. */
export async function revokeShareLink(ctx: Context, actor: Actor, shareLinkId: string): Promise<ShareLink> {
  await revokeShareLinks(ctx, actor, [shareLinkId]);
  return describe(ctx, actor, shareLinkId);
}

export async function restoreShareLink(ctx: Context, actor: Actor, shareLinkId: string): Promise<ShareLink> {
  await restoreShareLinks(ctx, actor, [shareLinkId]);
  return describe(ctx, actor, shareLinkId);
}

export async function revokeShareLinks({ db, clock, log }: Context, actor: Actor, shareLinkIds: string[]) {
  await getShareLinks(db, shareLinkIds, mayChange(actor));
  const changedAt = clock();
  const revoked = await db.transaction().execute(async (trx) => {
    const ids = await markRevoked(trx, shareLinkIds, changedAt);
    await noteChanges(trx, ids, { kind: 'revoked', byUserId: actor.userId, changedAt });
    return ids;
  });
  log.info({ event: 'share_links_revoked', shareLinkIds: revoked, userId: actor.userId });
  return { shareLinkIds: revoked };
}

export async function restoreShareLinks({ db, clock, log }: Context, actor: Actor, shareLinkIds: string[]) {
  await getShareLinks(db, shareLinkIds, mayChange(actor));
  const restored = await db.transaction().execute(async (trx) => {
    const ids = await clearRevoked(trx, shareLinkIds);
    await noteChanges(trx, ids, { kind: 'restored', byUserId: actor.userId, changedAt: clock() });
    return ids;
  });
  log.info({ event: 'share_links_restored', shareLinkIds: restored, userId: actor.userId });
  return { shareLinkIds: restored };
}

/** All or none: once one of them is older than a minute, somebody may have it. */
export async function undoShareLinks(
  { db, clock, log }: Context,
  actor: Actor,
  shareLinkIds: string[],
): Promise<void> {
  const now = clock();
  await db.transaction().execute(async (trx) => {
    const rows = await getShareLinks(trx, shareLinkIds, (row) => row.createdByUserId === actor.userId);
    const undone = await markUndone(trx, shareLinkIds, { now, madeAfter: new Date(now.getTime() - undoMs) });
    if (undone.length < rows.length)
      throw new Problem(
        'conflict',
        'More than a minute has passed, so somebody may have opened it. Revoke it instead: then it opens nothing any more.',
      );
    await takeBackShared(trx, undone);
  });
  log.info({ event: 'share_links_undone', shareLinkIds, userId: actor.userId });
}

type Change = z.output<(typeof changeEndpoint)['body']>;

/** Nobody is asked anew who was let in already, except where a passcode or a gate says so from now on. */
export async function changeShareLink(
  ctx: Context,
  actor: Actor,
  shareLinkId: string,
  change: Change,
): Promise<ShareLink> {
  const passcodeHash = change.passcode ? await hashSecret(change.passcode) : change.passcode;
  await ctx.db.transaction().execute(async (trx) => {
    await lockShareLink(trx, shareLinkId);
    const row = await getShareLink(trx, shareLinkId, mayChange(actor));
    const { passcode: _passcode, isPinned, dealId, ...fields } = change;
    if (dealId !== undefined) await chooseDeal(trx, row, dealId);
    refusePolicy(ctx, { ...row, ...defined(fields) }, (field) => change[field] !== undefined);
    const columns: PolicyChange = {
      ...defined(fields),
      ...(passcodeHash !== undefined && { passcodeHash }),
      ...(isPinned !== undefined && { pinnedVersionId: await choosePin(trx, row.assetId, isPinned) }),
    };
    if (Object.keys(columns).length === 0) return;
    const ids = await updatePolicy(trx, shareLinkId, columns);
    const policy = policyNote.encode(tellPolicy(change));
    await noteChanges(trx, ids, { kind: 'policy', policy, byUserId: actor.userId, changedAt: ctx.clock() });
  });
  ctx.log.info({
    event: 'share_link_changed',
    shareLinkId,
    fields: Object.keys(change),
    userId: actor.userId,
  });
  return describe(ctx, actor, shareLinkId);
}

/** What was changed, as it is told later: who is let in by address, and by which passcode, is not kept a second time. */
function tellPolicy({
  passcode,
  allowedDomains,
  allowedEmails,
  dealId: _dealId,
  ...rest
}: Change): PolicyNote {
  return {
    ...defined(rest),
    ...(passcode !== undefined && { hasPasscode: passcode !== null }),
    ...((allowedDomains ?? allowedEmails) && {
      allowedCount: (allowedDomains?.length ?? 0) + (allowedEmails?.length ?? 0),
    }),
  };
}

type Noted = Omit<Parameters<typeof insertChanges>[1][number], 'shareLinkId'>;

function noteChanges(trx: Database, shareLinkIds: string[], change: Noted): Promise<void> {
  return insertChanges(
    trx,
    shareLinkIds.map((shareLinkId) => ({ shareLinkId, ...change })),
  );
}

function defined<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

async function choosePin(db: Database, assetId: string | null, isPinned: boolean): Promise<string | null> {
  if (!isPinned) return null;
  const detail = 'A room pins versions item by item.';
  if (assetId === null) throw new Problem('invalid_request', detail, [{ pointer: '/body/isPinned', detail }]);
  return (await lockSharedAsset(db, assetId))?.currentVersionId ?? null;
}

/** Whoever has them may hand them over, and managers and marketing for those who left. */
export async function transferShareLinks(
  { db, clock, log }: Context,
  actor: Actor,
  { shareLinkIds, toUserId }: { shareLinkIds: string[]; toUserId: string },
): Promise<{ count: number }> {
  const moved = await db.transaction().execute(async (trx) => {
    await getShareLinks(
      trx,
      shareLinkIds,
      (row) => row.createdByUserId === actor.userId || mayTransferAny(actor),
    );
    await refuseTaker(trx, toUserId);
    const ids = await updateOwner(trx, shareLinkIds, toUserId);
    await noteMoves(trx, ids, { toUserId, byUserId: actor.userId, changedAt: clock() });
    return ids.map(({ id }) => id);
  });
  log.info({ event: 'share_links_transferred', shareLinkIds: moved, toUserId, userId: actor.userId });
  return { count: moved.length };
}

export async function transferAllShareLinks(
  { db, clock, log }: Context,
  actor: Actor,
  { fromUserId, toUserId }: { fromUserId: string; toUserId: string },
): Promise<{ count: number }> {
  const moved = await db.transaction().execute(async (trx) => {
    const isAllowed = fromUserId === actor.userId || mayTransferAny(actor);
    if (!isAllowed || !(await lockUser(trx, fromUserId)))
      throw new Problem('not_found', 'There is no user with this id whose share links you can hand over.');
    await refuseTaker(trx, toUserId);
    const ids = await updateOwnerOfAll(trx, fromUserId, toUserId);
    await noteMoves(trx, ids, { toUserId, byUserId: actor.userId, changedAt: clock() });
    return ids;
  });
  log.info({
    event: 'share_links_transferred',
    count: moved.length,
    fromUserId,
    toUserId,
    userId: actor.userId,
  });
  return { count: moved.length };
}

async function noteMoves(
  trx: Database,
  moved: { id: string; fromUserId: string }[],
  change: { toUserId: string; byUserId: string; changedAt: Date },
): Promise<void> {
  await insertChanges(
    trx,
    moved.map(({ id, fromUserId }) => ({ shareLinkId: id, kind: 'transferred', fromUserId, ...change })),
  );
}

function mayTransferAny(actor: Actor): boolean {
  return isCurator(actor) || actor.role === 'manager';
}

/** Share links of somebody who can't sign in would be looked after by nobody. */
async function refuseTaker(db: Database, userId: string): Promise<void> {
  const user = await lockUser(db, userId);
  if (!user)
    throw new Problem('not_found', 'There is no user with this id. Choose a colleague from the list.');
  if (user.deactivatedAt)
    throw new Problem('conflict', `${user.name} is deactivated. Choose a colleague who can sign in.`);
}

async function describe({ db, clock }: Context, actor: Actor, shareLinkId: string): Promise<ShareLink> {
  return toShareLink(await getShareLink(db, shareLinkId, mayChange(actor)), clock());
}
