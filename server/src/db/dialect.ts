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
import type { Log } from '../http/log.ts';
import { type Client, ConnectionLostError, createClient, type Transaction } from './client.ts';
import { containLateWrite } from './late-write.ts';

// Kysely on a pool of clients that is ours: postgres.js would keep those that are lost.

export interface PostgresSettings {
  /** Most statements and transactions at once. */
  max: number;
  log: Log;
}

const permitLimitMs = 30_000;

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
