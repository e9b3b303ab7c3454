import { setTimeout as pause } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createLog } from '../../server/src/http/log.ts';
import { enqueue, type JobHandlers, type JobName, jobs } from '../../server/src/jobs/catalog.ts';
import { deleteFinishedRuns, listRuns, requeueFailedRun } from '../../server/src/jobs/queries.ts';
import { drain, type JobContext, startRunner } from '../../server/src/jobs/runner.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

const assetId = 'ast_0123456789';
const otherAssetId = 'ast_9876543210';

let database: TestDatabase;
let ctx: JobContext;
let calls: { name: JobName; payload: unknown }[];
/** What the next handlers do instead of succeeding. */
let failures: (Error | (() => Promise<void>))[];

const handlers = Object.fromEntries(
  (Object.keys(jobs) as JobName[]).map((name) => [
    name,
    async (_ctx: JobContext, payload: unknown) => {
      calls.push({ name, payload });
      const failure = failures.shift();
      if (failure instanceof Error) throw failure;
      await failure?.();
    },
  ]),
) as unknown as JobHandlers<JobContext>;

beforeAll(async () => {
  database = await createTestDatabase();
  ctx = { db: database.db, log: createLog('silent'), clock: () => new Date() };
});

afterAll(() => database.close());

beforeEach(async () => {
  calls = [];
  failures = [];
  await sql`delete from job_run`.execute(database.db);
  await sql`select graphile_worker.complete_jobs(array(select id from graphile_worker.jobs))`.execute(
    database.db,
  );
});

const runAll = () => drain(ctx, handlers, { databaseUrl: database.url });
const runs = () => listRuns(database.db, { limit: 50, state: undefined, after: undefined });
/** The queue waits longer after each failed try; a test does not. */
const skipWaiting = () =>
  sql`select graphile_worker.reschedule_jobs(array(select id from graphile_worker.jobs), run_at => now())`.execute(
    database.db,
  );

test('a job runs once, and its run tells when', async () => {
  const id = await enqueue(database.db, 'index-asset', { assetId });
  await runAll();
  await runAll();
  expect(calls).toEqual([{ name: 'index-asset', payload: { assetId } }]);
  expect(await runs()).toEqual([
    expect.objectContaining({ id, state: 'done', tries: 1, error: null, finishedAt: expect.any(Date) }),
  ]);
});

test('a job exists exactly when the transaction that queued it does', async () => {
  const failing = database.db.transaction().execute(async (trx) => {
    await enqueue(trx, 'index-asset', { assetId });
    throw new Error('changed my mind');
  });
  await expect(failing).rejects.toThrow('changed my mind');
  await runAll();
  expect(calls).toEqual([]);
  expect(await runs()).toEqual([]);
});

test('of the runs under one key only one waits, with the newest payload', async () => {
  const first = await enqueue(database.db, 'index-asset', { assetId }, { key: 'k' });
  const second = await enqueue(database.db, 'index-asset', { assetId: otherAssetId }, { key: 'k' });
  expect(second).toBe(first);
  await runAll();
  expect(calls).toEqual([{ name: 'index-asset', payload: { assetId: otherAssetId } }]);
  expect(await runs()).toHaveLength(1);
});

test('twenty that queue the same key at once still leave one run', async () => {
  const same = () => enqueue(database.db, 'index-asset', { assetId }, { key: 'k' });
  const ids = await Promise.all(Array.from({ length: 20 }, same));
  expect(new Set(ids).size).toBe(1);
  await runAll();
  expect(calls).toHaveLength(1);
  expect((await runs()).map(({ state }) => state)).toEqual(['done']);
});

test('what is queued under the key of a job that runs already runs after it', async () => {
  const again = () => enqueue(database.db, 'index-asset', { assetId }, { key: 'k' });
  failures = [async () => void (await again())];
  await again();
  await runAll();
  expect(calls).toHaveLength(2);
  expect((await runs()).map(({ state }) => state)).toEqual(['done', 'done']);
});

test('a job that fails while its key is queued anew leaves its place to the new run', async () => {
  const again = () => enqueue(database.db, 'index-asset', { assetId }, { key: 'k' });
  const queueAndFail = async () => {
    await again();
    throw new Error('half way');
  };
  failures = [queueAndFail];
  const first = await again();
  await runAll();
  expect(calls).toHaveLength(2);
  expect(await runs()).toEqual([
    expect.objectContaining({ state: 'done' }),
    expect.objectContaining({ id: first, state: 'failed', error: 'half way' }),
  ]);
});

test('a job that fails waits for its next try, and the last failure stays with its reason', async () => {
  failures = [new Error('no disk'), new Error('still no disk')];
  await enqueue(database.db, 'index-asset', { assetId }, { maxTries: 2 });
  await runAll();
  expect(await runs()).toEqual([expect.objectContaining({ state: 'queued', tries: 1, error: 'no disk' })]);
  await skipWaiting();
  await runAll();
  expect(await runs()).toEqual([
    expect.objectContaining({ state: 'failed', tries: 2, error: 'still no disk' }),
  ]);
});

test('a failed run can be tried again, a finished one can not', async () => {
  failures = [new Error('no disk')];
  const id = await enqueue(database.db, 'index-asset', { assetId }, { maxTries: 1, key: 'k' });
  await runAll();
  expect(await requeueFailedRun(database.db, id)).toMatchObject({ state: 'queued', tries: 0 });
  await runAll();
  expect(await runs()).toEqual([expect.objectContaining({ id, state: 'done', tries: 1, error: null })]);
  expect(await requeueFailedRun(database.db, id)).toBeUndefined();
});

test('a job for later waits until then', async () => {
  await enqueue(database.db, 'index-asset', { assetId }, { runAt: new Date(Date.now() + 3_600_000) });
  await runAll();
  expect(calls).toEqual([]);
});

test('a payload that the catalog does not know is refused when it is queued', async () => {
  await expect(enqueue(database.db, 'index-asset', { assetId: 'usr_0123456789' })).rejects.toThrow('ast_');
});

test('a runner picks jobs up at once and lets the one under way finish when it stops', async () => {
  const runner = await startRunner(ctx, handlers, { databaseUrl: database.url });
  const isDone = Promise.withResolvers<void>();
  const isBusy = Promise.withResolvers<void>();
  failures = [
    async () => {
      isBusy.resolve();
      await isDone.promise;
    },
  ];
  const id = await enqueue(database.db, 'index-asset', { assetId });
  await isBusy.promise;
  const stopped = runner.stop();
  await pause(50);
  isDone.resolve();
  await stopped;
  expect(await runs()).toEqual([expect.objectContaining({ id, state: 'done' })]);
});

test('a runner goes on after every connection was ended', async () => {
  const runner = await startRunner(ctx, handlers, { databaseUrl: database.url });
  try {
    await enqueue(database.db, 'index-asset', { assetId });
    await waitFor(() => calls.length > 0);
    for (let round = 0; round < 3; round += 1) {
      await sql`select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid()`.execute(database.db);
      await pause(100);
    }
    await enqueue(database.db, 'index-asset', { assetId: otherAssetId });
    // The first one may have been interrupted before its end was written down, and runs again.
    await waitFor(() => calls.some(({ payload }) => isDeepStrictEqual(payload, { assetId: otherAssetId })));
    await waitFor(async () => (await runs()).every(({ state }) => state === 'done'));
  } finally {
    await runner.stop();
  }
});

test('what a killed worker was doing runs again as soon as a worker starts', async () => {
  const id = await enqueue(database.db, 'index-asset', { assetId });
  // As a killed process leaves it: taken by a worker that is gone.
  await sql`update graphile_worker._private_jobs set locked_at = now(), locked_by = 'gone', attempts = 1`.execute(
    database.db,
  );
  await sql`update job_run set state = 'running', tries = 1 where id = ${id}`.execute(database.db);
  const runner = await startRunner(ctx, handlers, { databaseUrl: database.url });
  try {
    await waitFor(async () => (await runs())[0]?.state === 'done');
    expect(await runs()).toEqual([expect.objectContaining({ id, tries: 2, error: null })]);
  } finally {
    await runner.stop();
  }
});

test('of two runs under one key that a killed worker left, the newer one waits again, and the worker starts', async () => {
  const options = { key: `index-asset:${assetId}` };
  const take = () =>
    sql`with taken as (
      update graphile_worker._private_jobs set locked_at = now(), locked_by = 'gone', attempts = 1, key = null
    ) update job_run set state = 'running', tries = 1`.execute(database.db);
  const older = await enqueue(database.db, 'index-asset', { assetId }, options);
  await take();
  const newer = await enqueue(database.db, 'index-asset', { assetId }, options);
  await take();
  const runner = await startRunner(ctx, handlers, { databaseUrl: database.url });
  try {
    await waitFor(async () => (await runs()).every(({ state }) => state === 'done'));
    expect((await runs()).map(({ id }) => id).sort()).toEqual([older, newer].sort());
  } finally {
    await runner.stop();
  }
});

test('runs that ended long ago are forgotten, waiting ones are not', async () => {
  failures = [new Error('no disk')];
  await enqueue(database.db, 'index-asset', { assetId }, { maxTries: 1 });
  await enqueue(database.db, 'index-asset', { assetId });
  await runAll();
  await enqueue(database.db, 'index-asset', { assetId });
  expect(await deleteFinishedRuns(database.db, new Date(Date.now() + 60_000))).toBe(2);
  expect((await runs()).map(({ state }) => state)).toEqual(['queued']);
});

async function waitFor(isReached: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 40_000;
  while (!(await isReached())) {
    if (Date.now() > deadline)
      throw new Error(`Not reached: ${JSON.stringify({ calls, runs: await runs() })}`);
    await pause(20);
  }
}
