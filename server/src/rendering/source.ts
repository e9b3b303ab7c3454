import type { Context } from '../context.ts';
import { newId } from '../http/ids.ts';
import { ensureRendition, type RenditionRow } from './write-queries.ts';

/** The way of rendering. A higher number has the whole library rendered again, newest and most used first. */
export const currentMethod = 2;

interface FileContent {
  blobHash: string;
  mediaType: string;
}

/** What renditions of a file go by, as the column `source_key` of versions is put together. */
export function sourceKeyOf({ blobHash, mediaType }: FileContent): string {
  return `${blobHash} ${mediaType}`;
}

/** The rendition of a file by the current method; made when it is not there. */
export function ensureFileRendition(
  { db, clock }: Context,
  { blobHash, mediaType }: FileContent,
): Promise<RenditionRow> {
  return ensureRendition(db, {
    id: newId('rnd'),
    sourceKey: sourceKeyOf({ blobHash, mediaType }),
    method: currentMethod,
    blobHash,
    mediaType,
    queuedAt: clock(),
  });
}

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
