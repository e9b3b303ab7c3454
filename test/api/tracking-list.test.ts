import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.ts';
import { beat, livelySignals, open, prospect } from '../support/prospect.ts';

const hour = 60 * 60_000;

let app: TestApp;

beforeAll(async () => {
  app = await startTestApp({ TRUST_PROXY: '1' });
});
afterAll(() => app.close());

describe('the visits of a share link', () => {
  it('are for the sender, marketing, managers and admins', async () => {
    const sender = await app.client('rep');
    const link = await app.make.shareLink({ createdByUserId: sender.userId ?? '' });
    const path = `/share-links/${link.id}/visits`;
    for (const role of ['marketing', 'manager', 'admin'] as const)
      expect((await (await app.client(role)).get(path)).status).toBe(200);
    expect((await sender.get(path)).status).toBe(200);
    expect((await (await app.client('rep')).get(path)).body.code).toBe('not_found');
    expect((await (await app.client('anonymous')).get(path)).status).toBe(401);
  });

  it('say when, on what, for how long, what was read and who we think it was', async () => {
    const sender = await app.client('rep');
    const asset = await app.make.asset();
    await app.make.rendition({ assetVersionId: asset.versionId, pages: [238] });
    const link = await app.make.shareLink({
      assetId: asset.id,
      createdByUserId: sender.userId ?? '',
      createdAt: new Date(app.ctx.clock().getTime() - hour),
    });
    const who = await prospect(app);
    const visitToken = await open(who, link.token);
    app.travel(20_000);
    await beat(who, visitToken, { pages: [{ page: 1, activeMs: 8_000 }], hasTrustedInput: true });
    const read = async () => (await sender.get(`/share-links/${link.id}/visits`)).body;
    expect((await read()).items).toMatchObject([
      { pages: [{ pageNumber: 1, activeMs: 8_000, isRead: false }] },
    ]);
    await beat(who, visitToken, { pages: [{ page: 1, activeMs: 10_000 }], hasTrustedInput: true });
    await beat(who, visitToken, { tabKey: 'tabtab02', pages: [{ page: 1, activeMs: 20_000 }] });
    await beat(who, visitToken, { signals: livelySignals });
    await expect.poll(async () => (await read()).items[0].judgement.class).toBe('human-likely');
    const body = await read();
    await expect.poll(async () => (await read()).linkHitCount).toBe(1);
    expect(body.items).toHaveLength(1);
    expect(body.items[0]).toMatchObject({ device: 'Safari on iPhone', versionNumber: 1, downloadedAt: null });
    expect(body.items[0].pages[0].isRead).toBe(true);
    // Two tabs side by side add up to no more than the visit lasted.
    expect(body.items[0].activeMs).toBeLessThan(27_000);
    expect(body.items[0].pages[0].activeMs).toBeLessThan(27_000);
  });
});
