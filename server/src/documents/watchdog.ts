import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { StrangeProcess } from './child-process.ts';
import { type Limits, maxFolderBytes } from './limits.ts';
import { measure } from './process-use.ts';
import { ChildEnded } from './sandbox.ts';
import { FileRefused } from './tasks.ts';

interface Breach {
  cause: 'time' | 'memory' | 'stalled' | 'crashed';
  message: string;
}

export interface Watchdog {
  /** The child is waiting for the parent: its time stands still. */
  pause(): void;
  /** The child said something and goes on. */
  resume(): void;
  stop(): void;
}

const stepMs = process.platform === 'linux' ? 200 : 1000;
/** On a crowded machine a child gets this many times as long, and no more. */
const crowdedShare = 5;
/** A deadlocked process still spends a little on timers. */
const idleCpuMs = 30;

/** Does something with a process under watch, and says why when the process came to an end over it. */
export async function guarded<T>(
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

/** Looks at a process until it is stopped, and tells once when a limit is passed. */
function watch(pid: number, folder: string, limits: Limits, onBreach: (breach: Breach) => void): Watchdog {
  let [quietMs, totalMs, stalledMs, cpuMs, spentMs, step] = [0, 0, 0, 0, 0, 0];
  let isPaused = false;
  let isOver = false;
  let last = performance.now();
  let timer = setTimeout(look, stepMs);

  function judge(memoryBytes: number): Breach | null {
    const seconds = (milliseconds: number) => `${Math.round(milliseconds / 1000)} seconds`;
    if (memoryBytes > limits.memoryBytes)
      return {
        cause: 'memory',
        message: `It took ${Math.round(memoryBytes / 1e6)} MB of memory, more than it may.`,
      };
    if (limits.stallMs !== null && stalledMs >= limits.stallMs)
      return { cause: 'stalled', message: `It did nothing for ${seconds(stalledMs)}.` };
    if (totalMs >= limits.totalMs)
      return { cause: 'time', message: `It took longer than ${seconds(limits.totalMs)}.` };
    if (quietMs >= limits.quietMs)
      return { cause: 'time', message: `It brought nothing for ${seconds(limits.quietMs)}.` };
    return null;
  }

  async function look(): Promise<void> {
    const use = await measure(pid);
    const now = performance.now();
    // A computer that slept, or a parent that was held up, is not the child's fault.
    const passed = isPaused ? 0 : Math.min(now - last, 5 * stepMs);
    last = now;
    const counted = use.isReady
      ? Math.min(passed, Math.max(use.cpuMs - spentMs, passed / crowdedShare))
      : passed;
    spentMs = use.cpuMs;
    quietMs += counted;
    totalMs += counted;
    // One that waits for a core or a disk spends no time, either, but is in no deadlock.
    const hasWorked = use.cpuMs - cpuMs > idleCpuMs || use.isOnDisk || use.isReady;
    stalledMs = isPaused || hasWorked ? 0 : stalledMs + passed;
    if (hasWorked) cpuMs = use.cpuMs;
    step += 1;
    const isFull = step % 5 === 0 && (await sizeOf(folder, maxFolderBytes)) > maxFolderBytes;
    const breach = isFull
      ? ({ cause: 'memory', message: 'It filled its folder with more than a gigabyte.' } as const)
      : judge(use.memoryBytes);
    if (isOver) return;
    if (breach) {
      isOver = true;
      onBreach(breach);
    } else timer = setTimeout(look, stepMs);
  }

  return {
    pause() {
      isPaused = true;
    },
    resume() {
      isPaused = false;
      quietMs = 0;
      last = performance.now();
    },
    stop() {
      isOver = true;
      clearTimeout(timer);
    },
  };
}

/** Stops counting at the limit: a folder may hold a great many files. */
async function sizeOf(folder: string, limit: number): Promise<number> {
  let size = 0;
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) size += await sizeOf(path, limit - size);
    else size += (await lstat(path).catch(() => null))?.size ?? 0;
    // A file without content takes room in the folder, too.
    size += 4096;
    if (size > limit) break;
  }
  return size;
}
