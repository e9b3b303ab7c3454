import { randomUUID } from 'node:crypto';
import postgres from 'postgres';
import type { Log } from '../http/log.ts';
import { parseConnectionUrl } from './connection-url.ts';
import { containLateWrite } from './late-write.ts';

/** Hears what any process tells on a channel of PostgreSQL, on one connection that is made again when it is lost. */
export interface Listener {
  /** Calls the handler for each payload on this channel; the answer ends that. */
  on(channel: string, handler: (payload: string) => void): () => void;
  /**
   * Whether everything that was told until a second ago has been heard, proven by a message to ourselves. Asking keeps
   * that proof going for a while; the first question after a pause is answered with no.
   */
  isCurrent(): boolean;
  /** Calls the handler each time listening begins anew, when messages may have been missed. */
  onGap(handler: () => void): () => void;
  close(): Promise<void>;
}

const proofChannel = 'listener_proof';
const proveEveryMs = 250;
const provenForMs = 1_000;
/** Without a question for this long nothing is proven any more, so that an idle instance stays idle. */
const askedForMs = 30_000;
const retryMs = 500;
const connectTimeoutSeconds = 5;

export function listenToDatabase(databaseUrl: string, { log }: { log: Log }): Listener {
  const handlers = new Map<string, Set<(payload: string) => void>>();
  const gapHandlers = new Set<() => void>();
  const ownId = randomUUID();
  const releaseContainment = containLateWrite(log);
  let connection: postgres.Sql | undefined;
  let isClosed = false;
  /** When the message that was heard last was sent. */
  let provenAt = Number.NEGATIVE_INFINITY;
  let askedAt = Number.NEGATIVE_INFINITY;
  let startedAt = performance.now();
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function open(): Promise<void> {
    const { url, socketDir, database } = parseConnectionUrl(databaseUrl);
    const sql = postgres(url, {
      ...(socketDir && { host: socketDir }),
      database,
      max: 1,
      connect_timeout: connectTimeoutSeconds,
      idle_timeout: 0,
      fetch_types: false,
      onnotice: () => undefined,
      connection: { application_name: 'offshelf-listener' },
    });
    connection = sql;
    startedAt = performance.now();
    try {
      for (const channel of [proofChannel, ...handlers.keys()]) await hear(sql, channel);
      for (const handler of gapHandlers) handler();
    } catch (err) {
      log.debug({ event: 'listening_failed', err });
      await reopen(sql);
    }
  }

  async function hear(sql: postgres.Sql, channel: string): Promise<void> {
    let isFirst = true;
    const take = (payload: string) => {
      if (sql !== connection) return;
      if (channel === proofChannel) {
        const [id, sentAt] = payload.split(' ');
        if (id === ownId) provenAt = Number(sentAt);
        return;
      }
      for (const handler of handlers.get(channel) ?? []) handler(payload);
    };
    await sql.listen(channel, take, () => {
      // postgres.js makes a lost connection again without a word.
      if (!isFirst) for (const handler of gapHandlers) handler();
      isFirst = false;
    });
  }

  /** Throws a connection away, because postgres.js does not always survive that one is lost. */
  async function reopen(sql: postgres.Sql): Promise<void> {
    if (isClosed || sql !== connection) return;
    connection = undefined;
    provenAt = Number.NEGATIVE_INFINITY;
    void sql.end({ timeout: 0 }).catch(() => undefined);
    await new Promise((done) => setTimeout(done, retryMs).unref());
    if (!isClosed) void open();
  }

  async function prove(): Promise<void> {
    const sql = connection;
    const now = performance.now();
    if (sql && now - Math.max(provenAt, startedAt) > (connectTimeoutSeconds + 1) * 1_000) await reopen(sql);
    else if (sql) {
      sql`select pg_notify(${proofChannel}, ${`${ownId} ${now}`})`.catch(() => undefined);
    }
  }

  function keepProving(): void {
    timer = undefined;
    if (isClosed || performance.now() - askedAt > askedForMs) return;
    void prove();
    timer = setTimeout(keepProving, proveEveryMs);
    timer.unref();
  }

  void open();
  return {
    on(channel, handler) {
      const known = handlers.get(channel);
      if (known) known.add(handler);
      else {
        handlers.set(channel, new Set([handler]));
        const sql = connection;
        if (sql) hear(sql, channel).catch(() => reopen(sql));
      }
      return () => handlers.get(channel)?.delete(handler);
    },
    isCurrent() {
      const now = performance.now();
      if (now - askedAt > askedForMs) startedAt = now;
      askedAt = now;
      if (timer === undefined) keepProving();
      return now - provenAt < provenForMs;
    },
    onGap(handler) {
      gapHandlers.add(handler);
      return () => gapHandlers.delete(handler);
    },
    async close() {
      isClosed = true;
      clearTimeout(timer);
      await connection?.end({ timeout: 1 }).catch(() => undefined);
      releaseContainment();
    },
  };
}
