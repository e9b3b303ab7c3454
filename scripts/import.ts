import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { ImportRun } from '../server/src/assets/contract.ts';
import { Problem } from '../server/src/http/problem.ts';
import { withOffshelf } from '../server/src/main.ts';
import { applyImport, type FolderImport, planFolder } from './import-folder.ts';

const usage = `npm run import -- FOLDER [--dry-run] [--draft] [--published-at 2026-06-01]

Imports the assets of FOLDER/library.csv with their files, and taxonomy.json and deals.csv when they are there.
Importing the same folder again changes only what differs.

  --dry-run        say what would happen and change nothing
  --draft          new assets become drafts instead of published
  --published-at   since when the content has been available, for rows without a date of their own

Ends with 0 when every row was taken, with 2 when some have faults, and with 1 when nothing could be imported.`;

const say = (line: string) => console.log(line);
// npm runs this in the repository; the folder is meant from where the person is.
const startFolder = process.env.INIT_CWD ?? process.cwd();

const input = readArguments();
if (typeof input === 'string') {
  console.error(`${input}\n\n${usage}`);
  process.exitCode = 1;
} else {
  process.chdir(resolve(import.meta.dirname, '..'));
  await withOffshelf(say, async (ctx) => {
    try {
      const plan = await planFolder(ctx, input);
      report(plan, input.isDryRun);
      const run = input.isDryRun ? plan : await applyImport(ctx, plan.id, say);
      if (!input.isDryRun) conclude(plan, run);
      process.exitCode = run.counts.error > 0 ? 2 : 0;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      console.error(error.message);
      process.exitCode = 1;
    }
  });
}

function readArguments(): (FolderImport & { isDryRun: boolean }) | string {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        'dry-run': { type: 'boolean', default: false },
        draft: { type: 'boolean', default: false },
        'published-at': { type: 'string' },
      },
    });
    const [folder, ...others] = positionals;
    if (!folder || others.length > 0) return 'Name one folder.';
    const text = values['published-at'];
    const publishedAt = text === undefined ? null : new Date(text);
    if (publishedAt && (Number.isNaN(publishedAt.getTime()) || !/^\d{4}-\d\d-\d\d/.test(text ?? '')))
      return `“${text}” is not a date like 2026-06-01.`;
    return {
      folder: resolve(startFolder, folder),
      publishedAt,
      status: values.draft ? 'draft' : 'published',
      isSample: false,
      isDryRun: values['dry-run'],
      say,
    };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function report({ counts, notes, rows }: ImportRun, isDryRun: boolean): void {
  for (const note of notes) say(note);
  for (const { line, action, title, detail } of rows)
    if (action === 'error' || action === 'update')
      say(`  line ${line}, ${title || 'without a title'}: ${detail}`);
  const { create, update, unchanged, error } = counts;
  say(`${create} new, ${update} changed, ${unchanged} unchanged, ${error} with faults.`);
  if (isDryRun) say('This was a dry run, so nothing was changed.');
}

function conclude(plan: ImportRun, run: ImportRun): void {
  const wasRefused = new Set(plan.rows.flatMap(({ line, action }) => (action === 'error' ? [line] : [])));
  for (const { line, action, title, detail } of run.rows)
    if (action === 'error' && !wasRefused.has(line)) say(`  line ${line}, ${title}: ${detail}`);
  say(`Done: ${run.rows.filter(({ action }) => action === 'done').length} assets were written.`);
}
