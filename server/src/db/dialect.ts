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
import { containLateWrite } from './late-write.ts';
import { toParameter, valueTypes } from './values.ts';

/*
 * Kysely on postgres.js: single statements straight on a client, transactions through its `begin`, never `reserve`.
 *
 * postgres.js 3.4.9 does not survive losing a connection. A write that was scheduled when the socket closed stays
 * marked as scheduled, so after reconnecting nothing is ever sent; a statement that starts between the socket's
 * error and its close is never answered; and a write to a closed connection throws where nobody can catch it.
 * Therefore each client has one connection and is thrown away when that is lost, with whatever was under way on it
 * rejected, and the pool of clients is ours. What remains of the last fault is contained by `containLateWrite`.
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
const lifetimeMs = 30 * 60_000;

export function postgresDialect(url: string, settings: PostgresSettings): Dialect {
  return {
    createDriver: () => createDriver(url, settings),
    createQueryCompiler: () => new PostgresQueryCompiler(),
    createAdapter: () => new PostgresAdapter(),
    createIntrospector: (db) => new PostgresIntrospector(db),
  };
}

function createDriver(url: string, { max, log }: PostgresSettings): Driver {
  const permits = createPermits(max);
  const clients = new Set<Client>();
  let idle: Client[] = [];
  let releaseContainment: (() => void) | undefined;

  function openClient(): Client {
    const client = createClient(url, log, () => {
      clients.delete(client);
      idle = idle.filter((other) => other !== client);
    });
    clients.add(client);
    return client;
  }

  return {
    async init() {
      releaseContainment = containLateWrite(log);
    },
    async acquireConnection() {
      await permits.take();
      return new PostgresConnection(idle.pop() ?? openClient());
    },
    beginTransaction: (connection, transaction) => own(connection).begin(transaction),
    commitTransaction: (connection) => own(connection).commit(),
    rollbackTransaction: (connection) => own(connection).rollback(),
    savepoint: (connection, name) => own(connection).savepoint(`savepoint ${quoted(name)}`),
    rollbackToSavepoint: (connection, name) => own(connection).rollbackTo(`rollback to ${quoted(name)}`),
    releaseSavepoint: (connection, name) => own(connection).savepoint(`release ${quoted(name)}`),
    async releaseConnection(connection) {
      const { client } = own(connection);
      if (client.isSpent()) void client.end();
      else if (clients.has(client)) idle.push(client);
      permits.give();
    },
    async destroy() {
      permits.close();
      await Promise.all([...clients].map((client) => client.end()));
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

/** What Kysely holds for one statement, one transaction or one `db.connection()`. */
class PostgresConnection implements DatabaseConnection {
  readonly client: Client;
  #transaction: Transaction | undefined;

  constructor(client: Client) {
    this.client = client;
  }

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    const result = await (this.#transaction ?? this.client).run(sql, parameters);
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
    this.#transaction = await this.client.begin(mode);
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

/** Another part that its types leave out: ends the connections that are open at this moment. */
type Closable = postgres.Sql & { close(): Promise<void> };

/** A postgres.js instance with one connection. */
interface Client {
  run(sql: string, parameters: readonly unknown[]): Promise<Rows>;
  begin(mode: string): Promise<Transaction>;
  /** Old enough to be replaced, which also bounds the statements that its connection has prepared. */
  isSpent(): boolean;
  end(): Promise<void>;
}

interface Transaction {
  run(sql: string, parameters: readonly unknown[]): Promise<Rows>;
  forgetFailure(): void;
  commit(): Promise<void>;
  rollback(): Promise<void>;
}

/** Something under way on a client. */
interface Work {
  since: number;
  isUnsent: () => boolean;
  abandon: (error: Error) => void;
}

interface Tracker {
  /** Answers the function that ends the tracking. */
  track(work: Work): () => void;
  /** Throws the client away if the error means that its connection is gone, which can be before it closes. */
  judge(error: unknown): void;
}

function createClient(url: string, log: Log, onLost: () => void): Client {
  const allWork = new Set<Work>();
  const spentAt = Date.now() + lifetimeMs * (1 + Math.random());
  const { url: cleanUrl, socketDir } = parseConnectionUrl(url);
  let isOver = false;
  const sql = postgres(cleanUrl, {
    ...(socketDir && { host: socketDir }),
    max: 1,
    max_lifetime: null,
    connect_timeout: connectTimeoutSeconds,
    keep_alive: 30,
    // Asking the server for array types can fail where nobody can catch it, so values.ts knows them.
    fetch_types: false,
    no_subscribe: true,
    types: valueTypes,
    connection: { application_name: 'offshelf' },
    onnotice: (notice) => log.debug({ event: 'database_notice', message: notice.message }),
    onclose: () => discard(),
  } as postgres.Options<Record<string, postgres.PostgresType>>);

  // A server that takes connections and drops them keeps postgres.js reconnecting for ever.
  const sweep = setInterval(() => {
    const limit = performance.now() - unsentLimitMs;
    if ([...allWork].some((work) => work.since < limit && work.isUnsent())) discard();
  }, 1000);
  sweep.unref();

  function discard() {
    if (isOver) return;
    isOver = true;
    clearInterval(sweep);
    onLost();
    log.debug({ event: 'database_connection_lost', inFlight: allWork.size });
    for (const work of allWork) work.abandon(lostError());
    void sql.end({ timeout: 0 });
    // A connection that was being made may still come about after the end; it is closed then.
    setTimeout(() => void (sql as Closable).close(), (connectTimeoutSeconds + 1) * 1000).unref();
  }

  const tracker: Tracker = {
    track(work) {
      allWork.add(work);
      return () => allWork.delete(work);
    },
    judge(error) {
      const isAnswer = error instanceof postgres.PostgresError;
      if (!isAnswer || ['FATAL', 'PANIC'].includes(error.severity)) discard();
    },
  };

  return {
    async run(text, parameters) {
      if (isOver) throw lostError();
      const pending = send(sql, text, parameters);
      const abandoned = Promise.withResolvers<never>();
      const isUnsent = () => pending.state === null;
      const done = tracker.track({
        since: performance.now(),
        isUnsent,
        abandon(error) {
          abandoned.reject(error);
          // What was not sent must not be sent later, when its caller has heard that it was lost.
          if (isUnsent()) pending.cancel();
        },
      });
      try {
        return await Promise.race([pending, abandoned.promise]);
      } catch (error) {
        tracker.judge(error);
        throw error;
      } finally {
        done();
      }
    },
    async begin(mode) {
      if (isOver) throw lostError();
      return beginTransaction(sql, mode, tracker);
    },
    isSpent: () => Date.now() > spentAt,
    async end() {
      if (isOver) return;
      isOver = true;
      clearInterval(sweep);
      onLost();
      await sql.end({ timeout: 5 });
    },
  };
}

function lostError(): ConnectionLostError {
  return new ConnectionLostError('The connection to the database was lost. Try again.');
}

function send(sql: postgres.ISql, text: string, parameters: readonly unknown[]): Pending {
  // Type 0 lets the server infer the type of each parameter from where it stands.
  const typed = parameters.map((value) => sql.typed(toParameter(value) as string, 0));
  const options = { prepare: true, simple: false };
  return sql.unsafe(text, typed, options) as unknown as Pending;
}

/** Bridges Kysely's begin, commit, rollback to the callback of `sql.begin`. */
async function beginTransaction(sql: postgres.Sql, mode: string, tracker: Tracker): Promise<Transaction> {
  const opened = Promise.withResolvers<postgres.TransactionSql>();
  const outcome = Promise.withResolvers<void>();
  const lost = Promise.withResolvers<never>();
  const rolledBack = new Error('rolled back on request');
  let state: 'opening' | 'open' | 'ending' | 'over' = 'opening';
  let failure: unknown;

  function lose(error: unknown) {
    state = 'over';
    opened.reject(error);
    lost.reject(error);
  }
  lost.promise.catch(() => {});

  const ended: Promise<unknown> = sql.begin(mode, (tx) => {
    if (state !== 'opening') throw rolledBack;
    state = 'open';
    opened.resolve(tx);
    return outcome.promise;
  });
  const done = tracker.track({
    since: performance.now(),
    isUnsent: () => state === 'opening',
    abandon: lose,
  });
  ended.catch((error) => {
    lose(error);
    if (error !== rolledBack) tracker.judge(error);
  });
  const settled = Promise.race([ended, lost.promise]);
  settled.finally(done).catch(() => {});

  const tx = await opened.promise;

  return {
    async run(text, parameters) {
      if (state !== 'open') throw lostError();
      const pending = send(tx, text, parameters);
      // postgres.js would doom the transaction for a failure that a savepoint has undone; commit() decides here.
      pending.catch = (() => pending) as never;
      try {
        return await Promise.race([pending, lost.promise]);
      } catch (error) {
        failure ??= error;
        tracker.judge(error);
        throw error;
      }
    },
    forgetFailure() {
      failure = undefined;
    },
    async commit() {
      if (failure) throw failure;
      if (state !== 'open') throw lostError();
      state = 'ending';
      outcome.resolve();
      await settled;
    },
    async rollback() {
      // A lost transaction is rolled back by the server; writing to its connection is the fault to avoid.
      if (state !== 'open') return;
      state = 'ending';
      outcome.reject(rolledBack);
      await settled.catch(() => {});
    },
  };
}

/** Lets at most `max` users of a connection in at once; the others wait in line, but not for ever. */
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
