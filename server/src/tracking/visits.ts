import type { Context } from '../context.ts';
import type { Database } from '../db/database.ts';
import { hashToken, newId, newToken } from '../http/ids.ts';
import { Problem } from '../http/problem.ts';
import { judgeVisits } from './judging.ts';
import {
  findLinkOfVersion,
  findLiveVisit,
  findVisitToContinue,
  insertVisit,
  insertVisitor,
  lockReturningVisitor,
  noteDownload,
  touchVisit,
} from './queries.ts';
import {
  type PageGrant,
  type Refusal,
  readPageToken,
  readVisitToken,
  signVisitToken,
  type VisitGrant,
} from './token.ts';

/** A visit ends when nothing has happened for this long. */
const visitEndsMs = 30 * 60_000;

export interface Opening {
  pageToken: string;
  visitToken: string | null;
  /** The random key that this browser sent back, if it did. */
  visitorKey: string | null;
  userAgent: string;
  network: string;
  isInternal: boolean;
}

export interface OpenedVisit {
  visitToken: string;
  /** A key for the browser to keep, when it brought none. */
  newVisitorKey: string | null;
}

/** Begins a visit, or goes on with the one that this tab or this browser has not ended. */
export async function openVisit(ctx: Context, opening: Opening): Promise<OpenedVisit> {
  const now = ctx.clock();
  const page = getGrant(readPageToken(ctx.instanceKey, opening.pageToken, now.getTime()));
  return ctx.db.transaction().execute(async (trx) => {
    const { pageCount } = await getOpenLink(trx, page, now);
    const sign = (visitId: string, startedAt: Date) =>
      signVisitToken(ctx.instanceKey, { visitId, startedAt: startedAt.getTime(), pageCount });
    const earlier = await findVisitOfTab(ctx, trx, opening.visitToken, page, now);
    if (earlier) {
      await touchVisit(trx, earlier.id, now);
      return { visitToken: sign(earlier.id, earlier.startedAt), newVisitorKey: null };
    }
    const visitor = await ensureVisitor(trx, opening.visitorKey, now);
    const live = await findLiveVisit(
      trx,
      visitor.id,
      page.shareLinkId,
      page.assetVersionId,
      endedBefore(now),
    );
    if (live) {
      await touchVisit(trx, live.id, now);
      return { visitToken: sign(live.id, live.startedAt), newVisitorKey: visitor.newKey };
    }
    const visitId = await beginVisit(trx, now, {
      shareLinkId: page.shareLinkId,
      assetVersionId: page.assetVersionId,
      visitorId: visitor.id,
      userAgent: opening.userAgent,
      network: opening.network,
      isInternal: opening.isInternal,
    });
    return { visitToken: sign(visitId, now), newVisitorKey: visitor.newKey };
  });
}

function getGrant<Grant extends object>(grant: Grant | Refusal): Grant {
  if (grant === 'forged')
    throw new Problem('invalid_request', 'This token is not one that Offshelf gave. Load the page again.');
  if (grant === 'late')
    throw new Problem('ticket_expired', 'This page was opened more than 24 hours ago. Load it again.');
  return grant;
}

function endedBefore(now: Date): Date {
  return new Date(now.getTime() - visitEndsMs);
}

async function getOpenLink(db: Database, { shareLinkId, assetVersionId }: PageGrant, now: Date) {
  const link = await findLinkOfVersion(db, shareLinkId, assetVersionId);
  if (!link) throw new Problem('not_found', 'This share link is not there any more.');
  if (link.revokedAt) throw new Problem('share_link_revoked', 'Ask whoever sent it for a new one.');
  if (link.expiresAt && link.expiresAt <= now)
    throw new Problem('share_link_expired', 'Ask whoever sent it for a new one.');
  return link;
}

/** The visit of an earlier load of this tab, if it is of the same content and has not ended. */
async function findVisitOfTab(
  ctx: Context,
  db: Database,
  visitToken: string | null,
  page: PageGrant,
  now: Date,
) {
  if (visitToken === null) return undefined;
  const grant = readVisitToken(ctx.instanceKey, visitToken, now.getTime());
  if (typeof grant === 'string') return undefined;
  const visit = await findVisitToContinue(db, grant.visitId);
  const isSame = visit?.shareLinkId === page.shareLinkId && visit.assetVersionId === page.assetVersionId;
  return isSame && visit.lastActiveAt >= endedBefore(now) ? visit : undefined;
}

async function ensureVisitor(
  db: Database,
  key: string | null,
  now: Date,
): Promise<{ id: string; newKey: string | null }> {
  const returning = key === null ? undefined : await lockReturningVisitor(db, hashToken(key));
  if (returning) return { id: returning.id, newKey: null };
  const id = newId('vis');
  const newKey = newToken();
  await insertVisitor(db, { id, keyKind: 'visit', keyHash: hashToken(newKey), createdAt: now });
  return { id, newKey };
}

interface NewVisit {
  shareLinkId: string;
  assetVersionId: string;
  visitorId: string;
  userAgent: string;
  network: string;
  isInternal: boolean;
}

async function beginVisit(db: Database, now: Date, visit: NewVisit): Promise<string> {
  const id = newId('vis');
  await insertVisit(db, { id, ...visit, startedAt: now, lastActiveAt: now });
  await judgeVisits(db, now, [id]);
  return id;
}

/** A beat came for a visit that has ended: somebody is back, so this is a new visit of the same visitor. */
export async function followVisit(ctx: Context, ended: VisitGrant): Promise<string> {
  const now = ctx.clock();
  const { id, startedAt, pageCount } = await ctx.db.transaction().execute(async (trx) => {
    const before = await findVisitToContinue(trx, ended.visitId);
    if (!before) throw new Problem('not_found', 'This visit is not there any more.');
    await getOpenLink(trx, { ...before, issuedAt: 0 }, now);
    const live = await findLiveVisit(
      trx,
      before.visitorId,
      before.shareLinkId,
      before.assetVersionId,
      endedBefore(now),
    );
    if (live) return { ...live, pageCount: before.pageCount };
    const { shareLinkId, assetVersionId, visitorId, userAgent, network, isInternal } = before;
    const visitId = await beginVisit(trx, now, {
      shareLinkId,
      assetVersionId,
      visitorId,
      userAgent,
      network,
      isInternal,
    });
    return { id: visitId, startedAt: now, pageCount: before.pageCount };
  });
  return signVisitToken(ctx.instanceKey, { visitId: id, startedAt: startedAt.getTime(), pageCount });
}

export async function recordDownload(ctx: Context, visitToken: string): Promise<void> {
  const now = ctx.clock();
  const { visitId } = getGrant(readVisitToken(ctx.instanceKey, visitToken, now.getTime()));
  if (!(await noteDownload(ctx.db, visitId, now)))
    throw new Problem('not_found', 'This visit is not there any more.');
  await judgeVisits(ctx.db, now, [visitId]);
}
