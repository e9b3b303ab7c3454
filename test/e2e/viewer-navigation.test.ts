import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { build } from '../../scripts/build.ts';
import { startTestApp, type TestApp, type TestClient } from '../support/app.ts';
import { findOrInstallChromium } from '../support/chromium.ts';
import { makeDocument } from '../support/document.ts';
import { openReaderBrowser } from '../support/reader-browser.ts';

let app: TestApp;
let rep: TestClient;

beforeAll(async () => {
  await build();
  app = await startTestApp();
  rep = await app.client('rep');
});
afterAll(() => app?.close());

async function shareDeck() {
  const asset = await app.make.asset({ mediaType: 'application/pdf', fileName: 'deck.pdf' });
  await makeDocument(app, { assetVersionId: asset.versionId, pageCount: 6 });
  return app.make.shareLink({ assetId: asset.id, createdByUserId: rep.userId ?? '' });
}

test('whoever comes back finds the page as it was left, and the visit goes on', async () => {
  const link = await shareDeck();
  const reader = await openReaderBrowser();
  try {
    const tab = await reader.context.newPage();
    await tab.bringToFront();
    await tab.goto(`${app.url}/s/${link.token}`);
    await tab.locator('#page-4').scrollIntoViewIfNeeded();
    await tab.getByText('Page 4 of 6').waitFor();
    await expect.poll(() => visitsOf(link.id), { timeout: 15_000 }).toHaveLength(1);
    const before = await tab.evaluate(() => {
      Object.assign(globalThis, { isSamePage: true });
      return scrollY;
    });
    await tab.goto(`${app.url}/api/health`);
    // Playwright waits for a load that does not come where a page is taken from the back/forward cache.
    await tab.evaluate(() => history.back()).catch(() => undefined);
    await tab.getByText('Page 4 of 6').waitFor();
    expect(await tab.evaluate(() => [(globalThis as { isSamePage?: true }).isSamePage, scrollY])).toEqual([
      true,
      before,
    ]);
    const [{ activeMs }] = await visitsOf(link.id);
    await tab.locator('#page-2').scrollIntoViewIfNeeded();
    await expect
      .poll(async () => (await visitsOf(link.id))[0].activeMs, { timeout: 20_000 })
      .toBeGreaterThan(activeMs + 2_000);
    expect(await visitsOf(link.id)).toHaveLength(1);
    expect((await rep.get(`/share-links/${link.id}/visits`)).body.linkHitCount).toBe(1);
  } finally {
    await reader.close();
  }
}, 90_000);

test('a page that a browser renders beforehand is no visit until somebody looks at it', async () => {
  const link = await shareDeck();
  const front = await serveInFront(`/s/${link.token}`);
  const browser = await startUnwatchedBrowser(
    `http://localhost:${(front.server.address() as AddressInfo).port}/start`,
  );
  try {
    const hits = async () => (await rep.get(`/share-links/${link.id}/visits`)).body.linkHitCount;
    await expect.poll(hits, { timeout: 20_000 }).toBe(1);
    // Longer than a page has to be looked at for a visit to begin.
    await new Promise((done) => setTimeout(done, 2_500));
    expect(await visitsOf(link.id)).toEqual([]);
    front.lead();
    await expect.poll(() => visitsOf(link.id), { timeout: 15_000 }).toHaveLength(1);
    expect(await hits()).toBe(1);
  } finally {
    await browser.close();
    front.server.closeAllConnections();
    front.server.close();
  }
}, 90_000);

async function visitsOf(shareLinkId: string) {
  return (await rep.get(`/share-links/${shareLinkId}/visits`)).body.items;
}

/** The app with a page before it that lets the browser prerender a share page, and leads there when it is told to. */
async function serveInFront(path: string): Promise<{ server: Server; lead(): void }> {
  let isLeading = false;
  const rules = JSON.stringify({ prerender: [{ source: 'list', urls: [path] }] });
  const page = `<!doctype html><script type="speculationrules">${rules}</script><script>
    setInterval(async () => { if ((await fetch('/go')).status === 200) location.href = '${path}'; }, 200);
  </script>`;
  const server = createServer((req, res) => {
    if (req.url === '/start') return res.writeHead(200, { 'content-type': 'text/html' }).end(page);
    if (req.url === '/go') return res.writeHead(isLeading ? 200 : 202).end();
    const onward = request(
      new URL(req.url ?? '/', app.url),
      { method: req.method, headers: req.headers },
      (answer) => {
        res.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(res);
      },
    );
    return req.pipe(onward);
  });
  await new Promise<void>((done) => server.listen(0, done));
  return {
    server,
    lead: () => {
      isLeading = true;
    },
  };
}

/** Chromium prerenders nothing while somebody drives it, so this one is only started. */
async function startUnwatchedBrowser(url: string): Promise<{ close(): Promise<void> }> {
  const profile = await mkdtemp(join(tmpdir(), 'offshelf-unwatched-'));
  const args = [
    '--headless=new',
    '--no-sandbox',
    '--disable-gpu',
    '--no-first-run',
    '--window-size=1280,900',
  ];
  const child: ChildProcess = spawn(
    findOrInstallChromium().path,
    [...args, `--user-data-dir=${profile}`, url],
    {
      stdio: 'ignore',
    },
  );
  return {
    async close() {
      const ended = new Promise((done) => child.once('exit', done));
      child.kill();
      await ended;
      await rm(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    },
  };
}
