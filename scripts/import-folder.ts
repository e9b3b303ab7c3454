import { createReadStream } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import type { ImportRun } from '../server/src/assets/contract.ts';
import { cleanFileName } from '../server/src/assets/file-name.ts';
import { runImport } from '../server/src/assets/import-run.ts';
import { planImport, readImport, startImport } from '../server/src/assets/import-service.ts';
import { normalisePath, readLibraryFile } from '../server/src/assets/library-file.ts';
import { storeBlob } from '../server/src/assets/store-upload.ts';
import type { Context } from '../server/src/context.ts';
import { Problem } from '../server/src/http/problem.ts';

export interface FolderImport {
  /** Holds library.csv, the files that it names, and maybe taxonomy.json and deals.csv. */
  folder: string;
  /** When the content first became available, for rows that don't say so. */
  publishedAt: Date | null;
  status: 'draft' | 'published';
  isSample: boolean;
  say: (line: string) => void;
}

/** Puts the folder's files into the store and says what importing them would do. */
export async function planFolder(ctx: Context, input: FolderImport): Promise<ImportRun> {
  const { folder, publishedAt, status, isSample, say } = input;
  const libraryCsv = await readText(folder, 'library.csv');
  if (libraryCsv === null)
    throw new Problem(
      'refused_import',
      `There is no library.csv in ${folder}. Name the folder that holds it.`,
    );
  const paths = await listNamedFiles(folder, libraryCsv, ctx.clock());
  if (paths.length > 0) say(`Reading ${paths.length} files …`);
  const files = [];
  for (const path of paths) {
    const staged = await ctx.blobs.stage(createReadStream(join(folder, path)), {
      limitBytes: ctx.config.maxUploadBytes,
    });
    if (staged.sizeBytes === 0) {
      await staged.discard();
      say(`  ${path} is empty, so it is left out.`);
    } else files.push({ path, upload: await storeBlob(ctx, staged, cleanFileName(basename(path))) });
  }
  return planImport(ctx, {
    sourceName: basename(folder) || folder,
    libraryCsv,
    taxonomyJson: await readText(folder, 'taxonomy.json'),
    dealsCsv: await readText(folder, 'deals.csv'),
    files,
    options: { publishedAt: publishedAt?.toISOString() ?? null, status, isSample },
    userId: null,
  });
}

/** Plans and applies in one go; a worker that runs elsewhere may help, and goes on if this process is killed. */
export async function importFolder(ctx: Context, input: FolderImport): Promise<ImportRun> {
  const { id } = await planFolder(ctx, input);
  return applyImport(ctx, id, input.say);
}

export async function applyImport(
  ctx: Context,
  importRunId: string,
  say: (line: string) => void,
): Promise<ImportRun> {
  const { totalCount } = await startImport(ctx, importRunId);
  const timer = setInterval(() => {
    readImport(ctx.db, importRunId).then(
      ({ doneCount }) => say(`${doneCount} of ${totalCount} rows …`),
      () => undefined,
    );
  }, 1000);
  try {
    await runImport(ctx, { importRunId });
  } finally {
    clearInterval(timer);
  }
  return readImport(ctx.db, importRunId);
}

async function readText(folder: string, name: string): Promise<string | null> {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(join(folder, name)));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    if (!(error instanceof TypeError)) throw error;
    throw new Problem('refused_import', `${name} is not UTF-8. Save it as UTF-8 and try again.`);
  }
}

/** The files in the folder that a row can mean, so that nothing else is copied. */
async function listNamedFiles(folder: string, libraryCsv: string, now: Date): Promise<string[]> {
  const { rows } = readLibraryFile(libraryCsv, now);
  const names = new Set(rows.flatMap((row) => (row.filePath ? [basename(row.filePath)] : [])));
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && names.has(basename(normalisePath(entry.name))))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .toSorted();
}
