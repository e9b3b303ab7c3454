import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { availableParallelism, totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import type { Log } from '../http/log.ts';
import { appPaths, childEntry } from './app-files.ts';
import { type DocumentChild, startChild } from './child-process.ts';
import {
  FileRefused,
  type RefusalReason,
  type TaskInput,
  type TaskKind,
  type TaskPart,
  type TaskResult,
} from './tasks.ts';
import { makeWorkFolder, type WorkFolder } from './work-folder.ts';

/**
 * Runs everything that reads bytes of strangers in child processes without secrets, network or a view of other
 * files; each with limits on time and memory. Nothing is started before it is needed.
 */
export interface Sandbox {
  /**
   * Places `file` before a child and runs one task on it. Throws `FileRefused` when the file is at fault and
   * `ChildEnded` when the child had to be ended or died on it.
   */
  run<K extends TaskKind>(
    kind: K,
    file: string | null,
    input: TaskInput<K>,
    options?: RunOptions<K>,
  ): Promise<TaskResult<K>>;
  /** Runs a program of the system (soffice, ffmpeg) on a file, under the same limits where the system allows them. */
  exec(
    program: string,
    args: (folder: string, inputPath: string) => string[],
    options: ExecOptions,
  ): Promise<void>;
  close(): Promise<void>;
}

export interface RunOptions<K extends TaskKind> {
  /** The part, and the folder where its files lie until this resolves. */
  onPart?: (part: TaskPart<K>, folder: string) => Promise<void>;
  /** Before the folder is emptied: the last chance to take files out of it. */
  onResult?: (result: TaskResult<K>, folder: string) => Promise<void>;
  signal?: AbortSignal;
}

export interface ExecOptions {
  file: string;
  timeoutMs: number;
  memoryBytes: number;
  onResult: (folder: string) => Promise<void>;
}

/** A child died on a file, or was ended because of it. */
export class ChildEnded extends Error {
  readonly cause: 'time' | 'memory' | 'stalled' | 'crashed';

  constructor(cause: ChildEnded['cause'], message: string) {
    super(message);
    this.name = 'ChildEnded';
    this.cause = cause;
  }
}

export interface SandboxOptions {
  /** Where each child gets a folder of its own, on the disk of the files. Made when it is needed. */
  folder: string;
  /** How many files are read at the same time; null decides by cores and memory. */
  concurrency: number | null;
  /** Folders of fonts beside the one that comes along. */
  extraFontFolders: string[];
  log: Log;
  /** Tests bring children of their own. */
  entry?: string;
}

interface Member {
  child: DocumentChild;
  folder: WorkFolder;
}

type Message =
  | { part: unknown }
  | { result: unknown }
  | { refused: { reason: RefusalReason; message: string } }
  | { failed: { message: string; stack: string } };

export function createSandbox(options: SandboxOptions): Sandbox {
  const entry = options.entry ?? childEntry;
  const own = join(resolve(options.folder), `sandbox-${process.pid}-${randomBytes(4).toString('hex')}`);
  const idle: Member[] = [];
  const all = new Set<Member>();
  const waiting: (() => void)[] = [];
  let free = options.concurrency ?? defaultConcurrency();
  let started = 0;

  async function acquire(): Promise<Member> {
    if (free === 0) await new Promise<void>((go) => waiting.push(go));
    else free -= 1;
    for (let member = idle.pop(); member; member = idle.pop()) if (member.child.isAlive()) return member;
    started += 1;
    const folder = await makeWorkFolder(join(own, String(started)));
    const readable = [...appPaths(entry), folder.path, ...options.extraFontFolders];
    const flags = [
      '--permission',
      '--allow-addons',
      '--allow-worker',
      ...readable.map((path) => `--allow-fs-read=${path}`),
      `--allow-fs-write=${join(folder.path, 'work')}`,
    ];
    const child = startChild(process.execPath, [...flags, entry], { folder: folder.path, env: {} });
    const member = { child, folder };
    all.add(member);
    return member;
  }

  function release(): void {
    const next = waiting.shift();
    if (next) next();
    else free += 1;
  }

  return {
    async run(kind, file, input, run = {}) {
      const member = await acquire();
      const placed = await member.folder.place(file);
      try {
        member.child.send({ task: { kind, input, inputPath: placed.inputPath, folder: placed.folder } });
        for (;;) {
          const message = (await member.child.next()) as Message;
          if ('part' in message) {
            await placed.take(fileNames(message.part));
            await run.onPart?.(message.part as never, placed.takenFolder);
            await placed.dropTaken();
            member.child.send({ taken: true });
          } else if ('result' in message) {
            await placed.take(kind === 'convert-office' ? ['output.pdf'] : fileNames(message.result));
            await run.onResult?.(message.result as never, placed.takenFolder);
            return message.result as never;
          } else if ('refused' in message)
            throw new FileRefused(message.refused.reason, message.refused.message);
          else throw Object.assign(new Error(message.failed.message), { stack: message.failed.stack });
        }
      } catch (error) {
        if (!member.child.isAlive()) throw new ChildEnded('crashed', await member.child.ended);
        throw error;
      } finally {
        await placed.clear();
        if (member.child.isAlive()) idle.push(member);
        release();
      }
    },
    exec() {
      throw new Error('Programs can not be run yet.');
    },
    async close() {
      for (const { child } of all) child.kill();
      await Promise.all([...all].map(({ child }) => child.ended));
      await rm(own, { recursive: true, force: true });
    },
  };
}

/** The files that a part or a result brings along. */
function fileNames(value: unknown): string[] {
  const page = (value as { page?: { images?: { file: string }[] } }).page;
  return page?.images?.map(({ file }) => file) ?? [];
}

/** A child on a large document takes a core and half a gigabyte. */
function defaultConcurrency(): number {
  return Math.max(
    1,
    Math.min(availableParallelism(), Math.floor((totalmem() - 1_500_000_000) / 600_000_000)),
  );
}
