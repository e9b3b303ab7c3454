import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
  type TransactionSettings,
} from 'kysely';
import postgres from 'postgres';
import type { Log } from '../http/log.ts';
import { parseConnectionUrl } from './connection-url.ts';
import { toParameter, valueTypes } from './values.ts';

/*
 * Kysely on postgres.js. Two faults of postgres.js 3.4.9 shape this file:
 *
 * - A connection whose socket closes while a write is scheduled keeps that write marked as pending, so after
 *   reconnecting it never sends anything again. Therefore a pool in which any connection was lost is retired:
 *   what runs on its healthy connections may finish, everything new goes to a fresh pool.
 * - A write to a connection that has just closed throws from setImmediate, where nobody can catch it. Lost
 *   transactions are never written to; what remains of the fault is contained by `containLateWrite`.
 */

export interface PostgresSettings {
  /** Most statements and transactions at once. */
  max: number;
  log: Log;
}

/** The database cannot be reached, or the connection was lost before the answer came. */
class ConnectionLostError extends Error {
  readonly code = 'CONNECTION_CLOSED';
}

const connectTimeoutSeconds = 5;
const unsentLimitMs = 10_000;
const permitLimitMs = 30_000;

export function postgresDialect(url: string, settings: PostgresSettings): Dialect {
  return {
    createDriver: () => createDriver(url, settings),
    createQueryCompiler: () => new PostgresQueryCompiler(),
    createAdapter: () => new PostgresAdapter(),
    createIntrospector: (db) => new PostgresIntrospector(db),
  };
}

function createDriver(url: string, settings: PostgresSettings): Driver {
  const permits = createPermits(settings.max);
  let pool: Pool | undefined;
  let releaseContainment: (() => void) | undefined;
  const currentPool = () => {
    if (!pool || pool.isRetired()) pool = createPool(url, settings);
    return pool;
  };
  return {
    async init() {
      releaseContainment = containLateWrite(settings.log);
    },
    async acquireConnection() {
      await permits.take();
      return new PostgresConnection(currentPool);
    },
    beginTransaction: (connection, transaction) => own(connection).begin(transaction),
    commitTransaction: (connection) => own(connection).commit(),
    rollbackTransaction: (connection) => own(connection).rollback(),
    savepoint: (connection, name) => own(connection).savepoint(`savepoint ${quoted(name)}`),
    rollbackToSavepoint: (connection, name) => own(connection).rollbackTo(`rollback to ${quoted(name)}`),
    releaseSavepoint: (connection, name) => own(connection).savepoint(`release ${quoted(name)}`),
    async releaseConnection() {
      permits.give();
    },
    async destroy() {
      permits.close();
      await pool?.end();
      releaseContainment?.();
    },
  };
}

function own(connection: DatabaseConnection): PostgresConnection {
  return connection as PostgresConnection;
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** What Kysely holds for one statement or one transaction. */
class PostgresConnection implements DatabaseConnection {
  readonly #currentPool: () => Pool;
  #transaction: Transaction | undefined;

  constructor(currentPool: () => Pool) {
    this.#currentPool = currentPool;
  }

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    const result = await (this.#transaction ?? this.#currentPool()).run(sql, parameters);
    const isWrite = ['INSERT', 'UPDATE', 'DELETE', 'MERGE'].includes(result.command);
    const rows = [...result] as unknown as R[];
    return isWrite ? { rows, numAffectedRows: BigInt(result.count) } : { rows };
  }

  // biome-ignore lint/correctness/useYield: Kysely asks for a generator even where streaming is refused.
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('Streaming a query is not supported. Read it in pages with a keyset instead.');
  }

  async begin({ isolationLevel, accessMode }: TransactionSettings): Promise<void> {
    const mode = [isolationLevel && `isolation level ${isolationLevel}`, accessMode]
      .filter(Boolean)
      .join(' ');
    this.#transaction = await this.#currentPool().begin(mode);
  }

  async commit(): Promise<void> {
    await this.#transaction?.commit();
    this.#transaction = undefined;
  }

  async rollback(): Promise<void> {
    await this.#transaction?.rollback();
    this.#transaction = undefined;
  }

  async savepoint(sql: string): Promise<void> {
    await this.#transaction?.run(sql, []);
  }

  async rollbackTo(sql: string): Promise<void> {
    await this.#transaction?.run(sql, []);
    this.#transaction?.forgetFailure();
  }
}

type Rows = postgres.RowList<postgres.Row[]>;
/** The part of a postgres.js query that its types leave out: `state` is set when it is sent. */
type Pending = postgres.PendingQuery<postgres.Row[]> & { state: object | null };

interface Pool {
  run(sql: string, parameters: readonly unknown[]): Promise<Rows>;
  begin(mode: string): Promise<Transaction>;
  isRetired(): boolean;
  end(): Promise<void>;
}

interface Transaction {
  run(sql: string, parameters: readonly unknown[]): Promise<Rows>;
  forgetFailure(): void;
  commit(): Promise<void>;
  rollback(): Promise<void>;
}

/** What is under way in a pool, with the way to give up on it while it has not been sent. */
interface Work {
  since: number;
  isUnsent: () => boolean;
  abandon: () => void;
}

function createPool(url: string, { max, log }: PostgresSettings): Pool {
  const work = new Set<Work>();
  let isRetired = false;
  let isEnding = false;
  const parsed = parseConnectionUrl(url);
  const sql = postgres(parsed.url, {
    ...(parsed.socketDir && { host: parsed.socketDir }),
    max,
    // One statement per connection: a slow one must not hold up another. (0 would skip the hook of begin.)
    max_pipeline: 1,
    max_lifetime: null,
    connect_timeout: connectTimeoutSeconds,
    keep_alive: 30,
    backoff: (retries: number) => Math.min(0.05 * 2 ** retries, 0.5),
    // Asking the server for array types can fail where nobody can catch it, so values.ts knows them.
    fetch_types: false,
    no_subscribe: true,
    types: valueTypes,
    connection: { application_name: 'offshelf' },
    onnotice: (notice) => log.debug({ event: 'database_notice', message: notice.message }),
    onclose: () => retire(),
  } as postgres.Options<Record<string, postgres.PostgresType>>);

  const sweep = setInterval(() => {
    const limit = performance.now() - unsentLimitMs;
    if ([...work].some((item) => item.since < limit && item.isUnsent())) retire();
  }, 1000);
  sweep.unref();

  function retire() {
    if (isRetired) return;
    isRetired = true;
    clearInterval(sweep);
    if (!isEnding) log.debug({ event: 'database_connection_lost', inFlight: work.size });
    for (const item of work) if (item.isUnsent()) item.abandon();
    endWhenIdle();
  }

  function endWhenIdle() {
    if (isRetired && work.size === 0) void sql.end({ timeout: 0 });
  }

  function track(item: Work): () => void {
    work.add(item);
    return () => {
      work.delete(item);
      endWhenIdle();
    };
  }

  async function run(text: string, parameters: readonly unknown[]): Promise<Rows> {
    const pending = send(sql, text, parameters);
    const abandoned = Promise.withResolvers<never>();
    const done = track({
      since: performance.now(),
      isUnsent: () => pending.state === null,
      abandon: () => {
        abandoned.reject(new ConnectionLostError('The connection to the database was lost. Try again.'));
        pending.cancel();
      },
    });
    try {
      return await Promise.race([pending, abandoned.promise]);
    } finally {
      done();
    }
  }

  return {
    run,
    begin: (mode) => beginTransaction(sql, mode, track),
    isRetired: () => isRetired,
    async end() {
      isEnding = true;
      clearInterval(sweep);
      await sql.end({ timeout: 5 });
    },
  };
}

function send(sql: postgres.ISql, text: string, parameters: readonly unknown[]): Pending {
  // Type 0 lets the server infer the type of each parameter from where it stands.
  const typed = parameters.map((value) => sql.typed(toParameter(value) as string, 0));
  const options = { prepare: true, simple: false };
  return sql.unsafe(text, typed, options) as unknown as Pending;
}

/** Bridges Kysely's begin, commit, rollback to the callback of `sql.begin`. */
async function beginTransaction(
  sql: postgres.Sql,
  mode: string,
  track: (item: Work) => () => void,
): Promise<Transaction> {
  const opened = Promise.withResolvers<postgres.TransactionSql>();
  const outcome = Promise.withResolvers<void>();
  const lost = Promise.withResolvers<never>();
  lost.promise.catch(() => {});
  const rolledBack = new Error('rolled back on request');
  let state: 'opening' | 'open' | 'ending' | 'over' = 'opening';
  let failure: unknown;

  const ended: Promise<unknown> = sql.begin(mode, (tx) => {
    if (state !== 'opening') throw rolledBack;
    state = 'open';
    opened.resolve(tx);
    return outcome.promise;
  });
  const done = track({
    since: performance.now(),
    isUnsent: () => state === 'opening',
    abandon: () => {
      state = 'over';
      opened.reject(new ConnectionLostError('The connection to the database was lost. Try again.'));
    },
  });
  ended
    .catch((error) => {
      state = 'over';
      opened.reject(error);
      lost.reject(error);
    })
    .finally(done);

  const tx = await opened.promise;

  return {
    async run(text, parameters) {
      if (state !== 'open')
        throw new ConnectionLostError(
          'The connection was lost during a transaction, so nothing of it was kept.',
        );
      const pending = send(tx, text, parameters);
      // postgres.js would doom the transaction for a failure that a savepoint has undone; commit() decides here.
      pending.catch = (() => pending) as never;
      try {
        return await Promise.race([pending, lost.promise]);
      } catch (error) {
        failure ??= error;
        if (!(error instanceof postgres.PostgresError)) state = 'over';
        throw error;
      }
    },
    forgetFailure() {
      failure = undefined;
    },
    async commit() {
      if (failure) throw failure;
      if (state !== 'open') return void (await lost.promise);
      state = 'ending';
      outcome.resolve();
      await ended;
      state = 'over';
    },
    async rollback() {
      // A lost transaction is rolled back by the server; writing to its connection is the fault to avoid.
      if (state !== 'open') return;
      state = 'ending';
      outcome.reject(rolledBack);
      await ended.catch(() => {});
    },
  };
}

/** Hands out at most `max` permits, so that nothing ever waits inside a postgres.js pool that may be retired. */
function createPermits(max: number) {
  const waiting: { resolve: () => void; reject: (error: Error) => void }[] = [];
  let free = max;
  let isClosed = false;
  return {
    async take(): Promise<void> {
      if (isClosed)
        throw new ConnectionLostError('The database connection is closed because the app is stopping.');
      if (free > 0) {
        free -= 1;
        return;
      }
      const turn = Promise.withResolvers<void>();
      waiting.push(turn);
      const timer = setTimeout(() => {
        const index = waiting.indexOf(turn);
        if (index >= 0) waiting.splice(index, 1);
        turn.reject(
          new ConnectionLostError(
            `All ${max} database connections were busy for ${permitLimitMs / 1000} s. Try again in a moment.`,
          ),
        );
      }, permitLimitMs);
      await turn.promise.finally(() => clearTimeout(timer));
    },
    give(): void {
      const next = waiting.shift();
      if (next) next.resolve();
      else free += 1;
    },
    close(): void {
      isClosed = true;
      for (const turn of waiting.splice(0))
        turn.reject(
          new ConnectionLostError('The database connection is closed because the app is stopping.'),
        );
    },
  };
}

let containments = 0;
let containedLog: Log | undefined;

/** Keeps the one known late write of postgres.js from ending the process; every other error still does. */
function containLateWrite(log: Log): () => void {
  containedLog = log;
  containments += 1;
  if (containments === 1) process.on('uncaughtException', onUncaught);
  return () => {
    containments -= 1;
    if (containments === 0) process.off('uncaughtException', onUncaught);
  };
}

function onUncaught(error: unknown): void {
  if (isLateWrite(error)) {
    containedLog?.warn({ event: 'database_late_write_contained' });
    return;
  }
  // With no other listener Node would have ended the process, so it still does, with the same trace.
  if (process.listenerCount('uncaughtException') === 1) throw error;
}

function isLateWrite(error: unknown): boolean {
  return (
    error instanceof TypeError &&
    error.message === "Cannot read properties of null (reading 'write')" &&
    /\bnextWrite\b.*[\\/]node_modules[\\/]postgres[\\/]/.test(error.stack ?? '')
  );
}
