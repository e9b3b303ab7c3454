import { randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, opendir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createHashedFile, type HashedFile } from './disk-file.ts';
import { readSource } from './source.ts';
import {
  BlobNotFound,
  type BlobStore,
  blobPath,
  isBlobHash,
  type StagedBlob,
  StorageUnavailable,
} from './store.ts';

/** Keeps blobs in a folder: `blobs/ab/<hash>`, with `staged/<uuid>` beside it in the same file system. */
export function openDiskStore(root: string): BlobStore {
  const stagedDir = join(root, 'staged');
  const guarded = <T>(work: () => Promise<T>) =>
    work().catch((error: unknown) => Promise.reject(explain(error, root)));

  async function stage(...[source, options]: Parameters<BlobStore['stage']>): Promise<StagedBlob> {
    const reader = readSource(source, options);
    const path = join(stagedDir, randomUUID());
    let file: HashedFile | undefined;
    try {
      await makeDirectory(stagedDir);
      file = await createHashedFile(path);
      for await (const chunk of reader.chunks) await file.append(chunk);
      const hash = await file.finish();
      return { hash, sizeBytes: reader.sizeBytes(), head: reader.head(), ...settlement(hash, path) };
    } catch (error) {
      await file?.abandon();
      await rm(path, { force: true }).catch(() => undefined);
      throw reader.failure() ? error : explain(error, root);
    }
  }

  function settlement(hash: string, path: string): Pick<StagedBlob, 'commit' | 'discard'> {
    let isCommitted = false;
    return {
      commit: () =>
        guarded(async () => {
          if (isCommitted) return;
          const target = join(root, blobPath(hash));
          const shard = dirname(target);
          await makeDirectory(shard);
          // Replacing equal content is atomic, needs no look beforehand and renews `storedAt`.
          await rename(path, target);
          isCommitted = true;
          await syncDirectory(shard);
        }),
      discard: () => guarded(() => rm(path, { force: true })),
    };
  }

  async function* list(): ReturnType<BlobStore['list']> {
    for await (const shard of entries(join(root, 'blobs'))) {
      for await (const hash of entries(join(root, 'blobs', shard))) {
        const blob = isBlobHash(hash) ? await find(hash) : undefined;
        if (blob) yield blob;
      }
    }
  }

  async function* entries(path: string): AsyncGenerator<string> {
    try {
      for await (const entry of await opendir(path)) yield entry.name;
    } catch (error) {
      if (!isMissing(error)) throw explain(error, root);
    }
  }

  const find: BlobStore['find'] = (hash) =>
    guarded(async () => {
      const found = await stat(join(root, blobPath(hash))).catch(undefinedIfMissing);
      return found && { hash, sizeBytes: found.size, storedAt: found.mtime };
    });

  return {
    stage,
    find,
    list,
    read: (hash, range) =>
      guarded(async () => {
        const file = await open(join(root, blobPath(hash))).catch(undefinedIfMissing);
        if (!file) throw new BlobNotFound(hash);
        return { sizeBytes: await sizeFor(file, range?.start ?? 0), stream: openStream(file, range) };
      }),
    delete: (hash) => guarded(() => rm(join(root, blobPath(hash)), { force: true })),
    presignRead: async () => null,
    localPath: (hash) => join(root, blobPath(hash)),
    async check() {
      await (await stage(checkContent())).discard();
    },
    sweepStaged: (olderThan) =>
      guarded(async () => {
        let count = 0;
        for await (const name of entries(stagedDir)) {
          const path = join(stagedDir, name);
          const found = await stat(path).catch(undefinedIfMissing);
          if (!found || found.mtime >= olderThan) continue;
          await rm(path, { force: true });
          count += 1;
        }
        return count;
      }),
  };
}

async function* checkContent() {
  yield Buffer.from('Offshelf checks that it can keep files.');
}

function openStream(file: FileHandle, range: { start: number; end: number } | undefined) {
  return file.createReadStream({ ...range, highWaterMark: 262_144 });
}

async function sizeFor(file: FileHandle, start: number): Promise<number> {
  const { size } = await file.stat();
  if (start === 0 || start < size) return size;
  await file.close();
  throw new RangeError(`The blob has ${size} bytes, so nothing starts at ${start}.`);
}

/** `mkdir` with `recursive` reports a read-only disk as a missing folder and never ends below /proc. */
async function makeDirectory(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return;
    if (!isMissing(error) || dirname(path) === path) throw error;
    await makeDirectory(dirname(path));
    await mkdir(path).catch((again: NodeJS.ErrnoException) => {
      if (again.code !== 'EEXIST') throw again;
    });
  }
  await syncDirectory(dirname(path));
}

/** A rename survives a power cut only when its directory has been flushed. */
async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path);
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}

function undefinedIfMissing(error: unknown): undefined {
  if (!isMissing(error)) throw error;
}

/** Turns what the operating system says into what an operator can act on; anything else stays itself. */
function explain(error: unknown, root: string): unknown {
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (!code || !syscall) return error;
  const unavailable = (reason: StorageUnavailable['reason'], message: string) =>
    new StorageUnavailable(reason, message, error);
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return unavailable('full', `The disk that holds ${root} is full. Free some space, then try again.`);
    case 'EFBIG':
      return unavailable(
        'full',
        `The system does not allow a file this large in ${root}. Raise the limit, then try again.`,
      );
    case 'EROFS':
      return unavailable(
        'read_only',
        `The disk that holds ${root} is read-only. Make it writable, then try again.`,
      );
    case 'EACCES':
    case 'EPERM':
      return unavailable(
        'denied',
        `Offshelf may not write to ${root}. Give its user access to this folder, then try again.`,
      );
    case 'ENOTDIR':
    case 'EEXIST':
      return unavailable(
        'failed',
        `${root} cannot be a folder because a file is in the way. Move that file, then try again.`,
      );
    default:
      return unavailable(
        'failed',
        `The disk that holds ${root} failed (${code}). Check the disk, then try again.`,
      );
  }
}
