import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { open, readFile, rm } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import { resolve } from 'node:path';
import type { Config } from './config.ts';
import { ConfigError, loadConfig } from './config.ts';
import type { Context } from './context.ts';
import { connectDatabase } from './db/database.ts';
import { type EmbeddedPostgres, findEmbeddedPostgres, startEmbeddedPostgres } from './db/embedded.ts';
import { EmbeddedPostgresError } from './db/embedded-home.ts';
import { listenToDatabase } from './db/listen.ts';
import { MigrationError, migrate } from './db/migrate.ts';
import { createSandbox } from './documents/create-sandbox.ts';
import { fetchPage, fetchPicture } from './documents/fetch-page.ts';
import { defaultConcurrency } from './documents/limits.ts';
import { createLog, type Log, openLogFile } from './http/log.ts';
import { openBlobStore } from './storage/open.ts';
import { StorageUnavailable } from './storage/store.ts';

/** The database URL that is configured, or that of the embedded server, started for it. */
interface Backing {
  databaseUrl: string;
  embedded: EmbeddedPostgres | null;
}

async function openBacking(config: Config, log: Log, say: (line: string) => void): Promise<Backing> {
  if (config.databaseUrl) return { databaseUrl: config.databaseUrl, embedded: null };
  const embedded = await startEmbeddedPostgres({ dataDir: resolve(config.dataDir, 'postgres'), log, say });
  return { databaseUrl: embedded.url, embedded };
}

/** What the API, the worker and the commands share. The database must be migrated. */
async function openContext(config: Config, databaseUrl: string, log: Log): Promise<Context> {
  return {
    config,
    // A file that is being rendered keeps a connection, by which other processes know that it is.
    db: connectDatabase(databaseUrl, {
      log,
      max: 10 + (config.rendering.concurrency ?? defaultConcurrency()),
    }),
    listener: listenToDatabase(databaseUrl, { log }),
    blobs: await openBlobStore(config),
    sandbox: createSandbox({
      folder: resolve(config.dataDir, 'tmp'),
      concurrency: config.rendering.concurrency,
      extraFontFolders: config.rendering.extraFontFolders,
      log,
    }),
    web: { fetchPage, fetchPicture },
    log,
    clock: () => new Date(),
    instanceKey: await readInstanceKey(config),
  };
}

/** Losing this key means that share links can not be copied again, so it is made once and flushed to disk. */
async function readInstanceKey(config: Config): Promise<Buffer> {
  if (config.instanceKey) return Buffer.from(config.instanceKey, 'hex');
  const path = resolve(config.dataDir, 'instance.key');
  try {
    const file = await open(path, 'wx', 0o600);
    try {
      await file.writeFile(randomBytes(32).toString('hex'));
      await file.sync();
    } catch (error) {
      // Half a key would stop every later start.
      await rm(path, { force: true });
      throw error;
    } finally {
      await file.close();
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const key = Buffer.from((await readFile(path, 'utf8')).trim(), 'hex');
  if (key.length !== 32)
    throw new ConfigError(`${path} does not hold 64 hexadecimal digits. Restore it from a backup.`);
  return key;
}

interface RunOptions {
  /** Tells the person at the terminal what happens. */
  say: (line: string) => void;
  /** Log to a file in the data folder instead of standard output. */
  logFile: boolean;
  /** Runs after the database is ready and before people are let in. */
  prepare?: (ctx: Context, databaseUrl: string) => Promise<void>;
}

/** Starts Offshelf from the environment and runs until a signal ends it. */
export async function runOffshelf({ say, logFile, prepare }: RunOptions): Promise<void> {
  try {
    const config = loadConfig(process.env);
    makeDataFolder(config);
    const log = createLog(config.logLevel, logFile ? openLogFile(logPath(config)) : undefined);
    await start(config, log, say, prepare);
  } catch (error) {
    process.stderr.write(`${describe(error)}\n`);
    process.exit(1);
  }
}

/**
 * Does one thing with the instance that the environment names, for a command: with the embedded database
 * of a running Offshelf when there is one, else with one that runs just for this.
 */
export async function withOffshelf(
  say: (line: string) => void,
  work: (ctx: Context, databaseUrl: string) => Promise<void>,
): Promise<void> {
  try {
    const config = loadConfig(process.env);
    makeDataFolder(config);
    const log = createLog('error', openLogFile(logPath(config)));
    const backing = (await findRunning(config, say)) ?? (await openBacking(config, log, say));
    await migrate(backing.databaseUrl, { log, say });
    const ctx = await openContext(config, backing.databaseUrl, log);
    await work(ctx, backing.databaseUrl);
    await ctx.sandbox.close();
    await ctx.listener.close();
    await ctx.db.destroy();
    await backing.embedded?.stop();
  } catch (error) {
    process.stderr.write(`${describe(error)}\n`);
    process.exit(1);
  }
}

async function findRunning(config: Config, say: (line: string) => void): Promise<Backing | undefined> {
  if (config.databaseUrl) return undefined;
  const databaseUrl = await findEmbeddedPostgres(resolve(config.dataDir, 'postgres'), say);
  return databaseUrl ? { databaseUrl, embedded: null } : undefined;
}

function makeDataFolder({ dataDir }: Config): void {
  try {
    mkdirSync(dataDir, { recursive: true });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new ConfigError(
      `The data folder ${resolve(dataDir)} cannot be made (${code}). Give Offshelf's user access to it, or set DATA_DIR to another folder.`,
    );
  }
}

function logPath({ dataDir }: Config): string {
  return resolve(dataDir, 'offshelf.log');
}

/** Faults that a person can mend carry their own sentence; anything else is a bug and shows where. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const isPlain = [ConfigError, EmbeddedPostgresError, MigrationError, StorageUnavailable].some(
    (kind) => error instanceof kind,
  );
  return isPlain ? error.message : (error.stack ?? error.message);
}

async function start(
  config: Config,
  log: Log,
  say: RunOptions['say'],
  prepare: RunOptions['prepare'],
): Promise<void> {
  // The app is read while the database starts, and the file store is asked while the app begins to listen.
  const app = config.role === 'worker' ? null : import('./app.ts');
  const backing = await openBacking(config, log, say);
  await migrate(backing.databaseUrl, { log, say });
  const ctx = await openContext(config, backing.databaseUrl, log);
  await prepare?.(ctx, backing.databaseUrl);
  const listener = app && (await app).createApp(ctx);
  const [server] = await Promise.all([listener && listen(ctx, listener), ctx.blobs.check()]);
  const worker = config.role === 'api' ? null : startWorker(ctx, backing.databaseUrl);
  log.info({ event: 'started', role: config.role, port: config.port });
  if (config.meilisearch)
    say('Meilisearch answers searches, PostgreSQL when it cannot: see Settings › Search.');
  say(server ? `Offshelf is ready: ${config.publicUrl}` : 'The worker is ready.');
  stopOnSignal(async () => {
    say('Stopping …');
    listener?.hangUp();
    await Promise.all([server && close(server), worker?.then((runner) => atMost(stopMs, runner.stop()))]);
    if (listener) await atMost(stopMs, listener.close());
    await ctx.sandbox.close();
    await ctx.listener.close();
    await ctx.db.destroy();
    await backing.embedded?.stop();
    log.info({ event: 'stopped' });
  });
}

async function listen({ config }: Context, app: RequestListener): Promise<Server> {
  const server = createServer({ requestTimeout: 0, headersTimeout: 30_000, keepAliveTimeout: 65_000 }, app);
  const { host, port } = config;
  await new Promise<void>((done, fail) => {
    server.once('error', (error: NodeJS.ErrnoException) => fail(explainListenError(error, port)));
    server.listen(port, host, done);
  });
  return server;
}

function explainListenError(error: NodeJS.ErrnoException, port: number): Error {
  if (error.code !== 'EADDRINUSE') return error;
  return new ConfigError(
    `Port ${port} is taken by another program. Stop that program, or choose another port with PORT=7421 npm start.`,
  );
}

/** The worker is loaded after the API answers, because nobody waits for it. */
async function startWorker(ctx: Context, databaseUrl: string) {
  return (await import('./worker.ts')).startWorker(ctx, databaseUrl);
}

/** Uploads, answers and jobs under way get this long to end. A job that takes longer is taken up at the next start. */
const stopMs = 10_000;

async function atMost(milliseconds: number, work: Promise<void>): Promise<void> {
  await Promise.race([work, new Promise((done) => setTimeout(done, milliseconds).unref())]);
}

async function close(server: Server): Promise<void> {
  const closed = new Promise<void>((done) => server.close(() => done()));
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), stopMs);
  await closed;
  clearTimeout(timer);
}

function stopOnSignal(stop: () => Promise<void>): void {
  let isStopping = false;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (isStopping) return;
      isStopping = true;
      stop().then(
        () => process.exit(0),
        (error) => {
          process.stderr.write(`${describe(error)}\n`);
          process.exit(1);
        },
      );
    });
  }
}

if (import.meta.main) {
  await runOffshelf({ say: () => undefined, logFile: false });
}
