import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestApp, type TestApp, type TestClient } from '../support/app.ts';

let app: TestApp;
let rep: TestClient;
let path: string;
const content = Array.from({ length: 1000 }, (_, index) => String(index).padStart(4, '0')).join('');

beforeAll(async () => {
  app = await startTestApp();
  rep = await app.client('rep');
  path = await fileOf({ content, fileName: 'Größe "1".txt', mediaType: 'text/plain' });
});
afterAll(() => app.close());

async function fileOf(input: { content: string; fileName?: string; mediaType: string }): Promise<string> {
  const { id } = await app.make.asset(input);
  return `/api/assets/${id}/file`;
}
const get = (headers: Record<string, string> = {}, query = '') => rep.fetch(path + query, { headers });

test('a whole file comes with what a browser has to know', async () => {
  const response = await get();
  expect(response.status).toBe(200);
  expect(await response.text()).toBe(content);
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'content-type': 'text/plain; charset=utf-8',
    'content-length': '4000',
    'content-disposition': `inline; filename="Gr__e _1_.txt"; filename*=UTF-8''Gr%C3%B6%C3%9Fe%20%221%22.txt`,
    'accept-ranges': 'bytes',
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'same-origin',
    'content-security-policy': "default-src 'none'; sandbox; frame-ancestors 'self'",
    'cache-control': 'private, no-cache',
    etag: expect.stringMatching(/^"[0-9a-f]{64}"$/),
  });
  expect((await get({}, '?download=1')).headers.get('content-disposition')).toMatch(/^attachment; /);
});

describe('a part', () => {
  test.each([
    ['bytes=0-3', '0000', 'bytes 0-3/4000'],
    ['bytes=4-7', '0001', 'bytes 4-7/4000'],
    ['bytes=-4', '0999', 'bytes 3996-3999/4000'],
    ['bytes=3996-9999', '0999', 'bytes 3996-3999/4000'],
  ])('%s', async (range, text, contentRange) => {
    const response = await get({ range });
    expect([response.status, await response.text()]).toEqual([206, text]);
    expect(response.headers.get('content-range')).toBe(contentRange);
    expect(response.headers.get('content-length')).toBe('4');
  });

  test('past the end is a problem that says how long the file is', async () => {
    const { status, headers, body } = await rep.get(path.slice(4), { range: 'bytes=4000-' });
    expect([status, body.code]).toEqual([416, 'range_not_satisfiable']);
    expect(headers.get('content-range')).toBe('bytes */4000');
    expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
  });

  test('is given only while the file is the same', async () => {
    const etag = (await get()).headers.get('etag') ?? '';
    expect((await get({ range: 'bytes=0-3', 'if-range': etag })).status).toBe(206);
    expect((await get({ range: 'bytes=0-3', 'if-range': '"other"' })).status).toBe(200);
    expect((await get({ range: 'bytes=0-3', 'if-range': `W/${etag}` })).status).toBe(200);
  });
});

test('a file that the browser has is not sent again', async () => {
  const etag = (await get()).headers.get('etag') ?? '';
  const response = await get({ 'if-none-match': `"other", W/${etag}` });
  expect([response.status, await response.text()]).toEqual([304, '']);
  expect((await get({ 'if-none-match': '"other"' })).status).toBe(200);
});

test('HEAD tells everything and sends nothing', async () => {
  const response = await rep.fetch(path, { method: 'HEAD', headers: { range: 'bytes=0-3' } });
  expect([response.status, response.headers.get('content-length'), await response.text()]).toEqual([
    200,
    '4000',
    '',
  ]);
});

test.each([
  ['page.html', 'text/html', 'application/octet-stream', 'attachment'],
  ['pic.svg', 'image/svg+xml', 'application/octet-stream', 'attachment'],
  ['data.xml', 'text/xml', 'application/octet-stream', 'attachment'],
  ['run.js', 'text/javascript', 'application/octet-stream', 'attachment'],
  ['page.xhtml', 'application/xhtml+xml', 'application/octet-stream', 'attachment'],
  ['odd', 'text/html; charset=utf-8', 'application/octet-stream', 'attachment'],
  ['a.wasm', 'application/wasm', 'application/octet-stream', 'attachment'],
  ['a.mhtml', 'multipart/related', 'application/octet-stream', 'attachment'],
  [
    'a.docx',
    'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    undefined,
    'attachment',
  ],
  ['a.tiff', 'image/tiff', undefined, 'attachment'],
  ['a.md', 'text/markdown', 'text/plain; charset=utf-8', 'inline'],
  ['a.csv', 'text/csv', 'text/plain; charset=utf-8', 'inline'],
  ['a.json', 'application/json', 'text/plain; charset=utf-8', 'inline'],
  ['a.png', 'image/png', undefined, 'inline'],
  ['a.mp4', 'video/mp4', undefined, 'inline'],
  ['a.pdf', 'application/pdf', undefined, 'inline'],
])('%s (%s) never runs in our origin', async (fileName, mediaType, served = mediaType, disposition) => {
  const response = await rep.fetch(await fileOf({ content: `<script>${fileName}`, fileName, mediaType }));
  expect(response.headers.get('content-type')).toBe(served);
  expect(response.headers.get('content-disposition')).toMatch(new RegExp(`^${disposition};`));
  const policy = response.headers.get('content-security-policy') ?? '';
  expect(policy.includes('sandbox')).toBe(mediaType !== 'application/pdf');
});

test('a reader who leaves closes the file', async () => {
  const large = await fileOf({ content: 'x'.repeat(20_000_000), mediaType: 'text/plain' });
  const { read } = app.ctx.blobs;
  const closed = Promise.withResolvers<void>();
  app.ctx.blobs.read = async (...args) => {
    const found = await read(...args);
    found.stream.once('close', () => closed.resolve());
    return found;
  };
  const cookie = await app.make.sessionCookie(rep.userId ?? '');
  const reader = request(`${app.url}${large}`, { headers: { cookie } }, (response) => {
    response.once('data', () => response.destroy());
  });
  reader.end();
  await closed.promise;
  app.ctx.blobs.read = read;
  expect((await get()).status).toBe(200);
});

test('a file that is gone from the store says so', async () => {
  const gone = await app.make.asset({ content: 'soon gone' });
  const { blobHash } = await app.ctx.db
    .selectFrom('assetVersion')
    .select('blobHash')
    .where('assetId', '=', gone.id)
    .executeTakeFirstOrThrow();
  await app.ctx.blobs.delete(blobHash ?? '');
  const { status, headers, body } = await rep.get(`/assets/${gone.id}/file`);
  expect([status, body.detail]).toEqual([404, expect.stringContaining('missing')]);
  expect(headers.get('content-disposition')).toBeNull();
});
