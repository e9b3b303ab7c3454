import { createHash, randomBytes } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findFreePort, makeDataDir, type RunningOffshelf, startOffshelf } from '../support/offshelf.ts';

const rounds = 20;
const tabKey = 'killtest0001';

let dataDir: string;
let port: number;
let app: RunningOffshelf;
let cookie: string;

beforeAll(async () => {
  dataDir = await makeDataDir();
  port = await findFreePort();
  app = await startOffshelf({ dataDir, port });
});
afterAll(async () => {
  await app.stop();
  await rm(dataDir, { recursive: true, force: true });
});

interface Acknowledged {
  /** Asset → hash of the file that was uploaded for it. */
  assets: Map<string, string>;
  /** Share link → its URL. */
  shareLinks: Map<string, string>;
  activeMs: number;
}

async function call(method: string, path: string, body?: unknown): Promise<Response> {
  const isForm = body instanceof FormData;
  return fetch(`${app.url}${path}`, {
    method,
    headers: {
      origin: app.url,
      cookie: cookie ?? '',
      ...(!isForm && body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: isForm ? body : JSON.stringify(body) }),
  });
}

/** Throws unless the answer is the one that acknowledges. */
async function acknowledge<T>(method: string, path: string, body: unknown, status: number): Promise<T> {
  const response = await call(method, path, body);
  if (response.status !== status)
    throw new Error(`${method} ${path} answered ${response.status}: ${await response.text()}`);
  return (status === 204 ? undefined : response.json()) as Promise<T>;
}

async function uploadAsset(): Promise<[assetId: string, hash: string]> {
  const bytes = randomBytes(200_000);
  const form = new FormData();
  form.set('file', new Blob([bytes]), `upload-${bytes.toString('hex', 0, 6)}.bin`);
  const { uploadTicket } = await acknowledge<{ uploadTicket: string }>('POST', '/api/uploads', form, 201);
  const asset = await acknowledge<{ id: string }>('POST', '/api/assets', { uploadTicket }, 201);
  return [asset.id, createHash('sha256').update(bytes).digest('hex')];
}

async function createShareLink(assetId: string): Promise<[shareLinkId: string, url: string]> {
  const recipient = { name: `Buyer ${randomBytes(4).toString('hex')}` };
  const made = await acknowledge<{ shareLink: { id: string }; url: string }>(
    'POST',
    `/api/assets/${assetId}/share-links`,
    { recipient },
    201,
  );
  return [made.shareLink.id, made.url];
}

async function createReadableAsset(): Promise<string> {
  const form = new FormData();
  form.set('file', new Blob(['# Kill test\n\nA page that somebody reads while the app dies.']), 'page.md');
  const { uploadTicket } = await acknowledge<{ uploadTicket: string }>('POST', '/api/uploads', form, 201);
  const body = { uploadTicket, audience: 'external', status: 'published' };
  return (await acknowledge<{ id: string }>('POST', '/api/assets', body, 201)).id;
}

async function openVisit(url: string): Promise<string> {
  const html = await (await fetch(url)).text();
  const pageToken = /data-page-token="([^"]+)"/.exec(html)?.[1];
  return (await acknowledge<{ visitToken: string }>('POST', '/t/visits', { pageToken, tabKey }, 201))
    .visitToken;
}

/** Does something again and again until the app is gone. */
async function repeat(isOver: () => boolean, work: () => Promise<void>): Promise<void> {
  while (!isOver())
    await work().catch((error) =>
      expect(isOver() || String(error).includes('fetch failed'), String(error)).toBe(true),
    );
}

async function killUnderLoad(
  known: Acknowledged,
  assetId: string,
  visitToken: string,
  startedAt: number,
): Promise<void> {
  let isOver = false;
  const over = () => isOver;
  const load = [
    repeat(over, async () => {
      const [uploaded, hash] = await uploadAsset();
      known.assets.set(uploaded, hash);
    }),
    repeat(over, async () => {
      const [shareLinkId, url] = await createShareLink(assetId);
      known.shareLinks.set(shareLinkId, url);
    }),
    repeat(over, async () => {
      const activeMs = Math.round(performance.now() - startedAt);
      await acknowledge('POST', '/t/beats', { visitToken, tabKey, pages: [{ page: 1, activeMs }] }, 204);
      known.activeMs = activeMs;
      await wait(40);
    }),
  ];
  await wait(250 + Math.random() * 350);
  isOver = true;
  app.process.kill('SIGKILL');
  await Promise.all(load);
}

async function readPostgresPid(): Promise<number> {
  return Number((await readFile(join(dataDir, 'postgres/postmaster.pid'), 'utf8')).split('\n')[0]);
}

async function expectGone(pid: number): Promise<void> {
  await expect
    .poll(
      () =>
        readFile(`/proc/${pid}/stat`, 'utf8').then(
          (stat) => !/\) Z /.test(stat),
          () => false,
        ),
      { timeout: 10_000, interval: 25 },
    )
    .toBe(false);
}

async function expectKept(known: Acknowledged, shareLinkId: string): Promise<void> {
  for (const [assetId, hash] of known.assets) {
    const response = await call('GET', `/api/assets/${assetId}/file`);
    expect(response.status).toBe(200);
    expect(
      createHash('sha256')
        .update(Buffer.from(await response.arrayBuffer()))
        .digest('hex'),
    ).toBe(hash);
  }
  for (const [linkId, url] of known.shareLinks) {
    expect(await (await call('GET', `/api/share-links/${linkId}/url`)).json()).toEqual({ url });
    expect((await fetch(url)).status).toBe(200);
  }
  const visits = await call('GET', `/api/share-links/${shareLinkId}/visits`);
  const { items } = (await visits.json()) as { items: { pages: { activeMs: number }[] }[] };
  expect(items[0]?.pages[0]?.activeMs).toBeGreaterThanOrEqual(known.activeMs);
}

test(`nothing acknowledged is lost when the app is killed under load ${rounds} times`, {
  timeout: 400_000,
}, async () => {
  const admin = { name: 'Kill Test', email: 'kill@example.com', password: 'a long enough password' };
  const setUp = await call('POST', '/api/setup', admin);
  cookie = setUp.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const readable = await createReadableAsset();
  const [shareLinkId, url] = await createShareLink(readable);
  const visitToken = await openVisit(url);
  const startedAt = performance.now();

  const total = { uploads: 0, shareLinks: 0 };
  const ever: Acknowledged = { assets: new Map(), shareLinks: new Map(), activeMs: 0 };
  for (let round = 0; round < rounds; round += 1) {
    const known: Acknowledged = { assets: new Map(), shareLinks: new Map(), activeMs: ever.activeMs };
    const postgresPid = await readPostgresPid();
    await killUnderLoad(known, readable, visitToken, startedAt);
    await expectGone(postgresPid);
    app = await startOffshelf({ dataDir, port });
    await expectKept(known, shareLinkId);
    ever.activeMs = known.activeMs;
    for (const [assetId, hash] of known.assets) ever.assets.set(assetId, hash);
    for (const [linkId, linkUrl] of known.shareLinks) ever.shareLinks.set(linkId, linkUrl);
    total.uploads += known.assets.size;
    total.shareLinks += known.shareLinks.size;
  }
  await expectKept(ever, shareLinkId);
  console.log(
    `acknowledged and kept: ${total.uploads} uploads, ${total.shareLinks} share links, ${ever.activeMs} ms of one page view`,
  );
  expect(total.uploads).toBeGreaterThan(rounds);
  expect(total.shareLinks).toBeGreaterThan(rounds);
  expect(ever.activeMs).toBeGreaterThan(rounds * 250);
});
