import { spawn } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { findFreePort, makeDataDir } from '../../test/support/offshelf.ts';
import { build, serverBundle, serverFlags } from '../build.ts';
import { median } from './median.ts';

const limitMs = 500;
const memoryLimitMb = 120;
const runs = 7;

/** Process start to the first 200 with an embedded database that exists already, and the memory when idle. */
export async function bench() {
  await build();
  const dataDir = await makeDataDir();
  try {
    await startOnce(dataDir, 0);
    const results = [];
    for (let run = 0; run < runs; run += 1)
      results.push(await startOnce(dataDir, run === runs - 1 ? 5000 : 0));
    const value = Math.round(median(results.map((result) => result.readyMs)));
    const memoryMb = Math.round(results.at(-1)?.memoryMb ?? 0);
    return {
      bench: 'start',
      value,
      unit: 'ms',
      limit: limitMs,
      ratio: round(value / limitMs),
      allMs: results.map((result) => Math.round(result.readyMs)),
      memoryMb,
      memoryLimitMb,
      memoryRatio: round(memoryMb / memoryLimitMb),
    };
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function startOnce(dataDir: string, idleMs: number) {
  const root = resolve(import.meta.dirname, '../..');
  const port = await findFreePort();
  const started = performance.now();
  const child = spawn(process.execPath, [...serverFlags, serverBundle], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      PATH: process.env.PATH,
      DATA_DIR: dataDir,
      PORT: String(port),
      LOG_LEVEL: 'error',
      NODE_COMPILE_CACHE: resolve(root, 'node_modules/.cache/offshelf-compile'),
    },
  });
  const exited = new Promise<void>((done) => child.once('exit', () => done()));
  try {
    while ((await fetch(`http://127.0.0.1:${port}/api/health`).catch(() => undefined))?.status !== 200) {
      if (child.exitCode !== null) throw new Error(`Offshelf ended with ${child.exitCode}.`);
      await wait(5);
    }
    const readyMs = performance.now() - started;
    await wait(idleMs);
    const status = await readFile(`/proc/${child.pid}/status`, 'utf8');
    return { readyMs, memoryMb: Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024 };
  } finally {
    child.kill('SIGTERM');
    await exited;
  }
}

const round = (value: number) => Math.round(value * 100) / 100;
