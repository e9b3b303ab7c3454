import { crc32, deflateRawSync } from 'node:zlib';

interface ZipPart {
  name: string;
  data: Buffer | string;
  /** Bit 0 says that the part is encrypted. */
  flags?: number;
  /** What the headers say of its size, when they lie. */
  saidSize?: number;
  /** Number of the part whose bytes this one shares, as bombs do. */
  sharesWith?: number;
}

/** A zip file by hand, so that every part of it can be made wrong. */
export function writeZip(parts: ZipPart[]): Buffer {
  const files: Buffer[] = [];
  const table: Buffer[] = [];
  const offsets: number[] = [];
  let offset = 0;
  for (const part of parts) {
    const { name, flags = 0, sharesWith } = part;
    const data = Buffer.from(part.data);
    const packed = deflateRawSync(data, { level: 1 });
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(flags, 2);
    fields.writeUInt16LE(8, 4);
    fields.writeUInt32LE(crc32(data), 10);
    fields.writeUInt32LE(packed.length, 14);
    fields.writeUInt32LE(part.saidSize ?? data.length, 18);
    fields.writeUInt16LE(Buffer.byteLength(name), 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), fields, Buffer.from(name), packed]);
    const start = sharesWith === undefined ? offset : (offsets[sharesWith] ?? 0);
    offsets.push(start);
    if (sharesWith === undefined) {
      files.push(local);
      offset += local.length;
    }
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(start, 10);
    table.push(Buffer.from('PK\x01\x02\x14\0', 'latin1'), fields, rest, Buffer.from(name));
  }
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(parts.length, 8);
  end.writeUInt16LE(parts.length, 10);
  end.writeUInt32LE(Buffer.concat(table).length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...files, ...table, end]);
}
