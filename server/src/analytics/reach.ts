import { z } from 'zod';
import type { Context } from '../context.ts';
import { keepCounted } from '../db/kept.ts';
import { readCursor, readMomentCursor, writeCursor } from '../http/cursor.ts';
import { readFreshness } from '../rollups/service.ts';
import type { Slice } from '../slices/contract.ts';
import { nameScope, type ResolvedSlice, resolveSlice } from '../slices/service.ts';
import {
  type listRungAssets,
  mostSpines,
  type Reach,
  type Rung,
  type RungAsset,
  type ShelfContent,
  type ShelfGrouping,
} from './contract.ts';
import {
  eligibleAfterDays,
  ladderOf,
  notSharedCause,
  rungCauses,
  rungsUpwards,
  unusedRateOf,
} from './metrics.ts';
import { findRecordingStart, listShelfLabels, type ShelfLabels } from './queries.ts';
import {
  type AssetUse,
  countReach,
  countShelfGroups,
  listAssetUse,
  listRungRows,
  listSpineRows,
  type ReachCount,
  type RungRow,
} from './reach-queries.ts';
import { adviseFor } from './rung-advice.ts';

/** Who sees an asset in results and who opens it does so inside, before there is a buyer for whom it could be told. */
const insideRungs: readonly Rung[] = ['surfaced', 'opened'];

/** The unused rate and the ladder of a slice, with the window before it. */
export async function readReachReport(ctx: Context, slice: Slice): Promise<Reach> {
  const scope = await resolveSlice(ctx, slice);
  const [{ counted: counts, countedAt }, recordingSince] = await Promise.all([
    keepCounts(ctx, scope, 'reach', () => countReach(ctx.db, scope)),
    findRecordingStart(ctx.db),
  ]);
  const eligible = counts.filter((each) => each.isEligible);
  const eligibleBefore = counts
    .filter((each) => each.wasEligible)
    .map((each) => ({ ...each, isUsed: each.wasUsed, height: each.heightBefore }));
  const waiting = counts.filter((each) => each.isPublished && !each.isEligible);
  const ladderBefore = ladderOf(eligibleBefore);
  return {
    asOf: countedAt,
    window: scope.window,
    before: scope.before,
    recordingSince,
    unusedRate: { current: unusedRateOf(eligible), previous: unusedRateOf(eligibleBefore) },
    ladder: ladderOf(eligible)
      .map((step, height) => ({
        ...step,
        previousCount: ladderBefore[height]?.count ?? 0,
        previousReachedCount: ladderBefore[height]?.reachedCount ?? 0,
        ...(step.rung === 'published' && !isOfEverybody(scope) ? notSharedCause : rungCauses[step.rung]),
      }))
      .filter(({ rung }) => isOfEverybody(scope) || !insideRungs.includes(rung)),
    notYetEligibleCount: countAll(waiting),
    nextEligibleAt: findNextEligible(waiting),
    staleCount: countAll(counts.filter((each) => each.isStale)),
  };
}

/** The shelf itself: spines, or how many stand where when there are too many to tell apart. */
export async function readShelfContent(
  ctx: Context,
  { group, ...slice }: Slice & { group: ShelfGrouping },
): Promise<ShelfContent> {
  const scope = await resolveSlice(ctx, slice);
  const { counted: groups, countedAt: asOf } = await keepCounts(ctx, scope, group, () =>
    countShelfGroups(ctx.db, scope, group),
  );
  const eligibleCount = countAll(groups);
  if (eligibleCount > mostSpines)
    return {
      asOf,
      eligibleCount,
      spines: null,
      groups: groups.map(({ height, ...each }) => ({ ...each, rung: rungAt(height) })),
    };
  const rows = await listSpineRows(ctx.db, scope);
  const labelsOf = await readLabels(
    ctx,
    rows.map((row) => row.assetId),
  );
  return {
    asOf,
    eligibleCount,
    groups: null,
    spines: rows.map(({ height, ...row }) => ({ ...row, ...labelsOf(row.assetId), rung: rungAt(height) })),
  };
}

async function keepCounts<Count extends { count: number }>(
  ctx: Context,
  scope: ResolvedSlice,
  what: string,
  count: () => Promise<Count[]>,
): Promise<{ counted: Count[]; countedAt: Date }> {
  return keepCounted(ctx, {
    what,
    question: await nameScope(ctx, scope),
    count: async () => {
      const [{ countedAt }, counted] = await Promise.all([readFreshness(ctx.db), count()]);
      return { counted, countedAt };
    },
    sizeOf: ({ counted }) => countAll(counted),
  });
}

type RungPage = Slice & {
  rung: Rung;
  order: 'oldest' | 'newest' | 'title';
  cursor?: string | undefined;
  limit: number;
};

const titlePlace = z.tuple([z.string(), z.string()]);

function readPlace(cursor: string, order: RungPage['order']): [sortKey: string, assetId: string] {
  return order === 'title' ? readCursor(titlePlace, cursor) : readMomentCursor(cursor);
}

/** The assets on one rung, each with the one thing to do about it. */
export async function listRung(
  ctx: Context,
  { rung, order, cursor, limit, ...slice }: RungPage,
): Promise<z.output<(typeof listRungAssets)['response']>> {
  const scope = await resolveSlice(ctx, slice);
  const after = cursor === undefined ? undefined : readPlace(cursor, order);
  const { rows, totalCount } = await listRungRows(ctx.db, scope, {
    height: rungsUpwards.indexOf(rung),
    order,
    limit: limit + 1,
    after: after && { sortKey: after[0], assetId: after[1] },
  });
  const shown = rows.slice(0, limit);
  const assetIds = shown.map((row) => row.assetId);
  const [labelsOf, uses, { countedAt }] = await Promise.all([
    readLabels(ctx, assetIds),
    listAssetUse(ctx.db, scope, assetIds),
    readFreshness(ctx.db),
  ]);
  const useOf = new Map(uses.map((use) => [use.assetId, use]));
  const last = shown.at(-1);
  return {
    asOf: countedAt,
    count: totalCount,
    items: shown.map((row) => toRungAsset(row, rung, labelsOf(row.assetId), useOf.get(row.assetId), scope)),
    nextCursor: rows.length > limit && last ? writeCursor([last.sortKey, last.assetId]) : null,
  };
}

function toRungAsset(
  row: RungRow,
  rung: Rung,
  labels: Labels,
  use: AssetUse | undefined,
  scope: ResolvedSlice,
): RungAsset {
  return {
    ...labels,
    assetId: row.assetId,
    title: row.title,
    ownerName: row.ownerName,
    isStale: row.isStale,
    publishedAt: row.publishedAt,
    shareCount: use?.shareCount ?? 0,
    humanOpenCount: use?.humanOpenCount ?? 0,
    lastUsedOn: use?.lastUsedOn ?? null,
    ...adviseFor({
      ...row,
      ...labels,
      rung,
      windowEnd: scope.window.end,
      isOfEverybody: isOfEverybody(scope),
    }),
  };
}

type Labels = Omit<ShelfLabels, 'assetId'>;
const noLabels: Labels = { contentType: null, personas: [], stages: [] };

async function readLabels({ db }: Context, assetIds: string[]): Promise<(assetId: string) => Labels> {
  const labels = new Map<string, Labels>(
    (await listShelfLabels(db, assetIds)).map(({ assetId, ...each }) => [assetId, each]),
  );
  return (assetId) => labels.get(assetId) ?? noLabels;
}

function isOfEverybody({ buyerSliceIds }: ResolvedSlice): boolean {
  return buyerSliceIds.length === 1 && buyerSliceIds[0] === 0;
}

function rungAt(height: number): Rung {
  return rungsUpwards[height] ?? 'published';
}

function countAll(counts: readonly { count: number }[]): number {
  return counts.reduce((sum, { count }) => sum + count, 0);
}

function findNextEligible(waiting: ReachCount[]): Date | null {
  if (waiting.length === 0) return null;
  const firstPublished = Math.min(...waiting.map((each) => each.firstPublishedAt.getTime()));
  return new Date(firstPublished + eligibleAfterDays * 86_400_000);
}
