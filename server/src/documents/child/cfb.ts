import type { FileHandle } from 'node:fs/promises';

export interface CompoundEntry {
  name: string;
  /** Whether it stands at the top; what lies deeper belongs to files within the file. */
  isTop: boolean;
  startSector: number;
  size: number;
}

/** The old container of Office files: a small file system of which only the directory is read. */
export interface CompoundFile {
  entries: CompoundEntry[];
  /** The first bytes of a stream, at most one sector; empty when it is kept among the small ones. */
  readStart(entry: CompoundEntry): Promise<Buffer>;
}

const mostDirectorySectors = 2048;
const headerSize = 512;
const entrySize = 128;
/** Streams below this lie in a part of their own, which nothing here needs. */
const smallStream = 4096;
const lastSector = 0xfffffffa;

/** Reads the directory as far as it hangs together; a damaged one has fewer entries. */
export async function openCompoundFile(file: FileHandle): Promise<CompoundFile> {
  const header = await readAt(file, 0, headerSize);
  if (header.length < headerSize) return { entries: [], readStart: async () => Buffer.alloc(0) };
  const sectorSize = header.readUInt16LE(30) === 12 ? 4096 : 512;
  const readSector = (sector: number) => readAt(file, (sector + 1) * sectorSize, sectorSize);
  const nextOf = createChain(header, sectorSize, readSector);

  const found: DirectoryEntry[] = [];
  const seen = new Set<number>();
  let sector = header.readUInt32LE(48);
  while (sector < lastSector && !seen.has(sector) && seen.size < mostDirectorySectors) {
    seen.add(sector);
    const bytes = await readSector(sector);
    for (let at = 0; at + entrySize <= bytes.length; at += entrySize)
      found.push(readEntry(bytes.subarray(at, at + entrySize)));
    sector = await nextOf(sector);
  }
  const top = listTop(found);
  const entries = found
    .map(({ name, startSector, size }, index) => ({ name, startSector, size, isTop: top.has(index) }))
    .filter(({ name }) => name !== '');
  return {
    entries,
    readStart: async ({ startSector, size }) =>
      size < smallStream || startSector >= lastSector ? Buffer.alloc(0) : await readSector(startSector),
  };
}

/** Where the chain of a sector goes on, by a table that is itself scattered over the file. */
function createChain(header: Buffer, sectorSize: number, readSector: (sector: number) => Promise<Buffer>) {
  const perSector = sectorSize / 4;
  const tableSectors: number[] = [];
  for (let at = 76; at < headerSize; at += 4) tableSectors.push(header.readUInt32LE(at));
  let moreSectors = header.readUInt32LE(68);
  const tables = new Map<number, Buffer>();

  async function findTable(index: number): Promise<number> {
    // A list of tables that runs in a circle ends with the file's own count of them.
    while (index >= tableSectors.length && moreSectors < lastSector && tableSectors.length < 100_000) {
      const list = await readSector(moreSectors);
      if (list.length < sectorSize) return lastSector;
      for (let at = 0; at < sectorSize - 4; at += 4) tableSectors.push(list.readUInt32LE(at));
      moreSectors = list.readUInt32LE(sectorSize - 4);
    }
    return tableSectors[index] ?? lastSector;
  }

  return async (sector: number): Promise<number> => {
    const index = Math.floor(sector / perSector);
    const table = tables.get(index) ?? (await readTable(await findTable(index)));
    tables.set(index, table);
    const at = (sector % perSector) * 4;
    return at + 4 <= table.length ? table.readUInt32LE(at) : lastSector;
  };

  async function readTable(tableSector: number): Promise<Buffer> {
    return tableSector < lastSector ? await readSector(tableSector) : Buffer.alloc(0);
  }
}

interface DirectoryEntry {
  name: string;
  startSector: number;
  size: number;
  neighbours: number[];
  child: number;
}

function readEntry(bytes: Buffer): DirectoryEntry {
  const nameLength = bytes.readUInt16LE(64);
  const isUsed = bytes[66] !== 0 && nameLength >= 2 && nameLength <= 64;
  return {
    name: isUsed ? bytes.toString('utf16le', 0, nameLength - 2) : '',
    neighbours: [bytes.readUInt32LE(68), bytes.readUInt32LE(72)],
    child: bytes.readUInt32LE(76),
    startSector: bytes.readUInt32LE(116),
    size: bytes.readUInt32LE(120),
  };
}

/** Entries of one folder hang together as a tree of neighbours; the first entry is the root. */
function listTop(entries: DirectoryEntry[]): Set<number> {
  const top = new Set<number>();
  const waiting = [entries[0]?.child ?? lastSector];
  for (let index = waiting.pop(); index !== undefined; index = waiting.pop()) {
    const entry = entries[index];
    if (!entry || top.has(index)) continue;
    top.add(index);
    waiting.push(...entry.neighbours);
  }
  return top;
}

/** What is there; fewer bytes at the end of the file. */
export async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { bytesRead, buffer } = await file.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}
