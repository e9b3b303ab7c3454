import { type ChildProcess, spawn } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build, serverBundle, serverFlags } from '../../scripts/build.ts';

const root = resolve(import.meta.dirname, '../..');

export interface RunningOffshelf {
  url: string;
  port: number;
  dataDir: string;
  process: ChildProcess;
  /** What it has printed so far. */
  output(): string;
  /** Ends it like a closed terminal would, and removes its data. */
  stop(): Promise<void>;
}

interface StartOptions {
  dataDir?: string;
  port?: number;
  env?: Record<string, string>;
  /** Another way to start it, such as a script; otherwise what npm start runs. */
  program?: string[];
}

/** Starts the real program, with its embedded database, in a process and a data folder of its own. */
export async function startOffshelf(options: StartOptions = {}): Promise<RunningOffshelf> {
  await build();
  const dataDir = options.dataDir ?? (await makeDataDir());
  const port = options.port ?? (await findFreePort());
  const child = spawn(process.execPath, options.program ?? [...serverFlags, serverBundle], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH,
      NODE_COMPILE_CACHE: resolve(root, 'node_modules/.cache/offshelf-compile'),
      DATA_DIR: dataDir,
      PORT: String(port),
      LOG_LEVEL: 'warn',
      ...options.env,
    },
  });
  const output: string[] = [];
  child.stdout?.on('data', (chunk) => output.push(String(chunk)));
  child.stderr?.on('data', (chunk) => output.push(String(chunk)));
  const url = `http://localhost:${port}`;
  await waitUntilReady(url, child, output);
  return {
    url,
    port,
    dataDir,
    process: child,
    output: () => output.join(''),
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        const ended = new Promise((done) => child.once('exit', done));
        child.kill('SIGTERM');
        await ended;
      }
      if (!options.dataDir) await rm(dataDir, { recursive: true, force: true });
    },
  };
}

const admin = { email: 'ada@example.com', password: 'a long enough password' };

/** Makes the first admin of a new Offshelf and answers their session cookie. */
export function setUpAdmin(app: RunningOffshelf): Promise<string> {
  return postForSession(app, '/setup', { name: 'Ada', ...admin });
}

/** Signs the admin in again, where the data was kept. */
export function signInAdmin(app: RunningOffshelf): Promise<string> {
  return postForSession(app, '/session', admin);
}

async function postForSession({ url }: RunningOffshelf, path: string, body: object): Promise<string> {
  const response = await fetch(`${url}/api${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${path} answered ${response.status}.`);
  return response.headers.getSetCookie()[0]?.split(';')[0] ?? '';
}

/** A temporary data folder that the database's own account can enter when the tests run as root. */
export async function makeDataDir(): Promise<string> {
  const dataDir = await mkdtemp(join(tmpdir(), 'offshelf-test-'));
  await chmod(dataDir, 0o711);
  return dataDir;
}

async function waitUntilReady(url: string, child: ChildProcess, output: string[]): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (Date.now() < deadline) {
    if (child.exitCode !== null)
      throw new Error(`Offshelf ended with ${child.exitCode}:\n${output.join('')}`);
    const response = await fetch(`${url}/api/health`).catch(() => undefined);
    if (response?.ok) return;
    await new Promise((done) => setTimeout(done, 25));
  }
  child.kill('SIGKILL');
  throw new Error(`Offshelf was not ready within 60 s:\n${output.join('')}`);
}

export async function findFreePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  if (address === null || typeof address === 'string') throw new Error('The system gave no port.');
  return address.port;
}
