import { type Selectable, sql } from 'kysely';
import type { Database } from '../db/database.ts';
import type { DB } from '../db/types.ts';

export type JobRunRow = Selectable<DB['jobRun']>;

interface QueuedRun {
  id: string;
  name: string;
  payload: object;
  key: string | undefined;
  runAt: Date | undefined;
  maxTries: number;
  queue: string | undefined;
  priority: number;
}

/** A run that already waits under the same key is taken over instead of queueing a second one. */
export async function insertQueuedRun(db: Database, run: QueuedRun): Promise<string> {
  const { rows } = await sql<{ id: string }>`
    with run as (
      insert into job_run (id, name, key, payload, max_tries)
      values (${run.id}, ${run.name}, ${run.key ?? null}, ${run.payload}, ${run.maxTries})
      on conflict (key) where state = 'queued' do update
        set payload = excluded.payload, max_tries = excluded.max_tries, tries = 0, error = null
      returning id, name, key, payload, max_tries
    )
    select run.id, ${addToQueue(sql`${run.runAt ?? null}::timestamptz`, run.priority, run.queue)} from run`.execute(
    db,
  );
  return rows[0]?.id ?? run.id;
}

/** Many runs of one job at once, each under a key of its own. */
export async function insertQueuedRuns(
  db: Database,
  { name, maxTries }: { name: string; maxTries: number },
  runs: { id: string; payload: object; key: string }[],
): Promise<void> {
  await sql`
    with run as (
      insert into job_run (id, name, key, payload, max_tries)
      select given.id, ${name}, given.key, given.payload, ${maxTries}
      from jsonb_to_recordset(${JSON.stringify(runs)}::text::jsonb) as given (id text, key text, payload jsonb)
      on conflict (key) where state = 'queued' do update
        set payload = excluded.payload, max_tries = excluded.max_tries, tries = 0, error = null
      returning id, name, key, payload, max_tries
    )
    select ${addToQueue(sql`null`)} from run`.execute(db);
}

/** Puts a failed run back; undefined when it has not failed, or when another one waits under its key. */
export async function requeueFailedRun(db: Database, id: string): Promise<JobRunRow | undefined> {
  const { rows } = await sql<{ id: string }>`
    with run as (
      update job_run set state = 'queued', tries = 0, started_at = null, finished_at = null
      where id = ${id} and state = 'failed'
        and not exists (select from job_run other where other.key = job_run.key and other.state = 'queued')
      returning id, name, key, payload, max_tries
    )
    select run.id, ${addToQueue(sql`null`)} from run`.execute(db);
  return rows.length === 0 ? undefined : findRun(db, id);
}

function addToQueue(runAt: ReturnType<typeof sql>, priority = 0, queue?: string) {
  return sql`(graphile_worker.add_job(run.name, json_build_object('jobRunId', run.id, 'payload', run.payload),
      job_key => run.key, run_at => ${runAt}, max_attempts => run.max_tries,
      queue_name => ${queue ?? null}::text, priority => ${priority}::int)).id as queue_id`;
}

export function findRun(db: Database, id: string): Promise<JobRunRow | undefined> {
  return db.selectFrom('jobRun').selectAll().where('id', '=', id).executeTakeFirst();
}

/** The newest first, after the run `after`. */
export function listRuns(
  db: Database,
  { limit, state, after }: { limit: number; state: string | undefined; after: string | undefined },
): Promise<JobRunRow[]> {
  return db
    .selectFrom('jobRun')
    .selectAll()
    .$if(state !== undefined, (query) => query.where('state', '=', state ?? ''))
    .$if(after !== undefined, (query) => query.where('id', '<', after ?? ''))
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
}

export function countRuns(db: Database): Promise<{ state: string; count: number }[]> {
  return db
    .selectFrom('jobRun')
    .select(['state', sql<number>`count(*)::int`.as('count')])
    .groupBy('state')
    .execute();
}

/** A scheduled job starts its own run, because nobody queued it. */
export async function insertRunningRun(
  db: Database,
  run: { id: string; name: string; payload: object; tries: number; maxTries: number; at: Date },
): Promise<void> {
  const { at, ...values } = run;
  await db
    .insertInto('jobRun')
    .values({ ...values, payload: sql`${values.payload}`, state: 'running', queuedAt: at, startedAt: at })
    .execute();
}

export async function markRunning(db: Database, id: string, tries: number, at: Date): Promise<void> {
  await db
    .updateTable('jobRun')
    .set({ state: 'running', tries, startedAt: at, finishedAt: null })
    .where('id', '=', id)
    .execute();
}

export async function markDone(db: Database, id: string, at: Date): Promise<void> {
  await db
    .updateTable('jobRun')
    .set({ state: 'done', error: null, finishedAt: at })
    .where('id', '=', id)
    .execute();
}

/** Waits for its next try; a run whose key was queued anew meanwhile is not tried again, so it has failed. */
export async function markFailed(
  db: Database,
  id: string,
  failure: { error: string; isLast: boolean; at: Date },
): Promise<void> {
  await sql`
    update job_run set
      state = case when ${failure.isLast}::boolean or exists (
        select from job_run other where other.key = job_run.key and other.state = 'queued' and other.id <> job_run.id
      ) then 'failed' else 'queued' end,
      error = ${failure.error}, finished_at = ${failure.at}
    where id = ${id}`.execute(db);
}

/**
 * Gives back what a runner of these jobs was doing when it was killed: the queue itself would wait four hours. Of two
 * runs under one key only the newer one waits again. Only when no other runner of them is connected, because from here
 * its jobs cannot be told from a dead one's; answers undefined while there is one.
 */
export async function releaseAbandonedRuns(
  db: Database,
  { prefix, ownNames, only, at }: { prefix: string; ownNames: string[]; only: readonly string[]; at: Date },
): Promise<number | undefined> {
  const others = await sql`select from pg_stat_activity
    where datname = current_database() and starts_with(application_name, ${prefix})
      and application_name <> all(${ownNames}::text[])`.execute(db);
  if (others.rows.length > 0) return undefined;
  await sql`select graphile_worker.force_unlock_workers(array(
    select distinct locked_by from graphile_worker.jobs
    where locked_by is not null and task_identifier = any(${only}::text[])))`.execute(db);
  const { rows } = await sql`
    update job_run set
      state = case when tries >= max_tries or exists (
        select from job_run other where other.key = job_run.key and (
          other.state = 'queued'
          or other.state = 'running' and other.id > job_run.id and other.tries < other.max_tries
        )
      ) then 'failed' else 'queued' end,
      error = 'The worker stopped while the job ran.', finished_at = ${at}
    where state = 'running' and name = any(${only}::text[]) returning id`.execute(db);
  return rows.length;
}

export async function deleteFinishedRuns(db: Database, before: Date): Promise<number> {
  await sql`select graphile_worker.complete_jobs(array(
    select id from graphile_worker.jobs
    where attempts >= max_attempts and locked_at is null and updated_at < ${before}))`.execute(db);
  const { numDeletedRows } = await db
    .deleteFrom('jobRun')
    .where('state', 'in', ['done', 'failed'])
    .where('finishedAt', '<', before)
    .executeTakeFirst();
  return Number(numDeletedRows);
}
