import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makePdf } from '../support/files.ts';
import { findFreePort, makeDataDir, type RunningOffshelf, startOffshelf } from '../support/offshelf.ts';

const pageCount = 120;
const patience = { timeout: 120_000, interval: 50 };

let dataDir: string;
let port: number;
let app: RunningOffshelf;
let cookie = '';

beforeAll(async () => {
  dataDir = await makeDataDir();
  port = await findFreePort();
  app = await startOffshelf({ dataDir, port });
});
afterAll(async () => {
  await app.stop();
  await rm(dataDir, { recursive: true, force: true });
});

async function call(method: string, path: string, body?: object): Promise<Response> {
  const isForm = body instanceof FormData;
  const headers = { origin: app.url, cookie, ...(!isForm && body && { 'content-type': 'application/json' }) };
  return fetch(`${app.url}/api${path}`, {
    method,
    headers,
    ...(body && { body: isForm ? body : JSON.stringify(body) }),
  });
}

interface Seen {
  state: string;
  renderedPageCount: number;
  pages: { wordCount: number; hasImage: boolean }[];
}

test('an app that is killed while it renders begins anew and leaves no folder behind', {
  timeout: 400_000,
}, async () => {
  const admin = { name: 'Kill Test', email: 'kill@example.com', password: 'a long enough password' };
  const setUp = await call('POST', '/setup', admin);
  cookie = setUp.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const form = new FormData();
  const texts = Array.from({ length: pageCount }, (_, index) => `Page number ${index + 1}`);
  form.set('file', new Blob([await makePdf(texts)]), 'long.pdf');
  const { uploadTicket } = (await (await call('POST', '/uploads', form)).json()) as { uploadTicket: string };
  const { versionId } = (await (
    await call('POST', '/assets', { uploadTicket, status: 'published' })
  ).json()) as { versionId: string };
  const read = async () =>
    (await (await call('GET', `/asset-versions/${versionId}/rendition`)).json()) as Seen;

  await expect.poll(async () => (await read()).renderedPageCount, patience).toBeGreaterThan(2);
  const before = await read();
  expect(before.state).toBe('running');
  expect(before.renderedPageCount).toBeLessThan(pageCount);
  app.process.kill('SIGKILL');
  await new Promise((done) => app.process.once('exit', done));

  const killedAt = Date.now();
  app = await startOffshelf({ dataDir, port });
  await expect.poll(async () => (await read()).state, patience).toBe('done');
  const after = await read();
  expect(after.renderedPageCount).toBe(pageCount);
  expect(after.pages).toHaveLength(pageCount);
  expect(after.pages.every((page) => page.hasImage && page.wordCount === 3)).toBe(true);
  // The folder of the app that runs, and nothing of the one that was killed.
  expect(await readdir(join(dataDir, 'tmp'))).toHaveLength(1);
  // A picture that was half written when it was killed stays beside the store until the sweep of the night.
  const staged = join(dataDir, 'files', 'staged');
  const times = (await readdir(staged)).map(async (name) => (await stat(join(staged, name))).mtimeMs);
  for (const writtenAt of await Promise.all(times)) expect(writtenAt).toBeLessThan(killedAt);
});
