import { randomBytes } from 'node:crypto';
import { chmod, chown, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Log } from '../http/log.ts';
import { socketUrl } from './connection-url.ts';
import { canReach, type EmbeddedHome, initialiseData, prepareHome } from './embedded-home.ts';
import { claimDataDir, findRunningServer, type RunningServer, spawnServer } from './embedded-process.ts';

export interface EmbeddedPostgres {
  url: string;
  /** Where the data really is: not always the folder that was asked for. */
  dataDir: string;
  stop(): Promise<void>;
}

export interface EmbeddedOptions {
  dataDir: string;
  log: Log;
  /** Tells the person at the terminal what is going on. */
  say: (text: string) => void;
  /** Off only for tests: a power cut would then lose data. */
  isDurable?: boolean;
}

/** The longest path that a unix socket can have on Linux; macOS allows 103. */
const longestSocketPath = process.platform === 'darwin' ? 103 : 107;
const socketName = '.s.PGSQL.5432';
const restartDelaysMs = [50, 100, 250, 500, 1000, 2000];
/** A server that ran this long did not fail because of how it was started. */
const stableMs = 10_000;

/** Starts PostgreSQL on the data folder, making it first when it is new, and keeps it running until `stop`. */
export async function startEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const { log, say, isDurable = true } = options;
  const home = await prepareHome(options.dataDir, say);
  await initialiseData(home, say, isDurable);
  const listen = await chooseListener(home);
  const settings = serverSettings(listen, isDurable);

  let isStopping = false;
  let crashes = 0;
  let restarting: Promise<void> = Promise.resolve();
  let server = await launch().catch(async (error) => {
    await removeSocketDir();
    throw error;
  });
  log.info({ event: 'embedded_postgres_started', pid: server.pid, dataDir: home.dataDir });

  async function launch(): Promise<RunningServer> {
    await claimDataDir(home.dataDir, say);
    const started = await spawnServer(home, settings, listen.socketDir, log);
    void started.exited.then((reason) => {
      if (!isStopping) restarting = restart(reason);
    });
    return started;
  }

  async function restart(reason: string): Promise<void> {
    if (Date.now() - server.startedAt > stableMs) crashes = 0;
    const delay = restartDelaysMs[Math.min(crashes, restartDelaysMs.length - 1)] ?? 0;
    crashes += 1;
    log.error({ event: 'embedded_postgres_died', reason, restartInMs: delay });
    await new Promise((resolve) => setTimeout(resolve, delay));
    if (isStopping) return;
    try {
      server = await launch();
      log.info({ event: 'embedded_postgres_restarted', pid: server.pid });
    } catch (error) {
      await restart(error instanceof Error ? error.message : String(error));
    }
  }

  async function removeSocketDir(): Promise<void> {
    if (listen.socketDir) await rm(listen.socketDir, { recursive: true, force: true });
  }

  return {
    url: listen.url,
    dataDir: home.dataDir,
    async stop() {
      if (isStopping) return;
      isStopping = true;
      await restarting;
      await server.stop();
      await removeSocketDir();
      log.info({ event: 'embedded_postgres_stopped' });
    },
  };
}

/** The URL of the server that a running Offshelf keeps on this data folder; undefined when none runs. */
export async function findEmbeddedPostgres(
  dataDir: string,
  say: (text: string) => void,
): Promise<string | undefined> {
  const home = await prepareHome(dataDir, say);
  const running = await findRunningServer(home.dataDir);
  if (!running) return undefined;
  return running.socketDir
    ? socketUrl('offshelf', running.socketDir, 'offshelf')
    : tcpUrl(home, running.port);
}

interface Listener {
  url: string;
  socketDir: string | undefined;
  port: number;
}

/** A socket in a folder that only its owner can enter; loopback TCP with a password where its path is too long. */
async function chooseListener(home: EmbeddedHome): Promise<Listener> {
  const prefix = join(tmpdir(), 'offshelf-');
  const isShort = Buffer.byteLength(join(`${prefix}XXXXXX`, socketName)) <= longestSocketPath;
  if (isShort && (!home.user || (await canReach(tmpdir(), home.user)))) {
    const socketDir = await mkdtemp(prefix);
    await chmod(socketDir, 0o700);
    if (home.user) await chown(socketDir, home.user.uid, home.user.gid);
    return { url: socketUrl('offshelf', socketDir, 'offshelf'), socketDir, port: 5432 };
  }
  const port = await findFreePort();
  return { url: await tcpUrl(home, port), socketDir: undefined, port };
}

async function tcpUrl(home: EmbeddedHome, port: number): Promise<string> {
  const password = (await readFile(join(home.dataDir, 'offshelf-password'), 'utf8')).trim();
  return `postgres://offshelf:${password}@127.0.0.1:${port}/offshelf`;
}

function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

function serverSettings(listen: Listener, isDurable: boolean): Record<string, string> {
  return {
    port: String(listen.port),
    listen_addresses: listen.socketDir ? '' : '127.0.0.1',
    unix_socket_directories: listen.socketDir ?? '',
    unix_socket_permissions: '0700',
    max_connections: '100',
    shared_buffers: '256MB',
    max_wal_size: '512MB',
    random_page_cost: '1.1',
    jit: 'off',
    io_method: 'sync',
    timezone: 'UTC',
    lc_messages: 'C',
    // Errors of single statements can hold what people typed; the app logs its own errors without it.
    log_min_messages: 'log',
    log_checkpoints: 'off',
    cluster_name: `offshelf-${randomBytes(3).toString('hex')}`,
    ...(isDurable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  };
}
