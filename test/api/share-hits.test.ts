import { get as httpGet, type IncomingMessage, type ServerResponse } from 'node:http';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createHitRecorder } from '../../server/src/tracking/hits.ts';
import { openTrackingSpool } from '../../server/src/tracking/spool-handlers.ts';
import { signPageToken } from '../../server/src/tracking/token.ts';
import { createPageCache, type SentPage } from '../../server/src/viewing/page-cache.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { get, hitsOf, pageTokenOf, prospect } from '../support/prospect.ts';
import { type SecondApp, startSecondApp } from '../support/second-app.ts';

let app: TestApp;
const others: SecondApp[] = [];

beforeAll(async () => {
  app = await startTestApp({ TRUST_PROXY: '1' });
});
afterAll(() => app.close());
afterEach(async () => {
  for (const other of others.splice(0)) await other.close();
});

async function pageOf(token: string, url = app.url, headers: Record<string, string> = {}) {
  const response = await fetch(`${url}/s/${token}`, { headers });
  return { status: response.status, html: await response.text() };
}

/** Asks until two answers are the same to the last letter, so that the second came from memory. */
async function keepPage(token: string, url = app.url): Promise<string> {
  let kept = '';
  await expect
    .poll(async () => {
      const [first, second] = [await pageOf(token, url), await pageOf(token, url)];
      kept = second.html;
      return first.html === second.html;
    })
    .toBe(true);
  return kept;
}

async function isKept(token: string): Promise<boolean> {
  for (let round = 0; round < 6; round += 1) {
    const [first, second] = [await pageOf(token), await pageOf(token)];
    if (first.html === second.html) return true;
    await new Promise((done) => setTimeout(done, 100));
  }
  return false;
}

describe('link hits', () => {
  it('are one for each request of a share page, whatever its method and however it is answered', async () => {
    const link = await app.make.shareLink();
    const who = await prospect(app, { 'x-forwarded-for': '8.8.8.8', 'accept-language': 'de' });
    await get(who, `/s/${link.token}`);
    await keepPage(link.token);
    const before = (await expectCount(link.id)).length;
    await get(who, `/s/${link.token}`);
    for (const method of ['HEAD', 'OPTIONS', 'PROPFIND'])
      await who.client.fetch(`/s/${link.token}`, { method, headers: who.headers });
    await get(who, `/s/${link.token}?utm_source=mail`);
    await expect.poll(async () => (await hitsOf(app, link.id)).length).toBe(before + 5);
    const hits = (await hitsOf(app, link.id)).slice(before);
    expect(hits.map(({ method, status }) => `${method} ${status}`).toSorted()).toEqual([
      'GET 200',
      'GET 200',
      'HEAD 200',
      'OPTIONS 405',
      'PROPFIND 405',
    ]);
    for (const hit of hits)
      expect(hit).toMatchObject({
        id: expect.stringMatching(/^hit_/),
        network: '8.8.8.0/24',
        country: 'US',
        facts: { purpose: 'view', hasLanguage: true },
      });
    expect(new Set(hits.map(({ id }) => id)).size).toBe(5);
  });

  /** Whatever was asked before has arrived. */
  async function expectCount(shareLinkId: string) {
    let last = -1;
    await expect
      .poll(
        async () => {
          const count = (await hitsOf(app, shareLinkId)).length;
          const isSame = count === last;
          last = count;
          return isSame;
        },
        { interval: 300 },
      )
      .toBe(true);
    return hitsOf(app, shareLinkId);
  }

  it('are not left by whoever wants to be private, though the page is in memory', async () => {
    const link = await app.make.shareLink();
    await keepPage(link.token);
    const before = (await expectCount(link.id)).length;
    for (const [path, headers] of [
      ['?private=1', {}],
      ['?%70rivate=1', {}],
      ['', { 'sec-gpc': '1' }],
    ] as [string, Record<string, string>][]) {
      const response = await fetch(`${app.url}/s/${link.token}${path}`, { headers });
      expect(pageTokenOf(await response.text())).toBeUndefined();
    }
    await new Promise((done) => setTimeout(done, 300));
    expect(await hitsOf(app, link.id)).toHaveLength(before);
  });
});

describe('a page that is the same for everybody', () => {
  it('is made once and comes from memory in each encoding', async () => {
    const link = await app.make.shareLink();
    const html = await keepPage(link.token);
    expect(pageTokenOf(html)).toBeDefined();
    const plain = await raw(link.token, 'identity');
    expect(plain.headers['content-encoding']).toBeUndefined();
    expect(plain.body.toString()).toBe(html);
    expect(gunzipSync((await raw(link.token, 'gzip')).body).toString()).toBe(html);
    expect(brotliDecompressSync((await raw(link.token, 'br, gzip')).body).toString()).toBe(html);
    const head = await fetch(`${app.url}/s/${link.token}`, { method: 'HEAD' });
    expect(Number(head.headers.get('content-length'))).toBeGreaterThan(100);
    expect(await head.text()).toBe('');
  });

  it('has the headers that it had when it was made', async () => {
    const link = await app.make.shareLink();
    const first = await raw(link.token, 'br');
    await keepPage(link.token);
    const kept = await raw(link.token, 'br');
    const without = ({ headers }: typeof kept) => ({
      ...headers,
      date: '',
      'x-request-id': '',
      'content-length': '',
    });
    expect(without(kept)).toEqual(without(first));
    expect(kept.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  });

  function raw(token: string, encoding: string) {
    return new Promise<{ headers: Record<string, unknown>; body: Buffer }>((done, fail) => {
      httpGet(`${app.url}/s/${token}`, { headers: { 'accept-encoding': encoding } }, (res) => {
        const chunks: Buffer[] = [];
        res.on('data', (chunk) => chunks.push(chunk));
        res.on('end', () => done({ headers: res.headers, body: Buffer.concat(chunks) }));
      }).on('error', fail);
    });
  }

  it('gets a new page token after a minute', async () => {
    const link = await app.make.shareLink();
    const before = pageTokenOf(await keepPage(link.token));
    app.travel(61_000);
    const after = pageTokenOf((await pageOf(link.token)).html);
    expect(after).toBeDefined();
    expect(after).not.toBe(before);
    expect(pageTokenOf((await pageOf(link.token)).html)).toBe(after);
  });

  it('expires to the second, and not with the next change', async () => {
    const link = await app.make.shareLink({
      expiresAt: new Date(app.ctx.clock().getTime() + 3_600_000),
    });
    await keepPage(link.token);
    app.travel(3_600_001);
    expect((await pageOf(link.token)).status).toBe(410);
  });

  it.each([
    ['the message', 'shareLink', { message: 'Changed.' }],
    ['the title', 'asset', { title: 'Changed.' }],
    ['the sender’s name', 'user', { name: 'Changed.' }],
    ['the recipient’s name', 'recipient', { name: 'Changed.' }],
  ] as const)('follows a change of %s', async (_name, table, change) => {
    const link = await app.make.shareLink();
    await keepPage(link.token);
    const ids = {
      shareLink: link.id,
      asset: link.assetId ?? '',
      user: link.createdByUserId,
      recipient: link.recipientId,
    };
    await app.ctx.db.updateTable(table).set(change).where('id', '=', ids[table]).execute();
    await expect.poll(async () => (await pageOf(link.token)).html).toContain('Changed.');
  });

  it.each([
    ['a passcode', { passcodeHash: '-' }],
    ['a gate', { gate: 'required' }],
    ['a watermark', { hasWatermark: true, gate: 'required' }],
    ['a limit of visitors', { maxVisitors: 3 }],
  ])('is none where there is %s', async (_name, policy) => {
    const link = await app.make.shareLink(policy);
    const cache = createPageCache(app.ctx, { record: async () => undefined });
    await expect.poll(() => app.ctx.listener.isCurrent()).toBe(true);
    const req = requestOf(link.token);
    await cache.prepare(req, link.token)?.(sentPage(link.id));
    expect(cache.answer(req, undefined as never)).toBe(false);
  });

  it('is not shown to a reader whom a cookie of this link makes known', async () => {
    const link = await app.make.shareLink();
    await keepPage(link.token);
    const headers = { cookie: 'offshelf_guest=somebody' };
    const [first, second] = [
      await pageOf(link.token, app.url, headers),
      await pageOf(link.token, app.url, headers),
    ];
    expect(first.html).not.toBe(second.html);
    expect(await isKept(link.token)).toBe(true);
  });

  it('takes no more memory than it may: who was not asked for longest goes', async () => {
    const links = await Promise.all(Array.from({ length: 12 }, () => app.make.shareLink()));
    const spool = openTrackingSpool(app.ctx);
    const cache = createPageCache(app.ctx, createHitRecorder(app.ctx, spool), 140_000);
    await expect.poll(() => app.ctx.listener.isCurrent()).toBe(true);
    for (const { id, token } of links)
      await expect
        .poll(async () => {
          await cache.prepare(requestOf(token), token)?.(sentPage(id, 'x'.repeat(5_000)));
          return cache.answer(requestOf(token), responseStub());
        })
        .toBe(true);
    const kept = links.filter(({ token }) => cache.answer(requestOf(token), responseStub()));
    expect(kept.length).toBeGreaterThan(2);
    expect(kept.length).toBeLessThan(10);
    expect(kept).toEqual(links.slice(-kept.length));
    await spool.close();
  });
});

describe('two processes on one database', () => {
  it('both stop showing what was revoked within a second, and show it again when it was restored', async () => {
    const second = await startSecondApp(app);
    others.push(second);
    const sender = await app.make.user({ role: 'rep' });
    const client = await app.clientOf(sender);
    const link = await app.make.shareLink({ createdByUserId: sender.id });
    await keepPage(link.token);
    await keepPage(link.token, second.url);
    for (const [action, status] of [
      ['revoke', 410],
      ['restore', 200],
    ] as const) {
      expect((await client.send('POST', `/share-links/${link.id}/${action}`)).status).toBe(200);
      const answeredAt = performance.now();
      const seen = { first: 0, second: 0 };
      while (seen.first !== status || seen.second !== status) {
        expect(performance.now() - answeredAt, action).toBeLessThan(1_000);
        seen.first = (await pageOf(link.token)).status;
        seen.second = (await pageOf(link.token, second.url)).status;
      }
      // It stays that way: nothing that was on its way brings the old page back.
      for (let round = 0; round < 20; round += 1)
        expect((await pageOf(link.token, round % 2 === 0 ? app.url : second.url)).status).toBe(status);
    }
  });

  it('leave one hit for each request, whichever of them took it', async () => {
    const second = await startSecondApp(app, { dataDir: app.ctx.config.dataDir });
    others.push(second);
    const link = await app.make.shareLink();
    for (let round = 0; round < 40; round += 1)
      await pageOf(link.token, round % 2 === 0 ? app.url : second.url);
    await expect.poll(async () => (await hitsOf(app, link.id)).length).toBe(40);
    await new Promise((done) => setTimeout(done, 300));
    expect(await hitsOf(app, link.id)).toHaveLength(40);
  });
});

function requestOf(token: string): IncomingMessage {
  return {
    method: 'GET',
    url: `/s/${token}`,
    headers: { 'accept-encoding': 'identity' },
    socket: { remoteAddress: '198.51.100.7' },
  } as unknown as IncomingMessage;
}

function responseStub(): ServerResponse {
  const res = { writeHead: () => res, end: () => res, destroy: () => res };
  return res as unknown as ServerResponse;
}

function sentPage(shareLinkId: string, words = ''): SentPage {
  const issuedAt = app.ctx.clock().getTime();
  const grant = { shareLinkId, assetVersionId: 'ver_1', issuedAt, guest: null };
  const text = `<body data-page-token="${signPageToken(app.ctx.instanceKey, grant)}">${words}</body>`;
  return { headers: {}, text, encoding: 'identity', bytes: Buffer.from(text) };
}
