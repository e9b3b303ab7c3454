import type { Context } from '../context.ts';
import type { Database } from '../db/database.ts';
import { planDeals } from '../deals/service.ts';
import type { Actor } from '../http/actor.ts';
import { newId } from '../http/ids.ts';
import { Problem } from '../http/problem.ts';
import { enqueueOnce } from '../jobs/catalog.ts';
import { planTaxonomy } from '../taxonomy/service.ts';
import type { ImportRun } from './contract.ts';
import { createFileLookup } from './import-files.ts';
import { foreseeImportTerms, type ImportOptions, type PlannedRow, planRows } from './import-plan.ts';
import {
  findImportRun,
  type ImportRunRow,
  insertImportRows,
  insertImportRun,
  listImportRows,
  listImportRuns,
  lockImportRun,
  updateImportRun,
} from './import-queries.ts';
import { readLibraryFile } from './library-file.ts';
import { readTicket, type StoredUpload } from './ticket.ts';

/** Kept with the run until it is applied. */
export interface ImportPlan {
  options: ImportOptions & { isSample: boolean };
  counts: { create: number; update: number; unchanged: number };
  notes: string[];
  taxonomyJson: string | null;
  dealsCsv: string | null;
}

export interface ImportSource {
  sourceName: string;
  libraryCsv: string;
  taxonomyJson: string | null;
  dealsCsv: string | null;
  files: { path: string; upload: StoredUpload }[];
  options: ImportPlan['options'];
  /** Null for a run from the command line. */
  userId: string | null;
}

interface ImportInput extends Pick<ImportSource, 'sourceName' | 'libraryCsv' | 'taxonomyJson' | 'dealsCsv'> {
  files: { path: string; uploadTicket: string }[];
  options: { publishedAt: Date | null; status: 'draft' | 'published' };
}

export async function createImport(ctx: Context, actor: Actor, input: ImportInput): Promise<ImportRun> {
  const { publishedAt, status } = input.options;
  const now = ctx.clock();
  const files = input.files.map(({ path, uploadTicket }) => ({
    path,
    upload: readTicket(ctx.instanceKey, now, actor, uploadTicket),
  }));
  const options = { status, publishedAt: publishedAt?.toISOString() ?? null, isSample: false };
  return planImport(ctx, { ...input, files, options, userId: actor.userId });
}

/** The dry run: reads everything, writes down what would happen, and changes nothing of the library. */
export async function planImport(ctx: Context, source: ImportSource): Promise<ImportRun> {
  const { db, clock, log } = ctx;
  const now = clock();
  const { sourceName, options, userId } = source;
  const libraryCsv = readable(source.libraryCsv);
  const taxonomyJson = source.taxonomyJson && readable(source.taxonomyJson);
  const dealsCsv = source.dealsCsv && readable(source.dealsCsv);
  if (options.publishedAt && new Date(options.publishedAt) > now)
    throw new Problem(
      'invalid_request',
      'The date since when the content is available is in the future. Choose an earlier one.',
    );
  const file = readLibraryFile(libraryCsv, now);
  const terms = await foreseeImportTerms(db, taxonomyJson);
  const planned = await planRows(db, file.rows, createFileLookup(source.files), terms, options);
  const refused = file.errors.map((error) => ({
    ...error,
    action: 'error' as const,
    assetId: null,
    payload: null,
  }));
  const rows = [...planned, ...refused].toSorted((a, b) => a.line - b.line);
  const notes = [
    ...file.notes,
    ...(await noteTaxonomy(db, taxonomyJson)),
    ...(await noteDeals(db, dealsCsv)),
    ...noteUnusedFiles(source.files, planned),
  ];
  const counts = countActions(rows);
  const plan: ImportPlan = { options, counts, notes, taxonomyJson, dealsCsv };
  const importRunId = newId('imp');
  await db.transaction().execute(async (trx) => {
    await insertImportRun(trx, {
      id: importRunId,
      state: 'ready',
      sourceName,
      plan: JSON.parse(JSON.stringify(plan)),
      totalCount: counts.create + counts.update,
      createdByUserId: userId,
      createdAt: now,
    });
    await insertImportRows(
      trx,
      rows.map((row) => ({ ...row, importRunId, payload: JSON.parse(JSON.stringify(row.payload ?? {})) })),
    );
  });
  log.info({ event: 'import_planned', importRunId, ...counts });
  return readImport(db, importRunId);
}

/** What the database can't hold becomes the sign for an unreadable character, which a row is refused for. */
function readable(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\ufffd');
}

function countActions(rows: PlannedRow[]): ImportPlan['counts'] {
  const count = (action: PlannedRow['action']) => rows.filter((row) => row.action === action).length;
  return { create: count('create'), update: count('update'), unchanged: count('unchanged') };
}

async function noteTaxonomy(db: Database, json: string | null): Promise<string[]> {
  if (json === null) return [];
  const { changes } = await planTaxonomy(db, json);
  const created = changes.filter((change) => change.action === 'create').length;
  if (changes.length === 0) return ['The taxonomy is here already.'];
  const parts = [
    ...(created > 0 ? [`adds ${plural(created, 'term')}`] : []),
    ...(changes.length > created ? [`completes ${plural(changes.length - created, 'term')}`] : []),
  ];
  return [`The taxonomy ${parts.join(' and ')}.`];
}

async function noteDeals(db: Database, csv: string | null): Promise<string[]> {
  if (csv === null) return [];
  const { created, updated, unchanged, errors } = await planDeals(db, csv);
  const shown = errors.slice(0, 20).map(({ line, detail }) => `deals.csv, line ${line}: ${detail}`);
  const more = errors.length > 20 ? [`deals.csv: ${errors.length - 20} more rows have faults.`] : [];
  return [`Deals: ${created} new, ${updated} changed, ${unchanged} unchanged.`, ...shown, ...more];
}

function noteUnusedFiles(files: ImportSource['files'], rows: PlannedRow[]): string[] {
  const used = new Set(
    rows.flatMap(({ payload }) => (payload?.content.kind === 'file' ? payload.content.upload.hash : [])),
  );
  // A row that is unchanged keeps no payload, so its file can't be told from one that no row names.
  if (rows.some((row) => row.action !== 'create')) return [];
  const unused = files.filter(({ upload }) => !used.has(upload.hash));
  if (unused.length === 0) return [];
  const names = unused.slice(0, 3).map(({ upload }) => `“${upload.fileName}”`);
  const more = unused.length > 3 ? ` and ${unused.length - 3} more` : '';
  return [`No row names ${names.join(', ')}${more}, so they are left out.`];
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}

/** Starting twice is starting once; a run that stands still is taken up where it stopped. */
export async function startImport({ db, clock, log }: Context, importRunId: string): Promise<ImportRun> {
  await db.transaction().execute(async (trx) => {
    const run = await lockImportRun(trx, importRunId);
    if (!run) refuseUnknownRun();
    if (run.state === 'done') return;
    await updateImportRun(trx, importRunId, { state: 'running', startedAt: run.startedAt ?? clock() });
    await enqueueOnce(trx, 'run-import', { importRunId });
    log.info({ event: 'import_started', importRunId });
  });
  return readImport(db, importRunId);
}

export async function readImport(db: Database, importRunId: string): Promise<ImportRun> {
  const run = await findImportRun(db, importRunId);
  if (!run) refuseUnknownRun();
  const rows = (await listImportRows(db, importRunId)) as ImportRun['rows'];
  const { notes } = run.plan as unknown as ImportPlan;
  return { ...toSummary(run), notes, rows };
}

export async function listImports(db: Database) {
  return { items: (await listImportRuns(db, 50)).map(toSummary) };
}

function toSummary(run: ImportRunRow) {
  const { counts } = run.plan as unknown as ImportPlan;
  const { id, sourceName, totalCount, doneCount, createdByName, createdAt, finishedAt } = run;
  // Its job has failed for good; starting the run again goes on where it stopped.
  const state = run.hasStopped ? 'failed' : (run.state as ImportRun['state']);
  return {
    ...{ id, state, sourceName, totalCount, doneCount, createdByName, createdAt, finishedAt },
    counts: { ...counts, error: run.errorCount ?? 0 },
  };
}

function refuseUnknownRun(): never {
  throw new Problem('not_found', 'There is no import with this id. Start a new one.');
}
