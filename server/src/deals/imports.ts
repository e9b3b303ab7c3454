import type { Request } from 'express';
import type { Context } from '../context.ts';
import type { Database } from '../db/database.ts';
import type { Actor } from '../http/actor.ts';
import { newId } from '../http/ids.ts';
import { Problem } from '../http/problem.ts';
import { enqueueOnce } from '../jobs/catalog.ts';
import {
  type DealImport,
  type DealImportSettings,
  dealImportSettings,
  neededDealFields,
} from './contract.ts';
import { guessColumns } from './file-rows.ts';
import { readHead, watchEncoding } from './file-text.ts';
import { type ImportNotes, noNotes, showNotes } from './import-notes.ts';
import {
  type DealImportRow,
  deleteDealImport,
  describeDealImport,
  findDealImport,
  findSettingsOfHeader,
  forgetFindings,
  insertChunk,
  insertDealImport,
  listDealImportRows,
  lockDealImport,
  updateDealImport,
} from './import-queries.ts';
import { noCounts } from './import-run.ts';

const mostBytes = 1_073_741_824;
const chunkBytes = 1_048_576;

/** Keeps the file piece by piece as it comes, and guesses how it is to be read. */
export async function uploadDealImport(
  { db, clock }: Context,
  actor: Actor,
  fileName: string,
  body: Request,
): Promise<DealImport> {
  const dealImportId = newId('din');
  await insertDealImport(db, {
    id: dealImportId,
    fileName: fileName.replaceAll('\0', ''),
    createdByUserId: actor.userId,
    createdAt: clock(),
  });
  try {
    await keepFile(db, dealImportId, body);
  } catch (error) {
    // What is left when this fails as well is swept.
    await deleteDealImport(db, dealImportId).catch(() => {});
    throw error;
  }
  return readDealImport({ db }, dealImportId);
}

/** Each piece settles by itself: a slow line must hold neither a transaction nor its connection for an hour. */
async function keepFile(db: Database, dealImportId: string, body: Request): Promise<void> {
  const encoding = watchEncoding();
  let [position, size, lineCount] = [0, 0, 0];
  let waiting: Buffer[] = [];
  let waitingBytes = 0;
  const keep = async () => {
    if (waitingBytes > 0) await insertChunk(db, dealImportId, position++, Buffer.concat(waiting));
    waiting = [];
    waitingBytes = 0;
  };
  for await (const bytes of body as AsyncIterable<Buffer>) {
    size += bytes.length;
    if (size > mostBytes)
      throw new Problem('too_large', 'The file is larger than 1 GB. Split it and import its parts.');
    encoding.add(bytes);
    for (const byte of bytes) if (byte === 10) lineCount += 1;
    waiting.push(bytes);
    waitingBytes += bytes.length;
    if (waitingBytes >= chunkBytes) await keep();
  }
  await keep();
  const found = encoding.end();
  const head = readHead(found.head);
  const settings =
    (await findSettingsOfHeader(db, head.header)) ??
    dealImportSettings.parse({ columns: guessColumns(head.header) });
  await describeDealImport(db, dealImportId, {
    ...head,
    encoding: found.encoding,
    // What a file lacks is decided anew for each.
    settings: { ...settings, isComplete: false },
    rowCount: lineCount,
  });
}

export async function readDealImport({ db }: Pick<Context, 'db'>, dealImportId: string): Promise<DealImport> {
  const row = await findDealImport(db, dealImportId);
  if (!row || row.header.length === 0)
    throw new Problem(
      'not_found',
      'There is no such import. A file that nobody imports is kept for a day; upload it again.',
    );
  return show(row);
}

export async function listDealImports({ db }: Context): Promise<DealImport[]> {
  return (await listDealImportRows(db)).map(show);
}

export async function checkDealImport(
  { db, clock }: Context,
  dealImportId: string,
  settings: DealImportSettings,
): Promise<DealImport> {
  await db.transaction().execute(async (trx) => {
    const run = await lockWithFile(trx, dealImportId);
    if (run.state === 'importing' || run.state === 'done')
      throw new Problem('conflict', 'This file is being taken in or was. Upload it again to check it again.');
    refuseMapping(settings, run.header.length);
    await forgetFindings(trx, dealImportId);
    await updateDealImport(trx, dealImportId, {
      settings,
      state: 'checking',
      doneCount: 0,
      counts: noCounts,
      notes: noNotes,
      failure: null,
      changedAt: clock(),
      finishedAt: null,
    });
    await enqueueOnce(trx, 'run-deal-import', { dealImportId });
  });
  return readDealImport({ db }, dealImportId);
}

/** An import that can be gone on with. */
async function lockWithFile(trx: Database, dealImportId: string) {
  const run = await lockDealImport(trx, dealImportId);
  if (!run || run.header.length === 0) throw new Problem('not_found', 'There is no such import.');
  if (run.state !== 'done' && !(await findDealImport(trx, dealImportId))?.isFileKept)
    throw new Problem('conflict', 'The file is no longer kept. Upload it again.');
  return run;
}

function refuseMapping({ columns, defaultCurrency }: DealImportSettings, columnCount: number): void {
  const missing = neededDealFields.filter((field) => columns[field] === undefined);
  const faults = missing.map((field) => ({
    pointer: `/body/columns/${field}`,
    detail: 'Choose the column that holds this.',
  }));
  if (columns.currency === undefined && defaultCurrency === null)
    faults.push({
      pointer: '/body/columns/currency',
      detail: 'Choose a column, or one currency for all rows.',
    });
  for (const [field, column] of Object.entries(columns))
    if (column >= columnCount)
      faults.push({ pointer: `/body/columns/${field}`, detail: 'The file has no such column.' });
  if (faults.length > 0)
    throw new Problem('invalid_request', 'Some columns are still missing. Choose one for each.', faults);
}

export async function startDealImport({ db, clock }: Context, dealImportId: string): Promise<DealImport> {
  await db.transaction().execute(async (trx) => {
    const run = await lockWithFile(trx, dealImportId);
    if (run.state === 'importing' || run.state === 'done') return;
    if (run.state !== 'checked') throw new Problem('conflict', 'Check the file first, and import it then.');
    await forgetFindings(trx, dealImportId);
    await updateDealImport(trx, dealImportId, {
      state: 'importing',
      doneCount: 0,
      counts: noCounts,
      notes: noNotes,
      changedAt: clock(),
    });
    await enqueueOnce(trx, 'run-deal-import', { dealImportId });
  });
  return readDealImport({ db }, dealImportId);
}

/** Once this answers, no row more is checked or imported. Waits for the rows that are being written. */
export async function stopDealImport(
  { db, clock }: Context,
  actor: Actor,
  dealImportId: string,
): Promise<DealImport> {
  await db.transaction().execute(async (trx) => {
    const run = await lockDealImport(trx, dealImportId);
    if (!run) throw new Problem('not_found', 'There is no such import.');
    if (run.state === 'checking') {
      await forgetFindings(trx, dealImportId);
      await updateDealImport(trx, dealImportId, {
        state: 'uploaded',
        doneCount: 0,
        counts: noCounts,
        notes: noNotes,
        changedAt: clock(),
      });
    }
    if (run.state === 'importing')
      await updateDealImport(trx, dealImportId, {
        state: 'failed',
        failure: `${actor.name} stopped it after ${run.doneCount.toLocaleString('en')} rows. What was imported until then stays. To import the rest, check the file again.`,
        changedAt: clock(),
        finishedAt: clock(),
      });
  });
  return readDealImport({ db }, dealImportId);
}

function show(row: DealImportRow): DealImport {
  const { settings, counts, notes, samples, ...facts } = row;
  return {
    ...facts,
    samples: samples as unknown as string[][],
    encoding: facts.encoding as DealImport['encoding'],
    separator: facts.separator as DealImport['separator'],
    state: facts.state as DealImport['state'],
    settings: settings as unknown as DealImportSettings,
    counts: { ...noCounts, ...(counts as object) },
    notes: showNotes({ ...noNotes, ...(notes as unknown as Partial<ImportNotes>) }),
  };
}
