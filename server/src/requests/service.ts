import { z } from 'zod';
import type { Context } from '../context.ts';
import type { Database } from '../db/database.ts';
import { isUniqueViolation } from '../db/problems.ts';
import { type Actor, isCurator } from '../http/actor.ts';
import { readCursor, writeCursor } from '../http/cursor.ts';
import { newId } from '../http/ids.ts';
import { Problem } from '../http/problem.ts';
import type { AssetRequest, RequestStatus } from './contract.ts';
import { erasePerson, exportPerson } from './person-queries.ts';
import {
  deleteRequestRow,
  deleteVote,
  findAssetStatus,
  findClusterOfSearch,
  findRequestRow,
  hasLaterVote,
  insertRequest,
  insertVotes,
  listOpenDealsOfRequests,
  listRequestRows,
  lockRequest,
  lockRequestOfCluster,
  type RequestRow,
  replaceRequestTerms,
  updateRequestRow,
} from './queries.ts';

// What privacy asks of every feature that keeps something of people.
export { erasePerson, exportPerson };

interface RequestPage {
  status?: RequestStatus | undefined;
  isOwn?: 'true' | undefined;
  cursor?: string | undefined;
  limit: number;
}

const requestPlace = z.tuple([z.string().max(40), z.string().max(60)]);

export async function listRequests({ db }: Context, actor: Actor, page: RequestPage) {
  const place = page.cursor === undefined ? null : readCursor(requestPlace, page.cursor);
  const rows = await listRequestRows(db, {
    status: page.status ?? null,
    wantedByUserId: page.isOwn ? actor.userId : null,
    after: place && { createdAtText: place[0], id: place[1] },
    limit: page.limit + 1,
  });
  const shown = rows.slice(0, page.limit);
  const last = shown.at(-1);
  const hasMore = rows.length > shown.length && last;
  return {
    items: await describeRequests(db, actor, shown),
    nextCursor: hasMore ? writeCursor([last.createdAtText, last.id]) : null,
  };
}

interface RequestInput {
  title: string;
  details: string;
  termIds: string[];
  dueOn: string | null;
  searchId: string | null;
}

/** Asks for an asset. What was asked for already after a search like this is wanted by one more. */
export async function createRequest(ctx: Context, actor: Actor, { searchId, ...input }: RequestInput) {
  const clusterKey = searchId ? await findClusterOfSearch(ctx.db, searchId, actor.userId) : '';
  const make = () =>
    ctx.db.transaction().execute(async (trx) => {
      const voterIds = [actor.userId];
      return (await askFor(ctx, trx, actor, { ...input, clusterKey: clusterKey || null, voterIds }))
        .requestId;
    });
  // Somebody who asks for the same at this moment is first; then theirs is there to vote for.
  const requestId = await make().catch((error: unknown) => {
    if (isUniqueViolation(error, 'request_cluster_key_key')) return make();
    throw error;
  });
  return getRequest(ctx.db, actor, requestId);
}

interface Ask {
  title: string;
  details: string;
  termIds: string[];
  dueOn: string | null;
  clusterKey: string | null;
  voterIds: string[];
}

/**
 * Within a transaction of the caller: makes the request, or adds the votes to the one that waits for the same
 * searches. Two at once break `request_cluster_key_key`.
 */
export async function askFor(
  { clock }: Context,
  trx: Database,
  actor: Actor,
  { voterIds, termIds, clusterKey, ...rest }: Ask,
): Promise<{ requestId: string; isNew: boolean }> {
  const now = clock();
  const existingId = clusterKey === null ? undefined : await lockRequestOfCluster(trx, clusterKey);
  const requestId = existingId ?? newId('req');
  if (!existingId) {
    await insertRequest(trx, {
      ...rest,
      id: requestId,
      clusterKey,
      createdByUserId: actor.userId,
      createdAt: now,
      updatedAt: now,
    });
    await replaceRequestTerms(trx, requestId, termIds);
  }
  await insertVotes(trx, requestId, voterIds, now);
  return { requestId, isNew: !existingId };
}

/**
 * Takes a request back that this user made for a gap. False when it is somebody else's, or somebody has built on
 * it: voted for it later, or promised or answered something.
 */
export async function takeRequestBack(trx: Database, requestId: string, userId: string): Promise<boolean> {
  await lockRequest(trx, requestId);
  const row = await findRequestRow(trx, requestId);
  if (!row) return true;
  if (row.createdByUserId !== userId) return false;
  if (row.updatedAt.getTime() > row.createdAt.getTime() || (await hasLaterVote(trx, requestId))) return false;
  await deleteRequestRow(trx, requestId);
  return true;
}

interface RequestEdit {
  title?: string | undefined;
  details?: string | undefined;
  termIds?: string[] | undefined;
  dueOn?: string | null | undefined;
  status?: RequestStatus | undefined;
  answer?: string | undefined;
  assetId?: string | null | undefined;
}

export async function updateRequest(ctx: Context, actor: Actor, requestId: string, edit: RequestEdit) {
  const { termIds, ...changes } = edit;
  if (changes.assetId) await refuseUnseenAsset(ctx.db, changes.assetId);
  await ctx.db
    .transaction()
    .execute(async (trx) => {
      await lockRequest(trx, requestId);
      const before = await requireRow(trx, requestId);
      if (termIds) await replaceRequestTerms(trx, requestId, termIds);
      const status = changes.status ?? before.status;
      const hasMoved = status !== before.status;
      const closedAt = isWaiting(status) ? null : ctx.clock();
      await updateRequestRow(trx, requestId, {
        ...changes,
        ...(hasMoved && { closedAt }),
        updatedAt: ctx.clock(),
      });
      if (hasMoved) ctx.log.info({ event: 'request_moved', requestId, status, byUserId: actor.userId });
    })
    .catch((error: unknown) => {
      if (!isUniqueViolation(error, 'request_cluster_key_key')) throw error;
      throw new Problem(
        'already_exists',
        'Another request for the same searches is open. Answer that one, or close it first.',
      );
    });
  return getRequest(ctx.db, actor, requestId);
}

/** Those who asked must be able to open what they are given. */
async function refuseUnseenAsset(db: Database, assetId: string): Promise<void> {
  if ((await findAssetStatus(db, assetId)) === 'published') return;
  const detail = 'Reps cannot see this asset. Publish it first, or choose another one.';
  throw new Problem('invalid_request', detail, [{ pointer: '/body/assetId', detail }]);
}

export async function deleteRequest({ db }: Context, actor: Actor, requestId: string): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await lockRequest(trx, requestId);
    const row = await requireRow(trx, requestId);
    if (row.createdByUserId !== actor.userId)
      throw new Problem(
        'forbidden',
        'Only the person who asked can delete a request. Marketing can decline it.',
      );
    if (row.voters.some(({ userId }) => userId !== actor.userId))
      throw new Problem('conflict', 'Others want this, too. Take your vote back and leave it to them.');
    if (row.status !== 'open' || row.answer !== '' || row.assetId !== null || row.dueOn !== null)
      throw new Problem(
        'conflict',
        'Marketing has answered this request, so it stays. Take your vote back instead.',
      );
    await deleteRequestRow(trx, requestId);
  });
}

export async function voteForRequest(ctx: Context, actor: Actor, requestId: string): Promise<AssetRequest> {
  await ctx.db.transaction().execute(async (trx) => {
    await lockRequest(trx, requestId);
    const { status } = await requireRow(trx, requestId);
    if (!isWaiting(status))
      throw new Problem(
        'conflict',
        'This request has been answered. If that doesn’t help you, make a new one.',
      );
    await insertVotes(trx, requestId, [actor.userId], ctx.clock());
  });
  return getRequest(ctx.db, actor, requestId);
}

export async function withdrawVote({ db }: Context, actor: Actor, requestId: string): Promise<AssetRequest> {
  await requireRow(db, requestId);
  await deleteVote(db, requestId, actor.userId);
  return getRequest(db, actor, requestId);
}

function isWaiting(status: RequestStatus): boolean {
  return status === 'open' || status === 'planned';
}

async function requireRow(db: Database, requestId: string): Promise<RequestRow> {
  const row = await findRequestRow(db, requestId);
  if (!row) throw new Problem('not_found', 'There is no request with this id, perhaps it was taken back.');
  return row;
}

async function getRequest(db: Database, actor: Actor, requestId: string): Promise<AssetRequest> {
  const [request] = await describeRequests(db, actor, [await requireRow(db, requestId)]);
  if (!request) throw new Problem('not_found');
  return request;
}

async function describeRequests(db: Database, actor: Actor, rows: RequestRow[]): Promise<AssetRequest[]> {
  const deals = await listOpenDealsOfRequests(
    db,
    rows.map(({ id }) => id),
  );
  const dealsOf = Map.groupBy(deals, ({ requestId }) => requestId);
  return rows.map((row) => {
    const { assetId, assetTitle, assetStatus, createdByUserId, voters } = row;
    const mayOpen = assetStatus === 'published' || isCurator(actor);
    const open = dealsOf.get(row.id) ?? [];
    return {
      ...row,
      asset: assetId && mayOpen ? { id: assetId, title: assetTitle ?? '' } : null,
      isOwn: createdByUserId === actor.userId,
      voteCount: voters.length,
      hasVoted: voters.some(({ userId }) => userId === actor.userId),
      voterNames: voters.map(({ name }) => name),
      openDealCount: open.reduce((sum, { dealCount }) => sum + dealCount, 0),
      openValue: open.map(({ currency, amount }) => ({ currency, amount })),
    };
  });
}
