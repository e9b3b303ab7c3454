import type { Context } from '../context.ts';
import type { Database } from '../db/database.ts';
import { Problem } from '../http/problem.ts';
import { readWallClock } from '../http/time-zone.ts';
import { readSettings } from '../settings/service.ts';
import type { DealImport, DealImportSettings } from './contract.ts';
import { lockDeals } from './deal-queries.ts';
import { type Reading, readRow } from './file-rows.ts';
import { type FileRow, readBatches } from './file-text.ts';
import { type ImportNotes, noNotes, noteDeal } from './import-notes.ts';
import {
  countLacking,
  type DealImportRow,
  findDealImport,
  forgetFile,
  insertErrors,
  type Known,
  lockDealImport,
  noteLines,
  readChunks,
  readKnown,
  removeLacking,
  updateDealImport,
} from './import-queries.ts';
import { countInfluenceSoon, countSteps, type DealInput, planSteps, writeDeals } from './write.ts';

const batchSize = 2000;
const mostErrors = 10_000;

/**
 * Checks a file or takes it in. Each batch settles in one transaction with how far it got, so a run that was
 * interrupted goes on with the first batch that is not done.
 */
export async function runDealImport(
  ctx: Context,
  { dealImportId }: { dealImportId: string },
  stopping: AbortSignal,
): Promise<void> {
  const run = await findDealImport(ctx.db, dealImportId);
  if (run?.state !== 'checking' && run?.state !== 'importing') return;
  try {
    const facts: Facts = {
      known: await readKnown(ctx.db),
      atWall: readWallClock((await readSettings(ctx.db)).timeZone),
    };
    let place = 0;
    for await (const rows of readBatches(readChunks(ctx.db, run.id), run, batchSize)) {
      if (stopping.aborted) throw new Error('Stopped before the end; the next try goes on from there.');
      place += rows.length;
      if (place <= run.doneCount) continue;
      if (!(await ctx.db.transaction().execute((trx) => runBatch(ctx, trx, run, rows, place, facts)))) return;
    }
    await ctx.db.transaction().execute((trx) => finish(ctx, trx, run));
    ctx.log.info({ event: 'deal_import_ended', dealImportId, state: run.state, rowCount: place });
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    await ctx.db.transaction().execute(async (trx) => {
      if ((await lockDealImport(trx, run.id))?.state !== run.state) return;
      await updateDealImport(trx, run.id, {
        state: 'failed',
        failure: error.message,
        changedAt: ctx.clock(),
        finishedAt: ctx.clock(),
      });
    });
  }
}

interface Facts {
  known: Known;
  atWall: Reading['atWall'];
}

/** False where the import was told to do something else in the meantime. */
async function runBatch(
  { clock }: Context,
  trx: Database,
  run: DealImportRow,
  rows: FileRow[],
  place: number,
  { known, atWall }: Facts,
): Promise<boolean> {
  if (run.state === 'importing') await lockDeals(trx);
  const current = await lockDealImport(trx, run.id);
  if (current?.state !== run.state) return false;
  // Another process did this batch already, as one does that was taken for dead.
  if (current.doneCount >= place) return true;
  // It began anew, so another run is at work on it.
  if (current.doneCount !== place - rows.length) return false;
  const settings = current.settings as unknown as DealImportSettings;
  const counts = { ...noCounts, ...(current.counts as object) };
  const notes: ImportNotes = structuredClone({ ...noNotes, ...(current.notes as object) });
  const reading = { header: run.header, settings, atWall };
  const read = rows.map((row) => ({ line: row.line, ...readRow(row.values, reading) }));
  const lines = await noteLines(
    trx,
    run.id,
    read.filter(({ externalId }) => externalId !== '' && externalId.length <= 300),
  );
  const deals: DealInput[] = [];
  const errors: { line: number; externalId: string; detail: string }[] = [];
  for (const row of read) {
    const { line, externalId } = row;
    const first = lines.get(externalId);
    if ('detail' in row) errors.push({ line, externalId, detail: row.detail });
    else if (first !== undefined && first !== line)
      errors.push({
        line,
        externalId,
        detail: `external_id “${externalId}” is on line ${first} already, and the first one counts. Delete one of them.`,
      });
    else {
      deals.push(row.deal);
      noteDeal(notes, known, row.deal, row.isSorted);
    }
  }
  const steps =
    run.state === 'importing' ? await writeDeals(trx, deals, { now: clock() }) : await planSteps(trx, deals);
  const added = countSteps(steps);
  await insertErrors(trx, run.id, errors.slice(0, Math.max(0, mostErrors - counts.error)));
  await updateDealImport(trx, run.id, {
    doneCount: place,
    rowCount: Math.max(run.rowCount, place),
    counts: {
      created: counts.created + added.created,
      updated: counts.updated + added.updated,
      unchanged: counts.unchanged + added.unchanged,
      error: counts.error + errors.length,
      removed: 0,
    },
    notes,
    changedAt: clock(),
  });
  return true;
}

export const noCounts: DealImport['counts'] = { created: 0, updated: 0, unchanged: 0, error: 0, removed: 0 };

async function finish({ clock }: Context, trx: Database, run: DealImportRow): Promise<void> {
  if (run.state === 'importing') await lockDeals(trx);
  const current = await lockDealImport(trx, run.id);
  if (current?.state !== run.state) return;
  const settings = current.settings as unknown as DealImportSettings;
  const counts = { ...noCounts, ...(current.counts as object) };
  const isImport = run.state === 'importing';
  if (settings.isComplete)
    counts.removed = isImport ? await removeLacking(trx, run.id, clock()) : await countLacking(trx, run.id);
  await updateDealImport(trx, run.id, {
    state: isImport ? 'done' : 'checked',
    rowCount: current.doneCount,
    counts,
    changedAt: clock(),
    finishedAt: isImport ? clock() : null,
  });
  if (!isImport) return;
  await forgetFile(trx, run.id);
  if (counts.removed > 0) await countInfluenceSoon(trx, clock());
}
