import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeZip } from '../../../../test/support/zip.ts';
import { openPackage } from './zip.ts';

type Parts = Parameters<typeof writeZip>[0];

async function check(bytes: Uint8Array): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'offshelf-zip-'));
  try {
    const path = join(folder, 'input');
    await writeFile(path, bytes);
    const pack = await openPackage(path);
    try {
      await pack.check();
      return pack.names;
    } finally {
      await pack.close();
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}

const part = (name: string, data: Buffer | string = '<a/>'): Parts[number] => ({ name, data });
const nested = (depth: number) => '<a>'.repeat(depth) + '</a>'.repeat(depth);
const noise = (length: number) => Buffer.from(Array.from({ length }, (_, index) => (index * 7919) % 251));

/** A megabyte that packs to about a tenth, and whose repetitions a packer does not remember. */
function loose(): Buffer {
  let seed = 1;
  const bytes = Array.from({ length: 52_429 }, () => {
    seed = (seed * 48_271) % 2_147_483_647;
    return Buffer.alloc(20, seed & 255);
  });
  return Buffer.concat(bytes);
}

/** Says that it holds so many parts. */
function claiming(count: number): Buffer {
  const zip = writeZip([part('a.xml')]);
  zip.writeUInt16LE(count, zip.length - 12);
  return zip;
}

test('an ordinary package passes, with what some programs leave at its end', async () => {
  const zip = writeZip([
    part('[Content_Types].xml'),
    part('word\\document.xml', nested(250)),
    part('media/1.png', noise(5000)),
  ]);
  const names = ['[Content_Types].xml', 'word/document.xml', 'media/1.png'];
  expect(await check(zip)).toEqual(names);
  expect(await check(Buffer.concat([zip, Buffer.alloc(300)]))).toEqual(names);
});

const refused: [string, Parts | Buffer, string][] = [
  ['one part that is packed too tightly', [part('a.xml', ' '.repeat(3_000_000))], 'packed_too_tightly'],
  [
    'a part that unpacks to more than 64 MB',
    [part('a.bin', Buffer.alloc(80_000_000, loose()))],
    'packed_too_tightly',
  ],
  ['a part that is larger than it says', [{ ...part('a.xml', '<a>hello</a>'), saidSize: 3 }], 'damaged'],
  [
    'parts on top of each other',
    [part('a.xml', 'x'.repeat(500)), { ...part('b.xml', 'x'.repeat(500)), sharesWith: 0 }],
    'packed_too_tightly',
  ],
  ['a name that leads out of the package', [part('../../etc/passwd')], 'forbidden_content'],
  ['a name that starts at the root', [part('/etc/passwd')], 'forbidden_content'],
  ['too many parts', claiming(20_001), 'packed_too_tightly'],
  ['an encrypted part', [{ ...part('a.xml'), flags: 1 }], 'password'],
  ['deep nesting', [part('a.xml', nested(300))], 'forbidden_content'],
  [
    'deep nesting in a part without a telling name',
    [part('a.dat', `\ufeff <?xml version="1.0"?>${nested(300)}`)],
    'forbidden_content',
  ],
  [
    'deep nesting behind signs that look like ends',
    [part('a.xml', '<a b="/>">'.repeat(300))],
    'forbidden_content',
  ],
  [
    'entities',
    [part('a.xml', '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')],
    'forbidden_content',
  ],
  [
    'entities in two bytes each',
    [part('a.xml', Buffer.from('\ufeff<!DOCTYPE a [<!ENTITY b "c">]><a/>', 'utf16le'))],
    'forbidden_content',
  ],
  ['a file without its end', writeZip([part('a.xml')]).subarray(0, 40), 'damaged'],
  ['a list of parts that was cut', writeZip([part('a.xml'), part('b.xml')]).fill(0, 60, 80), 'damaged'],
];

test.each(refused)('%s is refused', async (_what, given, reason) => {
  const bytes = Buffer.isBuffer(given) ? given : writeZip(given);
  await expect(check(bytes)).rejects.toMatchObject({ name: 'FileRefused', reason });
});

test('what only looks dangerous passes', async () => {
  const harmless = [
    part('a.xml', `<a>${'<b/>'.repeat(1000)}${'<b x="1 > 0"></b>'.repeat(1000)}</a>`),
    part(
      'b.xml',
      `<a><!-- ${'<b>'.repeat(400)} <!ENTITY --><![CDATA[${'<b>'.repeat(400)} ]] <!ENTITY]]></a>`,
    ),
    part('c.svg', '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/x.dtd"><svg/>'),
    part('d.vml', '<br>'.repeat(400)),
    part('e.html', '<br>'.repeat(400)),
    part('f.bin', Buffer.alloc(0)),
  ];
  expect(await check(writeZip(harmless))).toHaveLength(6);
});
