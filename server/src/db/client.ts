import postgres from 'postgres';
import type { Log } from '../http/log.ts';
import { parseConnectionUrl } from './connection-url.ts';
import { toParameter, valueTypes } from './values.ts';

/*
 * One connection of postgres.js: single statements straight on it, transactions through its `begin`, never `reserve`.
 *
 * postgres.js 3.4.9 does not survive losing a connection. A write that was scheduled when the socket closed stays
 * marked as scheduled, so after reconnecting nothing is ever sent; a statement that starts between the socket's
 * error and its close is never answered; and a write to a closed connection throws where nobody can catch it.
 * Therefore a client is thrown away when its connection is lost, with whatever was under way on it rejected. What
 * remains of the last fault is contained by `containLateWrite`.
 */

/** The database cannot be reached, or the connection was lost before the answer came. */
export class ConnectionLostError extends Error {
  readonly code = 'CONNECTION_CLOSED';
}

const connectTimeoutSeconds = 5;
const unsentLimitMs = 10_000;
const lifetimeMs = 30 * 60_000;

type Rows = postgres.RowList<postgres.Row[]>;
/** The part of a postgres.js query that its types leave out: `state` is set when it is sent. */
type Pending = postgres.PendingQuery<postgres.Row[]> & { state: object | null };

/** Another part that its types leave out: ends the connections that are open at this moment. */
type Closable = postgres.Sql & { close(): Promise<void> };

export interface Client {
  run(sql: string, parameters: readonly unknown[]): Promise<Rows>;
  begin(mode: string): Promise<Transaction>;
  /** Old enough to be replaced, which also bounds the statements that its connection has prepared. */
  isSpent(): boolean;
  end(): Promise<void>;
}

export interface Transaction {
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

/** A postgres.js instance with one connection; `onLost` is told when it is gone, by itself or by `end`. */
export function createClient(url: string, log: Log, onLost: () => void): Client {
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
