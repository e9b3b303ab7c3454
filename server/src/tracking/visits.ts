import type { Context } from '../context.ts';
import type { Database } from '../db/database.ts';
import { newId } from '../http/ids.ts';
import { Problem } from '../http/problem.ts';
import type { BrowserFacts, RequestFacts } from '../judging/contract.ts';
import { judgeVisits } from '../judging/service.ts';
import { stateOf } from '../shares/service.ts';
import { joinBrowserFacts } from './browser-facts.ts';
import { visitorKeyKind } from './contract.ts';
import {
  findLinkOfVersion,
  findLiveVisit,
  findVisitToContinue,
  insertVisit,
  insertVisitVersion,
  mergeBrowserFacts,
  noteDownload,
  touchVisit,
} from './queries.ts';
import { type PageGrant, type Refusal, signVisitToken, type VisitGrant } from './token.ts';
import { goOnAs, type VisitorKey } from './visitor-key.ts';
import { countVisitors, ensureVisitor, lockShareLink, moveVisits } from './visitor-queries.ts';

/** A visit ends when nothing has happened for this long. */
const visitEndsMs = 30 * 60_000;

/** Everything that is kept of an opening; it holds no address and no token. */
export interface Opening {
  /** Of the visit, if it begins one. */
  visitId: string;
  shareLinkId: string;
  assetVersionId: string | null;
  /** The visit that an earlier load of this tab told of. */
  earlierVisitId: string | null;
  visitor: VisitorKey;
  userAgent: string;
  network: string;
  country: string | null;
  isInternal: boolean;
  requestFacts: RequestFacts;
  browserFacts: BrowserFacts;
}

/** The visit that is going on, and how many pages there are to read. */
export type GoingOn = Pick<VisitGrant, 'visitId' | 'startedAt' | 'pageCount'>;

export interface OpenVisit extends GoingOn {
  /** The share link was made for few. */
  isLimited: boolean;
}

/** Begins a visit, or goes on with the one that this tab or this visitor has not ended. */
export async function openVisit({ db }: Context, opening: Opening, now: Date): Promise<OpenVisit> {
  return db.transaction().execute(async (trx) => {
    const link = await getOpenLink(trx, opening, now);
    const { id, startedAt } = await goOn(trx, opening, link.maxVisitors, now);
    if (opening.assetVersionId !== null) await insertVisitVersion(trx, id, opening.assetVersionId, now);
    const isLimited = link.maxVisitors !== null;
    return { visitId: id, startedAt: startedAt.getTime(), pageCount: link.pageCount, isLimited };
  });
}

async function goOn(trx: Database, opening: Opening, maxVisitors: number | null, now: Date) {
  const { shareLinkId, visitor, browserFacts } = opening;
  const earlier = await findVisitOfTab(trx, opening, now);
  const step = earlier
    ? goOnAs({ keyKind: visitorKeyKind.parse(earlier.keyKind), email: earlier.email }, visitor)
    : 'begin';
  if (earlier && step !== 'begin') {
    if (step === 'move') {
      const visitorId = await ensureVisitor(trx, newId('vis'), visitor, now);
      await judgeVisits(trx, now, await moveVisits(trx, earlier, visitorId));
    }
    await goOnWith(trx, earlier.id, browserFacts, now);
    return earlier;
  }
  // Before the row of the visitor, as everybody takes them in this order.
  if (maxVisitors !== null) await lockShareLink(trx, shareLinkId);
  const visitorId = await ensureVisitor(trx, newId('vis'), visitor, now);
  const live = await findLiveVisit(trx, visitorId, shareLinkId, endedBefore(now));
  if (live) {
    await goOnWith(trx, live.id, browserFacts, now);
    return live;
  }
  if (maxVisitors !== null && !opening.isInternal) await admit(trx, shareLinkId, visitorId, maxVisitors);
  const { visitId, userAgent, network, country, isInternal, requestFacts } = opening;
  const visit = {
    shareLinkId,
    visitorId,
    userAgent,
    network,
    country,
    isInternal,
    requestFacts,
    browserFacts,
  };
  await beginVisit(trx, visitId, visit, now);
  return { id: visitId, startedAt: now };
}

async function goOnWith(trx: Database, visitId: string, facts: BrowserFacts, now: Date): Promise<void> {
  await touchVisit(trx, visitId, now);
  if (Object.keys(facts).length > 0)
    await mergeBrowserFacts(trx, visitId, (before) => joinBrowserFacts(before, facts));
}

/** A share link that was made for few admits no further visitor; programs do not take anybody's place. */
async function admit(trx: Database, shareLinkId: string, visitorId: string, max: number): Promise<void> {
  const { otherCount, isKnown } = await countVisitors(trx, shareLinkId, visitorId);
  if (!isKnown && otherCount >= max)
    throw new Problem(
      'forbidden',
      `This share link was made for ${max === 1 ? 'one person' : `${max} people`}, and as many have opened it. Ask whoever sent it for one of your own.`,
    );
}

export function getGrant<Grant extends object>(grant: Grant | Refusal): Grant {
  if (grant === 'forged')
    throw new Problem('invalid_request', 'This token is not one that Offshelf gave. Load the page again.');
  if (grant === 'late')
    throw new Problem('ticket_expired', 'This page was opened more than 24 hours ago. Load it again.');
  return grant;
}

function endedBefore(now: Date): Date {
  return new Date(now.getTime() - visitEndsMs);
}

async function getOpenLink(
  db: Database,
  { shareLinkId, assetVersionId }: Pick<PageGrant, 'shareLinkId' | 'assetVersionId'>,
  now: Date,
) {
  const link = await findLinkOfVersion(db, shareLinkId, assetVersionId);
  const state = link && stateOf(link, now);
  if (!link || state === 'not_started')
    throw new Problem('not_found', 'This share link is not there any more.');
  if (state === 'revoked') throw new Problem('share_link_revoked', 'Ask whoever sent it for a new one.');
  if (state === 'expired') throw new Problem('share_link_expired', 'Ask whoever sent it for a new one.');
  return link;
}

/** The visit of an earlier load of this tab, if it is of the same share link and has not ended. */
async function findVisitOfTab(db: Database, { earlierVisitId, shareLinkId }: Opening, now: Date) {
  if (earlierVisitId === null) return undefined;
  const visit = await findVisitToContinue(db, earlierVisitId);
  const goesOn =
    visit?.shareLinkId === shareLinkId && !visit.erasedAt && visit.lastActiveAt >= endedBefore(now);
  return goesOn ? visit : undefined;
}

type NewVisit = Omit<Parameters<typeof insertVisit>[1], 'id' | 'startedAt' | 'lastActiveAt'>;

async function beginVisit(db: Database, id: string, visit: NewVisit, now: Date): Promise<void> {
  await insertVisit(db, { id, ...visit, startedAt: now, lastActiveAt: now });
  await judgeVisits(db, now, [id]);
}

/**
 * A beat came for a visit that has ended: somebody is back, so this is a new visit of the same visitor. Undefined where
 * that visit is not there, or not yet.
 */
export async function followVisit(ctx: Context, ended: VisitGrant): Promise<string | undefined> {
  const now = ctx.clock();
  const { assetVersionId } = ended;
  return ctx.db.transaction().execute(async (trx) => {
    const before = await findVisitToContinue(trx, ended.visitId);
    if (!before) return undefined;
    if (before.erasedAt) throw new Problem('not_found', 'This visit is not there any more.');
    const { shareLinkId, visitorId, userAgent, network, country, isInternal } = before;
    const { requestFacts, browserFacts } = before;
    const { pageCount } = await getOpenLink(trx, { shareLinkId, assetVersionId }, now);
    let visit = await findLiveVisit(trx, visitorId, shareLinkId, endedBefore(now));
    if (!visit) {
      visit = { id: newId('vis'), startedAt: now };
      const same = { shareLinkId, visitorId, userAgent, network, country, isInternal };
      const facts = JSON.parse(JSON.stringify({ requestFacts, browserFacts })) as Pick<
        NewVisit,
        'requestFacts' | 'browserFacts'
      >;
      await beginVisit(trx, visit.id, { ...same, ...facts }, now);
    }
    if (assetVersionId !== null) await insertVisitVersion(trx, visit.id, assetVersionId, now);
    return signVisitToken(ctx.instanceKey, {
      visitId: visit.id,
      assetVersionId,
      startedAt: visit.startedAt.getTime(),
      pageCount,
    });
  });
}

export async function recordDownload(
  ctx: Context,
  visitId: string,
  assetVersionId: string,
  now: Date,
): Promise<void> {
  if (!(await noteDownload(ctx.db, visitId, assetVersionId, now)))
    throw new Problem('not_found', 'This visit is not there any more.');
  await judgeVisits(ctx.db, now, [visitId]);
}

/** What the page says anew of its surroundings; the visit is judged by it. */
export async function noteBrowserFacts(
  { db, clock }: Context,
  visitId: string,
  facts: BrowserFacts,
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await mergeBrowserFacts(trx, visitId, (before) => joinBrowserFacts(before, facts));
    await judgeVisits(trx, clock(), [visitId]);
  });
}
