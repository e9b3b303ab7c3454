import type { Context } from '../context.ts';

/** Runs `work` on a blob as a file; one that is kept elsewhere is fetched first and removed again. */
export async function placeFile<T>(
  { blobs, sandbox }: Context,
  blobHash: string,
  work: (path: string) => Promise<T>,
): Promise<T> {
  const local = blobs.localPath(blobHash);
  if (local !== null) return work(local);
  const { stream, sizeBytes } = await blobs.read(blobHash);
  await using file = await sandbox.stage(stream, sizeBytes);
  return await work(file.path);
}
