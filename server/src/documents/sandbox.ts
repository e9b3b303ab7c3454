import { mkdir, realpath } from 'node:fs/promises';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import type { Log } from '../http/log.ts';
import { type Envelope, filesOf, parseEnvelope, readParts, readResult } from './answers.ts';
import { childEntry } from './app-files.ts';
import { type StrangeProcess, startProcess } from './child-process.ts';
import { type Confinement, confine, findConfinement, programPath } from './confine.ts';
import { type Crew, createCrew, type Member } from './crew.ts';
import { fontFolders } from './fonts.ts';
import { type Home, makeHome, type StagedFile } from './home.ts';
import { createLane } from './lane.ts';
import { defaultConcurrency, type Limits, limits, lowPriority, shortKinds } from './limits.ts';
import { FileRefused, type TaskInput, type TaskKind, type TaskPart, type TaskResult } from './tasks.ts';
import { createWarden, type Warden } from './warden.ts';
import { type Breach, type Watchdog, watch } from './watchdog.ts';
import { makeWorkFolder, type Placed } from './work-folder.ts';

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
  /**
   * Writes a stream to disk, for a document that is kept elsewhere or was just fetched. The file is gone when the
   * caller's `await using` ends.
   */
  stage(source: Readable, sizeBytes: number): Promise<StagedFile>;
  /** Ends every child. Tasks under way fail with an ordinary error, as they are to be done again. */
  close(): Promise<void>;
}

export interface RunOptions<K extends TaskKind> {
  /** The part, and the folder where its files lie until this resolves. */
  onPart?: (part: TaskPart<K>, folder: string) => Promise<void>;
  /** Before the folder is emptied: the last chance to take files out of it. */
  onResult?: (result: TaskResult<K>, folder: string) => Promise<void>;
  signal?: AbortSignal;
  /** Somebody waits for the answer, so it never stands behind the pages of a long document. */
  isAwaited?: boolean;
}

export interface ExecOptions {
  file: string;
  /** What the program sees it as, when it goes by names; `input` otherwise. */
  inputName?: string;
  timeoutMs: number;
  memoryBytes: number;
  /** With the folder of the plain files that the program left in its own. */
  onResult: (folder: string) => Promise<void>;
  signal?: AbortSignal;
}

/** A child died on a file, or was ended because of it. */
export class ChildEnded extends Error {
  override readonly cause: 'time' | 'memory' | 'stalled' | 'crashed';

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
  /** Tests bring children and limits of their own. */
  entry?: string;
  limits?: Partial<Record<TaskKind, Limits>>;
  maxTasksPerChild?: number;
  idleMs?: number;
  confinement?: Confinement;
  priority?: number;
}

/** What is there once the first task has come. */
interface Workshop {
  home: Home;
  crew: Crew;
  warden: Warden;
  confinement: Confinement;
}

export function createSandbox(options: SandboxOptions): Sandbox {
  const { entry = childEntry, priority = lowPriority, extraFontFolders } = options;
  const concurrency = options.concurrency ?? defaultConcurrency();
  const lanes = { long: createLane(concurrency), short: createLane(1), office: createLane(1) };
  const closing = new AbortController();
  let workshop: Promise<Workshop> | undefined;
  let programCount = 0;

  async function openWorkshop(): Promise<Workshop> {
    const home = await makeHome(resolve(options.folder));
    const confinement = options.confinement ?? (await findConfinement());
    const warden = createWarden(home.path);
    const crew = createCrew({
      ...options,
      home: home.path,
      priority,
      entry: await realpath(entry),
      confinement,
      warden,
    });
    options.log.info({ event: 'sandbox_opened', confinement, concurrency });
    return { home, crew, warden, confinement };
  }

  /** A failure to open, such as a full disk, is no reason to fail for ever. */
  function open(): Promise<Workshop> {
    closing.signal.throwIfAborted();
    workshop ??= openWorkshop().catch((error) => {
      workshop = undefined;
      throw error;
    });
    return workshop;
  }

  const untilClosed = (signal?: AbortSignal) =>
    AbortSignal.any([closing.signal, ...(signal ? [signal] : [])]);

  function report(kind: string, error: unknown): void {
    if (error instanceof ChildEnded)
      options.log.warn({ event: 'child_ended', kind, cause: error.cause, message: error.message });
  }

  return {
    async run(kind, file, input, run = {}) {
      const signal = untilClosed(run.signal);
      const trade = kind === 'convert-office' ? 'office' : 'document';
      const isShort = run.isAwaited || shortKinds.has(kind);
      const lane = trade === 'office' ? lanes.office : isShort ? lanes.short : lanes.long;
      const leave = await lane.enter(signal);
      try {
        const { crew } = await open();
        const member = await crew.take(trade);
        let isFit = true;
        try {
          const placed = await member.folder.place(file, 'link');
          isFit = false;
          try {
            const result = await runTask(member, placed, {
              kind,
              input,
              run,
              signal,
              limits: options.limits?.[kind] ?? limits[kind],
            });
            isFit = true;
            return result;
          } catch (error) {
            // A child that refuses a file is well; any other may be in any state.
            isFit = error instanceof FileRefused;
            report(kind, error);
            throw error;
          } finally {
            if (!isFit) member.child.kill();
            await placed.clear();
          }
        } finally {
          await crew.giveBack(member, isFit);
        }
      } finally {
        leave();
      }
    },

    async exec(program, args, exec) {
      const signal = untilClosed(exec.signal);
      const leave = await lanes.long.enter(signal);
      try {
        const { home, warden, confinement } = await open();
        programCount += 1;
        const path = join(home.path, `program-${programCount}`);
        await runProgram({
          program,
          args,
          exec,
          path,
          signal,
          confinement,
          warden,
          priority,
          extraFontFolders,
        });
      } catch (error) {
        report(program, error);
        throw error;
      } finally {
        leave();
      }
    },

    stage: async (source, sizeBytes) => (await open()).home.stage(source, sizeBytes),

    async close() {
      closing.abort(new Error('Offshelf is stopping.'));
      const opened = await workshop?.catch(() => undefined);
      await opened?.crew.close();
      opened?.warden.close();
      await opened?.home.remove();
    },
  };
}

interface Task<K extends TaskKind> {
  kind: K;
  input: TaskInput<K>;
  run: RunOptions<K>;
  signal: AbortSignal;
  limits: Limits;
}

async function runTask<K extends TaskKind>(
  { child }: Member,
  placed: Placed,
  { kind, input, run, signal, limits }: Task<K>,
): Promise<TaskResult<K>> {
  return guarded(child, placed.folder, limits, signal, async (guard) => {
    const { inputPath, folder, takenFolder } = placed;
    const nextPart = readParts(kind);
    child.send({ task: { kind, input, inputPath, folder } });
    for (;;) {
      const said = await trusted(child, async () => parseEnvelope(await child.next()));
      guard.pause();
      if ('part' in said) {
        const part = await trusted(child, async () => {
          const read = nextPart(said.part);
          await placed.take(filesOf(kind, read));
          return read;
        });
        await run.onPart?.(part, takenFolder);
        await placed.dropTaken();
        guard.resume();
        child.send({ taken: true });
      } else if ('result' in said) {
        const result = await trusted(child, async () => {
          const read = readResult(kind, said.result);
          await placed.take(filesOf(kind, read));
          return read;
        });
        await run.onResult?.(result, takenFolder);
        return result;
      } else throw errorOf(said);
    }
  });
}

/** What a child says or hands over is not to be believed; when it does not fit, the child is as good as dead. */
async function trusted<T>(child: StrangeProcess, look: () => Promise<T>): Promise<T> {
  try {
    return await look();
  } catch (error) {
    if (!child.isAlive()) throw error;
    throw new ChildEnded(
      'crashed',
      `It said what it may not: ${error instanceof Error ? error.message : error}`,
    );
  }
}

function errorOf(said: Extract<Envelope, { refused: unknown } | { failed: unknown }>): Error {
  if ('refused' in said) return new FileRefused(said.refused.reason, said.refused.message);
  const { name, message, stack } = said.failed;
  // WebAssembly stops so when its memory is broken or used up.
  if (name === 'RuntimeError') return new ChildEnded('crashed', `${message}\n${stack}`);
  return Object.assign(new Error(message), { stack });
}

/** Does something with a process under watch, and says why when the process came to an end over it. */
async function guarded<T>(
  child: StrangeProcess,
  folder: string,
  limits: Limits,
  signal: AbortSignal,
  work: (guard: Watchdog) => Promise<T>,
): Promise<T> {
  let breach: Breach | undefined;
  const guard = watch(child.pid, folder, limits, (found) => {
    breach = found;
    child.kill();
  });
  const stop = () => child.kill();
  signal.addEventListener('abort', stop, { once: true });
  const judge = () => {
    signal.throwIfAborted();
    if (breach) throw new ChildEnded(breach.cause, breach.message);
  };
  try {
    signal.throwIfAborted();
    const done = await work(guard);
    judge();
    return done;
  } catch (error) {
    judge();
    if (child.isAlive() || error instanceof FileRefused) throw error;
    const { isOutOfMemory, message } = await child.ended;
    throw new ChildEnded(isOutOfMemory ? 'memory' : 'crashed', message);
  } finally {
    guard.stop();
    signal.removeEventListener('abort', stop);
  }
}

interface Program {
  program: string;
  args: (folder: string, inputPath: string) => string[];
  exec: ExecOptions;
  path: string;
  signal: AbortSignal;
  confinement: Confinement;
  warden: Warden;
  priority: number;
  extraFontFolders: string[];
}

async function runProgram({
  program,
  args,
  exec,
  path,
  signal,
  confinement,
  warden,
  priority,
  extraFontFolders,
}: Program): Promise<void> {
  const folders = fontFolders(extraFontFolders);
  const folder = await makeWorkFolder(path, { folders, withSystem: true });
  try {
    // A copy, because a program of the system may write to what it opens.
    const placed = await folder.place(exec.file, 'copy', exec.inputName);
    const home = join(path, 'work', 'home');
    await mkdir(home, { mode: 0o700 });
    const command = [program, ...args(placed.folder, placed.inputPath)];
    const places = isAbsolute(program) ? [dirname(await realpath(program))] : [];
    const reach = {
      root: folder.root,
      readable: [...folders, ...places, ...folder.readable],
      writable: folder.writable,
    };
    const child = startProcess(confine(confinement, priority, command, reach), {
      folder: placed.folder,
      env: {
        PATH: programPath,
        HOME: home,
        TMPDIR: home,
        FONTCONFIG_FILE: folder.fontConfigFile,
        LANG: 'C.UTF-8',
      },
    });
    warden.add(child.pid);
    const limits: Limits = {
      quietMs: exec.timeoutMs,
      totalMs: exec.timeoutMs,
      memoryBytes: exec.memoryBytes,
      stallMs: null,
    };
    try {
      const { code, message } = await guarded(child, join(path, 'work'), limits, signal, () => child.ended);
      if (code === 126 || code === 127) throw new Error(`${program} can not be run. ${message}`);
      if (code === null || code > 127) throw new ChildEnded('crashed', message);
      if (code !== 0) throw new FileRefused('damaged', `${program} gave up. ${message}`);
    } finally {
      child.kill();
      warden.remove(child.pid);
    }
    await placed.takeAll();
    await exec.onResult(placed.takenFolder);
  } finally {
    await folder.remove();
  }
}
