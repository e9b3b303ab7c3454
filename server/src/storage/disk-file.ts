import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { type BackgroundHash, openBackgroundHash } from './background-hash.ts';

/** Large slots are quick; with many files at once their memory would add up, so later ones get small slots. */
const slotSizes = { few: 1_048_576, many: 131_072 };
const fewFiles = 8;
let openFiles = 0;
const slotCount = 4;
/** What `O_DIRECT` asks of offsets and lengths on every file system in use. */
const directBlockBytes = 4096;

/** A new file that is hashed while it is written. Its bytes are durable once `finish` has answered. */
export interface HashedFile {
  append(chunk: Uint8Array): Promise<void>;
  /** Flushes, closes and answers the sha256. */
  finish(): Promise<string>;
  /** Closes after a failure, when nothing is in flight any more. */
  abandon(): Promise<void>;
}

/**
 * Copies chunks into a ring of four slots; a full slot is written and hashed at the same time, by different
 * threads. Full slots go past the page cache (`O_DIRECT`) where the file system allows it: that halves the processor
 * time of a large upload and leaves the cache to the database. A file below one slot takes the plain way.
 */
export async function createHashedFile(path: string): Promise<HashedFile> {
  const file = await open(path, 'wx', 0o640);
  openFiles += 1;
  const slotBytes = openFiles > fewFiles ? slotSizes.many : slotSizes.few;
  // Growable memory begins at a page, as O_DIRECT demands; memory of fixed size does not.
  const ringBytes = slotBytes * slotCount;
  const memory = new SharedArrayBuffer(ringBytes, { maxByteLength: ringBytes });
  const ring = Buffer.from(memory, 0, ringBytes);
  const inFlight: (Promise<void> | undefined)[] = [];
  let direct: FileHandle | undefined;
  let mayWriteDirectly = true;
  let hash: BackgroundHash | undefined;
  let failure: { error: unknown } | undefined;
  let slot = 0;
  let filled = 0;
  let position = 0;

  async function write(offset: number, length: number, at: number): Promise<void> {
    let written = 0;
    while (written < length) {
      const remaining = length - written;
      const handle = (mayWriteDirectly && remaining % directBlockBytes === 0 && direct) || file;
      try {
        written += (await handle.write(ring, offset + written, remaining, at + written)).bytesWritten;
      } catch (error) {
        // Some file systems take O_DIRECT at open and refuse it here.
        if (handle === file || (error as NodeJS.ErrnoException).code !== 'EINVAL') throw error;
        mayWriteDirectly = false;
      }
    }
  }

  async function submit(): Promise<void> {
    if (!hash) {
      hash = openBackgroundHash(memory);
      if (constants.O_DIRECT)
        direct = await open(path, constants.O_WRONLY | constants.O_DIRECT).catch(() => undefined);
    }
    const offset = slot * slotBytes;
    const work = [write(offset, filled, position), hash.update(offset, filled)];
    // Waits for both even when one fails: a file is never closed under a write.
    inFlight[slot] = Promise.allSettled(work).then((results) => {
      const failed = results.find((result) => result.status === 'rejected');
      if (failed) failure ??= { error: failed.reason };
    });
    position += filled;
    slot = (slot + 1) % slotCount;
    filled = 0;
  }

  async function settle(): Promise<void> {
    await Promise.all(inFlight);
    if (failure) throw failure.error;
  }

  async function close(): Promise<void> {
    openFiles -= 1;
    await Promise.allSettled([direct?.close(), file.close()]);
  }

  return {
    async append(chunk) {
      let taken = 0;
      while (taken < chunk.byteLength) {
        if (filled === 0) await inFlight[slot];
        if (failure) throw failure.error;
        const length = Math.min(chunk.byteLength - taken, slotBytes - filled);
        ring.set(chunk.subarray(taken, taken + length), slot * slotBytes + filled);
        taken += length;
        filled += length;
        if (filled === slotBytes) await submit();
      }
    },
    async finish() {
      let digest: string;
      if (hash) {
        if (filled > 0) await submit();
        await settle();
        digest = await hash.close();
        hash = undefined;
      } else {
        await write(0, filled, 0);
        digest = createHash('sha256').update(ring.subarray(0, filled)).digest('hex');
      }
      await file.sync();
      await close();
      return digest;
    },
    async abandon() {
      await Promise.all(inFlight);
      await hash?.close().catch(() => undefined);
      await close();
    },
  };
}
