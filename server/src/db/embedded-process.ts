import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import type { Log } from '../http/log.ts';
import { type EmbeddedHome, EmbeddedPostgresError, isAlive, plainEnvironment } from './embedded-home.ts';

export interface RunningServer {
  pid: number;
  startedAt: number;
  /** Settles when the server is gone, with the reason. */
  exited: Promise<string>;
  stop(): Promise<void>;
}

/** Another server, and with it another Offshelf, uses the data folder. */
class EmbeddedPostgresBusyError extends EmbeddedPostgresError {}

const startLimitMs = 30_000;
const stopLimitMs = 15_000;
/** A killed app's watchdog needs a moment to stop its server; a server that is stopping gets longer. */
const graceMs = { ready: 1500, stopping: 10_000 };

/**
 * Waits on its standard input, which only Offshelf holds open: when Offshelf is gone, however it went, the server
 * is stopped. The process is looked at before it is signalled, because its number may belong to another by then.
 */
const watchdogScript = `
read -r pid || exit 0
read -r nothing
runs() {
  if [ -r "/proc/$pid/cmdline" ]; then tr '\\0' ' ' < "/proc/$pid/cmdline"; else ps -o command= -p "$pid"; fi 2>/dev/null
}
case "$(runs)" in *"-D $1 "*) kill -INT "$pid" ;; *) exit 0 ;; esac
while kill -0 "$pid" 2>/dev/null; do sleep 0.1; done
[ -z "$2" ] || rmdir "$2"
`;

/** Makes sure that no server uses the data folder, and takes away the pid file of one that is gone. */
export async function claimDataDir(dataDir: string, say: (text: string) => void): Promise<void> {
  const started = Date.now();
  let hasSaid = false;
  for (;;) {
    const owner = await readPidFile(dataDir);
    if (!owner) return;
    if (!isAlive(owner.pid) || !(await isServerOf(owner.pid, dataDir))) {
      await rm(join(dataDir, 'postmaster.pid'), { force: true });
      return;
    }
    const limit = owner.status === 'stopping' ? graceMs.stopping : graceMs.ready;
    if (Date.now() - started > limit) throw busy(dataDir, owner.pid);
    if (!hasSaid && owner.status === 'stopping') {
      say(`Waiting for the previous database server (process ${owner.pid}) to stop.`);
      hasSaid = true;
    }
    await pause(50);
  }
}

/** Starts the server in a session of its own, so that Ctrl-C reaches the app alone, which then drains first. */
export async function spawnServer(
  home: EmbeddedHome,
  settings: Record<string, string>,
  socketDir: string | undefined,
  log: Log,
): Promise<RunningServer> {
  const account = home.user && { uid: home.user.uid, gid: home.user.gid };
  const watchdog = spawn(
    '/bin/sh',
    ['-c', watchdogScript, 'offshelf-watchdog', home.dataDir, socketDir ?? ''],
    {
      cwd: '/',
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
      ...account,
    },
  );
  watchdog.on('error', (error) =>
    log.error({ event: 'embedded_postgres_watchdog_failed', reason: error.message }),
  );
  watchdog.stdin.on('error', () => {});
  const args = [
    '-D',
    home.dataDir,
    ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ];
  const child = spawn(join(home.nativeDir, 'bin', 'postgres'), args, {
    cwd: dirname(home.dataDir),
    detached: true,
    env: { ...plainEnvironment, ...home.env },
    stdio: ['ignore', 'ignore', 'pipe'],
    ...account,
  });
  if (child.pid) watchdog.stdin.write(`${child.pid}\n`);
  const exited = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(signal ? `signal ${signal}` : `exit code ${code}`));
  }).finally(() => watchdog.stdin.end());
  // Neither keeps a script alive that has come to its end: the watchdog then stops the server.
  for (const handle of [watchdog, child, child.stderr as Socket]) handle.unref();

  await waitUntilReady(child, exited, home.dataDir, log);
  return { pid: child.pid ?? 0, startedAt: Date.now(), exited, stop: () => stopServer(child, exited) };
}

async function waitUntilReady(
  child: ChildProcess,
  exited: Promise<string>,
  dataDir: string,
  log: Log,
): Promise<void> {
  const ready = Promise.withResolvers<void>();
  const output: string[] = [];
  if (!child.stderr) throw new Error('The server was started without its log.');
  createInterface({ input: child.stderr }).on('line', (line) => {
    output.push(line);
    if (output.length > 30) output.shift();
    log.debug({ event: 'embedded_postgres_log', line });
    if (line.includes('database system is ready to accept connections')) ready.resolve();
  });
  const timer = setTimeout(() => ready.reject(new Error('it was not ready in time')), startLimitMs);
  void exited.then((reason) => ready.reject(new Error(reason)));
  try {
    await ready.promise;
  } catch (error) {
    child.kill('SIGQUIT');
    const said = output.join('\n');
    const owner = /lock file "postmaster\.pid" already exists/.test(said) && (await readPidFile(dataDir));
    if (owner) throw busy(dataDir, owner.pid);
    const hint = /No space left on device/.test(said) ? ' Its disk is full; free some space.' : '';
    throw new EmbeddedPostgresError(
      `The embedded database did not start (${(error as Error).message}).${hint} Its last words:\n${said}`,
    );
  } finally {
    clearTimeout(timer);
  }
}

/** Ends connections and writes everything down; a server that does not manage in time recovers at its next start. */
async function stopServer(child: ChildProcess, exited: Promise<string>): Promise<void> {
  child.ref();
  child.kill('SIGINT');
  const timer = setTimeout(() => child.kill('SIGQUIT'), stopLimitMs);
  await exited;
  clearTimeout(timer);
}

function busy(dataDir: string, pid: number): EmbeddedPostgresBusyError {
  return new EmbeddedPostgresBusyError(
    `The database in ${dataDir} is already in use by another Offshelf (its database server is process ${pid}). Stop that one first, or set DATA_DIR to another folder.`,
  );
}

interface PidFile {
  pid: number;
  port: number;
  /** Empty when the server listens on TCP. */
  socketDir: string;
  status: string;
}

/** The lines of postmaster.pid: process, folder, start, port, socket folder, address, memory, status. */
async function readPidFile(dataDir: string): Promise<PidFile | undefined> {
  const text = await readFile(join(dataDir, 'postmaster.pid'), 'utf8').catch(() => '');
  const lines = text.split('\n').map((line) => line.trim());
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  return { pid, port: Number(lines[3]), socketDir: lines[4] ?? '', status: lines[7] ?? '' };
}

/** Where a running server on the data folder listens. */
export async function findRunningServer(dataDir: string): Promise<PidFile | undefined> {
  const owner = await readPidFile(dataDir);
  if (owner?.status !== 'ready' || !isAlive(owner.pid)) return undefined;
  return (await isServerOf(owner.pid, dataDir)) ? owner : undefined;
}

/** Whether the process is a PostgreSQL server on this data folder, and not one that got its number later. */
async function isServerOf(pid: number, dataDir: string): Promise<boolean> {
  const line = await readFile(`/proc/${pid}/cmdline`, 'utf8')
    .then((text) => text.replaceAll('\0', ' '))
    .catch(async () => {
      if (process.platform === 'linux') return '';
      return (
        (await promisify(execFile)('ps', ['-o', 'command=', '-p', String(pid)]).catch(() => undefined))
          ?.stdout ?? ''
      );
    });
  return line.includes('postgres') && `${line.trim()} `.includes(`-D ${dataDir} `);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
