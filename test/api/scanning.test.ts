import { createServer, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { renderBacklog } from '../../server/src/rendering/backlog.ts';
import { startTestApp, type TestApp, type TestClient } from '../support/app.ts';
import { upload } from '../support/upload.ts';

vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });

let clamd: Server;
let app: TestApp;
let marketing: TestClient;
let isAway = false;

/** Speaks as clamd does: names what holds the word VIRUS, and takes no more than a megabyte. */
function answer(socket: Socket): void {
  const chunks: Buffer[] = [];
  let size = 0;
  socket.on('error', () => undefined);
  if (isAway) {
    socket.destroy();
    return;
  }
  socket.on('data', (chunk) => {
    chunks.push(chunk);
    size += chunk.length;
    if (size > 1_048_576) socket.end('INSTREAM size limit exceeded. ERROR\0');
    if (!chunk.subarray(-4).equals(Buffer.alloc(4))) return;
    const isBad = Buffer.concat(chunks).includes('VIRUS');
    socket.end(isBad ? 'stream: Test-Signature FOUND\0' : 'stream: OK\0');
  });
}

beforeAll(async () => {
  clamd = createServer(answer);
  await new Promise<void>((done) => clamd.listen(0, '127.0.0.1', done));
  const { port } = clamd.address() as { port: number };
  app = await startTestApp({ CLAMAV_HOST: `127.0.0.1:${port}` });
  marketing = await app.client('marketing');
});
afterAll(async () => {
  await app.close();
  await new Promise((done) => clamd.close(done));
});

async function add(content: string) {
  const { body: file } = await upload(marketing, 'note.txt', content);
  const { uploadTicket } = file;
  const { body } = await marketing.send('POST', '/assets', { uploadTicket, status: 'published' });
  return body;
}

const fileOf = (assetId: string) => marketing.get(`/assets/${assetId}/file`);
const renditionOf = async (versionId: string) =>
  (await marketing.get(`/asset-versions/${versionId}/rendition`)).body;

test('a file is served once the scanner found nothing in it', async () => {
  const asset = await add('Harmless words');
  expect(await fileOf(asset.id)).toMatchObject({ status: 503, body: { code: 'unavailable' } });
  await app.drain();
  expect((await fileOf(asset.id)).status).toBe(200);
  expect((await renditionOf(asset.versionId)).state).toBe('done');
});

test('a file with a threat is kept aside, with what was made of it', async () => {
  const asset = await add('Here is a VIRUS for you');
  await app.drain();
  expect(await fileOf(asset.id)).toMatchObject({ status: 403, body: { code: 'quarantined' } });
  expect(await renditionOf(asset.versionId)).toMatchObject({
    state: 'failed',
    reason: expect.stringContaining('Test-Signature'),
    pages: [],
    html: '',
  });
  expect((await marketing.send('POST', '/searches', { query: 'VIRUS for you' })).body.total).toBe(0);
  const link = await app.make.shareLink({ assetId: asset.id });
  for (const path of ['', '/content', '/download']) {
    const response = await marketing.fetch(`/s/${link.token}${path}`);
    expect(response.status).toBeGreaterThanOrEqual(400);
    expect(await response.text()).not.toContain('Here is a');
  }
});

test('a file that is too large for the scanner says so and is not served', async () => {
  const asset = await add('long '.repeat(300_000));
  await app.drain();
  expect((await fileOf(asset.id)).status).toBe(503);
  expect((await renditionOf(asset.versionId)).reason).toContain('StreamMaxLength');
});

test('a scanner that is away is waited for', async () => {
  isAway = true;
  const asset = await add('Patient words');
  await app.drain();
  expect(await renditionOf(asset.versionId)).toMatchObject({ state: 'queued', reason: null });
  isAway = false;
  await app.ctx.db.updateTable('jobRun').set({ key: null }).where('state', '=', 'queued').execute();
  await renderBacklog(app.ctx);
  await app.drain();
  expect((await renditionOf(asset.versionId)).state).toBe('done');
  expect((await fileOf(asset.id)).status).toBe(200);
});
