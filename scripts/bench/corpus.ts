import { createHash } from 'node:crypto';
import { globSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { basename, extname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { sql } from 'kysely';
import { connectDatabase, type Database } from '../../server/src/db/database.ts';
import { findEmbeddedPostgres } from '../../server/src/db/embedded.ts';
import { createLog } from '../../server/src/http/log.ts';
import { makeDataDir, type RunningOffshelf, setUpAdmin, startOffshelf } from '../../test/support/offshelf.ts';
import { listChildren, listLeftovers, watchLatency, watchMemory } from './corpus/processes.ts';
import { openReferences, recallOf } from './corpus/reference.ts';
import { median } from './median.ts';

const goals = { rendered: 0.98, recall: 0.95 };
/** So many files wait at the same time; a corpus is not uploaded at once. */
const mostWaiting = 24;
/** A file that is still not over after this is a hang: three tries, each within its limits. */
const hangMs = 20 * 60_000;

interface Outcome {
  path: string;
  extension: string;
  state: string;
  reason: string | null;
  deaths: number;
  seconds: number;
  recall: number | null;
  /** Whether another program opens it; undefined where there is none to ask. */
  opensElsewhere: boolean | undefined;
}

/**
 * npm run bench -- corpus FOLDER [--references FILE] [--converter wasm]: every file of the folder through the real
 * program, uploaded as a person would, and what became of each. Poppler and LibreOffice of the system are asked too,
 * where there are any; what they answer takes long and never changes, so it can be kept in a file.
 */
export async function bench() {
  const { values, positionals } = parseArgs({
    args: process.argv.slice(3),
    allowPositionals: true,
    options: { references: { type: 'string' }, converter: { type: 'string', default: 'auto' } },
  });
  const [folder] = positionals;
  if (!folder) throw new Error('Name a folder: npm run bench -- corpus FOLDER');
  const paths = globSync('**/*', { cwd: resolve(process.env.INIT_CWD ?? '.', folder), withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
  const dataDir = await makeDataDir();
  const app = await startOffshelf({ dataDir, env: { OFFICE_CONVERTER: values.converter } });
  const deaths: string[] = [];
  app.process.once('exit', (code, signal) => deaths.push(`${code ?? signal}`));
  const databaseUrl = (await findEmbeddedPostgres(join(dataDir, 'postgres'), () => {})) ?? '';
  const db = connectDatabase(databaseUrl, { log: createLog('silent') });
  const memory = watchMemory(app.process.pid ?? 0);
  const latency = watchLatency(app.url);
  const started = performance.now();
  const outcomes = await renderAll(app, db, paths);
  const wallSeconds = Math.round((performance.now() - started) / 1000);
  const latencyFacts = await latency.stop();
  const memoryFacts = memory.stop();
  await compare(db, outcomes, values.references);
  // Children are kept for a minute after their last task.
  await new Promise((done) => setTimeout(done, 75_000));
  const processes = listChildren(app.process.pid ?? 0).length;
  const appDeaths = deaths.length;
  await db.destroy();
  await app.stop();
  const leftovers = listLeftovers(dataDir);
  await rm(dataDir, { recursive: true, force: true });
  printTable(outcomes);
  const opened = outcomes.filter(({ opensElsewhere }) => opensElsewhere);
  const rendered = opened.filter(({ state }) => state === 'done').length / opened.length;
  const recalls = opened.flatMap(({ recall }) => (recall === null ? [] : [recall]));
  return {
    bench: 'corpus',
    files: outcomes.length,
    value: opened.length > 0 ? round(rendered) : null,
    unit: 'share of the files that another viewer opens',
    limit: goals.rendered,
    textRecall: recalls.length > 0 ? round(median(recalls)) : null,
    textRecallLimit: goals.recall,
    appDeaths,
    childDeaths: outcomes.reduce((sum, { deaths: count }) => sum + count, 0),
    hangs: outcomes.filter(({ state }) => state === 'hung').length,
    leftoverProcesses: processes,
    leftoverFiles: leftovers.length,
    wallSeconds,
    memory: memoryFacts,
    apiLatency: latencyFacts,
  };
}

async function renderAll(app: RunningOffshelf, db: Database, paths: string[]): Promise<Outcome[]> {
  const cookie = await setUpAdmin(app);
  const waiting = new Map<string, { path: string; startedAt: number }>();
  const outcomes: Outcome[] = [];
  const collect = async () => {
    const rows = await readStates(db, [...waiting.keys()]);
    for (const [hash, { path, startedAt }] of waiting) {
      const row = rows.get(hash);
      const isOver = row !== undefined && ['done', 'failed', 'unsupported'].includes(row.state);
      if (!isOver && performance.now() - startedAt < hangMs) continue;
      waiting.delete(hash);
      outcomes.push({
        path,
        extension: extensionOf(path),
        state: isOver ? row.state : 'hung',
        reason: row?.reason ?? null,
        deaths: row?.deathCount ?? 0,
        seconds: (performance.now() - startedAt) / 1000,
        recall: null,
        opensElsewhere: undefined,
      });
    }
  };
  const seen = new Set<string>();
  for (const path of paths) {
    const bytes = await readFile(path);
    const hash = createHash('sha256').update(bytes).digest('hex');
    if (bytes.length === 0 || seen.has(hash)) continue;
    seen.add(hash);
    const status = await upload(app, cookie, basename(path), bytes);
    if (status === 201) waiting.set(hash, { path, startedAt: performance.now() });
    else console.error(`${path}: the upload answered ${status}`);
    while (waiting.size >= mostWaiting) await pause().then(collect);
    if (outcomes.length > 0 && outcomes.length % 100 === 0)
      console.error(`${outcomes.length} of ${paths.length} …`);
  }
  while (waiting.size > 0) await pause().then(collect);
  return outcomes;
}

const pause = () => new Promise((done) => setTimeout(done, 200));

async function readStates(db: Database, hashes: string[]) {
  const { rows } = await sql<{ blobHash: string; state: string; reason: string | null; deathCount: number }>`
    select distinct on (blob_hash) blob_hash, state, reason, death_count from rendition
    where blob_hash = any(${hashes}::text[])
    order by blob_hash, state = 'done' desc, queued_at desc`.execute(db);
  return new Map(rows.map((row) => [row.blobHash, row]));
}

async function compare(db: Database, outcomes: Outcome[], cacheFile: string | undefined): Promise<void> {
  const references = await openReferences(cacheFile);
  for (const outcome of outcomes) {
    const reference = await references.read(outcome.path, outcome.extension);
    if (!reference) continue;
    outcome.opensElsewhere = reference.opens;
    if (reference.text === null || outcome.state !== 'done') continue;
    const hash = createHash('sha256')
      .update(await readFile(outcome.path))
      .digest('hex');
    outcome.recall = recallOf(reference.text, await readText(db, hash));
  }
  await references.keep();
}

async function readText(db: Database, hash: string): Promise<string> {
  const { rows } = await sql<{ text: string | null }>`
    select string_agg(page.text, ' ' order by page.page_number) as text
    from rendition_page page join rendition on rendition.id = page.rendition_id
    where rendition.blob_hash = ${hash} and rendition.state = 'done'`.execute(db);
  return rows[0]?.text ?? '';
}

async function upload(
  { url }: RunningOffshelf,
  cookie: string,
  fileName: string,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<number> {
  const form = new FormData();
  form.append('file', new Blob([bytes]), fileName);
  const response = await fetch(`${url}/api/uploads`, {
    method: 'POST',
    headers: { cookie, origin: url },
    body: form,
  });
  await response.arrayBuffer();
  return response.status;
}

function printTable(outcomes: Outcome[]): void {
  const groups = Map.groupBy(outcomes, ({ extension }) => extension);
  console.error(
    'type   files  done  unsupported  failed  deaths  opened elsewhere, not here  recall  median s  max s',
  );
  for (const [extension, group] of [...groups].toSorted()) {
    const count = (state: string) => group.filter((one) => one.state === state).length;
    const missed = group.filter(({ opensElsewhere, state }) => opensElsewhere && state !== 'done');
    const recalls = group.flatMap(({ recall }) => (recall === null ? [] : [recall]));
    const seconds = group.map((one) => one.seconds);
    const cells = [
      extension.padEnd(6),
      String(group.length).padStart(5),
      String(count('done')).padStart(5),
      String(count('unsupported')).padStart(12),
      String(count('failed') + count('hung')).padStart(7),
      String(group.reduce((sum, { deaths }) => sum + deaths, 0)).padStart(7),
      String(missed.length).padStart(27),
      (recalls.length > 0 ? median(recalls).toFixed(3) : '–').padStart(7),
      median(seconds).toFixed(1).padStart(9),
      Math.max(...seconds)
        .toFixed(1)
        .padStart(6),
    ];
    console.error(cells.join(' '));
  }
  for (const { path, state, reason, deaths, opensElsewhere } of outcomes)
    if (state !== 'done' || deaths > 0)
      console.error(
        `${basename(path)}: ${state}${deaths > 0 ? `, ${deaths} deaths` : ''}${opensElsewhere ? ', opens elsewhere' : ''}. ${reason ?? ''}`,
      );
  for (const { path, recall } of outcomes)
    if (recall !== null && recall < 0.8) console.error(`${basename(path)}: recall ${recall.toFixed(2)}`);
}

const extensionOf = (path: string) => extname(path).slice(1).toLowerCase();
const round = (value: number) => Math.round(value * 1000) / 1000;
