import { realpath } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Log } from '../http/log.ts';
import { appPaths, childEntry } from './app-files.ts';
import { type Conditions, type Confinement, findConfinement } from './confine.ts';
import { type Crew, createCrew } from './crew.ts';
import { fontFolders } from './fonts.ts';
import { type Home, makeHome } from './home.ts';
import { createLane } from './lane.ts';
import { defaultConcurrency, type Limits, limits, lowPriority, shortKinds } from './limits.ts';
import { runProgram } from './run-program.ts';
import { runTask } from './run-task.ts';
import { ChildEnded, type Sandbox } from './sandbox.ts';
import { FileRefused, type TaskKind } from './tasks.ts';
import { createWarden } from './warden.ts';

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
  conditions: Conditions;
}

export function createSandbox(options: SandboxOptions): Sandbox {
  const { priority = lowPriority } = options;
  const fonts = fontFolders(options.extraFontFolders.map((folder) => resolve(folder)));
  const concurrency = options.concurrency ?? defaultConcurrency();
  const lanes = { long: createLane(concurrency), short: createLane(1), office: createLane(1) };
  const closing = new AbortController();
  let workshop: Promise<Workshop> | undefined;
  let programCount = 0;

  async function openWorkshop(): Promise<Workshop> {
    const home = await makeHome(resolve(options.folder));
    const entry = await realpath(options.entry ?? childEntry);
    const app = appPaths(entry);
    const confinement = options.confinement ?? (await findConfinement(home.path, [...app, ...fonts]));
    const conditions = { confinement, priority, warden: createWarden(home.path), fontFolders: fonts };
    const crew = createCrew({ ...options, ...conditions, home: home.path, entry, appPaths: app });
    options.log.info({ event: 'sandbox_opened', confinement, concurrency });
    return { home, crew, conditions };
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
        // One in whose folder there is no room for a task any more is none either.
        let isFit = false;
        try {
          const placed = await member.folder.place(file, 'link');
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
            if (!isFit) {
              member.child.kill();
              await member.child.ended;
            }
            isFit = (await placed.clear()) && isFit;
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
        const { home, conditions } = await open();
        programCount += 1;
        const path = join(home.path, `program-${programCount}`);
        await runProgram({ program, args, exec, path, signal }, conditions);
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
      opened?.conditions.warden.close();
      await opened?.home.remove();
    },
  };
}
