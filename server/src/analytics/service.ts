import type { z } from 'zod';
import type { Context } from '../context.ts';
import type { Actor } from '../http/actor.ts';
import type { JudgementClass } from '../judging/contract.ts';
import { computeHumanOpens, isHuman } from '../judging/human-opens.ts';
import { listShareLinks } from '../shares/service.ts';
import type { listMyLinks } from './contract.ts';
import { readGaps } from './gap-snapshot.ts';
import { listPageCounts, listShareLinkVisits, type ShareLinkVisit } from './queries.ts';
import { readReachReport } from './reach.ts';
import { listSearchSessions } from './search-sessions.ts';

// How searches of sellers went, for those who lead them.
// What the brief says, as the pages of the report do.
export { listSearchSessions, readGaps, readReachReport };

type MyLinks = z.output<(typeof listMyLinks)['response']>;

/** The actor's share links with what became of each. */
export async function readMyLinks(
  ctx: Context,
  actor: Actor,
  page: { cursor?: string | undefined; limit: number },
): Promise<MyLinks> {
  const { items, nextCursor } = await listShareLinks(ctx, actor, page);
  const shareLinkIds = items.map((shareLink) => shareLink.id);
  const [visits, pageCounts] = await Promise.all([
    listShareLinkVisits(ctx.db, shareLinkIds),
    listPageCounts(ctx.db, shareLinkIds),
  ]);
  const visitsByLink = Map.groupBy(visits, (visit) => visit.shareLinkId);
  const pageCountOf = new Map(pageCounts.map((row) => [row.shareLinkId, row.pageCount]));
  return {
    items: items.map((shareLink) => ({
      shareLink,
      pageCount: pageCountOf.get(shareLink.id) ?? 1,
      ...summarise(visitsByLink.get(shareLink.id) ?? []),
    })),
    nextCursor,
    asOf: ctx.clock(),
  };
}

/** Only visits judged human enter the reading numbers. */
function summarise(visits: ShareLinkVisit[]) {
  const human = visits.filter(isHuman);
  return {
    humanOpens: computeHumanOpens(visits),
    readPageCount: new Set(human.flatMap((visit) => visit.readPages)).size,
    activeMs: human.reduce((sum, visit) => sum + visit.activeMs, 0),
    lastHumanAt: human.at(-1)?.startedAt ?? null,
    latestClass: (visits.at(-1)?.class ?? null) as JudgementClass | null,
  };
}
