import { setTimeout } from 'node:timers/promises';
import type { JobHelpers, Runner, RunnerOptions, TaskList } from 'graphile-worker';
import type { Pool } from 'pg';
import type { Database } from '../db/database.ts';
import { newId } from '../http/ids.ts';
import type { Log } from '../http/log.ts';
import { type JobHandlers, type JobName, type JobSchedule, jobs } from './catalog.ts';
import {
  deleteFinishedRuns,
  insertRunningRun,
  markDone,
  markFailed,
  markRunning,
  releaseAbandonedRuns,
} from './queries.ts';

/** What the queue itself needs of a context; handlers get the whole of it. */
export interface JobContext {
  db: Database;
  log: Log;
  clock: () => Date;
}

export interface RunnerSettings {
  databaseUrl: string;
  schedule?: JobSchedule;
  concurrency?: number;
}

const workerName = 'offshelf-worker';
const pruneTask = 'prune-job-runs';
const keptMs = 30 * 86_400_000;
const restartMs = 1000;

/** Works through the queue until `stop`, which lets jobs under way finish. Survives the database going away. */
export async function startRunner<C extends JobContext>(
  ctx: C,
  handlers: JobHandlers<C>,
  { databaseUrl, schedule = [], concurrency = 4 }: RunnerSettings,
): Promise<{ stop(): Promise<void> }> {
  const { parseCronItems, run } = await import('graphile-worker');
  const { pool, ...options } = await openQueue(ctx, databaseUrl, concurrency);
  const cron = [...schedule, { name: pruneTask, cron: '17 3 * * *' }];
  const parsedCronItems = parseCronItems(
    cron.map((item) => ({ task: item.name, match: item.cron, payload: {} })),
  );
  const taskList = { ...bindHandlers(ctx, handlers), [pruneTask]: () => prune(ctx) };
  const stopping = new AbortController();
  let runner: Runner | undefined;

  const running = keepRunning(ctx.log, stopping.signal, async () => {
    const abandoned = await releaseAbandonedRuns(ctx.db, workerName, ctx.clock());
    if (abandoned > 0) ctx.log.warn({ event: 'jobs_released', count: abandoned });
    runner = await run({ ...options, pgPool: pool, taskList, parsedCronItems });
    ctx.log.info({ event: 'worker_started', concurrency });
    if (stopping.signal.aborted) await runner.stop();
    await runner.promise;
  });

  return {
    async stop() {
      stopping.abort();
      // Stopping twice is refused by the queue, and it may just have ended by itself.
      await runner?.stop().catch(() => {});
      await running;
      await pool.end();
      ctx.log.info({ event: 'worker_stopped' });
    },
  };
}

/** Runs what is queued and due to its end; for tests and commands. */
export async function drain<C extends JobContext>(
  ctx: C,
  handlers: JobHandlers<C>,
  { databaseUrl }: { databaseUrl: string },
): Promise<void> {
  const { runOnce } = await import('graphile-worker');
  const { pool, ...options } = await openQueue(ctx, databaseUrl, 1);
  try {
    await runOnce({ ...options, pgPool: pool, taskList: bindHandlers(ctx, handlers) });
  } finally {
    await pool.end();
  }
}

/**
 * The pool is ours and outlives the queue's own error handling: a connection that is lost while it idles, as
 * at the end, is an event without a listener otherwise, and that ends the process.
 */
async function openQueue(
  { log }: JobContext,
  databaseUrl: string,
  concurrency: number,
): Promise<Omit<RunnerOptions, 'pgPool'> & { pool: Pool }> {
  const [{ Logger }, { Pool }] = await Promise.all([import('graphile-worker'), import('pg')]);
  const url = new URL(databaseUrl);
  url.searchParams.set('application_name', workerName);
  const pool = new Pool({ connectionString: url.href, max: concurrency + 2 });
  const note = (error: Error) => log.debug({ event: 'job_queue_connection_lost', reason: error.message });
  pool.on('error', note);
  pool.on('connect', (client) => client.on('error', note));
  return {
    pool,
    concurrency,
    noHandleSignals: true,
    pollInterval: 2000,
    // Unbatched, the queue records an end without waiting for it, so a lost connection would end the process.
    preset: { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
    // What the queue says is for its developers; a job's own failure is logged where it is recorded.
    logger: new Logger(() => (_level, message) => log.debug({ event: 'job_queue', message })),
  };
}

/** The queue gives up when the database stays away; it is started again until it is told to stop. */
async function keepRunning(log: Log, stopping: AbortSignal, work: () => Promise<void>): Promise<void> {
  while (!stopping.aborted) {
    try {
      await work();
    } catch (error) {
      log.warn({ event: 'worker_interrupted', reason: describe(error) });
    }
    if (!stopping.aborted) await setTimeout(restartMs, undefined, { signal: stopping }).catch(() => {});
  }
}

function bindHandlers<C extends JobContext>(ctx: C, handlers: JobHandlers<C>): TaskList {
  return Object.fromEntries(
    (Object.keys(jobs) as JobName[]).map((name) => [
      name,
      (message: unknown, { job }: JobHelpers) => runJob(ctx, handlers, name, message, job),
    ]),
  );
}

async function runJob<C extends JobContext, N extends JobName>(
  ctx: C,
  handlers: JobHandlers<C>,
  name: N,
  message: unknown,
  job: { attempts: number; max_attempts: number },
): Promise<void> {
  const { jobRunId, payload } = await beginRun(ctx, name, message, job);
  const started = performance.now();
  const isLast = job.attempts >= job.max_attempts;
  try {
    const handler = handlers[name] as (ctx: C, payload: unknown) => Promise<void>;
    await handler(ctx, jobs[name].parse(payload));
  } catch (error) {
    const reason = describe(error);
    ctx.log.error({ event: 'job_failed', name, jobRunId, tries: job.attempts, isLast, err: error });
    await markFailed(ctx.db, jobRunId, { error: reason, isLast, at: ctx.clock() });
    throw error;
  }
  await markDone(ctx.db, jobRunId, ctx.clock());
  ctx.log.info({ event: 'job_done', name, jobRunId, tookMs: Math.round(performance.now() - started) });
}

async function beginRun(
  ctx: JobContext,
  name: JobName,
  message: unknown,
  job: { attempts: number; max_attempts: number },
): Promise<{ jobRunId: string; payload: unknown }> {
  const at = ctx.clock();
  const queued = message as { jobRunId?: string; payload?: unknown };
  if (queued.jobRunId) {
    await markRunning(ctx.db, queued.jobRunId, job.attempts, at);
    return { jobRunId: queued.jobRunId, payload: queued.payload };
  }
  const jobRunId = newId('job');
  const run = { id: jobRunId, name, payload: {}, tries: job.attempts, maxTries: job.max_attempts, at };
  await insertRunningRun(ctx.db, run);
  return { jobRunId, payload: {} };
}

async function prune({ db, clock, log }: JobContext): Promise<void> {
  const count = await deleteFinishedRuns(db, new Date(clock().getTime() - keptMs));
  log.info({ event: 'job_runs_pruned', count });
}

function describe(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, 2000);
}
