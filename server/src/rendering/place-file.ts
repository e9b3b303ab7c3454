import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Context } from '../context.ts';

/** Runs `work` on a blob as a file; one that is kept elsewhere is fetched first and removed again. */
export async function placeFile<T>(
  { blobs, config }: Context,
  blobHash: string,
  work: (path: string) => Promise<T>,
): Promise<T> {
  const local = blobs.localPath(blobHash);
  if (local !== null) return work(local);
  const folder = resolve(config.dataDir, 'tmp', `fetched-${randomUUID()}`);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const path = join(folder, 'file');
    const { stream } = await blobs.read(blobHash);
    await pipeline(stream, createWriteStream(path, { mode: 0o600 }));
    return await work(path);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
