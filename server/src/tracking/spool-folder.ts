import { createHash, randomBytes } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { Log } from '../http/log.ts';

/** A file of lines that only its process writes. */
export interface SpoolFile {
  /** Whether it could be written. */
  append(text: string): Promise<boolean>;
  sizeBytes(): number;
  /** What can be understood of it; a line that was cut off by a kill or by a full disk can not. */
  read<T>(parse: (line: string) => T | undefined): Promise<T[]>;
  close(): Promise<void>;
  remove(): Promise<void>;
}

const aliveEveryMs = 2_000;
/**
 * Whoever has not said that it lives for this long is dead: a process that this machine does not know any more, and any
 * other one. A container may have the name and the process ids of another one, so not knowing it is not enough.
 */
const silentMs = { unknownProcess: 5_000, any: 60_000 };

const host = createHash('sha256').update(hostname()).digest('hex').slice(0, 8);
/** Those of this process, which has the process id of all of them. */
const ownKeys = new Set<string>();

/**
 * The folder of files that processes have not yet written to the database. A name says whose a file is:
 * `<machine>-<process id>-<random>.<number>.ndjson`, with `<owner>.alive` beside it, whose time says that the owner
 * lives. Files of the dead are taken over by renaming them, which only one process can do.
 */
export function openSpoolFolder(dataDir: string, log: Log) {
  const path = join(dataDir, 'spool');
  const key = `${host}-${process.pid}-${randomBytes(4).toString('hex')}`;
  const alivePath = join(path, `${key}.alive`);
  const sizes = new Map<string, number>();
  let totalBytes = 0;
  let serial = 0;
  let heart: NodeJS.Timeout | undefined;
  let isFailing = false;
  ownKeys.add(key);

  function nextPath(): string {
    serial += 1;
    return join(path, `${key}.${String(serial).padStart(8, '0')}.ndjson`);
  }

  async function create(): Promise<SpoolFile | undefined> {
    try {
      if (!heart) await beginToLive();
      const filePath = nextPath();
      return toFile(filePath, await open(filePath, 'ax', 0o600));
    } catch (error) {
      fail(error);
      return undefined;
    }
  }

  async function beginToLive(): Promise<void> {
    await mkdir(path, { recursive: true, mode: 0o700 });
    await (await open(alivePath, 'w', 0o600)).close();
    heart ??= setInterval(() => void live(), aliveEveryMs).unref();
  }

  /** Never makes the file: where it is gone, so is the folder. */
  async function live(): Promise<void> {
    const now = new Date();
    await utimes(alivePath, now, now).catch(() => undefined);
  }

  /** Said once, until it works again. */
  function fail(error: unknown): void {
    if (!isFailing) log.error({ event: 'spool_unwritable', err: error });
    isFailing = true;
  }

  function toFile(filePath: string, handle: FileHandle | undefined): SpoolFile {
    let isTorn = false;
    const grow = (bytes: number) => {
      totalBytes += bytes;
      sizes.set(filePath, (sizes.get(filePath) ?? 0) + bytes);
    };
    return {
      async append(text) {
        if (!handle) return false;
        // What a failed write began is ended, so that it spoils one line and not two.
        const bytes = Buffer.from(isTorn ? `\n${text}` : text);
        try {
          await handle.appendFile(bytes);
          grow(bytes.length);
          isTorn = false;
          isFailing = false;
          return true;
        } catch (error) {
          isTorn = true;
          fail(error);
          return false;
        }
      },
      sizeBytes: () => sizes.get(filePath) ?? 0,
      async read(parse) {
        const text = await readFile(filePath, 'utf8').catch(ignoreMissing);
        const lines = text?.split('\n').filter(Boolean) ?? [];
        const values = lines.flatMap((line) => tryParse(parse, line));
        if (values.length < lines.length)
          log.warn({ event: 'spool_lines_unreadable', count: lines.length - values.length });
        return values;
      },
      async close() {
        await handle?.close().catch(() => undefined);
      },
      async remove() {
        totalBytes -= sizes.get(filePath) ?? 0;
        sizes.delete(filePath);
        await rm(filePath, { force: true }).catch(fail);
      },
    };
  }

  /** Takes over what dead processes left, the oldest first. */
  async function adoptOrphans(): Promise<SpoolFile[]> {
    const names = (await readdir(path).catch(() => [])).toSorted();
    const owners = new Set(names.map(ownerOf).filter((owner) => owner !== key && !ownKeys.has(owner)));
    const adopted: SpoolFile[] = [];
    for (const owner of owners) {
      const theirs = names.filter((name) => ownerOf(name) === owner);
      if (!(await isDead(owner, theirs))) continue;
      for (const name of theirs.filter((each) => each.endsWith('.ndjson'))) {
        const file = await adopt(name);
        if (file) adopted.push(file);
      }
      await rm(join(path, `${owner}.alive`), { force: true }).catch(() => undefined);
    }
    return adopted;
  }

  async function adopt(name: string): Promise<SpoolFile | undefined> {
    try {
      if (!heart) await beginToLive();
      const filePath = nextPath();
      await rename(join(path, name), filePath);
      const { size } = await stat(filePath);
      sizes.set(filePath, size);
      totalBytes += size;
      return toFile(filePath, undefined);
    } catch (error) {
      // Another process was faster.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') fail(error);
      return undefined;
    }
  }

  async function isDead(owner: string, names: string[]): Promise<boolean> {
    const [machine, processId] = owner.split('-');
    const times = await Promise.all(
      names.map((name) =>
        stat(join(path, name)).then(
          ({ mtimeMs }) => mtimeMs,
          () => 0,
        ),
      ),
    );
    const isUnknown = machine === host && !isRunning(Number(processId));
    return Date.now() - Math.max(...times) > (isUnknown ? silentMs.unknownProcess : silentMs.any);
  }

  return {
    create,
    adoptOrphans,
    totalBytes: () => totalBytes,
    /** What is left belongs to the next process at once. */
    async close(): Promise<void> {
      clearInterval(heart);
      ownKeys.delete(key);
      if (heart) await rm(alivePath, { force: true }).catch(() => undefined);
    },
  };
}

function ownerOf(name: string): string {
  return name.split('.', 1)[0] ?? '';
}

/** A process of this number that is not ours, or that was ours and has ended, has left its files behind. */
function isRunning(processId: number): boolean {
  if (processId === process.pid) return false;
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}

function tryParse<T>(parse: (line: string) => T | undefined, line: string): T[] {
  try {
    const value = parse(line);
    return value === undefined ? [] : [value];
  } catch {
    return [];
  }
}
