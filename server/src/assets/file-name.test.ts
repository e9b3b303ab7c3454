import { expect, test } from 'vitest';
import { cleanFileName, extensionOf, titleFromFileName } from './file-name.ts';

test.each([
  ['plan.pdf', 'plan.pdf'],
  ['C:\\Users\\me\\Preisübersicht.docx', 'Preisübersicht.docx'],
  ['../../etc/passwd', 'passwd'],
  ['a\u0000b\nc.txt', 'abc.txt'],
  ['invoice\u202Egpj.exe', 'invoicegpj.exe'],
  ['\u2067x\u2069.md', 'x.md'],
  ['bu\u0308g.pdf', 'büg.pdf'],
  ['01-多集群环境中 AI 驱动的故障诊断.pdf', '01-多集群环境中 AI 驱动的故障诊断.pdf'],
  ['broken\ud800.pdf', 'broken\ufffd.pdf'],
  ['   ', 'file'],
  ['..', 'file'],
  ['a/', 'file'],
  ['.env', '.env'],
])('%j becomes %j', (given, clean) => {
  expect(cleanFileName(given)).toBe(clean);
});

test('a long name is cut to 255 bytes between characters and keeps its extension', () => {
  const name = cleanFileName(`${'👩‍🚀é'.repeat(60)}.pdf`);
  expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255);
  expect(Buffer.byteLength(name)).toBeGreaterThan(235);
  expect(name).toMatch(/^(👩‍🚀é)+(👩‍🚀)?\.pdf$/u);
});

test('the extension is what stands after the last dot', () => {
  expect(extensionOf('a.tar.GZ')).toBe('.gz');
  expect(extensionOf('.bashrc')).toBe('');
  expect(extensionOf('Version 2. This is the final one')).toBe('');
});

test('a title comes from the file name', () => {
  expect(titleFromFileName('CNCF_Overview_Ja-Jp.pdf')).toBe('CNCF Overview Ja-Jp');
  expect(titleFromFileName('.env')).toBe('.env');
});
