import { createReadStream, read as readFile } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import {
  type Entry,
  fromRandomAccessReaderPromise,
  RandomAccessReader,
  validateFileName,
  type ZipFile,
} from 'yauzl';
import { FileRefused } from '../tasks.ts';
import { createXmlGuard, looksLikeXml } from './xml-guard.ts';

const megabyte = 1_048_576;
const mostEntries = 20_000;
/** What an entry, and all of them together, may grow by: what is packed loosely costs no more than its upload did. */
const mostGrowthPerEntry = 64 * megabyte;
const mostGrowth = 200 * megabyte;
const steepestRatio = 200;
const localHeaderBytes = 30;

export interface OfficePackage {
  names: string[];
  has(name: string): boolean;
  /** The bytes of an entry as they were before they were packed; nothing when there is no such entry. */
  read(name: string): AsyncIterable<Buffer>;
  /** Reads all of it once, and refuses what would harm a program that believes it. */
  check(): Promise<void>;
  close(): Promise<void>;
}

/** Opens a zip file of an Office program by its list of entries. Entries of the same name: the first one counts. */
export async function openPackage(path: string): Promise<OfficePackage> {
  const handle = await open(path);
  try {
    const zip = await fromRandomAccessReaderPromise(new FileReader(path, handle), await findEnd(handle), {
      autoClose: false,
      strictFileNames: false,
      decodeStrings: false,
    });
    const entries = await listEntries(zip);
    const byName = new Map(entries.toReversed().map((entry) => [entry.name.toLowerCase(), entry.entry]));
    return {
      names: entries.map((entry) => entry.name),
      has: (name) => byName.has(name.toLowerCase()),
      async *read(name) {
        const entry = byName.get(name.toLowerCase());
        if (entry) yield* readEntry(zip, entry);
      },
      check: () => checkEntries(zip, entries),
      close: () => handle.close(),
    };
  } catch (error) {
    await handle.close();
    throw asRefusal(error);
  }
}

interface NamedEntry {
  name: string;
  entry: Entry;
}

/** Reads a file that stays open; yauzl opens by path only what ends with its end record. */
class FileReader extends RandomAccessReader {
  readonly #path: string;
  readonly #handle: FileHandle;

  constructor(path: string, handle: FileHandle) {
    super();
    this.#path = path;
    this.#handle = handle;
  }

  override _readStreamForRange(start: number, end: number): Readable {
    return createReadStream(this.#path, { start, end: end - 1 });
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null) => void,
  ): void {
    readFile(this.#handle.fd, buffer, offset, length, position, (error, count) => {
      callback(error ?? (count < length ? new Error('unexpected EOF') : null));
    });
  }
}

/** The length of the file without what follows its end record, where some programs leave junk. */
async function findEnd(handle: FileHandle): Promise<number> {
  const { size } = await handle.stat();
  const recordBytes = 22;
  const tail = Buffer.alloc(Math.min(size, 2 * 65_536));
  await handle.read(tail, 0, tail.length, size - tail.length);
  const start = tail.lastIndexOf('PK\u0005\u0006', undefined, 'latin1');
  if (start < 0 || start + recordBytes > tail.length)
    throw new FileRefused('damaged', 'The end record of the zip file is missing');
  const end = start + recordBytes + tail.readUInt16LE(start + recordBytes - 2);
  return Math.min(size, size - tail.length + end);
}

async function listEntries(zip: ZipFile): Promise<NamedEntry[]> {
  if (zip.entryCount > mostEntries)
    throw new FileRefused('packed_too_tightly', `The file holds ${zip.entryCount} parts`);
  const entries: NamedEntry[] = [];
  for await (const entry of zip.eachEntry()) {
    const name = decodeName(entry);
    if (validateFileName(name) !== null || name.includes('\0'))
      throw new FileRefused('forbidden_content', 'A part of the file has a name that leads out of it');
    if (entry.isEncrypted()) throw new FileRefused('password', 'Parts of the zip file are encrypted');
    if (!name.endsWith('/')) entries.push({ name, entry });
  }
  return entries;
}

/** Names are ASCII in practice; some programs write them with the wrong slash. */
function decodeName(entry: Entry): string {
  return entry.fileNameRaw.toString('utf8').replaceAll('\\', '/');
}

async function* readEntry(zip: ZipFile, entry: Entry): AsyncIterable<Buffer> {
  try {
    yield* await zip.openReadStreamPromise(entry);
  } catch (error) {
    throw asRefusal(error);
  }
}

async function checkEntries(zip: ZipFile, entries: NamedEntry[]): Promise<void> {
  let growth = 0;
  let lastEnd = 0;
  for (const { name, entry } of entries.toSorted((a, b) => offsetOf(a) - offsetOf(b))) {
    if (offsetOf({ entry }) < lastEnd)
      throw new FileRefused('packed_too_tightly', 'Parts of the zip file lie on top of each other');
    lastEnd = offsetOf({ entry }) + localHeaderBytes + entry.fileNameLength + entry.compressedSize;
    growth += await checkEntry(zip, name, entry, mostGrowth - growth);
  }
}

function offsetOf({ entry }: { entry: Entry }): number {
  return entry.relativeOffsetOfLocalHeader;
}

/** Unpacks one entry to nowhere. Sizes are counted, because what the headers say is not to be believed. */
async function checkEntry(zip: ZipFile, name: string, entry: Entry, room: number): Promise<number> {
  const most = entry.compressedSize + Math.min(room, mostGrowthPerEntry);
  const guard = createXmlGuard(name);
  let size = 0;
  let isXml: boolean | undefined;
  for await (const chunk of readEntry(zip, entry)) {
    isXml ??= looksLikeXml(name, chunk);
    size += chunk.length;
    if (size > most)
      throw new FileRefused('packed_too_tightly', `${name} unpacks to more than ${most} bytes`);
    if (size > megabyte && size > entry.compressedSize * steepestRatio)
      throw new FileRefused('packed_too_tightly', `${name} is packed tighter than 1 to ${steepestRatio}`);
    if (isXml) guard.write(chunk);
  }
  return Math.max(0, size - entry.compressedSize);
}

function asRefusal(error: unknown): unknown {
  if (error instanceof FileRefused || !(error instanceof Error)) return error;
  return new FileRefused('damaged', `The zip file can not be read: ${error.message}`);
}
