import {
  constants,
  copyFile,
  link,
  lstat,
  mkdir,
  open,
  readdir,
  rename,
  rm,
  rmdir,
  unlink,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { fontConfig } from './fonts.ts';

/**
 * The folder of one child. Of what lies in it the child may read `in`, and write `work`; `taken` is where the parent
 * puts what it took out of the child's reach.
 */
export interface WorkFolder {
  readonly path: string;
  /** What the child may read and write. */
  readonly readable: string[];
  readonly writable: string[];
  /** An empty folder that can become the root of a jail. */
  readonly root: string;
  readonly fontConfigFile: string;
  place(file: string | null, how: 'link' | 'copy', name?: string): Promise<Placed>;
  remove(): Promise<void>;
}

/** The folders of one task, which are gone when it is over, so that nothing of it meets the next. */
export interface Placed {
  readonly inputPath: string;
  readonly folder: string;
  readonly takenFolder: string;
  /** Moves files out of the child's reach, after a look at what they are. */
  take(names: string[]): Promise<void>;
  /** Moves every plain file that lies directly in the folder. */
  takeAll(): Promise<void>;
  dropTaken(): Promise<void>;
  /**
   * Removes the folders and what lies in them. False when something is left that is not removed while a child lives
   * that could exchange it for a way to our own files meanwhile; it goes with the child's whole folder.
   */
  clear(): Promise<boolean>;
}

const maxFileBytes = 512 * 1_048_576;

export async function makeWorkFolder(
  path: string,
  fonts: { folders: string[]; withSystem: boolean },
): Promise<WorkFolder> {
  const [inFolder, work, taken, root, cache] = ['in', 'work', 'taken', 'root', 'font-cache'].map((name) =>
    join(path, name),
  ) as [string, string, string, string, string];
  for (const folder of [inFolder, work, taken, root, cache])
    await mkdir(folder, { recursive: true, mode: 0o700 });
  const fontConfigFile = join(path, 'fonts.conf');
  await writeFile(fontConfigFile, fontConfig(fonts.folders, cache, fonts.withSystem));
  let taskCount = 0;
  return {
    path,
    root,
    fontConfigFile,
    readable: [inFolder, fontConfigFile],
    writable: [work, cache],
    remove: () => rm(path, { recursive: true, force: true }),
    place(file, how, name = 'input') {
      taskCount += 1;
      const [own, folder, takenFolder] = [inFolder, work, taken].map((parent) =>
        join(parent, String(taskCount)),
      ) as [string, string, string];
      return placeInput({ own, folder, takenFolder, inputPath: join(own, plainName(name)) }, file, how);
    },
  };
}

async function placeInput(
  { own, folder, takenFolder, inputPath }: Record<'own' | 'folder' | 'takenFolder' | 'inputPath', string>,
  file: string | null,
  how: 'link' | 'copy',
): Promise<Placed> {
  const all = [own, folder, takenFolder];
  let pinned: Pinned | undefined;
  try {
    for (const path of all) await mkdir(path, { mode: 0o700 });
    pinned = await pin(folder);
    if (file) await (how === 'link' ? linkOrCopy : copy)(file, inputPath);
  } catch (error) {
    await pinned?.close();
    for (const path of all) await removeFlat(path).catch(() => undefined);
    throw error;
  }
  const work = pinned;
  return {
    inputPath,
    folder,
    takenFolder,
    async take(names) {
      for (const name of names) await takeFile(work.path, takenFolder, name);
    },
    async takeAll() {
      for (const entry of await readdir(work.path, { withFileTypes: true }))
        if (entry.isFile()) await takeFile(work.path, takenFolder, entry.name);
    },
    async dropTaken() {
      for (const name of await readdir(takenFolder)) await unlink(join(takenFolder, name));
    },
    async clear() {
      try {
        await removeFiles(work.path);
        await rmdir(folder);
        await removeFlat(own);
        await removeFlat(takenFolder);
        return true;
      } catch {
        return false;
      } finally {
        await work.close();
      }
    },
  };
}

interface Pinned {
  readonly path: string;
  close(): Promise<void>;
}

/**
 * A way to the folder that leads there whatever the child puts in its place. It may write beside it, and a link with
 * the folder's name would have us move files out of the database's folder, or remove them. Where there is no such
 * way there is no jail either, and a child that was taken over needs no detour.
 */
async function pin(folder: string): Promise<Pinned> {
  if (process.platform !== 'linux') return { path: folder, close: async () => undefined };
  const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW } = constants;
  const handle = await open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  let isOpen = true;
  return {
    get path() {
      // Its number stands for another folder by now.
      if (!isOpen) throw new Error('The folder of this task is gone.');
      return `/proc/self/fd/${handle.fd}`;
    },
    async close() {
      if (!isOpen) return;
      isOpen = false;
      await handle.close();
    },
  };
}

async function removeFlat(folder: string): Promise<void> {
  await removeFiles(folder);
  await rmdir(folder);
}

/** Goes into no folder: between a look at one and the way into it, a child can exchange it. */
async function removeFiles(folder: string): Promise<void> {
  for (const name of await readdir(folder)) await unlink(join(folder, name));
}

/** A second name for the same bytes, which takes no time and no room; the child has no right to write there. */
async function linkOrCopy(file: string, target: string): Promise<void> {
  try {
    await link(file, target);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw error;
    await copy(file, target);
  }
}

function copy(file: string, target: string): Promise<void> {
  return copyFile(file, target, constants.COPYFILE_FICLONE);
}

/** The child may have been taken over: a name may lead elsewhere, and a file may be a second name of one of ours. */
async function takeFile(folder: string, takenFolder: string, name: string): Promise<void> {
  const target = join(takenFolder, plainName(name));
  await rename(join(folder, name), target);
  const facts = await lstat(target);
  if (facts.isFile() && facts.nlink === 1 && facts.size <= maxFileBytes) return;
  // Only what can be removed without going into it; the rest goes with the child's whole folder.
  await (facts.isDirectory() ? rmdir(target) : unlink(target)).catch(() => undefined);
  throw new Error(`A child handed over ${name}, which is no plain file of a fitting size.`);
}

function plainName(name: string): string {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(name))
    throw new Error('This is not the name of a file in the folder.');
  return name;
}
