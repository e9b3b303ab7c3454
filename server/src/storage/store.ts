import type { Readable } from 'node:stream';

/**
 * Keeps the bytes of files under the sha256 of their content. It knows no names, types or owners: those are rows.
 * A hash can be found from the moment its blob is whole and durable, and never before.
 */
export interface BlobStore {
  /**
   * Reads the source to its end and keeps it aside, hashed. The source's own error, the abort reason, `BlobTooLarge`
   * and `StorageUnavailable` leave nothing behind. The source is never destroyed here, so that an HTTP request can
   * still be answered: whoever passed it drains or destroys it.
   */
  stage(source: Readable | AsyncIterable<Uint8Array>, options?: StageOptions): Promise<StagedBlob>;
  /** Opens a blob, or the inclusive range of it. Whoever asked consumes or destroys the stream. */
  read(hash: string, range?: ByteRange): Promise<{ stream: Readable; sizeBytes: number }>;
  find(hash: string): Promise<StoredBlob | undefined>;
  /** Deleting what is not there is no error. */
  delete(hash: string): Promise<void>;
  /** Every blob, in no promised order. */
  list(): AsyncIterable<StoredBlob>;
  /** An address from which a browser reads the blob itself, or null where the app has to stream it. */
  presignRead(hash: string, as: Presentation): Promise<string | null>;
  /** Where the blob is a file that programs of this machine can read, or null where it has to be fetched first. */
  localPath(hash: string): string | null;
  /** Proves that blobs can be kept right now, by keeping and removing a few bytes; makes a missing bucket. */
  check(): Promise<void>;
  /** Removes what uploads left aside that ended before `olderThan` without commit or discard; answers how many. */
  sweepStaged(olderThan: Date): Promise<number>;
}

export interface StageOptions {
  limitBytes?: number;
  signal?: AbortSignal;
}

export interface StagedBlob {
  /** sha256 of the content, 64 lower-case hexadecimal digits. */
  hash: string;
  sizeBytes: number;
  /** The first 4,100 bytes at most, which is what type detection wants to see. */
  head: Uint8Array;
  /**
   * Makes the blob findable. Content that is already stored stays as it is, except that `storedAt` becomes now: a
   * collector of unreferenced blobs that spares young ones can't take what was committed a moment ago.
   */
  commit(): Promise<void>;
  /** Forgets the blob. After `commit` it does nothing. */
  discard(): Promise<void>;
}

export interface StoredBlob {
  hash: string;
  sizeBytes: number;
  storedAt: Date;
}

/** Both ends count: `{ start: 0, end: 0 }` is the first byte. */
export interface ByteRange {
  start: number;
  end: number;
}

interface Presentation {
  fileName: string;
  mediaType: string;
  disposition: 'inline' | 'attachment';
  expiresInSeconds: number;
}

export class BlobNotFound extends Error {
  readonly hash: string;

  constructor(hash: string) {
    super(`No blob is stored under ${hash}.`);
    this.name = 'BlobNotFound';
    this.hash = hash;
  }
}

export class BlobTooLarge extends Error {
  readonly limitBytes: number;

  constructor(limitBytes: number) {
    super(`The content is larger than ${limitBytes.toLocaleString('en')} bytes.`);
    this.name = 'BlobTooLarge';
    this.limitBytes = limitBytes;
  }
}

/** The store can't do its work, for a reason that an operator has to remove; the message says which. */
export class StorageUnavailable extends Error {
  readonly reason: 'full' | 'read_only' | 'denied' | 'unreachable' | 'failed';

  constructor(reason: StorageUnavailable['reason'], message: string, cause: unknown) {
    super(message, { cause });
    this.name = 'StorageUnavailable';
    this.reason = reason;
  }
}

const hashShape = /^[0-9a-f]{64}$/;

export function isBlobHash(text: string): boolean {
  return hashShape.test(text);
}

/** Where a blob lies below the root of a store. Refuses what is not a hash, so no path can be smuggled in. */
export function blobPath(hash: string): string {
  if (!isBlobHash(hash)) throw new TypeError('A blob is addressed by 64 lower-case hexadecimal digits.');
  return `blobs/${hash.slice(0, 2)}/${hash}`;
}
