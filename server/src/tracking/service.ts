import type { Request } from 'express';
import { z } from 'zod';
import type { Context } from '../context.ts';
import { foldAddress, hashAddress } from '../db/address.ts';
import type { Database } from '../db/database.ts';
import { isDatabaseAway } from '../db/problems.ts';
import type { Actor } from '../http/actor.ts';
import { Problem } from '../http/problem.ts';
import { judgementClass, judgementReason } from '../judging/contract.ts';
import { isRead } from '../rendering/service.ts';
import { hasAdmission } from './admission.ts';
import { type Forwarding, type Visit, type VisitorKeyKind, visitorKeyKind } from './contract.ts';
import { describeDevice } from './device.ts';
import { judgeForwarding } from './forwarding.ts';
import { erasePerson, exportPerson, wasErased } from './person-queries.ts';
import type { Guest } from './token.ts';
import {
  countLinkHits,
  countVisitorKeys,
  findLinkSender,
  listOpened,
  listPageTotals,
  listSeenVisits,
  listVisitRows,
} from './visit-queries.ts';
import { callerOf, chooseVisitorKey } from './visitor-key.ts';
import { countAdmitted, findSalt } from './visitor-queries.ts';

// What privacy asks of every feature that keeps something of people.
// What devices are called, for those who tell of visits.
export { describeDevice, erasePerson, exportPerson };

/**
 * Whether a share link that was made for so many visitors has had them, and whoever asks is none of those. Who they are
 * is told by the keys that their visit had, or by what their browser was given then; asking adds nobody.
 */
export async function isFull(
  ctx: Context,
  req: Request,
  { shareLinkId, maxVisitors, guest }: { shareLinkId: string; maxVisitors: number; guest: Guest | null },
): Promise<boolean> {
  if (hasAdmission(ctx, req, shareLinkId)) return false;
  const day = ctx.clock().toISOString().slice(0, 10);
  const caller = { ...callerOf(req), guest, asksNotToBeTracked: false };
  const known = { shareLinkId, instanceKey: ctx.instanceKey, newKey: '', salt: await findSalt(ctx.db, day) };
  const keys = (['standard', 'strict'] as const).map(
    (privacyMode) => chooseVisitorKey(caller, { ...known, privacyMode }).hash,
  );
  const { count, isKnown } = await countAdmitted(ctx.db, shareLinkId, keys);
  return count >= maxVisitors && !isKnown;
}

/** Whether somebody was erased after they said who they are: what their browser brings along names nobody any more. */
export async function wasForgotten(
  { db, instanceKey }: Context,
  { email, saidAt }: Pick<Guest, 'email' | 'saidAt'>,
): Promise<boolean> {
  if (email === null || saidAt === undefined) return false;
  try {
    return await wasErased(db, hashAddress(instanceKey, foldAddress(email)), new Date(saidAt));
  } catch (error) {
    if (!isDatabaseAway(error)) throw error;
    return false;
  }
}

const mostVisits = 500;
const reasonList = z.array(judgementReason);

/** The visits of a share link, newest first: to its sender, and to those who see everybody's. */
export async function listVisits({ db, clock }: Context, actor: Actor, shareLinkId: string) {
  const link = await findLinkSender(db, shareLinkId);
  if (!link || (link.createdByUserId !== actor.userId && actor.role === 'rep'))
    throw new Problem('not_found', 'You have no share link with this id.');
  const rows = await listVisitRows(db, shareLinkId, mostVisits);
  const visitIds = rows.map(({ id }) => id);
  const totals = Map.groupBy(await listPageTotals(db, visitIds), ({ visitId }) => visitId);
  const opened = Map.groupBy(await listOpened(db, visitIds), ({ visitId }) => visitId);
  const items: Visit[] = rows.map((row) => ({
    id: row.id,
    visitor: {
      id: row.visitorId,
      keyKind: visitorKeyKind.parse(row.keyKind),
      name: row.name,
      email: row.email,
    },
    startedAt: row.startedAt,
    lastActiveAt: row.lastActiveAt,
    activeMs: row.activeMs,
    device: describeDevice(row.userAgent),
    country: row.country,
    versionNumber: row.versionNumber,
    downloadedAt: row.downloadedAt,
    opened: (opened.get(row.id) ?? []).map(({ visitId: _, ...version }) => version),
    pages: (totals.get(row.id) ?? []).map(({ assetVersionId, pageNumber, activeMs, wordCount }) => ({
      assetVersionId,
      pageNumber,
      activeMs,
      isRead: isRead(activeMs, wordCount ?? 0),
    })),
    judgement: {
      class: judgementClass.parse(row.class),
      probability: row.probability ?? 0,
      reasons: reasonList.parse(row.reasons),
      ruleVersion: row.ruleVersion ?? 0,
    },
  }));
  const counts = await countVisitorKeys(db, shareLinkId);
  const countOf = (kind: VisitorKeyKind) => counts.find(({ keyKind }) => keyKind === kind)?.count ?? 0;
  return {
    items,
    linkHitCount: await countLinkHits(db, shareLinkId),
    visitorCounts: {
      code: countOf('code'),
      email: countOf('email'),
      cookie: countOf('cookie'),
      daily: countOf('daily'),
      visit: countOf('visit'),
    },
    forwarding: await findForwarding(db, shareLinkId, link),
    asOf: clock(),
  };
}

/** Whether others than the one person that a share link was made for read it. */
export async function judgeForwardingOf(db: Database, shareLinkId: string): Promise<Forwarding | null> {
  const link = await findLinkSender(db, shareLinkId);
  return link ? findForwarding(db, shareLinkId, link) : null;
}

/** An account or a channel is meant to be read by several, and a child link has an addressee of its own. */
async function findForwarding(
  db: Database,
  shareLinkId: string,
  { kind, email }: { kind: string; email: string | null },
): Promise<Forwarding | null> {
  if (kind !== 'person') return null;
  const visits = await listSeenVisits(db, shareLinkId, mostVisits);
  return judgeForwarding(
    email,
    visits.map(({ keyKind, userAgent, ...visit }) => ({
      ...visit,
      keyKind: visitorKeyKind.parse(keyKind),
      device: describeDevice(userAgent),
    })),
  );
}
