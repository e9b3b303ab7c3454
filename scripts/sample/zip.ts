import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib';

/**
 * Office files are zips whose entries carry the time of writing. Rewriting them with one fixed time, and with
 * entries edited on the way, makes the same content give the same bytes.
 */
export function rewriteZip(source: Uint8Array, edit: (name: string, text: string) => string): Buffer {
  const entries = readZip(Buffer.from(source)).map(({ name, data }) => ({
    name,
    data: /\.(xml|rels)$/.test(name) ? Buffer.from(edit(name, data.toString('utf8')), 'utf8') : data,
  }));
  return writeZip(entries);
}

type Entry = { name: string; data: Buffer };

const endSignature = 0x06054b50;
const centralSignature = 0x02014b50;
const localSignature = 0x04034b50;
/** 1 January 2026, 00:00, in the format of MS-DOS. */
const fixedDate = ((2026 - 1980) << 9) | (1 << 5) | 1;

function readZip(zip: Buffer): Entry[] {
  const end = zip.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (end < 0 || zip.readUInt32LE(end) !== endSignature) throw new Error('Not a zip: it has no end record.');
  const count = zip.readUInt16LE(end + 10);
  let at = zip.readUInt32LE(end + 16);
  const entries: Entry[] = [];
  for (let index = 0; index < count; index += 1) {
    if (zip.readUInt32LE(at) !== centralSignature)
      throw new Error('Damaged zip: central directory expected.');
    const method = zip.readUInt16LE(at + 10);
    const size = zip.readUInt32LE(at + 20);
    const nameLength = zip.readUInt16LE(at + 28);
    const local = zip.readUInt32LE(at + 42);
    const name = zip.toString('utf8', at + 46, at + 46 + nameLength);
    const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    const packed = zip.subarray(start, start + size);
    if (!name.endsWith('/')) entries.push({ name, data: method === 0 ? packed : inflateRawSync(packed) });
    at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return entries;
}

function writeZip(entries: Entry[]): Buffer {
  const body: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, data } of entries) {
    const nameBytes = Buffer.from(name, 'utf8');
    const packed = deflateRawSync(data, { level: 9 });
    const shared = Buffer.alloc(26);
    shared.writeUInt16LE(20, 0);
    shared.writeUInt16LE(0x0800, 2);
    shared.writeUInt16LE(8, 4);
    shared.writeUInt16LE(0, 6);
    shared.writeUInt16LE(fixedDate, 8);
    shared.writeUInt32LE(crc32(data), 10);
    shared.writeUInt32LE(packed.length, 14);
    shared.writeUInt32LE(data.length, 18);
    shared.writeUInt16LE(nameBytes.length, 22);
    const local = Buffer.alloc(4);
    local.writeUInt32LE(localSignature);
    body.push(local, shared, nameBytes, packed);
    const head = Buffer.alloc(6);
    head.writeUInt32LE(centralSignature);
    head.writeUInt16LE(20, 4);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    directory.push(head, shared, tail, nameBytes);
    offset += 4 + shared.length + nameBytes.length + packed.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(endSignature);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...body, central, end]);
}
