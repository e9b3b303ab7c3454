import type { Config } from '../config.ts';
import { isDatabaseAway } from '../db/problems.ts';
import type { Log } from '../http/log.ts';
import { openSpoolFolder, type SpoolFile } from './spool-folder.ts';

/**
 * Writes one kind of record to the database. It is called again with the same records when it is not known whether
 * they arrived, so writing one twice must change nothing: ids are made where the record is. It answers the records that
 * have to wait, such as for another process to write what they refer to; they come again, for ten minutes at most.
 */
export type SpoolHandler<R> = (records: R[]) => Promise<R[] | undefined>;

/** Kinds of records; each is plain JSON, because it may come back from a file. */
type Kinds = Record<string, object>;

export interface Spool<K extends Kinds> {
  /**
   * Keeps a record in a file, so that it outlives this process, and writes it to the database soon, or as soon as there
   * is one again. Resolves when the file has it, soon in any case, and never rejects: a reader is not disturbed by what
   * we note.
   */
  append<Kind extends keyof K & string>(kind: Kind, record: K[Kind]): Promise<void>;
  /** Writes what can be written now; the rest stays in its files for the next process. */
  close(): Promise<void>;
}

interface Entry {
  kind: string;
  record: object;
  /** Set when it had to wait for something: since when. */
  waitsSince?: number;
}

/** Records that belong together: a file, with what is in it as long as memory has room for it. */
interface Segment {
  file: SpoolFile | undefined;
  entries: Entry[] | undefined;
}

const gatherMs = 50;
/** A disk that takes longer to answer than this is not waited for. */
const patienceMs = 250;
const deliveredAtOnce = 500;
const retryMs = { first: 250, longest: 5_000 };
const lookForOrphansMs = 3_000;
const comeAgainMs = 2_000;
const givenUpMs = 10 * 60_000;
const segmentLimitBytes = 4 * 1_048_576;
const defaultLimits = { mostBytes: 256 * 1_048_576, mostInMemory: 10_000 };

interface SpoolInput {
  config: Pick<Config, 'dataDir'>;
  log: Log;
}

/** Handlers are called in their order, so that what refers to something comes after it. */
export function openSpool<K extends Kinds>(
  { config, log }: SpoolInput,
  handlers: { [Kind in keyof K]: SpoolHandler<K[Kind]> },
  limits = defaultLimits,
): Spool<K> {
  const folder = openSpoolFolder(config.dataDir, log);
  const kinds = Object.keys(handlers);
  let waiting: { entry: Entry; done: () => void }[] = [];
  let current: Segment | undefined;
  let closed: Segment[] = [];
  let setAside: (Segment & { due: number })[] = [];
  let inMemory = 0;
  let writing: Promise<void> | undefined;
  let lastTurn: Promise<void> = Promise.resolve();
  let isStalled = false;
  let draining: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let failures = 0;
  let isClosed = false;
  const losses = countLosses(log);

  // ── into a file ─────────────────────────────────────────────────────────────────────────────────────────

  /** A segment is not closed while something is being written to it. */
  function inTurn(work: () => Promise<void> | void): Promise<void> {
    lastTurn = lastTurn.then(work);
    return lastTurn;
  }

  function append(kind: string, record: object): Promise<void> {
    const isFull = folder.totalBytes() > limits.mostBytes || waiting.length >= limits.mostInMemory;
    if (isFull || isClosed) {
      losses.add(1);
      return Promise.resolve();
    }
    return new Promise((done) => {
      waiting.push({ entry: { kind, record }, done });
      writing ??= writeWaiting();
      if (isStalled) done();
    });
  }

  /** One write for all that came meanwhile. */
  async function writeWaiting(): Promise<void> {
    // What comes in with this turn of the event loop goes into the same write.
    await new Promise((done) => setImmediate(done));
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      const watchdog = setTimeout(() => {
        isStalled = true;
        for (const { done } of [...batch, ...waiting]) done();
      }, patienceMs);
      await inTurn(() => keep(batch.map(({ entry }) => entry)));
      clearTimeout(watchdog);
      isStalled = false;
      for (const { done } of batch) done();
    }
    writing = undefined;
    drainIn(gatherMs);
  }

  async function keep(entries: Entry[]): Promise<void> {
    current ??= { file: await folder.create(), entries: [] };
    const { file } = current;
    if (!(await file?.append(linesOf(entries)))) {
      // What is in memory only stands apart from what is in the file.
      rotate();
      if (inMemory + entries.length > limits.mostInMemory) return losses.add(entries.length);
      inMemory += entries.length;
      closed.push({ file: undefined, entries });
      return;
    }
    if (current.entries && inMemory + entries.length <= limits.mostInMemory) {
      current.entries.push(...entries);
      inMemory += entries.length;
    } else forgetEntries(current);
    if (file && file.sizeBytes() > segmentLimitBytes) rotate();
  }

  /** From here on they are read from the file again. */
  function forgetEntries(segment: Segment): void {
    inMemory -= segment.entries?.length ?? 0;
    segment.entries = undefined;
  }

  function rotate(): void {
    if (!current) return;
    void current.file?.close();
    closed.push(current);
    current = undefined;
  }

  // ── and from there to the database ──────────────────────────────────────────────────────────────────────

  function drainIn(milliseconds: number): void {
    if (isClosed || timer || draining) return;
    timer = setTimeout(() => {
      timer = undefined;
      void drain();
    }, milliseconds);
    timer.unref();
  }

  function drain(): Promise<void> {
    draining ??= drainOnce().finally(() => {
      draining = undefined;
      const hasMore = current !== undefined || closed.length > 0;
      if (failures > 0) drainIn(Math.min(retryMs.first * 2 ** (failures - 1), retryMs.longest));
      else if (hasMore) drainIn(gatherMs);
      else if (setAside.length > 0) drainIn(comeAgainMs);
    });
    return draining;
  }

  async function drainOnce(): Promise<void> {
    const now = performance.now();
    closed.push(...setAside.filter(({ due }) => due <= now));
    setAside = setAside.filter(({ due }) => due > now);
    // As long as the database is away one file grows, instead of many that are small.
    if (closed.length === 0) await inTurn(rotate);
    try {
      for (let segment = closed[0]; segment; segment = closed[0]) {
        await deliver(segment);
        closed = closed.filter((other) => other !== segment);
        forgetEntries(segment);
        await segment.file?.remove();
      }
      failures = 0;
    } catch (error) {
      failures += 1;
      if (failures === 1) log.warn({ event: 'spool_waits', err: error });
    }
  }

  async function deliver(segment: Segment): Promise<void> {
    const entries = segment.entries ?? (await segment.file?.read(parseEntry)) ?? [];
    const again: Entry[] = [];
    for (let from = 0; from < entries.length; from += deliveredAtOnce) {
      const some = entries.slice(from, from + deliveredAtOnce);
      for (const kind of kinds)
        again.push(
          ...(await deliverKind(
            kind,
            some.filter((entry) => entry.kind === kind),
          )),
        );
    }
    if (again.length > 0) await comeAgain(again);
  }

  /**
   * What the database will never take is found by halving and let go; what it does not take for now for a reason of its
   * own comes again. Neither holds up anything else.
   */
  async function deliverKind(kind: string, entries: Entry[]): Promise<Entry[]> {
    if (entries.length === 0) return [];
    try {
      const records = entries.map(({ record }) => record);
      const again = new Set(await (handlers[kind] as unknown as SpoolHandler<object>)(records));
      return again.size > 0 ? entries.filter(({ record }) => again.has(record)) : [];
    } catch (error) {
      if (isPassing(error)) throw error;
      if (entries.length === 1) {
        if (!isFaultOfRecord(error)) return entries;
        log.error({ event: 'spool_record_dropped', kind, err: error });
        return [];
      }
      const middle = Math.ceil(entries.length / 2);
      return [
        ...(await deliverKind(kind, entries.slice(0, middle))),
        ...(await deliverKind(kind, entries.slice(middle))),
      ];
    }
  }

  async function comeAgain(entries: Entry[]): Promise<void> {
    const now = Date.now();
    const kept = entries
      .map((entry) => ({ ...entry, waitsSince: entry.waitsSince ?? now }))
      .filter(({ waitsSince }) => now - waitsSince < givenUpMs);
    if (kept.length < entries.length)
      log.warn({ event: 'spool_records_given_up', count: entries.length - kept.length });
    if (kept.length === 0) return;
    const file = await folder.create();
    await file?.append(linesOf(kept));
    await file?.close();
    inMemory += kept.length;
    setAside.push({ file, entries: kept, due: performance.now() + comeAgainMs });
  }

  async function adopt(): Promise<void> {
    const files = await folder.adoptOrphans();
    if (files.length === 0) return;
    log.info({ event: 'spool_adopted', files: files.length });
    closed.push(...files.map((file) => ({ file, entries: undefined })));
    drainIn(0);
  }

  void adopt();
  const adopting = setInterval(() => void adopt(), lookForOrphansMs);
  adopting.unref();

  return {
    append,
    async close() {
      clearInterval(adopting);
      clearTimeout(timer);
      timer = undefined;
      await writing;
      await draining;
      await drain();
      if (failures === 0 && current) await drain();
      isClosed = true;
      clearTimeout(timer);
      await current?.file?.close();
      await folder.close();
    },
  };
}

function linesOf(entries: Entry[]): string {
  return entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');
}

function parseEntry(line: string): Entry | undefined {
  const value = JSON.parse(line) as Partial<Entry> | null;
  return typeof value?.kind === 'string' && typeof value.record === 'object' ? (value as Entry) : undefined;
}

/** The database is away, busy, full or restarting, so everything has to wait. */
function isPassing(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return isDatabaseAway(error) || (typeof code === 'string' && /^(08|40|53|55|57|58)...$/.test(code));
}

/** Values and references that the database refuses, or that the handler stumbles over: trying again helps nobody. */
function isFaultOfRecord(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return typeof code !== 'string' || /^2[23]...$/.test(code) || code === 'UNDEFINED_VALUE';
}

/** Tells at most once a minute how much could not be kept. */
function countLosses(log: Log) {
  let count = 0;
  let toldAt = Number.NEGATIVE_INFINITY;
  return {
    add(more: number): void {
      count += more;
      const now = performance.now();
      if (now - toldAt < 60_000) return;
      log.error({ event: 'spool_lost', count });
      toldAt = now;
      count = 0;
    },
  };
}
