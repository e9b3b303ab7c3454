import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { createSandbox, type SandboxOptions } from '../../server/src/documents/create-sandbox.ts';
import type { Sandbox } from '../../server/src/documents/sandbox.ts';
import type { TaskPart } from '../../server/src/documents/tasks.ts';

/** The child that misbehaves. */
export const entry = join(import.meta.dirname, 'sandbox-child.ts');

/** A folder for everything that a test file makes; there once `useSandboxes` was called in it. */
export let scratch = '';
const open: Sandbox[] = [];

export function useSandboxes(): void {
  beforeAll(async () => {
    scratch = await realpath(await mkdtemp(join(tmpdir(), 'offshelf-sandbox-')));
  });
  afterEach(async () => {
    for (const sandbox of open.splice(0)) await sandbox.close();
  });
  afterAll(() => rm(scratch, { recursive: true, force: true }));
}

let count = 0;
export async function makeFolder(): Promise<string> {
  count += 1;
  const folder = join(scratch, `data-${count}`, 'tmp');
  await mkdir(folder, { recursive: true });
  return folder;
}

export function openSandbox(folder: string, options: Partial<SandboxOptions> = {}): Sandbox {
  const log = pino({ level: 'silent' });
  const sandbox = createSandbox({
    folder,
    concurrency: 2,
    extraFontFolders: [],
    log,
    entry,
    priority: 0,
    ...options,
  });
  open.push(sandbox);
  return sandbox;
}

export async function makeFile(content: string): Promise<string> {
  count += 1;
  const path = join(scratch, `file-${count}`);
  await writeFile(path, content);
  return path;
}

/** Lets the child do something that it may not do, and brings what came of it. */
export async function ask(sandbox: Sandbox, question: string, file: string | null = null) {
  const { text } = await sandbox.run('read-text', file, { mediaType: question });
  return JSON.parse(text);
}

export const digest = (sandbox: Sandbox, deed: string, signal?: AbortSignal) =>
  sandbox.run('digest', null, { text: deed }, signal && { signal });

export const pagesOf = (
  sandbox: Sandbox,
  file: string,
  onPart?: (part: TaskPart<'render-pdf'>, folder: string) => Promise<void>,
) => sandbox.run('render-pdf', file, { imagePageLimit: 9, textPageLimit: 9 }, onPart && { onPart });

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Every process whose command names this folder, but for our own. */
export async function listProcesses(folder: string): Promise<number[]> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-ww', '-o', 'pid=,stat=,args='], {
    maxBuffer: 1e8,
  });
  return stdout
    .split('\n')
    .filter((line) => line.includes(folder) && !/^\s*\d+\s+Z/.test(line))
    .map((line) => Number.parseInt(line, 10));
}

/** Limits of a task that ends badly at once. */
export const quick = { quietMs: 600, totalMs: 600, memoryBytes: 400e6, stallMs: null };
