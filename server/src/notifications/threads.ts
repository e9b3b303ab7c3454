import type { Context } from '../context.ts';
import type { Database } from '../db/database.ts';
import { newId } from '../http/ids.ts';
import { enqueue, type JobPayload } from '../jobs/catalog.ts';
import { activeMsOf, countReadPages } from '../tracking/reading.ts';
import { describeDevice, judgeForwardingOf } from '../tracking/service.ts';
import type { News } from './contract.ts';
import { readPreference } from './preferences.ts';
import {
  findThread,
  findVisit,
  insertThread,
  isMuted,
  listVisitsOfPerson,
  lockThread,
  updateThread,
  type VisitRow,
  withdrawThreads,
} from './queries.ts';
import { planSendings } from './sending.ts';
import { announceVisit } from './webhook-events.ts';

const likelyActiveMs = 20_000;
const likelyAfterMs = 3 * 60_000;
/** What nobody could be told of for this long, as while the worker was down, is history and not news. */
const freshMs = 24 * 3_600_000;

interface Told {
  isConfirmed: boolean;
  visitCount: number;
  readPageCount: number;
  activeMs: number;
  hasDownloaded: boolean;
  lastVisitAt: Date;
  lastActiveAt: Date;
}

/**
 * Tells the sender of a visit, where there is a person to tell of: of a confirmed one at once, of a likely one after some
 * activity or time. What comes later updates the same thread, which is unread again only where it says something new.
 */
export async function notifyOfVisit(ctx: Context, { visitId }: JobPayload<'notify-visit'>): Promise<void> {
  const said = await ctx.db.transaction().execute((trx) => tell({ ...ctx, db: trx }, visitId, ctx.clock()));
  if (said) ctx.log.info({ event: 'notification_told', visitId, said });
}

async function tell(ctx: Context, visitId: string, now: Date): Promise<News | 'withdrawn' | null> {
  const { db } = ctx;
  const visit = await findVisit(db, visitId);
  if (!visit) return null;
  const { shareLinkId, visitorId, createdByUserId: userId } = visit;
  await lockThread(db, shareLinkId, visitorId);
  const visits = await listVisitsOfPerson(db, shareLinkId, visitorId);
  const latest = visits.at(-1);
  if (!latest) return (await withdrawThreads(db, shareLinkId, visitorId, now)) > 0 ? 'withdrawn' : null;
  const facts = summarize(visits);
  const known = await findThread(db, { userId, shareLinkId, visitorId });
  // What was withdrawn and turns out to be a person's after all begins anew.
  const before = known?.withdrawnAt ? undefined : known;
  if (!before && !isWorthTelling(facts, latest, now)) {
    await lookAgain(db, latest, now);
    return null;
  }
  const isFresh = now.getTime() - facts.lastActiveAt.getTime() < freshMs;
  const news = isFresh ? findNews(before, facts) : null;
  if (!known && !news) return null;
  const isMute = await isMuted(db, userId, shareLinkId);
  const { kinds } = await readPreference(db, userId);
  const threadId = known?.id ?? newId('ntf');
  const row = {
    ...facts,
    visitId: latest.id,
    device: describeDevice(latest.userAgent),
    forwarding: (await judgeForwardingOf(db, shareLinkId))?.likelihood ?? null,
    withdrawnAt: null,
    ...(news && { news, toldAt: now, readAt: isMute || !kinds.reading.isInApp ? now : null }),
  };
  if (known) await updateThread(db, threadId, row);
  else
    await insertThread(db, {
      news: 'opened',
      toldAt: now,
      ...row,
      id: threadId,
      userId,
      shareLinkId,
      visitorId,
    });
  if (!news) return null;
  if (!isMute) await planSendings(db, { userId, threadId, kind: 'reading' }, now);
  await announceVisit(ctx, threadId, before ? 'visit.updated' : 'visit.read');
  return news;
}

function summarize(visits: VisitRow[]): Told {
  const last = (times: Date[]) => new Date(Math.max(...times.map((time) => time.getTime())));
  return {
    isConfirmed: visits.some((visit) => visit.class === 'human-confirmed'),
    visitCount: visits.length,
    readPageCount: countReadPages(visits),
    activeMs: visits.reduce((sum, visit) => sum + activeMsOf(visit), 0),
    hasDownloaded: visits.some(({ hasDownloaded }) => hasDownloaded),
    lastVisitAt: last(visits.map(({ startedAt }) => startedAt)),
    lastActiveAt: last(visits.map(({ lastActiveAt }) => lastActiveAt)),
  };
}

function isWorthTelling({ isConfirmed, activeMs }: Told, { startedAt }: VisitRow, now: Date): boolean {
  return isConfirmed || activeMs >= likelyActiveMs || now.getTime() - startedAt.getTime() >= likelyAfterMs;
}

async function lookAgain(db: Database, { id: visitId, startedAt }: VisitRow, now: Date): Promise<void> {
  const runAt = new Date(Math.max(startedAt.getTime() + likelyAfterMs, now.getTime() + 1_000));
  await enqueue(db, 'notify-visit', { visitId }, { key: `notify-visit:${visitId}`, runAt });
}

/** What is new against what was told, the most telling first; null where nothing is. */
function findNews(
  before: Pick<Told, 'hasDownloaded' | 'lastVisitAt' | 'readPageCount'> | undefined,
  now: Pick<Told, 'hasDownloaded' | 'lastVisitAt' | 'readPageCount'>,
): News | null {
  if (now.hasDownloaded && !before?.hasDownloaded) return 'downloaded';
  if (!before) return 'opened';
  if (dayOf(now.lastVisitAt) > dayOf(before.lastVisitAt)) return 'came_back';
  return now.readPageCount > before.readPageCount ? 'read_more' : null;
}

function dayOf(moment: Date): string {
  return moment.toISOString().slice(0, 10);
}
