import { constants, copyFile, link, lstat, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** The folder of one child: `in` is what it may read, `work` what it may write, and `taken` what the parent took. */
export interface WorkFolder {
  readonly path: string;
  place(file: string | null): Promise<Placed>;
  remove(): Promise<void>;
}

/** The folders of one task, which are gone when it is over. */
export interface Placed {
  readonly inputPath: string;
  readonly folder: string;
  readonly takenFolder: string;
  /** Moves files out of the child's reach, after a look at what they are. */
  take(names: string[]): Promise<void>;
  dropTaken(): Promise<void>;
  clear(): Promise<void>;
}

const maxFileBytes = 512 * 1_048_576;

export async function makeWorkFolder(path: string): Promise<WorkFolder> {
  for (const name of ['in', 'work', 'taken']) await mkdir(join(path, name), { recursive: true, mode: 0o700 });
  let count = 0;
  return {
    path,
    remove: () => rm(path, { recursive: true, force: true }),
    async place(file) {
      count += 1;
      const [inFolder, folder, takenFolder] = ['in', 'work', 'taken'].map((name) =>
        join(path, name, String(count)),
      ) as [string, string, string];
      for (const made of [inFolder, folder, takenFolder]) await mkdir(made, { mode: 0o700 });
      const inputPath = join(inFolder, 'input');
      if (file) await linkOrCopy(file, inputPath);
      return {
        inputPath,
        folder,
        takenFolder,
        async take(names) {
          for (const name of names) await takeFile(folder, takenFolder, name);
        },
        async dropTaken() {
          await rm(takenFolder, { recursive: true, force: true });
          await mkdir(takenFolder, { mode: 0o700 });
        },
        async clear() {
          for (const made of [inFolder, folder, takenFolder])
            await rm(made, { recursive: true, force: true });
        },
      };
    },
  };
}

async function linkOrCopy(file: string, target: string): Promise<void> {
  try {
    await link(file, target);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw error;
    await copyFile(file, target, constants.COPYFILE_FICLONE);
  }
}

/** The child may have been taken over: a name may lead elsewhere, and a file may be a link to one of ours. */
async function takeFile(folder: string, takenFolder: string, name: string): Promise<void> {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(name))
    throw new Error('The child named a file that is not in its folder.');
  const target = join(takenFolder, name);
  await rename(join(folder, name), target);
  const facts = await lstat(target);
  if (!facts.isFile() || facts.nlink !== 1 || facts.size > maxFileBytes)
    throw new Error(`The child handed over ${name}, which is not a plain file of a fitting size.`);
}
