import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.ts';
import { makeDocument } from '../support/document.ts';
import { get, hitsOf, open, post, prospect, sendForm as send } from '../support/prospect.ts';

let app: TestApp;

beforeAll(async () => {
  app = await startTestApp({ TRUST_PROXY: '1' });
});
afterAll(() => app.close());

describe('a share link that does not open yet, or not for more', () => {
  it('says from when', async () => {
    const link = await app.make.shareLink({ startsAt: new Date('2031-03-04T05:06:00Z') });
    const page = await get(await prospect(app), `/s/${link.token}`);
    expect([page.status, (await page.text()).includes('4 March 2031 at 05:06 UTC')]).toEqual([403, true]);
  });

  it('is as good as unknown when it was undone', async () => {
    const link = await app.make.shareLink({ undoneAt: new Date() });
    const page = await get(await prospect(app), `/s/${link.token}`);
    expect([page.status, (await page.text()).includes('nothing at this address')]).toEqual([404, true]);
  });

  it('admits as many as it was made for, and those again', async () => {
    const link = await app.make.shareLink({ maxVisitors: 1, gate: 'required' });
    const path = `/s/${link.token}`;
    const [first, second] = [await prospect(app), await prospect(app)];
    for (const who of [first, second]) {
      await send(who, `${path}/email`, { email: `${who.address}@example.com` });
      expect((await get(who, path)).status).toBe(200);
    }
    await open(first, link.token);
    const refused = await get(second, path);
    expect([refused.status, (await refused.text()).includes('shared it with one person')]).toEqual([
      403,
      true,
    ]);
    expect((await get(second, `${path}/content`)).status).toBe(403);
    expect((await get(first, path)).status).toBe(200);
  });
});

describe('a copy with a watermark', () => {
  it('names its reader on every picture, is no original, and is kept by nobody else', async () => {
    const asset = await app.make.asset({ mediaType: 'application/pdf', fileName: 'deck.pdf' });
    await makeDocument(app, { assetVersionId: asset.versionId });
    const link = await app.make.shareLink({ assetId: asset.id, gate: 'required', hasWatermark: true });
    const path = `/s/${link.token}`;
    const versions: string[] = [];
    for (const email of ['ida@example.com', 'bob@example.com']) {
      const who = await prospect(app);
      await send(who, `${path}/email`, { email });
      const html = await (await get(who, path)).text();
      versions.push(/image\?w=800&amp;v=([\w-]+)/.exec(html)?.[1] ?? '');
      expect(html).not.toContain(`${path}/download`);
      expect(html).toContain('What stands on page 3 &amp; nowhere else.');
      expect((await get(who, `${path}/download`)).status).toBe(403);
      expect((await get(who, `${path}/content`)).status).toBe(403);
    }
    expect(new Set(versions).size).toBe(2);
  });
});

describe('what other places show of a share link', () => {
  it('is title and picture where anybody may read it, and nothing else anywhere', async () => {
    const asset = await app.make.asset({
      title: 'Prices "2027"',
      mediaType: 'application/pdf',
      fileName: 'a.pdf',
    });
    await makeDocument(app, { assetVersionId: asset.versionId });
    const openly = await app.make.shareLink({ assetId: asset.id, message: 'For you, Petra' });
    const html = await (await get(await prospect(app), `/s/${openly.token}`)).text();
    expect(html.match(/<meta property="og:[^>]+>/g)).toEqual([
      '<meta property="og:title" content="Prices &quot;2027&quot;">',
      `<meta property="og:image" content="${app.url}/s/${openly.token}/pages/1/image?w=800">`,
    ]);
    for (const policy of [
      { gate: 'required' },
      { gate: 'verified' },
      { hasWatermark: true },
      { maxVisitors: 3 },
    ]) {
      const link = await app.make.shareLink({ assetId: asset.id, ...policy });
      expect(await (await get(await prospect(app), `/s/${link.token}`)).text()).not.toContain(
        'property="og:',
      );
    }
  });

  it('has a way that only programs follow, which is noted', async () => {
    const link = await app.make.shareLink();
    const who = await prospect(app);
    const html = await (await get(who, `/s/${link.token}`)).text();
    const [, trap] =
      /<a class="trap" data-trap href="([^"]+)" tabindex="-1" aria-hidden="true" rel="nofollow">/.exec(
        html,
      ) ?? [];
    expect((await get(who, trap ?? '')).status).toBe(404);
    await expect
      .poll(async () => (await hitsOf(app, link.id)).map(({ status }) => status))
      .toEqual([200, 404]);
    expect(await (await get(who, `/s/${link.token}?private=1`)).text()).not.toContain('/trap');
  });
});

describe('passing on', () => {
  it('makes a share link of its own for a colleague, that knows where it came from', async () => {
    const link = await app.make.shareLink();
    const path = `/s/${link.token}`;
    const who = await prospect(app);
    const visit = await open(who, link.token);
    const made = await send(who, `${path}/forward`, { name: 'Cleo Colleague', email: '', visit });
    const html = await made.text();
    expect(made.status).toBe(201);
    const url = /value="([^"]+\/s\/[\w-]+)"/.exec(html)?.[1] ?? '';
    expect((await get(await prospect(app), new URL(url).pathname)).status).toBe(200);
    const child = await app.ctx.db
      .selectFrom('shareLink')
      .innerJoin('recipient', 'recipient.id', 'shareLink.recipientId')
      .select(['recipient.name', 'shareLink.forwardedByVisitorId'])
      .where('parentShareLinkId', '=', link.id)
      .executeTakeFirstOrThrow();
    expect(child.name).toBe('Cleo Colleague');
    expect(child.forwardedByVisitorId).not.toBeNull();
  });

  it('needs a name, tells nobody who passed it on privately, and is off where it is for few', async () => {
    const [link, few] = [await app.make.shareLink(), await app.make.shareLink({ maxVisitors: 2 })];
    const who = await prospect(app);
    expect((await send(who, `/s/${link.token}/forward`, { name: ' ' })).status).toBe(400);
    const visit = await open(who, link.token);
    await send(who, `/s/${link.token}/forward`, { name: 'Cleo', visit, private: '1' });
    const { forwardedByVisitorId } = await app.ctx.db
      .selectFrom('shareLink')
      .select('forwardedByVisitorId')
      .where('parentShareLinkId', '=', link.id)
      .executeTakeFirstOrThrow();
    expect(forwardedByVisitorId).toBeNull();
    expect(await (await get(who, `/s/${few.token}`)).text()).not.toContain('/forward');
    expect((await send(who, `/s/${few.token}/forward`, { name: 'Cleo' })).status).toBe(403);
  });

  it('can not be asked before the gate', async () => {
    const link = await app.make.shareLink({ gate: 'required' });
    const who = await prospect(app);
    expect((await send(who, `/s/${link.token}/forward`, { name: 'Cleo' })).status).toBe(401);
    expect((await post(who, `/s/${link.token}/progress`, {})).status).toBe(401);
  });
});
