import type { Context } from '../context.ts';
import { countNow } from '../rollups/service.ts';
import type { Slice } from '../slices/contract.ts';
import { resolveSlice } from '../slices/service.ts';
import type { PipelineRead } from './contract.ts';
import {
  findBaseCurrency,
  findDealReadRun,
  listPipeline,
  type PipelineRow,
  replaceDealReads,
} from './pipeline-queries.ts';

/** Read within so many days: somebody is looking at it now. */
const readWithinDays = 14;

/** Every few minutes: for which open deals is anything being read? */
export async function countPipeline(ctx: Context): Promise<void> {
  const { db, clock } = ctx;
  await countNow(ctx);
  const countedAt = clock();
  const since = new Date(countedAt.getTime() - readWithinDays * 86_400_000);
  await db.transaction().execute((trx) => replaceDealReads(trx, { since, countedAt }));
}

/** Of the open pipeline, how much is being read? It describes and says nothing of what helps. */
export async function readPipeline(ctx: Context, slice: Slice): Promise<PipelineRead> {
  const { db } = ctx;
  const { assetIds } = await resolveSlice(ctx, slice);
  const [rows, baseCurrency, countedAt] = await Promise.all([
    listPipeline(db, { buyers: slice, assetIds }),
    findBaseCurrency(db),
    findDealReadRun(db),
  ]);
  const converted = rows.filter(({ unconvertedCurrency }) => unconvertedCurrency === null);
  const all = addUp(converted);
  return {
    asOf: countedAt ?? null,
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
