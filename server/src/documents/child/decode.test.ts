import { expect, test } from 'vitest';
import { decodeText } from './decode.ts';

test.each([
  ['UTF-8', Buffer.from('Grüße ✓')],
  ['UTF-8 with a mark', Buffer.from('\ufeffGrüße ✓')],
  ['UTF-16 LE with a mark', Buffer.from('\ufeffGrüße ✓', 'utf16le')],
  ['UTF-16 BE with a mark', Buffer.from('\ufeffGrüße ✓', 'utf16le').swap16()],
])('%s is read', (_name, bytes) => {
  expect(decodeText(bytes)).toBe('Grüße ✓');
});

test('UTF-16 without a mark and the Western code page are guessed', () => {
  expect(decodeText(Buffer.from('Größe der Lösung', 'utf16le'))).toBe('Größe der Lösung');
  expect(decodeText(Buffer.from([0x47, 0x72, 0xfc, 0xdf, 0x65, 0x20, 0x80]))).toBe('Grüße €');
});

test('what the database can not hold is taken out', () => {
  expect(decodeText(Buffer.from('a\0b\r\nc\rd'))).toBe('ab\nc\nd');
});
