import { randomBytes } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import type { JobHelpers, Runner, RunnerOptions, TaskList, WorkerEvents } from 'graphile-worker';
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
  /** Two runners of one process do different jobs, so that long ones keep nobody waiting. */
  name?: string;
  /** The jobs that it does; every one unless told otherwise. */
  only?: readonly JobName[];
  schedule?: JobSchedule;
  concurrency?: number;
}

const pruneTask = 'prune-job-runs';
const keptMs = 30 * 86_400_000;
const restartMs = 1000;
const endLimitMs = 2000;

/** Works through the queue until `stop`, which lets jobs under way finish. Survives the database going away. */
export async function startRunner<C extends JobContext>(
  ctx: C,
  handlers: JobHandlers<C>,
  { databaseUrl, name = 'worker', only = jobNames, schedule = [], concurrency = 4 }: RunnerSettings,
): Promise<{ stop(): Promise<void> }> {
  const { parseCronItems, run } = await import('graphile-worker');
  const cron = [...schedule, { name: pruneTask, cron: '17 3 * * *' }];
  const parsedCronItems = parseCronItems(
    cron.map((item) => ({ task: item.name, match: item.cron, payload: {} })),
  );
  const prefix = `offshelf-${name}-`;
  const activity = { running: 0 };
  const stopping = new AbortController();
  const taskList = {
    ...bindHandlers(ctx, handlers, { only, activity, stopping: stopping.signal }),
    [pruneTask]: () => prune(ctx),
  };
  const ownNames: string[] = [];
  let runner: Runner | undefined;

  const running = keepRunning(ctx.log, stopping.signal, async () => {
    await releaseAbandoned(ctx, { prefix, ownNames, only }, stopping.signal);
    const queue = await openQueue(ctx, { databaseUrl, prefix, concurrency });
    const { pool, connectionName, ...options } = queue;
    ownNames.push(connectionName);
    try {
      const events: WorkerEvents = new EventEmitter();
      const isEnding = watchForEnd(events, 2 * concurrency);
      runner = await run({ ...options, events, pgPool: pool, taskList, parsedCronItems });
      ctx.log.info({ event: 'worker_started', name, concurrency });
      if (stopping.signal.aborted) void stopQuietly(runner);
      await untilOver(runner, isEnding, activity);
    } finally {
      void stopQuietly(runner);
      await Promise.race([pool.end(), setTimeout(endLimitMs)]);
    }
  });

  return {
    async stop() {
      stopping.abort();
      void stopQuietly(runner);
      await running;
      ctx.log.info({ event: 'worker_stopped', name });
    },
  };
}

/** The connections of a process that was killed a moment ago may outlive it by another. */
async function releaseAbandoned(
  { db, log, clock }: JobContext,
  runner: { prefix: string; ownNames: string[]; only: readonly JobName[] },
  stopping: AbortSignal,
): Promise<void> {
  for (let looks = 0; looks < 6 && !stopping.aborted; looks += 1) {
    const count = await releaseAbandonedRuns(db, { ...runner, at: clock() });
    if (count) log.warn({ event: 'jobs_released', count });
    if (count !== undefined) return;
    await setTimeout(500, undefined, { signal: stopping }).catch(() => {});
  }
}

/** Stopping twice is refused by the queue, and it may just have ended by itself. */
async function stopQuietly(runner: Runner | undefined): Promise<void> {
  await runner?.stop().catch(() => {});
}

/** Resolves when the queue ends by itself, or keeps failing: a lost connection can leave it with an old error. */
function watchForEnd(events: WorkerEvents, failureLimit: number): Promise<void> {
  let failures = 0;
  const reset = () => {
    failures = 0;
  };
  events.on('job:start', reset);
  events.on('worker:getJob:empty', reset);
  return new Promise((resolve) => {
    events.once('pool:gracefulShutdown', () => resolve());
    events.on('worker:getJob:error', () => {
      failures += 1;
      if (failures >= failureLimit) resolve();
    });
  });
}

/** The queue can wait for ever after it lost connections while ending; then it is left behind once its jobs ended. */
async function untilOver(
  runner: Runner,
  isEnding: Promise<void>,
  activity: { running: number },
): Promise<void> {
  const isStuck = isEnding.then(async () => {
    while (activity.running > 0) await setTimeout(50);
    await setTimeout(endLimitMs);
  });
  await Promise.race([runner.promise, isStuck]);
}

/** Runs what is queued and due to its end, of these jobs or of all; for tests and commands. */
export async function drain<C extends JobContext>(
  ctx: C,
  handlers: JobHandlers<C>,
  { databaseUrl, only = jobNames }: { databaseUrl: string; only?: readonly JobName[] },
): Promise<void> {
  const { runOnce } = await import('graphile-worker');
  const queue = await openQueue(ctx, { databaseUrl, prefix: 'offshelf-drain-', concurrency: 1 });
  const { pool, connectionName: _name, ...options } = queue;
  const stopping = new AbortController().signal;
  const taskList = bindHandlers(ctx, handlers, { only, activity: { running: 0 }, stopping });
  try {
    await runOnce({ ...options, pgPool: pool, taskList });
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
  { databaseUrl, prefix, concurrency }: { databaseUrl: string; prefix: string; concurrency: number },
): Promise<Omit<RunnerOptions, 'pgPool'> & { pool: Pool; connectionName: string }> {
  const [{ Logger }, { Pool }] = await Promise.all([import('graphile-worker'), import('pg')]);
  const url = new URL(databaseUrl);
  const connectionName = prefix + randomBytes(4).toString('hex');
  url.searchParams.set('application_name', connectionName);
  const pool = new Pool({ connectionString: url.href, max: concurrency + 2 });
  const note = (error: Error) => log.debug({ event: 'job_queue_connection_lost', reason: error.message });
  pool.on('error', note);
  pool.on('connect', (client) => client.on('error', note));
  return {
    pool,
    connectionName,
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

const jobNames = Object.keys(jobs) as JobName[];

interface Binding {
  only: readonly JobName[];
  activity: { running: number };
  stopping: AbortSignal;
}

function bindHandlers<C extends JobContext>(
  ctx: C,
  handlers: JobHandlers<C>,
  { only, activity, stopping }: Binding,
): TaskList {
  return Object.fromEntries(
    only.map((name) => [
      name,
      async (message: unknown, { job }: JobHelpers) => {
        activity.running += 1;
        try {
          await runJob(ctx, handlers, name, { message, job, stopping });
        } finally {
          activity.running -= 1;
        }
      },
    ]),
  );
}

interface JobAttempt {
  attempts: number;
  max_attempts: number;
}

async function runJob<C extends JobContext, N extends JobName>(
  ctx: C,
  handlers: JobHandlers<C>,
  name: N,
  { message, job, stopping }: { message: unknown; job: JobAttempt; stopping: AbortSignal },
): Promise<void> {
  const { jobRunId, payload } = await beginRun(ctx, name, message, job);
  const started = performance.now();
  const isLast = job.attempts >= job.max_attempts;
  try {
    const handler = handlers[name] as (ctx: C, payload: unknown, stopping: AbortSignal) => Promise<void>;
    await handler(ctx, jobs[name].parse(payload), stopping);
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
  job: JobAttempt,
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
