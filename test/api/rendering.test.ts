import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestApp, type TestApp, type TestClient } from '../support/app.ts';
import { upload } from '../support/upload.ts';

let app: TestApp;
let marketing: TestClient;

beforeAll(async () => {
  app = await startTestApp();
  marketing = await app.client('marketing');
});
afterAll(() => app.close());

async function textOf(fileName: string, content: string | Uint8Array<ArrayBuffer>) {
  const { body: file } = await upload(marketing, fileName, content);
  const { body: asset } = await marketing.send('POST', '/assets', { uploadTicket: file.uploadTicket });
  await app.drain();
  const { body } = await marketing.get(`/asset-versions/${asset.versionId}/text`);
  return body;
}

test('Markdown is read, counted and shown as safe HTML', async () => {
  const text = await textOf('a.md', '# Title\n\nFour words are here. <script>alert(1)</script>');
  expect(text).toMatchObject({ state: 'done', reason: null });
  expect(text.wordCount).toBeGreaterThanOrEqual(5);
  expect(text.html).toContain('<h1 id="section-title">Title</h1>');
  expect(text.html).toContain('&lt;script&gt;');
});

test('of Markdown the words are counted and found, not the marks and addresses', async () => {
  const { body: file } = await upload(
    marketing,
    'runbook.md',
    '### Quokka watch\n\nSee **the** [runbook](https://a.example/x/y).',
  );
  const { uploadTicket } = file;
  const { body: asset } = await marketing.send('POST', '/assets', { uploadTicket, status: 'published' });
  await app.drain();
  const { body: text } = await marketing.get(`/asset-versions/${asset.versionId}/text`);
  expect(text.wordCount).toBe(5);
  const { body: answer } = await marketing.send('POST', '/searches', { query: 'quokka' });
  expect(answer.items[0].excerpt).toEqual([
    { text: 'Quokka', isMatch: true },
    { text: ' watch', isMatch: false },
  ]);
});

test('plain text in any encoding is read', async () => {
  expect((await textOf('a.txt', 'Größe < 3')).html).toBe('<pre class="plain-text">Größe &lt; 3</pre>\n');
  expect((await textOf('b.txt', new Uint8Array(Buffer.from('\ufeffGröße', 'utf16le')))).html).toContain(
    'Größe',
  );
  expect((await textOf('c.txt', new Uint8Array(Buffer.from('Größe', 'latin1')))).html).toContain('Größe');
  expect((await textOf('d.csv', 'a;b\n1;2')).html).toContain('a;b\n1;2');
});

test.each([
  ['a.pdf', '%PDF-1.7\n\u0000', 'not read yet'],
  ['a.png', '\u0089PNG\r\n\u001a\n', 'Search finds it by its title'],
])('%s says why there is no text', async (fileName, content, reason) => {
  const text = await textOf(fileName, new Uint8Array(Buffer.from(content, 'latin1')));
  expect(text).toMatchObject({ state: 'unsupported', html: '', reason: expect.stringContaining(reason) });
});

test('a text over the limit says so', async () => {
  const text = await textOf('large.txt', 'word '.repeat(1_100_000));
  expect(text).toMatchObject({ state: 'unsupported', reason: expect.stringContaining('longer than 5 MB') });
});

test('a text that waits, a web link and a text of a draft', async () => {
  const waiting = await app.make.asset();
  expect((await marketing.get(`/asset-versions/${waiting.versionId}/text`)).body.state).toBe('queued');
  const link = await app.make.asset({ kind: 'web_link' });
  expect((await marketing.get(`/asset-versions/${link.versionId}/text`)).body.state).toBe('unsupported');
  const draft = await app.make.asset({ status: 'draft', publishedAt: null });
  const rep = await app.client('rep');
  expect((await rep.get(`/asset-versions/${draft.versionId}/text`)).status).toBe(404);
  expect((await rep.get('/asset-versions/ver_0000000000unknown/text')).status).toBe(404);
});
