import { availableParallelism, totalmem } from 'node:os';
import type { TaskKind } from './tasks.ts';

export interface Limits {
  /**
   * Time without a word of the child. What the parent does with a part in between is not counted, and the time that
   * the child waits for a core that others have only for a part.
   */
  quietMs: number;
  totalMs: number;
  /** Of the process and all that it started, as the system counts it. */
  memoryBytes: number;
  /** A process that does nothing at all for this long hangs in a lock of its own and never comes back. */
  stallMs: number | null;
}

const MB = 1_000_000;
const ordinary: Limits = { quietMs: 20_000, totalMs: 20_000, memoryBytes: 700 * MB, stallMs: null };

/** Ordinary files take less than a tenth of this. */
export const limits: Record<TaskKind, Limits> = {
  inspect: ordinary,
  // The first page may come from a file of 2 GB; 5,000 pages may follow, most of them text only.
  'render-pdf': { quietMs: 20_000, totalMs: 30 * 60_000, memoryBytes: 1400 * MB, stallMs: null },
  // A photo of 48 megapixels as HEIC takes ten seconds and a gigabyte.
  'render-picture': { quietMs: 30_000, totalMs: 30_000, memoryBytes: 1800 * MB, stallMs: null },
  'make-jpeg': ordinary,
  watermark: ordinary,
  'read-office': ordinary,
  // The greatest deck that was seen takes 42 seconds; the heap is capped at 1.5 GiB, the rest is the program itself.
  'convert-office': { quietMs: 120_000, totalMs: 120_000, memoryBytes: 2600 * MB, stallMs: 6000 },
  'read-text': ordinary,
  'read-video': ordinary,
  'read-web-page': ordinary,
  digest: ordinary,
};

/** What a child may leave in its folder before it is ended; the parent takes files out while it works. */
export const maxFolderBytes = 1024 * MB;

/** Tasks that a person waits for never stand behind the pages of a long document. */
export const shortKinds: ReadonlySet<TaskKind> = new Set<TaskKind>([
  'inspect',
  'make-jpeg',
  'watermark',
  'read-office',
  'read-text',
  'read-video',
  'read-web-page',
  'digest',
]);

/** A child is replaced after this many tasks, or when it keeps more memory than it should without one. */
export const maxTasksPerChild = 200;
/** Behind the requests of people, but with a third of their share where all cores are taken: 10 all but stands still. */
export const lowPriority = 5;
export const idleMs = 60_000;
export const idleMemoryBytes = { document: 450 * MB, office: 1700 * MB };

/** A child on a large document takes a core and half a gigabyte; the server and its database want theirs. */
export function defaultConcurrency(): number {
  const memory = Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY);
  return Math.max(1, Math.min(availableParallelism(), Math.floor((memory - 1500 * MB) / (600 * MB))));
}
