import type { Context } from '../context.ts';
import type { Database } from '../db/database.ts';
import { translateDatabaseError } from '../db/problems.ts';
import { importDeals } from '../deals/service.ts';
import { Problem } from '../http/problem.ts';
import { importTaxonomy } from '../taxonomy/service.ts';
import { type Author, claimFile, refuseDuplicate } from './content.ts';
import { applyEdit, writeAsset } from './edit.ts';
import { type ImportTerms, type RowPayload, readImportTerms, resolveTerms, toEdit } from './import-plan.ts';
import {
  findImportRun,
  listWaitingLines,
  lockImported,
  lockWaitingRow,
  settleRow,
  updateImportRun,
} from './import-queries.ts';
import type { ImportPlan } from './import-service.ts';
import { listTermIds } from './queries.ts';
import { lockHash, lockImportKey } from './write-queries.ts';

/**
 * Applies a planned import. Each row is settled in the transaction that writes its asset, so a run that was
 * interrupted goes on with the first row that is not done.
 */
export async function runImport(ctx: Context, { importRunId }: { importRunId: string }): Promise<void> {
  const { db, clock, log } = ctx;
  const run = await findImportRun(db, importRunId);
  if (run?.state !== 'running') return;
  const plan = run.plan as unknown as ImportPlan;
  if (plan.taxonomyJson !== null) await importTaxonomy(db, plan.taxonomyJson, plan.options.isSample);
  const terms = await readImportTerms(db);
  for (const line of await listWaitingLines(db, importRunId)) {
    const author = { userId: run.createdByUserId, now: clock(), isInBulk: true };
    await runRow(db, importRunId, line, { terms, plan, author });
  }
  if (plan.dealsCsv !== null) await importDeals(ctx, plan.dealsCsv, plan.options.isSample);
  const { options, counts, notes } = plan;
  await updateImportRun(db, importRunId, {
    state: 'done',
    finishedAt: clock(),
    plan: { options, counts, notes } as unknown as string,
  });
  log.info({ event: 'import_done', importRunId });
}

interface RowSettings {
  terms: ImportTerms;
  plan: ImportPlan;
  author: Author;
}

/** A row that can't be taken any more, because the library changed since the dry run, says so and stops nobody. */
async function runRow(db: Database, importRunId: string, line: number, settings: RowSettings): Promise<void> {
  try {
    await db.transaction().execute(async (trx) => {
      const waiting = await lockWaitingRow(trx, importRunId, line);
      if (!waiting) return;
      const assetId = await applyRow(trx, waiting.payload as unknown as RowPayload, settings);
      await settleRow(trx, importRunId, line, { action: 'done', assetId });
    });
  } catch (error) {
    // What the database can't keep of a row is that row's fault; a database that is away is nobody's.
    const problem = error instanceof Problem ? error : translateDatabaseError(error);
    if (!problem || problem.code === 'unavailable') throw error;
    await db.transaction().execute(async (trx) => {
      if (await lockWaitingRow(trx, importRunId, line))
        await settleRow(trx, importRunId, line, { action: 'error', detail: problem.message });
    });
  }
}

async function applyRow(
  trx: Database,
  payload: RowPayload,
  { terms, plan, author }: RowSettings,
): Promise<string> {
  const { row, content } = payload;
  const resolved = resolveTerms(row, terms);
  if (resolved.faults.length > 0) throw new Problem('refused_import', resolved.faults.join(' '));
  await lockImportKey(trx, row.importKey);
  // The file before the asset, as everywhere, so that two who want both wait for each other.
  if (content.kind === 'file') await lockHash(trx, content.upload.hash);
  const asset = await lockImported(trx, row.importKey);
  if (asset) {
    const termIds = (await listTermIds(trx, [asset.id])).get(asset.id) ?? [];
    const edit = toEdit(payload, asset, termIds, resolved.terms, terms);
    if (edit.content?.kind === 'file') await claimFile(trx, edit.content.upload);
    await applyEdit(trx, asset, edit, author);
    return asset.id;
  }
  if (content.kind === 'file') {
    await claimFile(trx, content.upload);
    await refuseDuplicate(trx, content.upload);
  }
  return writeAsset(trx, { ...newAsset(payload, resolved.terms, plan), content }, author);
}

function newAsset({ row }: RowPayload, terms: { id: string }[], { options }: ImportPlan) {
  const since = row.publishedAt ?? options.publishedAt;
  return {
    title: row.title,
    description: row.description ?? '',
    useWhen: row.useWhen ?? '',
    talkTrack: row.talkTrack ?? '',
    ownerUserId: null,
    ownerRole: row.ownerRole ?? '',
    audience: row.audience ?? ('internal' as const),
    reviewOn: row.reviewOn ?? null,
    status: row.status ?? options.status,
    termIds: terms.map((term) => term.id),
    publishedAt: since ? new Date(since) : undefined,
    importKey: row.importKey,
    isSample: options.isSample,
  };
}
