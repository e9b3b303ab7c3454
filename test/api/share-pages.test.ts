import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../server/src/app.ts';
import { connectDatabase } from '../../server/src/db/database.ts';
import { hashSecret } from '../../server/src/http/secrets.ts';
import { signVisitToken } from '../../server/src/tracking/token.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import {
  get,
  hitsOf,
  open,
  type Prospect,
  pageTokenOf,
  prospect,
  safari,
  sendForm,
} from '../support/prospect.ts';

let app: TestApp;

beforeAll(async () => {
  app = await startTestApp({ TRUST_PROXY: '1' });
});
afterAll(() => app.close());

describe('the page of a share link', () => {
  it('shows who sent it, what they say and the content, and keeps to itself', async () => {
    const sender = await app.make.user({ name: 'Ana Ruiz' });
    const asset = await app.make.asset({
      title: 'Security <FAQ>',
      content: '# Security <FAQ>\n\nData stays in *Frankfurt*.',
    });
    await app.make.rendition({
      assetVersionId: asset.versionId,
      pages: [7],
      html: '<h1>Security &lt;FAQ&gt;</h1>\n<p>Data stays in <em>Frankfurt</em>.</p>',
    });
    const link = await app.make.shareLink({
      assetId: asset.id,
      createdByUserId: sender.id,
      message: 'As promised,\nAna',
    });
    const response = await get(await prospect(app), `/s/${link.token}`);
    const html = await response.text();
    expect(response.status).toBe(200);
    expect(html).toContain('<b>Ana Ruiz</b> shared this with');
    expect(html).toContain('As promised,<br>Ana');
    expect(html).toContain('<h1>Security &lt;FAQ&gt;</h1>');
    expect(html).toContain('<em>Frankfurt</em>');
    expect(html).toContain('Ana Ruiz can see when this page is opened');
    expect(html.match(/https?:\/\//g)).toBeNull();
    expect(Number(response.headers.get('content-length'))).toBeLessThan(14_000);
    expect(response.headers.get('content-encoding')).toMatch(/^(br|gzip)$/);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'referrer-policy': 'same-origin',
      'x-robots-tag': 'noindex, nofollow',
      'cache-control': 'private, no-store',
      'content-security-policy': expect.stringContaining("default-src 'none'"),
    });
    expect(response.headers.get('content-security-policy')).not.toContain('unsafe-inline');
    expect(response.headers.get('set-cookie')).toBeNull();
  });

  it('has no effect but one link hit, with the address cut to its network', async () => {
    const link = await app.make.shareLink();
    const who = await prospect(app, { 'sec-purpose': 'prefetch' });
    await get(who, `/s/${link.token}`);
    await who.client.fetch(`/s/${link.token}`, { method: 'HEAD', headers: who.headers });
    await expect.poll(async () => (await hitsOf(app, link.id)).length).toBe(2);
    const network = `${who.address.replace(/\.7$/, '.0')}/24`;
    expect(await hitsOf(app, link.id)).toMatchObject([
      { method: 'GET', status: 200, purpose: 'prefetch', network, userAgent: safari },
      { method: 'HEAD', status: 200, network },
    ]);
    expect(
      await app.ctx.db.selectFrom('visit').where('shareLinkId', '=', link.id).selectAll().execute(),
    ).toEqual([]);
  });

  it('answers HEAD like GET, without the body', async () => {
    const link = await app.make.shareLink();
    const who = await prospect(app);
    const [head, full] = [
      await who.client.fetch(`/s/${link.token}`, { method: 'HEAD', headers: who.headers }),
      await get(who, `/s/${link.token}`),
    ];
    expect(head.status).toBe(200);
    expect(head.headers.get('content-type')).toBe(full.headers.get('content-type'));
    expect(await head.text()).toBe('');
  });

  it('is private when the reader or their browser wants it', async () => {
    const asset = await app.make.asset({ mediaType: 'application/zip', fileName: 'guide.zip' });
    await app.make.rendition({ assetVersionId: asset.versionId, pages: [], state: 'unsupported' });
    const link = await app.make.shareLink({ assetId: asset.id });
    for (const [path, header] of [
      ['?private=1', {}],
      ['', { 'sec-gpc': '1' }],
    ] as [string, Record<string, string>][]) {
      const response = await get(await prospect(app), `/s/${link.token}${path}`, header);
      const html = await response.text();
      expect(response.status).toBe(200);
      expect(pageTokenOf(html)).toBeUndefined();
      expect(html).not.toContain('<script');
      expect(html).toContain('is told nothing about it');
      const download = /href="([^"]+download[^"]*)"/.exec(html)?.[1] ?? '';
      expect((await get(await prospect(app), download, header)).status).toBe(200);
    }
    await new Promise((done) => setTimeout(done, 100));
    expect(await hitsOf(app, link.id)).toEqual([]);
  });

  it('takes Do Not Track for a private view where the instance is strict, and says plainly what it means elsewhere', async () => {
    const link = await app.make.shareLink();
    const who = await prospect(app, { dnt: '1' });
    const plain = await (await get(who, `/s/${link.token}`)).text();
    expect(plain).toContain('As your browser asks, no cookie is set.');
    expect(pageTokenOf(plain)).toBeDefined();
    const admin = await app.client('admin');
    await admin.send('PATCH', '/settings', { privacyMode: 'strict' });
    try {
      await expect
        .poll(async () => pageTokenOf(await (await get(who, `/s/${link.token}`)).text()), { timeout: 15_000 })
        .toBeUndefined();
      const other = await (await get(await prospect(app), `/s/${link.token}`)).text();
      expect(other).toContain('Your name is not known, and no cookie is set.');
    } finally {
      await admin.send('PATCH', '/settings', { privacyMode: 'standard' });
    }
    await expect
      .poll(async () => pageTokenOf(await (await get(who, `/s/${link.token}`)).text()), { timeout: 15_000 })
      .toBeDefined();
  });

  it('sends content with ranges, and a download only where it is allowed', async () => {
    const asset = await app.make.asset({
      content: 'x'.repeat(1000),
      fileName: 'clip.mp4',
      mediaType: 'video/mp4',
    });
    const open = await app.make.shareLink({ assetId: asset.id });
    const closed = await app.make.shareLink({ assetId: asset.id, allowsDownload: false });
    const who = await prospect(app);
    const part = await get(who, `/s/${open.token}/content`, { range: 'bytes=10-19' });
    expect([part.status, part.headers.get('content-range'), await part.text()]).toEqual([
      206,
      'bytes 10-19/1000',
      'x'.repeat(10),
    ]);
    const file = await get(who, `/s/${open.token}/download`);
    expect(file.headers.get('content-disposition')).toContain('attachment');
    const refused = await get(who, `/s/${closed.token}/download`);
    expect(refused.status).toBe(403);
    expect(await refused.text()).toContain('Ask User');
    expect(await (await get(who, `/s/${closed.token}`)).text()).not.toContain('Download');
  });
});

describe('a share link that does not open', () => {
  it.each([
    ['unknown', 404, 'nothing at this address'],
    ['expired', 410, 'has expired'],
    ['revoked', 410, 'was withdrawn'],
  ])('%s gets a plain page with %d', async (state, status, words) => {
    const link = await app.make.shareLink({
      expiresAt: state === 'expired' ? new Date(Date.now() - 1000) : null,
      revokedAt: state === 'revoked' ? new Date() : null,
    });
    const token = state === 'unknown' ? 'A'.repeat(32) : link.token;
    for (const path of ['', '/content', '/download']) {
      const response = await get(await prospect(app), `/s/${token}${path}`);
      expect(response.status).toBe(status);
      expect(response.headers.get('content-type')).toContain('text/html');
      expect(await response.text()).toContain(words);
    }
    if (state !== 'unknown')
      await expect.poll(async () => (await hitsOf(app, link.id)).at(0)?.status).toBe(status);
  });

  it('refuses other methods with 405', async () => {
    const link = await app.make.shareLink();
    for (const method of ['PUT', 'DELETE', 'POST', 'OPTIONS']) {
      const response = await (await prospect(app)).client.fetch(`/s/${link.token}`, { method });
      expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    }
    expect((await (await prospect(app)).client.fetch('/t/beats')).status).toBe(405);
  });

  it('says so when the database is away, and stays calm', async () => {
    const db = connectDatabase('postgres://nobody@127.0.0.1:9/none', { log: app.ctx.log, max: 2 });
    const server = createServer(createApp({ ...app.ctx, db }));
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const { port } = server.address() as AddressInfo;
    const url = `http://127.0.0.1:${port}`;
    const response = await fetch(`${url}/s/${'A'.repeat(32)}`);
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '30']);
    expect(await response.text()).toContain('Nothing is lost');
    const visitToken = signVisitToken(app.ctx.instanceKey, {
      visitId: 'vis_0000000000',
      assetVersionId: 'ver_0000000000',
      startedAt: Date.now(),
      pageCount: 1,
    });
    const kept = await fetch(`${url}/t/beats`, {
      method: 'POST',
      body: JSON.stringify({ visitToken, tabKey: 'tabtab01', pages: [] }),
    });
    // Kept in a file until the database is back.
    expect(kept.status).toBe(204);
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
    await db.destroy();
  });
});

describe('a passcode', () => {
  async function protectedLink() {
    return app.make.shareLink({ passcodeHash: await hashSecret('open sesame') });
  }

  function type(who: Prospect, token: string, passcode: string, headers: Record<string, string> = {}) {
    return sendForm(who, `/s/${token}/passcode`, { passcode }, headers);
  }

  it('is asked for, tried and remembered for this share link only', async () => {
    const [link, other] = [await protectedLink(), await protectedLink()];
    const who = await prospect(app);
    const form = await get(who, `/s/${link.token}`);
    expect(form.status).toBe(401);
    expect(form.headers.get('referrer-policy')).toBe('same-origin');
    expect(await form.text()).toContain('name="passcode"');
    expect((await get(who, `/s/${link.token}/content`)).status).toBe(401);
    const wrong = await type(who, link.token, 'sesame');
    expect([wrong.status, (await wrong.text()).includes('That is not the passcode')]).toEqual([401, true]);
    const right = await type(who, link.token, 'open sesame');
    expect([right.status, right.headers.get('location')]).toEqual([303, `/s/${link.token}`]);
    const cookie = right.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(new RegExp(`Path=/s/${link.token}; .*HttpOnly; SameSite=Lax`));
    expect((await get(who, `/s/${link.token}`)).status).toBe(200);
    expect((await get(who, `/s/${other.token}`)).status).toBe(401);
  });

  it('makes the visit one of a confirmed human', async () => {
    const link = await protectedLink();
    const who = await prospect(app);
    await type(who, link.token, 'open sesame');
    await open(who, link.token);
    const judgements = await app.ctx.db
      .selectFrom('judgement')
      .innerJoin('visit', 'visit.id', 'judgement.visitId')
      .where('visit.shareLinkId', '=', link.id)
      .selectAll('judgement')
      .execute();
    expect(judgements).toMatchObject([{ class: 'human-confirmed' }]);
  });

  it('can not be guessed, also not at once', async () => {
    const link = await protectedLink();
    const who = await prospect(app);
    const answers = await Promise.all(
      Array.from({ length: 14 }, (_, index) => type(who, link.token, `guess ${index}`)),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([
      ...Array(10).fill(401),
      ...Array(4).fill(429),
    ]);
    const last = await type(who, link.token, 'open sesame');
    expect([last.status, Number(last.headers.get('retry-after')) > 60]).toEqual([429, true]);
  });

  it('that is wrong leaves no trace in private view, nor where the browser asks for that', async () => {
    const link = await protectedLink();
    const who = await prospect(app);
    const wrong = (fields: Record<string, string>, headers = {}) =>
      sendForm(who, `/s/${link.token}/passcode`, { passcode: 'no', ...fields }, headers);
    expect((await wrong({ private: '1' })).status).toBe(401);
    expect((await wrong({}, { 'sec-gpc': '1' })).status).toBe(401);
    await wrong({});
    await expect.poll(async () => (await hitsOf(app, link.id)).length).toBeGreaterThan(0);
    expect(await hitsOf(app, link.id)).toMatchObject([{ status: 401, method: 'POST' }]);
  });

  it('in a form of a thousand fields is refused as too large', async () => {
    const link = await protectedLink();
    const who = await prospect(app);
    const response = await who.client.fetch(`/s/${link.token}/passcode`, {
      method: 'POST',
      headers: { ...who.headers, 'content-type': 'application/x-www-form-urlencoded' },
      body: 'a&'.repeat(1_500),
    });
    expect([response.status, response.headers.get('cache-control')]).toEqual([413, 'no-store']);
  });

  it('is not taken from another site', async () => {
    const link = await protectedLink();
    const response = await type(await prospect(app), link.token, 'open sesame', {
      origin: 'https://evil.example',
    });
    expect(response.status).toBe(403);
  });
});
