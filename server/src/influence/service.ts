import type { z } from 'zod';
import type { Context } from '../context.ts';
import type { Database } from '../db/database.ts';
import { Problem } from '../http/problem.ts';
import { enqueueOnce } from '../jobs/catalog.ts';
import type { Slice } from '../slices/contract.ts';
import { resolveSlice } from '../slices/service.ts';
import { pairedDifference } from '../statistics/proportions.ts';
import type {
  AssetInfluence,
  AssetInfluenceDetail,
  Influence,
  InfluenceLine,
  listAssetInfluence,
  readInfluence as readInfluenceEndpoint,
  TieExperiment,
} from './contract.ts';
import type { InfluenceRow } from './count-queries.ts';
import { joinStrata, judgeAssets, landmarkDays, lookBackDays, outcomeDays, toRow } from './counting.ts';
import { falseDiscoveryLevel, minimum } from './estimate.ts';
import {
  type Buyers,
  countTies,
  findInfluenceState,
  listAssetCells,
  listCells,
  listInfluenceRows,
  listTitles,
} from './queries.ts';

type InfluenceInput = z.output<(typeof readInfluenceEndpoint)['query']>;

const unknownAtMost = 20;

/** What helps deals move? By buyers it is worked out at once from the same counts; its days are those of the definition. */
export async function readInfluence(ctx: Context, { limit, ...slice }: InfluenceInput): Promise<Influence> {
  const { db } = ctx;
  const { assetIds } = await resolveSlice(ctx, slice);
  const [state, cells, rows] = await Promise.all([
    findInfluenceState(db),
    listCells(db, slice),
    isOfSomeBuyers(slice) ? judgeSlice(db, slice, assetIds) : listInfluenceRows(db, assetIds),
  ]);
  const known = rows
    .filter(({ estimate }) => estimate !== null)
    .toSorted((a, b) => (b.shrunken ?? 0) - (a.shrunken ?? 0) || compareIds(a, b));
  const unknown = rows
    .filter(({ estimate }) => estimate === null)
    .toSorted(
      (a, b) => a.moreDealCount - b.moreDealCount || b.exposedCount - a.exposedCount || compareIds(a, b),
    );
  const shownKnown = pickEnds(known, limit);
  const shownUnknown = unknown.slice(0, unknownAtMost);
  const titles = await listTitles(
    db,
    [...shownKnown, ...shownUnknown].map(({ assetId }) => assetId),
  );
  const describe = (row: InfluenceRow) => describeRow(row, titles.get(row.assetId) ?? '');
  return {
    asOf: state?.countedAt ?? null,
    landmarkDays,
    outcomeDays,
    lookBackDays,
    minimum,
    cohort: {
      enteredCount: state?.enteredCount ?? 0,
      tooYoungCount: state?.tooYoungCount ?? 0,
      leftEarlyCount: state?.leftEarlyCount ?? 0,
      dealCount: cells.reduce((sum, { dealCount }) => sum + dealCount, 0),
      progressedCount: cells.reduce((sum, { progressedCount }) => sum + progressedCount, 0),
      readAssetCount: rows.length,
    },
    known: shownKnown.map(describe),
    knownCount: known.length,
    sureCount: known.filter(isSure).length,
    unknown: shownUnknown.map(describe),
    unknownCount: unknown.length,
  };
}

function isOfSomeBuyers({ industry, region, segment }: Buyers): boolean {
  return industry.length + region.length + segment.length > 0;
}

async function judgeSlice(db: Database, buyers: Buyers, assetIds: string[] | null): Promise<InfluenceRow[]> {
  const [cells, assetCells] = await Promise.all([
    listCells(db, buyers),
    listAssetCells(db, buyers, assetIds),
  ]);
  return judgeAssets(cells, assetCells).map(toRow);
}

/** Where there are too many, both ends are looked at. */
function pickEnds<T>(rows: T[], limit: number): T[] {
  if (rows.length <= limit) return rows;
  const top = Math.ceil(limit / 2);
  return [...rows.slice(0, top), ...rows.slice(top - limit)];
}

function compareIds(a: { assetId: string }, b: { assetId: string }): number {
  return a.assetId < b.assetId ? -1 : 1;
}

function isSure({ falseDiscoveryRate, low, high }: InfluenceRow): boolean {
  return (falseDiscoveryRate ?? 1) <= falseDiscoveryLevel && ((low ?? 0) > 0 || (high ?? 0) < 0);
}

function describeRow(row: InfluenceRow, title: string): AssetInfluence {
  const { estimate, low, high } = row;
  return {
    assetId: row.assetId,
    title,
    exposed: { dealCount: row.exposedCount, progressedCount: row.exposedProgressedCount },
    unexposed: { dealCount: row.unexposedCount, progressedCount: row.unexposedProgressedCount },
    difference:
      estimate === null || low === null || high === null
        ? null
        : {
            estimate,
            low,
            high,
            shrunken: row.shrunken ?? estimate,
            falseDiscoveryRate: row.falseDiscoveryRate ?? 1,
            isSure: isSure(row),
          },
    power: row.power,
    moreDealCount: row.moreDealCount,
  };
}

export async function readOneInfluence(
  ctx: Context,
  assetId: string,
  slice: Slice,
): Promise<AssetInfluenceDetail> {
  const { db } = ctx;
  const [state, cells, own, titles] = await Promise.all([
    findInfluenceState(db),
    listCells(db, slice),
    listAssetCells(db, slice, [assetId]),
    listTitles(db, [assetId]),
  ]);
  const title = titles.get(assetId);
  if (title === undefined) throw new Problem('not_found');
  const strata = joinStrata(cells, own).get(assetId) ?? [];
  const compared = strata.filter(({ exposed, unexposed }) => exposed > 0 && unexposed > 0);
  const weightOf = (stratum: (typeof strata)[number]) =>
    (stratum.exposed * stratum.unexposed) / (stratum.exposed + stratum.unexposed);
  // Of one asset alone nothing is known of the others, so its place among them is that of the report.
  const { assetIds } = await resolveSlice(ctx, slice);
  const rows = isOfSomeBuyers(slice)
    ? await judgeSlice(db, slice, assetIds)
    : await listInfluenceRows(db, [assetId]);
  const row = rows.find((each) => each.assetId === assetId) ?? emptyRow(assetId);
  return {
    asOf: state?.countedAt ?? null,
    asset: describeRow(row, title),
    strata: compared
      .toSorted((a, b) => weightOf(b) - weightOf(a))
      .map(({ stage, amountBand, segment, exposed, exposedWith, unexposed, unexposedWith }) => ({
        stage,
        amountBand,
        segment,
        exposed: { dealCount: exposed, progressedCount: exposedWith },
        unexposed: { dealCount: unexposed, progressedCount: unexposedWith },
      })),
    withoutMatchCount: strata.reduce((sum, { exposed, unexposed }) => sum + (unexposed > 0 ? 0 : exposed), 0),
    bands: { lowUpTo: state?.lowAmount ?? null, middleUpTo: state?.middleAmount ?? null },
  };
}

function emptyRow(assetId: string): InfluenceRow {
  const [none] = judgeAssets([], [{ ...nothing, assetId }]);
  if (!none) throw new Error('One asset is judged as one.');
  return toRow(none);
}

const nothing = { stage: '', amountBand: 'unknown', segment: '', dealCount: 0, progressedCount: 0 } as const;

type Lines = z.output<(typeof listAssetInfluence)['response']>;

/** One line for a card or a page: what is known, or how far it is from being known. */
export async function readInfluenceLines({ db }: Context, assetIds: string[]): Promise<Lines> {
  const [state, rows] = await Promise.all([findInfluenceState(db), listInfluenceRows(db, assetIds)]);
  const rowOf = new Map(rows.map((row) => [row.assetId, row]));
  return {
    asOf: state?.countedAt ?? null,
    items: assetIds.map((assetId): InfluenceLine => {
      const row = rowOf.get(assetId);
      return {
        assetId,
        standing: standingOf(row),
        estimate: row?.estimate ?? null,
        low: row?.low ?? null,
        high: row?.high ?? null,
        dealCount: row?.exposedCount ?? 0,
        moreDealCount: row?.moreDealCount ?? null,
      };
    }),
  };
}

function standingOf(row: InfluenceRow | undefined): InfluenceLine['standing'] {
  if (!row) return 'unread';
  if (row.estimate === null) return 'unknown';
  if (!isSure(row)) return 'unclear';
  return row.estimate > 0 ? 'lifts' : 'lowers';
}

export async function askForCount({ db }: Context): Promise<void> {
  await enqueueOnce(db, 'count-influence', {});
  await enqueueOnce(db, 'count-pipeline', {});
}

/** Where it never was counted nobody waits for the night; anywhere else the night is soon enough, as it takes a while. */
export async function countInfluenceFirst({ db }: Pick<Context, 'db'>): Promise<void> {
  if (!(await findInfluenceState(db))) await enqueueOnce(db, 'count-influence', {});
}

const fewestSearches = 30;

/** Chance chose which of two equal assets came first, so that a difference is what the first place makes. */
export async function readTieExperiment({ db, clock }: Context): Promise<TieExperiment> {
  const asOf = clock();
  const since = new Date(asOf.getTime() - lookBackDays * 86_400_000);
  const { searchCount, firstOpenedCount, secondOpenedCount, onlyFirstCount, onlySecondCount } =
    await countTies(db, since);
  const isEnough = searchCount >= fewestSearches;
  const shareOf = (openedCount: number) => ({
    searchCount,
    openedCount,
    share: isEnough ? openedCount / searchCount : null,
  });
  return {
    asOf,
    minimumN: fewestSearches,
    first: shareOf(firstOpenedCount),
    second: shareOf(secondOpenedCount),
    difference: isEnough
      ? pairedDifference({ onlyFirst: onlyFirstCount, onlySecond: onlySecondCount, n: searchCount })
      : null,
    moreSearchCount: Math.max(0, fewestSearches - searchCount),
  };
}
