import { type ChildProcess, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectDatabase } from '../../server/src/db/database.ts';
import type { EmbeddedPostgres } from '../../server/src/db/embedded.ts';
import { migrate } from '../../server/src/db/migrate.ts';
import { createLog } from '../../server/src/http/log.ts';
import { enqueue, type JobHandlers, type JobName, jobs } from '../../server/src/jobs/catalog.ts';
import { countRuns } from '../../server/src/jobs/queries.ts';
import { startRunner } from '../../server/src/jobs/runner.ts';
import { startTemporaryPostgres } from '../support/postgres.ts';

interface Worker {
  index: number;
  successes: number;
  lastSuccessAt: number;
  lastEndAt: number;
  longestMs: number;
}

interface Report {
  workers: Worker[];
  errors: Record<string, number>;
}

const log = createLog('silent');
let server: EmbeddedPostgres;

beforeAll(async () => {
  server = await startTemporaryPostgres();
});

afterAll(() => server.stop());

test('twenty workers outlive 20 lost connections each and 5 restarts of the server', {
  timeout: 90_000,
}, async () => {
  await administrate(
    'create table hammer (worker int not null, transaction_id xid8 default pg_current_xact_id())',
  );
  const hammer = startHammer(server.url);
  await hammer.waitFor(({ workers }) => workers.every(({ successes }) => successes > 0));

  for (let round = 0; round < 20; round += 1) {
    await pause(100);
    await administrate(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where pid <> pg_backend_pid() and application_name = 'offshelf'`,
    );
    expect(await hammer.msToSuccess(Date.now())).toBeLessThan(10_000);
  }

  for (let round = 0; round < 5; round += 1) {
    await pause(200);
    // A fast stop says goodbye to its clients, a killed server does not; the launcher brings both back.
    const before = await readServerPid();
    process.kill(before, round % 2 === 0 ? 'SIGINT' : 'SIGKILL');
    expect(await hammer.msToSuccess(await waitForReturn(before))).toBeLessThan(10_000);
  }

  const returnedAt = Date.now();
  const last = await hammer.waitFor(({ workers }) =>
    workers.every(({ lastSuccessAt }) => lastSuccessAt > returnedAt),
  );
  expect(await hammer.end()).toEqual({ code: 0, stderr: expect.not.stringContaining('Error') });
  expect(last.workers).toHaveLength(20);
  expect(Math.max(...last.workers.map(({ longestMs }) => longestMs))).toBeLessThan(10_000);

  // Each transaction wrote two rows or none.
  const halves = await administrate(
    'select transaction_id::text from hammer group by transaction_id having count(*) <> 2',
  );
  expect(halves).toEqual([]);
});

test('every queued job runs although the server restarts 5 times', { timeout: 90_000 }, async () => {
  await migrate(server.url, { log });
  const db = connectDatabase(server.url, { log });
  const ctx = { db, log, clock: () => new Date() };
  const seen = new Set<string>();
  const handler = async (_ctx: unknown, { assetId }: { assetId: string }) => {
    await pause(10);
    seen.add(assetId);
  };
  const names = Object.keys(jobs) as JobName[];
  const handlers = Object.fromEntries(names.map((name) => [name, handler])) as unknown as JobHandlers<
    typeof ctx
  >;
  for (let n = 0; n < 400; n += 1) await enqueue(db, 'index-asset', { assetId: `ast_${1_000_000_000 + n}` });

  const runner = await startRunner(ctx, handlers, { databaseUrl: server.url });
  for (let round = 0; round < 5; round += 1) {
    await pause(150);
    const before = await readServerPid();
    process.kill(before, round % 2 === 0 ? 'SIGINT' : 'SIGKILL');
    await waitForReturn(before);
  }
  const deadline = Date.now() + 30_000;
  while ((await countRuns(db)).some(({ state }) => state !== 'done')) {
    expect(Date.now()).toBeLessThan(deadline);
    await pause(100);
  }
  expect(seen.size).toBe(400);
  await runner.stop();
  await db.destroy();
});

function startHammer(url: string) {
  const script = join(import.meta.dirname, '../support/database-hammer.ts');
  const child: ChildProcess = spawn(process.execPath, [script, url], { stdio: ['pipe', 'pipe', 'pipe'] });
  let stderr = '';
  child.stderr?.on('data', (chunk) => {
    stderr += chunk;
  });
  const reports: Report[] = [];
  if (child.stdout)
    createInterface({ input: child.stdout }).on('line', (line) => reports.push(JSON.parse(line)));
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));

  async function waitFor(isReached: (report: Report) => boolean): Promise<Report> {
    const deadline = Date.now() + 15_000;
    for (let next = reports.length; ; await pause(20)) {
      for (; next < reports.length; next += 1) {
        const report = reports[next];
        if (report && isReached(report)) return report;
      }
      if (child.exitCode !== null)
        throw new Error(`The workers' process ended with ${child.exitCode}: ${stderr}`);
      if (Date.now() > deadline) throw new Error(`Not reached: ${JSON.stringify(reports.at(-1))} ${stderr}`);
    }
  }

  return {
    waitFor,
    /** By the workers' own clock, because on a busy machine their reports arrive late. */
    async msToSuccess(since: number): Promise<number> {
      const lastSuccess = ({ workers }: Report) =>
        Math.max(...workers.map(({ lastSuccessAt }) => lastSuccessAt));
      return lastSuccess(await waitFor((report) => lastSuccess(report) >= since)) - since;
    },
    /** The process ends by itself only when no connection is left behind. */
    async end() {
      child.stdin?.end();
      const timer = setTimeout(() => child.kill(), 10_000);
      const code = await exited;
      clearTimeout(timer);
      return { code, stderr };
    },
  };
}

async function readServerPid(): Promise<number> {
  return Number((await readFile(join(server.dataDir, 'postmaster.pid'), 'utf8')).split('\n')[0]);
}

async function waitForReturn(previousPid: number): Promise<number> {
  for (let waited = 0; waited < 15_000; waited += 10) {
    const text = await readFile(join(server.dataDir, 'postmaster.pid'), 'utf8').catch(() => '');
    const lines = text.split('\n');
    if (Number(lines[0]) > 0 && Number(lines[0]) !== previousPid && lines[7]?.trim() === 'ready')
      return Date.now();
    await pause(10);
  }
  throw new Error('The server did not come back.');
}

async function administrate(statement: string): Promise<unknown[]> {
  const db = connectDatabase(server.url, { log, max: 1 });
  try {
    return (await sql.raw(statement).execute(db)).rows;
  } finally {
    await db.destroy();
  }
}
