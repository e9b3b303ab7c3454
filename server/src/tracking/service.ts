import { z } from 'zod';
import type { Context } from '../context.ts';
import type { Actor } from '../http/actor.ts';
import { Problem } from '../http/problem.ts';
import { isRead } from '../rendering/service.ts';
import { judgementClass, type Visit } from './contract.ts';
import { describeDevice } from './device.ts';
import { countLinkHits, findLinkSender, listPageTotals, listVisitRows } from './visit-queries.ts';

const mostVisits = 500;
const reasonList = z.array(z.string());

/** The visits of a share link, newest first: to its sender, and to those who see everybody's. */
export async function listVisits({ db, clock }: Context, actor: Actor, shareLinkId: string) {
  const link = await findLinkSender(db, shareLinkId);
  if (!link || (link.createdByUserId !== actor.userId && actor.role === 'rep'))
    throw new Problem('not_found', 'You have no share link with this id.');
  const rows = await listVisitRows(db, shareLinkId, mostVisits);
  const totals =
    rows.length > 0
      ? await listPageTotals(
          db,
          rows.map(({ id }) => id),
        )
      : [];
  const items: Visit[] = rows.map((row) => ({
    id: row.id,
    startedAt: row.startedAt,
    lastActiveAt: row.lastActiveAt,
    activeMs: row.activeMs,
    device: describeDevice(row.userAgent),
    versionNumber: row.versionNumber,
    downloadedAt: row.downloadedAt,
    pages: totals
      .filter(({ visitId }) => visitId === row.id)
      .map(({ pageNumber, activeMs, wordCount }) => ({
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
  return { items, linkHitCount: await countLinkHits(db, shareLinkId), asOf: clock() };
}
