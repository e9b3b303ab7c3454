import type { Context } from '../context.ts';
import { countNow } from '../rollups/service.ts';
import {
  gatherCohort,
  type InfluenceRow,
  lockInfluence,
  replaceCells,
  replaceInfluence,
} from './count-queries.ts';
import { type Judged, judgeStrata, type Standing, standAmong } from './estimate.ts';
import { type CountedAssetCell, type CountedCell, listAssetCells, listCells } from './queries.ts';

/** A deal that left its stage before was never there to be compared. */
export const landmarkDays = 14;
export const outcomeDays = 60;
/** Older deals were sold in another way, and with other content. */
export const lookBackDays = 730;

const everybody = { industry: [], region: [], segment: [] };

/** Counts anew which assets were read in deals that moved on; readers see what was counted before until it is done. */
export async function countInfluenceNow(ctx: Context): Promise<void> {
  await countNow(ctx);
  const now = ctx.clock();
  const scope = { now, landmarkDays, outcomeDays, lookBackDays };
  const counted = await ctx.db.transaction().execute(async (trx) => {
    await lockInfluence(trx);
    await gatherCohort(trx, scope);
    await replaceCells(trx, scope);
    const cells = await listCells(trx, everybody);
    const judged = judgeAssets(cells, await listAssetCells(trx, everybody, null));
    await replaceInfluence(trx, judged.map(toRow));
    return judged;
  });
  ctx.log.info({
    event: 'influence_counted',
    assetCount: counted.length,
    sureCount: counted.filter(({ standing }) => standing?.isSure).length,
  });
}

export interface JudgedAsset extends Judged {
  assetId: string;
  standing: Standing | null;
}

export interface CountedStratum {
  stage: string;
  amountBand: CountedCell['amountBand'];
  segment: string;
  exposed: number;
  exposedWith: number;
  unexposed: number;
  unexposedWith: number;
}

/** What many assets say, each by its strata and all of them together. */
export function judgeAssets(
  cells: readonly CountedCell[],
  assetCells: readonly CountedAssetCell[],
): JudgedAsset[] {
  const strata = joinStrata(cells, assetCells);
  const judged = [...strata].map(([assetId, own]) => ({ assetId, ...judgeStrata(own) }));
  const known = judged.flatMap(({ pooled }) => (pooled ? [pooled] : []));
  const standings = new Map(standAmong(known).map((standing, index) => [known[index], standing]));
  return judged.map((asset) => ({
    ...asset,
    standing: (asset.pooled && standings.get(asset.pooled)) ?? null,
  }));
}

/** The strata in which somebody read the asset; those who did not are all others of the stratum. */
export function joinStrata(
  cells: readonly CountedCell[],
  assetCells: readonly CountedAssetCell[],
): Map<string, CountedStratum[]> {
  const keyOf = ({ stage, amountBand, segment }: CountedCell) => JSON.stringify([stage, amountBand, segment]);
  const all = new Map(cells.map((cell) => [keyOf(cell), cell]));
  const strata = new Map<string, CountedStratum[]>();
  for (const cell of assetCells) {
    const whole = all.get(keyOf(cell)) ?? cell;
    const own = strata.get(cell.assetId) ?? [];
    strata.set(cell.assetId, own);
    own.push({
      stage: cell.stage,
      amountBand: cell.amountBand,
      segment: cell.segment,
      exposed: cell.dealCount,
      exposedWith: cell.progressedCount,
      unexposed: whole.dealCount - cell.dealCount,
      unexposedWith: whole.progressedCount - cell.progressedCount,
    });
  }
  return strata;
}

export function toRow({
  assetId,
  counts,
  pooled,
  power,
  moreDealCount,
  standing,
}: JudgedAsset): InfluenceRow {
  return {
    assetId,
    exposedCount: counts.exposed,
    exposedProgressedCount: counts.exposedWith,
    unexposedCount: counts.unexposed,
    unexposedProgressedCount: counts.unexposedWith,
    estimate: pooled?.estimate ?? null,
    low: pooled?.low ?? null,
    high: pooled?.high ?? null,
    shrunken: standing?.shrunken ?? null,
    falseDiscoveryRate: standing?.falseDiscoveryRate ?? null,
    power,
    moreDealCount,
    isLifting: (standing?.isSure ?? false) && (pooled?.low ?? 0) > 0,
  };
}
