import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');
const sessions = 200;

interface Result {
  sessions: number;
  pages: number;
  wrong: object[];
  medianErrorMs: number;
  greatestErrorMs: number;
}

/** All scripted reading sessions in Chromium; the tests run a sample of them. */
export async function bench() {
  const folder = await mkdtemp(join(tmpdir(), 'offshelf-accuracy-'));
  const file = join(folder, 'result.json');
  const args = [
    'run',
    '--config',
    'test/vitest.config.ts',
    '--project',
    'e2e',
    'test/e2e/reading-time.test.ts',
  ];
  const child = spawn(process.execPath, [resolve(root, 'node_modules/vitest/vitest.mjs'), ...args], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, READING_SESSIONS: String(sessions), READING_RESULT: file },
  });
  await new Promise((done) => child.once('close', done));
  try {
    const { wrong, pages, ...result } = JSON.parse(await readFile(file, 'utf8')) as Result;
    return {
      bench: 'accuracy',
      value: wrong.length,
      unit: `pages of ${pages} that are off by more than 2% and 300 ms`,
      limit: 0,
      ratio: wrong.length === 0 ? 1 : 0,
      ...result,
      wrong,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
