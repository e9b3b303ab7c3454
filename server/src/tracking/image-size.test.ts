import { expect, test } from 'vitest';
import { readImageSize } from './image-size.ts';

const bytes = (hex: string) => Buffer.from(hex.replaceAll(' ', ''), 'hex');

test.each([
  ['PNG', '89504e47 0d0a1a0a 0000000d 49484452 00000280 000001e0 08060000'],
  ['GIF', '474946383961 8002 e001 f70000'],
  ['WebP with alpha', '52494646 00000000 57454250 56503858 0a000000 10000000 7f0200 df0100'],
  ['lossless WebP', '52494646 00000000 57454250 5650384c 00000000 2f 7fc27700'],
  ['lossy WebP', '52494646 00000000 57454250 56503820 00000000 000000 9d012a 8002 e001'],
  ['JPEG behind a profile', 'ffd8 ffe0 0004 0000 ffc4 0003 00 ffc2 0011 08 01e0 0280 03'],
])('%s says its size', (_name, hex) => {
  expect(readImageSize(bytes(hex))).toEqual({ width: 640, height: 480 });
});

test('what is cut off or no picture says nothing', () => {
  expect(readImageSize(bytes('89504e47'))).toBeUndefined();
  expect(readImageSize(bytes('ffd8 ffe0 0100'))).toBeUndefined();
  expect(readImageSize(Buffer.from('hello, this is plain text'))).toBeUndefined();
  expect(readImageSize(Buffer.alloc(0))).toBeUndefined();
});
