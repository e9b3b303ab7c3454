import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { expect, test } from 'vitest';
import { inspect } from './inspect.ts';

async function inspectBytes(fileName: string, bytes: Uint8Array | string) {
  const folder = await mkdtemp(join(tmpdir(), 'offshelf-inspect-'));
  try {
    const inputPath = join(folder, 'input');
    await writeFile(inputPath, bytes);
    return await inspect({ fileName, mediaType: '' }, { inputPath, folder, emit: async () => {} });
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** A ZIP file whose entries are stored as they are. */
function zip(parts: Record<string, string>, flags = 0): Buffer {
  const files: Buffer[] = [];
  const table: Buffer[] = [];
  let offset = 0;
  for (const [name, content] of Object.entries(parts)) {
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(flags, 2);
    fields.writeUInt32LE(crc32(content), 10);
    fields.writeUInt32LE(Buffer.byteLength(content), 14);
    fields.writeUInt32LE(Buffer.byteLength(content), 18);
    fields.writeUInt16LE(Buffer.byteLength(name), 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), fields, Buffer.from(name + content)]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    table.push(Buffer.from('PK\x01\x02\x14\0', 'latin1'), fields, rest, Buffer.from(name));
    files.push(local);
    offset += local.length;
  }
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(Buffer.concat(table).length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...files, ...table, end]);
}

function declares(type: string): string {
  return `<Types><Override PartName="/main.xml" ContentType="application/${type}.main+xml"/></Types>`;
}

const word = 'vnd.openxmlformats-officedocument.wordprocessingml.document';
const docx = { '[Content_Types].xml': declares(word), 'word/document.xml': '<w/>' };

/** An old Office file: a header, its table of sectors, its directory and a first sector of the first stream. */
function compound(names: string[], start: Buffer = Buffer.alloc(0), deeper: string[] = []): Buffer {
  const sectors = Buffer.alloc(512 * 12, 0xff);
  const header = Buffer.alloc(512);
  header.write('d0cf11e0a1b11ae1', 'hex');
  header.writeUInt16LE(9, 30);
  header.writeUInt32LE(1, 48);
  header.writeUInt32LE(0xfffffffe, 68);
  header.fill(0xff, 76);
  header.writeUInt32LE(0, 76);
  const all = ['Root Entry', ...names, ...deeper];
  sectors.fill(0, 512, 512 * 4);
  all.forEach((name, index) => {
    const at = 512 + index * 128;
    sectors.write(name, at, 'utf16le');
    sectors.writeUInt16LE((name.length + 1) * 2, at + 64);
    sectors[at + 66] = index === 0 ? 5 : 2;
    for (const link of [68, 72, 76]) sectors.writeUInt32LE(0xffffffff, at + link);
    if (index === 0) sectors.writeUInt32LE(1, at + 76);
    else if (index < names.length) sectors.writeUInt32LE(index + 1, at + 72);
    sectors.writeUInt32LE(5, at + 116);
    sectors.writeUInt32LE(4096, at + 120);
  });
  // The directory takes three sectors, one after the other.
  sectors.writeUInt32LE(2, 4);
  sectors.writeUInt32LE(3, 8);
  start.copy(sectors, 5 * 512);
  return Buffer.concat([header, sectors]);
}

const plain = { isEncrypted: false, hasMacros: false };
const lockedWord = Buffer.from('eca5c1000000000000000001000000000000', 'hex');
const lockedExcel = Buffer.from('09080800000605000000000086000000' + '2f0002000000', 'hex');

test.each([
  ['memo.bin', compound(['WordDocument', '1Table']), { ...plain, mediaType: 'application/msword' }],
  ['memo.bin', compound(['WORDDOCUMENT']), { ...plain, mediaType: 'application/msword' }],
  ['deck.doc', compound(['PowerPoint Document']), { ...plain, mediaType: 'application/vnd.ms-powerpoint' }],
  ['sums.doc', compound(['Workbook']), { ...plain, mediaType: 'application/vnd.ms-excel' }],
  ['mail', compound(['__properties_version1.0']), { ...plain, mediaType: 'application/vnd.ms-outlook' }],
  [
    'sums.xls',
    compound(['Workbook', 'MBD01'], undefined, ['WordDocument']),
    { ...plain, mediaType: 'application/vnd.ms-excel' },
  ],
  [
    'memo.doc',
    compound(['WordDocument', 'Macros'], undefined, ['VBA']),
    { mediaType: 'application/msword', isEncrypted: false, hasMacros: true },
  ],
  [
    'memo.doc',
    compound(['WordDocument'], lockedWord),
    { mediaType: 'application/msword', isEncrypted: true, hasMacros: false },
  ],
  [
    'sums.xls',
    compound(['Workbook'], lockedExcel),
    { mediaType: 'application/vnd.ms-excel', isEncrypted: true, hasMacros: false },
  ],
  [
    'plan.pptx',
    compound(['EncryptionInfo', 'EncryptedPackage']),
    { mediaType: expect.stringContaining('presentationml'), isEncrypted: true, hasMacros: false },
  ],
  ['thing.doc', compound(['Something']), { ...plain, mediaType: 'application/x-cfb' }],
])('%s of old Office is told by its directory: %#', async (name, bytes, expected) => {
  expect(await inspectBytes(name, bytes)).toEqual(expected);
});

test('a directory that runs in a circle, or is cut off, ends', async () => {
  const circle = compound(['WordDocument']);
  circle.writeUInt32LE(1, 512 + 4);
  circle.writeUInt32LE(0, 512 * 2 + 76);
  expect(await inspectBytes('a.doc', circle)).toMatchObject({ mediaType: 'application/x-cfb' });
  const far = compound(['WordDocument']);
  far.writeUInt32LE(0xffff, 68);
  far.writeUInt32LE(90_000, 48);
  expect(await inspectBytes('a.doc', far)).toMatchObject({ mediaType: 'application/x-cfb' });
  expect(await inspectBytes('a.doc', circle.subarray(0, 100))).toMatchObject({
    mediaType: 'application/x-cfb',
  });
});

test.each([
  ['text.zip', zip(docx), { ...plain, mediaType: `application/${word}` }],
  [
    'text.docx',
    zip({ ...docx, 'word/vbaProject.bin': 'x' }),
    { mediaType: `application/${word}`, isEncrypted: false, hasMacros: true },
  ],
  [
    'text.docx',
    zip({
      '[Content_Types].xml': declares('vnd.ms-word.document.macroEnabled'),
      'word/document.xml': '<w/>',
    }),
    { ...plain, mediaType: 'application/vnd.ms-word.document.macroenabled.12' },
  ],
  ['folder.docx', zip({ 'word/readme.txt': 'x' }), { ...plain, mediaType: 'application/zip' }],
  [
    'both.pptx',
    zip({ ...docx, 'ppt/slides/slide1.xml': '<p/>' }),
    { ...plain, mediaType: `application/${word}` },
  ],
  [
    'text.odt',
    zip({
      mimetype: 'application/vnd.oasis.opendocument.text',
      'content.xml': '<o/>',
      'Basic/Standard/Module1.xml': 'x',
    }),
    { mediaType: 'application/vnd.oasis.opendocument.text', isEncrypted: false, hasMacros: true },
  ],
  [
    'text.odt',
    zip({
      mimetype: 'application/vnd.oasis.opendocument.text',
      'META-INF/manifest.xml': '<manifest:encryption-data/>',
      'Basic/script-lc.xml': 'x',
    }),
    { mediaType: 'application/vnd.oasis.opendocument.text', isEncrypted: true, hasMacros: false },
  ],
  ['talk.zip', zip({ 'Index/Slide-1.iwa': 'x' }), { ...plain, mediaType: 'application/vnd.apple.keynote' }],
  [
    'locked.zip',
    zip({ 'a.txt': 'x' }, 1),
    { mediaType: 'application/zip', isEncrypted: true, hasMacros: false },
  ],
  ['../../a.zip', zip({ '../../etc/passwd': 'x' }), { ...plain, mediaType: 'application/zip' }],
  ['cut.docx', zip(docx).subarray(0, 200), { ...plain, mediaType: `application/${word}` }],
])('%s is told by its table of contents: %#', async (name, bytes, expected) => {
  expect(await inspectBytes(name, bytes)).toEqual(expected);
});

const pdf = '%PDF-1.4\n1 0 obj\n<<>>\nendobj\n';
const png = Buffer.from('89504e470d0a1a0a0000000d4948445200000001000000010802000000', 'hex');

test.each([
  ['PDF before ZIP', Buffer.concat([Buffer.from(pdf), zip(docx)]), 'application/pdf'],
  ['a picture before ZIP', Buffer.concat([png, zip(docx)]), 'image/png'],
  ['a picture before PDF', Buffer.concat([png, Buffer.from(pdf)]), 'image/png'],
  ['a picture before HTML', Buffer.concat([png, Buffer.from('<script>x</script>')]), 'image/png'],
  ['HTML before PDF', Buffer.from(`<!doctype html><script>x</script>${pdf}`), 'text/html'],
  ['SVG before PDF', Buffer.from(`<svg onload="x">${pdf}`), 'image/svg+xml'],
  ['a few odd bytes before PDF', Buffer.from(`\0\x01\x02${pdf}`), 'application/pdf'],
  ['PDF after 2 KB of words', Buffer.from(`${'word '.repeat(400)}${pdf}`), 'text/plain'],
  [
    'ZIP after words',
    Buffer.concat([Buffer.from('word '.repeat(900)), zip({ x: '\0'.repeat(5000) })]),
    'application/octet-stream',
  ],
])('%s is what stands first', async (_name, bytes, mediaType) => {
  expect(await inspectBytes('file', bytes)).toMatchObject({ mediaType });
});

test('an empty file is refused', async () => {
  await expect(inspectBytes('a.pdf', '')).rejects.toMatchObject({ reason: 'empty' });
});
