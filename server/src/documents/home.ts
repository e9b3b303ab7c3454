import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import {
  stat as look,
  mkdir,
  readdir,
  readFile,
  readlink,
  realpath,
  rm,
  statfs,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** The folder of one running Offshelf, with a folder for each of its children. */
export interface Home {
  readonly path: string;
  /** Writes a stream into a file that the caller removes. */
  stage(source: Readable, sizeBytes: number): Promise<StagedFile>;
  remove(): Promise<void>;
}

export interface StagedFile extends AsyncDisposable {
  readonly path: string;
}

interface Owner {
  computer: string;
  pid: number;
  startedAt: string;
}

const prefix = 'sandbox-';
const beatMs = 60_000;
/** On another computer that shares the disk nobody can be asked whether a process lives, only when it last said so. */
const silentMs = 15 * 60_000;
/** Room that is left for the database and everything else. */
const spareBytes = 500_000_000;

export async function makeHome(folder: string): Promise<Home> {
  await mkdir(folder, { recursive: true });
  await removeLeftovers(folder);
  const path = join(await realpath(folder), `${prefix}${randomBytes(6).toString('hex')}`);
  await mkdir(path, { mode: 0o700 });
  const ownerFile = join(path, 'owner.json');
  await writeFile(ownerFile, JSON.stringify(await describeOwner(process.pid)));
  const beat = setInterval(() => {
    const now = new Date();
    utimes(ownerFile, now, now).catch(() => undefined);
  }, beatMs).unref();
  let staged = 0;
  return {
    path,
    async stage(source, sizeBytes) {
      const { bavail, bsize } = await statfs(path);
      if (bavail * bsize - sizeBytes < spareBytes) {
        source.destroy();
        throw new Error('The disk of DATA_DIR has no room for a copy of the file. Free some space on it.');
      }
      staged += 1;
      const file = join(path, `staged-${staged}`);
      const drop = () => rm(file, { force: true });
      try {
        await pipeline(source, createWriteStream(file, { mode: 0o600 }));
      } catch (error) {
        await drop();
        throw error;
      }
      return { path: file, [Symbol.asyncDispose]: drop };
    },
    async remove() {
      clearInterval(beat);
      await rm(path, { recursive: true, force: true });
    },
  };
}

/** Removes what processes left behind that were killed. Another Offshelf may work in the same folder right now. */
async function removeLeftovers(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    if (name.startsWith(prefix) && !(await isInUse(path))) await rm(path, { recursive: true, force: true });
  }
}

async function isInUse(path: string): Promise<boolean> {
  const ownerFile = join(path, 'owner.json');
  try {
    const owner: Owner = JSON.parse(await readFile(ownerFile, 'utf8'));
    const seen = await describeOwner(owner.pid);
    if (seen.computer === owner.computer) return seen.startedAt !== '' && seen.startedAt === owner.startedAt;
    return Date.now() - (await look(ownerFile)).mtimeMs < silentMs;
  } catch {
    // It is being made this moment, or it was left between its making and its first file.
    const facts = await look(path).catch(() => null);
    return facts !== null && Date.now() - facts.mtimeMs < beatMs;
  }
}

/** Says of a process what no later process with its number shares. `startedAt` is empty when there is none. */
async function describeOwner(pid: number): Promise<Owner> {
  const read = (path: string) => readFile(path, 'utf8').catch(() => '');
  if (process.platform !== 'linux') {
    return { computer: hostname(), pid, startedAt: isAlive(pid) ? 'alive' : '' };
  }
  // Two containers of one computer each have a process 1.
  const space = await readlink('/proc/self/ns/pid').catch(() => '');
  const stat = await read(`/proc/${pid}/stat`);
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return {
    computer: [hostname(), (await read('/proc/sys/kernel/random/boot_id')).trim(), space].join(' '),
    pid,
    // One that has ended and was not collected by its parent is still listed.
    startedAt: fields[0] === 'Z' ? '' : (fields[19] ?? ''),
  };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
