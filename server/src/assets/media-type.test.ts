import { expect, test } from 'vitest';
import { detectMediaType } from './media-type.ts';

const png = Buffer.from('89504e470d0a1a0a0000000d4948445200000001000000010802000000', 'hex');
const zip = (entry: string) =>
  Buffer.concat([
    Buffer.from('504b03041400000008000000000000000000000000000000000000000000', 'hex'),
    Buffer.from(entry),
  ]);
const boxes = (major: string, rest: string) =>
  Buffer.concat([Buffer.from([0, 0, 0, 16 + rest.length]), Buffer.from(`ftyp${major}\0\0\0\0${rest}`)]);
const cfb = Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(500)]);

test.each([
  ['plan.pdf', Buffer.from('%PDF-1.7\n%âãÏÓ\n'), 'application/pdf'],
  ['a.png', png, 'image/png'],
  ['readme.md', Buffer.from('# Title\n\nText'), 'text/markdown'],
  ['readme.MD', Buffer.from('<script>alert(1)</script>'), 'text/markdown'],
  ['notes.txt', Buffer.from('Grüße'), 'text/plain'],
  ['notes', Buffer.from('plain words'), 'text/plain'],
  ['latin.txt', Buffer.from('Gr\u00fc\u00dfe aus K\u00f6ln', 'latin1'), 'text/plain'],
  ['wide.txt', Buffer.from('\ufeffwords', 'utf16le'), 'text/plain'],
  ['deals.csv', Buffer.from('a,b\n1,2'), 'text/csv'],
  ['data.json', Buffer.from('{"a":1}'), 'application/json'],
  ['page.html', Buffer.from('<!DOCTYPE html><html>'), 'text/html'],
  ['pic.svg', Buffer.from('<?xml version="1.0"?>\n<!-- x --><svg xmlns="x">'), 'image/svg+xml'],
  ['deck.pptx', zip('[Content_Types].xml…ppt/presentation.xml'), expect.stringContaining('presentationml')],
  ['text.docx', zip('[Content_Types].xml'), expect.stringContaining('wordprocessingml')],
  ['deck.pptm', zip('[Content_Types].xml…ppt/presentation.xml'), expect.stringContaining('macroenabled')],
  [
    'text.odt',
    zip('mimetypeapplication/vnd.oasis.opendocument.text'),
    'application/vnd.oasis.opendocument.text',
  ],
  ['talk.key', zip('Index/Document.iwa'), 'application/vnd.apple.keynote'],
  ['old.doc', cfb, 'application/msword'],
  ['photo.heic', boxes('heic', 'mif1heic'), 'image/heic'],
  ['photo.avif', boxes('mif1', 'mif1avifmiaf'), 'image/avif'],
  ['film.mov', boxes('qt  ', 'qt  '), 'video/quicktime'],
  ['film.mp4', boxes('isom', 'isomavc1'), 'video/mp4'],
  ['scan.tif', Buffer.from('49492a0008000000000000000000', 'hex'), 'image/tiff'],
  ['scan.bmp', Buffer.from('424d3a0000000000000036000000', 'hex'), 'image/bmp'],
  ['mailed.pdf', Buffer.from('Content-Type: application/pdf\r\n\r\n%PDF-1.4\n1 0 obj\n'), 'application/pdf'],
  ['framed.pdf', Buffer.from('\0\x01junk%PDF-1.4\n'), 'application/pdf'],
  ['about.txt', Buffer.from('A PDF begins with %PDF-1.4 and goes on.'), 'text/plain'],
  ['about.html', Buffer.from('<html>%PDF-1.4\n1 0 obj\n'), 'text/html'],
  ['wide.csv', Buffer.from('name;price\n', 'utf16le'), 'text/csv'],
  [
    'logo.svg',
    Buffer.from('<!DOCTYPE svg PUBLIC "-//W3C" "x.dtd" [\n<!ENTITY a "b">\n]>\n<svg>'),
    'image/svg+xml',
  ],
  ['noise.bin', Buffer.from([0, 1, 2, 3, 200, 201]), 'application/octet-stream'],
])('%s is known by its content', async (name, bytes, mediaType) => {
  expect(await detectMediaType(bytes, name)).toEqual({ mediaType, typeWarning: null });
});

test.each([
  [
    'plan.pdf',
    png,
    'image/png',
    'The name ends in .pdf, but the content is a picture (png). Check that this is the right file.',
  ],
  ['plan.pdf', Buffer.from('just words'), 'text/plain', expect.stringContaining('is text')],
  ['notes.txt', Buffer.from('<html><script>'), 'text/html', expect.stringContaining('a web page')],
  [
    'photo.png',
    Buffer.from('<svg onload=alert(1)>'),
    'image/svg+xml',
    expect.stringContaining('a picture (svg+xml)'),
  ],
  ['locked.docx', cfb, 'application/x-cfb', expect.stringContaining('locked with a password')],
  [
    'deck.pptx',
    Buffer.from([0, 1, 2, 255]),
    'application/octet-stream',
    expect.stringContaining('something else'),
  ],
])('%s with other content gets a warning', async (name, bytes, mediaType, typeWarning) => {
  expect(await detectMediaType(bytes, name)).toEqual({ mediaType, typeWarning });
});

test('a head that ends inside a character is still text', async () => {
  const head = Buffer.from('界'.repeat(2000)).subarray(0, 4099);
  expect(await detectMediaType(head, 'a.txt')).toEqual({ mediaType: 'text/plain', typeWarning: null });
});
