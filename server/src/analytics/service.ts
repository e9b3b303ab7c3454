import type { z } from 'zod';
import type { Context } from '../context.ts';
import type { Actor } from '../http/actor.ts';
import type { JudgementClass } from '../judging/contract.ts';
import { computeHumanOpens, isHuman } from '../judging/human-opens.ts';
import { listShareLinks } from '../shares/service.ts';
import type { listMyLinks, ShelfReport, Spine } from './contract.ts';
import {
  computeLadder,
  computeUnusedRate,
  eligibleAfterDays,
  isEligible,
  rungAdvice,
  rungOf,
} from './metrics.ts';
import {
  findRecordingStart,
  listPageCounts,
  listShareLinkVisits,
  listShelfFacts,
  listShelfLabels,
  type ShareLinkVisit,
  type ShelfRow,
} from './queries.ts';
import { listSearchSessions } from './search-sessions.ts';

// How searches of sellers went, for those who lead them.
export { listSearchSessions };

const dayMs = 86_400_000;

/** The shelf of the last `days` days, with the window before it for comparison. */
export async function readShelfReport({ db, clock }: Context, days: number): Promise<ShelfReport> {
  const end = clock();
  const start = new Date(end.getTime() - days * dayMs);
  const beforeStart = new Date(start.getTime() - days * dayMs);
  const [published, publishedBefore, recordingSince] = await Promise.all([
    listShelfFacts(db, { start, end }),
    listShelfFacts(db, { start: beforeStart, end: start }),
    findRecordingStart(db),
  ]);
  const eligible = published.filter((facts) => isEligible(facts, end));
  const eligibleBefore = publishedBefore.filter((facts) => isEligible(facts, start));
  const waiting = published.filter((facts) => !isEligible(facts, end));
  const ladderBefore = computeLadder(eligibleBefore);
  const labels = new Map(
    (
      await listShelfLabels(
        db,
        eligible.map((facts) => facts.assetId),
      )
    ).map((label) => [label.assetId, label]),
  );
  return {
    asOf: end,
    windowStart: start,
    windowEnd: end,
    recordingSince,
    unusedRate: { current: computeUnusedRate(eligible), previous: computeUnusedRate(eligibleBefore) },
    ladder: computeLadder(eligible).map((step, height) => ({
      ...step,
      previousReachedCount: ladderBefore[height]?.reachedCount ?? 0,
      ...rungAdvice[step.rung],
    })),
    notYetEligibleCount: waiting.length,
    nextEligibleAt: findNextEligible(waiting),
    staleCount: published.filter((facts) => facts.isStale).length,
    spines: eligible.map((facts) => toSpine(facts, labels.get(facts.assetId))),
  };
}

function findNextEligible(waiting: ShelfRow[]): Date | null {
  if (waiting.length === 0) return null;
  const firstPublished = Math.min(...waiting.map((facts) => facts.publishedAt.getTime()));
  return new Date(firstPublished + eligibleAfterDays * dayMs);
}

function toSpine(
  facts: ShelfRow,
  labels: { contentType: string | null; personas: string[]; stages: string[] } | undefined,
): Spine {
  return {
    assetId: facts.assetId,
    title: facts.title,
    rung: rungOf(facts),
    contentType: labels?.contentType ?? null,
    personas: labels?.personas ?? [],
    stages: labels?.stages ?? [],
    ownerName: facts.ownerName,
    isStale: facts.isStale,
    publishedAt: facts.publishedAt,
    shareCount: facts.shareCount,
    humanOpenCount: facts.humanOpenCount,
    lastUsedAt: facts.lastUsedAt,
  };
}

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
