import type { Context } from '../context.ts';
import { readFreshness } from '../rollups/service.ts';
import type { Slice } from '../slices/contract.ts';
import { resolveSlice } from '../slices/service.ts';
import type { PipelineRead } from './contract.ts';
import { findBaseCurrency, listPipeline, type PipelineRow } from './pipeline-queries.ts';

/** Read within so many days: somebody is looking at it now. */
const readWithinDays = 14;

/** Of the open pipeline, how much is being read? It describes and says nothing of what helps. */
export async function readPipeline(ctx: Context, slice: Slice): Promise<PipelineRead> {
  const { db, clock } = ctx;
  const { assetIds } = await resolveSlice(ctx, slice);
  const since = new Date(clock().getTime() - readWithinDays * 86_400_000);
  const [rows, baseCurrency, { countedAt }] = await Promise.all([
    listPipeline(db, { buyers: slice, assetIds, since }),
    findBaseCurrency(db),
    readFreshness(db),
  ]);
  const converted = rows.filter(({ unconvertedCurrency }) => unconvertedCurrency === null);
  const all = addUp(converted);
  return {
    asOf: countedAt,
    days: readWithinDays,
    baseCurrency,
    ...all,
    confirmedShare: shareOf(all.confirmed.value, all.open.value),
    readShare: shareOf(all.read.value, all.open.value),
    stages: converted.map((row) => ({ stage: row.stage, ...addUp([row]) })),
    unconverted: [...Map.groupBy(rows, ({ unconvertedCurrency }) => unconvertedCurrency)].flatMap(
      ([currency, own]) => (currency === null ? [] : [{ currency, ...addUp(own) }]),
    ),
  };
}

function addUp(rows: readonly PipelineRow[]) {
  const sum = (part: (row: PipelineRow) => number) => rows.reduce((total, row) => total + part(row), 0);
  return {
    open: { dealCount: sum((row) => row.dealCount), value: sum((row) => row.amount) },
    confirmed: { dealCount: sum((row) => row.confirmedCount), value: sum((row) => row.confirmedAmount) },
    read: { dealCount: sum((row) => row.readCount), value: sum((row) => row.readAmount) },
  };
}

/** Null where there is nothing to divide by. */
function shareOf(part: number, whole: number): number | null {
  return whole > 0 ? part / whole : null;
}
