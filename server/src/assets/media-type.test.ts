import { expect, test } from 'vitest';
import { detectMediaType } from './media-type.ts';

const png = Buffer.from('89504e470d0a1a0a0000000d4948445200000001000000010802000000', 'hex');
const zip = (entry: string) =>
  Buffer.concat([
    Buffer.from('504b0304140000000800000000000000000000000000000000000000', 'hex').fill(0, 26, 28),
    Buffer.from(entry),
  ]);
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
  ['old.doc', cfb, 'application/msword'],
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
