import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { fetchPage, fetchPicture } from '../../server/src/documents/fetch-page.ts';
import { startTestApp, type TestApp, type TestClient } from '../support/app.ts';
import { makePicture } from '../support/files.ts';

vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });

let site: Server;
let address: string;
let app: TestApp;
let marketing: TestClient;
let status = 200;

const html = `<!doctype html><html lang="en"><head><title>Pangolin guide</title>
<meta name="description" content="All about pangolins.">
<meta property="og:image" content="/picture.png"></head>
<body><main><h1>Pangolin guide</h1><p>Pangolins roll up when they are in doubt about prices.</p></main></body></html>`;

beforeAll(async () => {
  const picture = await makePicture(800, 400);
  site = createServer((req, res) => {
    if (req.url === '/robots.txt') return res.writeHead(404).end();
    if (req.url === '/picture.png') return res.setHeader('content-type', 'image/png').end(picture);
    return res.writeHead(status, { 'content-type': 'text/html; charset=utf-8' }).end(html);
  });
  await new Promise<void>((done) => site.listen(0, '127.0.0.1', done));
  const { port } = site.address() as { port: number };
  address = `http://127.0.0.1:${port}`;
  app = await startTestApp();
  const trusts = () => true;
  app.ctx.web = {
    fetchPage: (url, options) => fetchPage(url, { ...options, trusts }),
    fetchPicture: (url, options) => fetchPicture(url, { ...options, trusts }),
  };
  marketing = await app.client('marketing');
});
afterAll(async () => {
  await app.close();
  site.closeAllConnections();
  await new Promise((done) => site.close(done));
});

async function addLink(path: string, fields: object = {}) {
  const input = { url: `${address}${path}`, status: 'published', ...fields };
  const { body } = await marketing.send('POST', '/assets', input);
  return body;
}

const renditionOf = async (versionId: string) =>
  (await marketing.get(`/asset-versions/${versionId}/rendition`)).body;

test('a web link gets the title, description, text and picture of its page', async () => {
  const link = await addLink('/guide');
  expect(link.renditionState).toBe('queued');
  await app.drain();
  const { body } = await marketing.get(`/assets/${link.id}`);
  expect(body).toMatchObject({
    title: 'Pangolin guide',
    description: 'All about pangolins.',
    renditionState: 'done',
    hasThumbnail: true,
    revision: 1,
  });
  expect(await renditionOf(link.versionId)).toMatchObject({
    state: 'done',
    canRetry: true,
    webPage: { title: 'Pangolin guide', fault: null, url: `${address}/guide` },
  });
  const image = await marketing.fetch(`/api/asset-versions/${link.versionId}/pages/1/image?size=thumbnail`);
  expect(image.status).toBe(200);
  expect(image.headers.get('cache-control')).toBe('private, no-cache');
  const { body: answer } = await marketing.send('POST', '/searches', { query: 'pangolins in doubt' });
  expect(answer.items[0].asset.id).toBe(link.id);
});

test('what a person wrote stays', async () => {
  const link = await addLink('/mine', { title: 'My words', description: 'And mine.' });
  await app.drain();
  const { body } = await marketing.get(`/assets/${link.id}`);
  expect(body).toMatchObject({ title: 'My words', description: 'And mine.', renditionState: 'done' });
});

test('a page that is gone is reported and keeps what was read of it', async () => {
  const link = await addLink('/soon-gone');
  await app.drain();
  status = 404;
  await marketing.send('POST', `/asset-versions/${link.versionId}/rendition/retry`);
  await app.drain();
  const gone = await renditionOf(link.versionId);
  expect(gone).toMatchObject({ state: 'done', webPage: { fault: expect.stringContaining('404') } });
  expect(gone.webPage.failedSince).not.toBeNull();
  const { body: faults } = await marketing.get('/rendering/faults');
  expect(faults.items).toMatchObject([{ assetId: link.id, canRetry: true }]);
  status = 200;
  await marketing.send('POST', `/asset-versions/${link.versionId}/rendition/retry`);
  await app.drain();
  expect((await renditionOf(link.versionId)).webPage).toMatchObject({ fault: null, failedSince: null });
  expect((await marketing.get('/rendering/faults')).body.items).toEqual([]);
});

test('a site that is only unwell is looked at twice before anybody is told', async () => {
  const link = await addLink('/shaky');
  await app.drain();
  status = 503;
  const { readWebLink } = await import('../../server/src/rendering/read-web-link.ts');
  const look = () => readWebLink(app.ctx, { assetVersionId: link.versionId }, new AbortController().signal);
  await look();
  expect((await renditionOf(link.versionId)).webPage.fault).toBeNull();
  await look();
  expect((await renditionOf(link.versionId)).webPage.fault).toContain('503');
  status = 200;
});

test('an address of our own network is not asked', async () => {
  const trusting = app.ctx.web;
  app.ctx.web = { fetchPage, fetchPicture };
  const link = await addLink('/private');
  await app.drain();
  app.ctx.web = trusting;
  const { body } = await marketing.get(`/assets/${link.id}`);
  expect(body).toMatchObject({ renditionState: 'unsupported', hasThumbnail: false });
  expect(body.renditionReason).not.toBeNull();
});
