import { spawn } from 'node:child_process';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { connectDatabase } from '../../server/src/db/database.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../server/src/db/embedded.ts';
import { createLog } from '../../server/src/http/log.ts';
import { makeServerFolder } from '../support/postgres.ts';

const log = createLog('silent');
let folder: string;
let dataDir: string;
let stops: (() => Promise<void>)[];

beforeEach(async () => {
  folder = await makeServerFolder();
  dataDir = join(folder, 'postgres');
  stops = [];
});

afterEach(async () => {
  for (const stop of stops.reverse()) await stop();
  await rm(folder, { recursive: true, force: true });
});

async function start(): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ dataDir, log, say: () => {}, isDurable: false });
  stops.push(() => server.stop());
  return server;
}

test('what was committed is there after a stop and a second start', async () => {
  const first = await start();
  await query(first.url, 'create table note as select 42 as answer');
  await first.stop();
  const second = await start();
  expect(await query(second.url, 'select answer from note')).toEqual([{ answer: 42 }]);
});

test('killing the app stops its server, and the next start works', async () => {
  const app = await startInOtherProcess();
  const server = await readServerPid();
  expect(isAlive(server)).toBe(true);
  process.kill(app.pid, 'SIGKILL');
  const killedAt = Date.now();
  while (isAlive(server)) {
    expect(Date.now() - killedAt).toBeLessThan(10_000);
    await pause(10);
  }
  expect(await query((await start()).url, 'select 1 as one')).toEqual([{ one: 1 }]);
});

test('a start straight after the app was killed waits for the old server', async () => {
  const app = await startInOtherProcess();
  process.kill(app.pid, 'SIGKILL');
  expect(await query((await start()).url, 'select 1 as one')).toEqual([{ one: 1 }]);
});

test('Ctrl-C, which goes to the whole process group, leaves the server to the app', async () => {
  const app = await startInOtherProcess();
  const server = await readServerPid();
  process.kill(-app.pid, 'SIGINT');
  await pause(300);
  expect(isAlive(server)).toBe(true);
  process.kill(app.pid, 'SIGKILL');
});

test('a second start on the same data says so, and does not disturb the first', async () => {
  const first = await start();
  const pid = await readServerPid();
  await expect(start()).rejects.toThrow(`in use by another Offshelf (its database server is process ${pid})`);
  expect(await query(first.url, 'select 1 as one')).toEqual([{ one: 1 }]);
});

test('a pid file that names a stranger is removed, and the stranger is left alone', async () => {
  await (await start()).stop();
  const owner = await stat(dataDir);
  const stranger = spawn('sleep', ['30'], { uid: owner.uid, gid: owner.gid });
  stops.push(async () => void stranger.kill());
  await writeFile(join(dataDir, 'postmaster.pid'), `${stranger.pid}\n${dataDir}\n1\n5432\n\n\n\nready\n`);
  expect(await query((await start()).url, 'select 1 as one')).toEqual([{ one: 1 }]);
  expect(stranger.exitCode).toBeNull();
  expect(stranger.signalCode).toBeNull();
});

test('a server that dies comes back under the same address', async () => {
  const server = await start();
  const pid = await readServerPid();
  process.kill(pid, 'SIGKILL');
  const killedAt = Date.now();
  for (;;) {
    const rows = await query(server.url, 'select 1 as one').catch(() => []);
    if (rows.length > 0) break;
    expect(Date.now() - killedAt).toBeLessThan(10_000);
    await pause(20);
  }
  expect(await readServerPid()).not.toBe(pid);
});

test('where the path of the socket is too long, a password guards a port of this machine', async () => {
  const before = process.env.TMPDIR;
  const long = join(folder, 'x'.repeat(100));
  await mkdir(long);
  process.env.TMPDIR = long;
  stops.push(async () => {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
  });
  const server = await start();
  const url = new URL(server.url);
  expect(url.hostname).toBe('127.0.0.1');
  expect(await query(server.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  url.password = 'wrong';
  await expect(query(url.href, 'select 1')).rejects.toThrow('password authentication failed');
  expect((await stat(join(dataDir, 'offshelf-password'))).mode & 0o777).toBe(0o600);
});

test('only its owner can enter the folder of the socket', async () => {
  const socketDir = new URL((await start()).url).searchParams.get('host') ?? '';
  expect((await stat(socketDir)).mode & 0o777).toBe(0o700);
});

test('a start that was killed while making the database leaves nothing in the way', async () => {
  const gone = spawn('true');
  await new Promise((resolve) => gone.once('exit', resolve));
  await mkdir(`${dataDir}.new-${gone.pid}-abc123`);
  await start();
  expect((await readdir(folder)).sort()).toEqual(['postgres']);
});

test('a folder with other things in it is refused untouched', async () => {
  await mkdir(dataDir);
  await writeFile(join(dataDir, 'notes.txt'), 'mine');
  await expect(start()).rejects.toThrow('is not empty and holds no database');
  expect(await readdir(dataDir)).toEqual(['notes.txt']);
});

/** An app of its own, in a process group of its own, that does nothing but run the server. */
async function startInOtherProcess(): Promise<{ pid: number }> {
  const module = (path: string) => JSON.stringify(join(import.meta.dirname, '../../server/src', path));
  const code = `
    import { startEmbeddedPostgres } from ${module('db/embedded.ts')};
    import { createLog } from ${module('http/log.ts')};
    process.on('SIGINT', () => {});
    const options = { log: createLog('silent'), say() {}, isDurable: false };
    await startEmbeddedPostgres({ dataDir: ${JSON.stringify(dataDir)}, ...options });
    console.log('started');
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  stops.push(async () => void child.kill('SIGKILL'));
  for await (const line of createInterface({ input: child.stdout })) if (line === 'started') break;
  return { pid: child.pid ?? 0 };
}

async function readServerPid(): Promise<number> {
  return Number((await readFile(join(dataDir, 'postmaster.pid'), 'utf8')).split('\n')[0]);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function query(url: string, statement: string): Promise<unknown[]> {
  const db = connectDatabase(url, { log, max: 1 });
  try {
    return (await sql.raw(statement).execute(db)).rows;
  } finally {
    await db.destroy();
  }
}
