import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createSandbox } from '../../server/src/documents/create-sandbox.ts';
import { measure } from '../../server/src/documents/process-use.ts';
import type { Sandbox } from '../../server/src/documents/sandbox.ts';
import { createLog } from '../../server/src/http/log.ts';
import { median } from './median.ts';
import { makeDeck } from './render/deck.ts';

const limits = { deckMs: 2_000, firstPageMs: 500, bytesPerPage: 70_000 };
const deckPages = 20;
const rounds = 5;
const pageLimit = 60;
const pageWidths = [1600, 800];

interface Rendering {
  /** Until page 1 lies there in both sizes, with its thumbnail and its text. */
  firstPageMs: number;
  wholeMs: number;
  pageCount: number;
  /** Of all processors, from when the file was open. */
  cpuMs: number;
  /** Of the images at the full width. */
  bytes: number[];
}

/**
 * npm run bench -- render [FOLDER]: PDFs through the real sandbox, each once and one at a time; without a folder only
 * the deck that is made here. Pages per second are those of one core: pages over the time that the processors spent.
 */
export async function bench() {
  const folder = await mkdtemp(join(tmpdir(), 'offshelf-render-'));
  const deck = join(folder, 'deck.pdf');
  await writeFile(deck, await makeDeck(deckPages));
  const given = process.argv[3];
  const root = resolve(process.env.INIT_CWD ?? '.', given ?? folder);
  const files = globSync('**/*.pdf', { cwd: root }).map((file) => join(root, file));
  try {
    const cold = await inSandbox(folder, (sandbox) => render(sandbox, deck));
    const decks = await inSandbox(folder, (sandbox) => repeat(rounds, () => render(sandbox, deck)));
    const all = await inSandbox(folder, (sandbox) => renderEach(sandbox, files));
    const pages = sum(all.map(({ pageCount }) => pageCount));
    const poppler = timePoppler(files);
    const deckMs = median(decks.map(({ firstPageMs }) => firstPageMs));
    const firstPageMs = median(all.map((rendering) => rendering.firstPageMs));
    const bytesPerPage = median(all.flatMap(({ bytes }) => bytes));
    const perCore = pages / sum(all.map(({ cpuMs }) => cpuMs / 1000));
    return {
      bench: 'render',
      value: Math.round(deckMs),
      unit: `ms to the first page and thumbnail of a deck of ${deckPages} pages`,
      limit: limits.deckMs,
      ratio: round(deckMs / limits.deckMs),
      deckInNewProcessMs: Math.round(cold.firstPageMs),
      deckWholeMs: Math.round(median(decks.map(({ wholeMs }) => wholeMs))),
      files: all.length,
      refused: files.length - all.length,
      pages,
      firstPageMs: Math.round(firstPageMs),
      firstPageLimitMs: limits.firstPageMs,
      firstPageRatio: round(firstPageMs / limits.firstPageMs),
      bytesPerPage,
      bytesPerPageLimit: limits.bytesPerPage,
      bytesPerPageRatio: round(bytesPerPage / limits.bytesPerPage),
      pagesPerSecond: round(pages / (sum(all.map(({ wholeMs }) => wholeMs)) / 1000)),
      pagesPerCoreSecond: round(perCore),
      popplerPagesPerCoreSecond: poppler && round(pages / poppler),
      ratioToPoppler: poppler && round(perCore / (pages / poppler)),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function inSandbox<T>(folder: string, work: (sandbox: Sandbox) => Promise<T>): Promise<T> {
  const sandbox = createSandbox({
    folder: join(folder, 'children'),
    concurrency: 1,
    extraFontFolders: [],
    log: createLog('silent'),
  });
  try {
    return await work(sandbox);
  } finally {
    await sandbox.close();
  }
}

async function render(sandbox: Sandbox, path: string): Promise<Rendering> {
  const startedAt = performance.now();
  const rendering: Rendering = { firstPageMs: 0, wholeMs: 0, pageCount: 0, cpuMs: 0, bytes: [] };
  const task = { imagePageLimit: pageLimit, textPageLimit: pageLimit };
  let cpuBefore = 0;
  await sandbox.run('render-pdf', path, task, {
    async onPart(part, taken) {
      if (part.kind === 'opened') cpuBefore = (await measure(process.pid)).cpuMs;
      if (part.kind !== 'page') return;
      rendering.pageCount += 1;
      rendering.firstPageMs ||= performance.now() - startedAt;
      for (const { kind, file } of part.page.images)
        if (kind === 'large') rendering.bytes.push((await stat(join(taken, file))).size);
      rendering.cpuMs = (await measure(process.pid)).cpuMs - cpuBefore;
    },
  });
  rendering.wholeMs = performance.now() - startedAt;
  return rendering;
}

/** Files that are refused are left out; a folder of real ones has some that are locked. */
async function renderEach(sandbox: Sandbox, files: string[]): Promise<Rendering[]> {
  const renderings: Rendering[] = [];
  for (const file of files) {
    const rendering = await render(sandbox, file).catch(() => undefined);
    if (rendering) renderings.push(rendering);
  }
  return renderings;
}

async function repeat<T>(times: number, work: () => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (let time = 0; time < times; time += 1) results.push(await work());
  return results;
}

/** Seconds of all processors that ended children of this process have spent; Linux alone says so. */
function childSeconds(): number {
  if (process.platform !== 'linux') return Number.NaN;
  const fields = readFileSync('/proc/self/stat', 'utf8').split(') ').at(-1)?.split(' ') ?? [];
  const ticksPerSecond = 100;
  return (Number(fields[13]) + Number(fields[14])) / ticksPerSecond;
}

/** The same pages in both sizes, as JPEG because it writes no WebP, and their text; null where Poppler is missing. */
function timePoppler(files: string[]): number | null {
  if (spawnSync('pdftoppm', ['-v']).error) return null;
  const before = childSeconds();
  const last = ['-l', String(pageLimit)];
  for (const file of files) {
    for (const width of pageWidths)
      run('pdftoppm', ['-jpeg', '-scale-to-x', String(width), '-scale-to-y', '-1', ...last, file]);
    run('pdftotext', [...last, file, '-']);
  }
  return childSeconds() - before;
}

function run(program: string, args: string[]): void {
  spawnSync(program, args, { stdio: 'ignore', timeout: 120_000 });
}

function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
