import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.ts';
import { makeRoom } from '../support/room.ts';

const day = 86_400_000;
let app: TestApp;
const ago = (days: number) => new Date(app.ctx.clock().getTime() - days * day);

beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());
beforeEach(async () => {
  await app.ctx.db.deleteFrom('shareLink').execute();
  await app.ctx.db.deleteFrom('room').execute();
  await app.ctx.db.deleteFrom('asset').execute();
});

async function readReport() {
  const marketing = await app.client('marketing');
  return (await marketing.get('/report/reach')).body;
}

test('the report says since when anything was recorded', async () => {
  const sharedAt = ago(400);
  await app.make.shareLink({ assetId: (await app.make.asset()).id, createdAt: sharedAt });
  expect((await readReport()).recordingSince).toBe(sharedAt.toISOString());
  await app.ctx.db.deleteFrom('shareLink').execute();
  const { recordingSince } = await readReport();
  expect(Date.parse(recordingSince)).toBeGreaterThan(sharedAt.getTime());
  expect(Date.parse(recordingSince)).toBeLessThanOrEqual(app.ctx.clock().getTime());
});

test('my links show human opens with their interval, and hide the machines', async () => {
  const rep = await app.make.user({ role: 'rep' });
  const asset = await app.make.asset();
  const link = await app.make.shareLink({ assetId: asset.id, createdByUserId: rep.id });
  await app.make.shareLink({ assetId: asset.id });
  await app.make.visit({
    shareLinkId: link.id,
    class: 'human-confirmed',
    probability: 1,
    startedAt: ago(1),
    lastActiveAt: new Date(ago(1).getTime() + 30_000),
    pages: [20_000],
  });
  await app.make.visit({ shareLinkId: link.id, class: 'bot', probability: 0.01, pages: [9_000] });
  const { body } = await (await app.clientOf(rep)).get('/my-links');
  expect(body.items).toHaveLength(1);
  expect(body.items[0]).toMatchObject({
    humanOpens: { value: 1, low: 1, high: 1, hiddenCount: 1 },
    readPageCount: 1,
    activeMs: 20_000,
    latestClass: 'bot',
  });
});

test('of a room the pages of all its items count, also where their numbers are the same', async () => {
  const { db } = app.ctx;
  const rep = await app.client('rep');
  const { link, deck, guide } = await makeRoom(app, rep);
  const alone = await app.make.shareLink({ assetId: deck.id, createdByUserId: rep.userId ?? '' });
  const visit = await app.make.visit({ shareLinkId: alone.id, pages: [20_000] });
  const assetVersionId = guide.versionId;
  await db.updateTable('visit').set({ shareLinkId: link.id }).where('id', '=', visit.id).execute();
  await db
    .insertInto('pageView')
    .values({
      visitId: visit.id,
      visitStartedAt: visit.startedAt,
      tabKey: 'tab00001',
      assetVersionId,
      pageNumber: 1,
      activeMs: 10_000,
      firstSeenAt: visit.startedAt,
      updatedAt: visit.startedAt,
    })
    .execute();
  const { items } = (await rep.get('/my-links')).body;
  const { pageCount } = (await rep.get(`/share-links/${link.id}/timeline`)).body;
  expect(
    items.find(({ shareLink }: { shareLink: { id: string } }) => shareLink.id === link.id),
  ).toMatchObject({
    pageCount,
    readPageCount: 2,
  });
  expect(pageCount).toBeGreaterThan(2);
});

test('tabs add up, but nobody is active for longer than the visit lasted', async () => {
  const rep = await app.make.user({ role: 'rep' });
  const link = await app.make.shareLink({ assetId: (await app.make.asset()).id, createdByUserId: rep.id });
  const startedAt = ago(2);
  const lastActiveAt = new Date(startedAt.getTime() + 30_000);
  const human = { shareLinkId: link.id, class: 'human-confirmed' as const, probability: 1 };
  await app.make.visit({ ...human, startedAt, lastActiveAt, pages: [28_000, 28_000] });
  await app.make.visit({ ...human, pages: [] });
  const { body } = await (await app.clientOf(rep)).get('/my-links');
  expect(body.items[0].humanOpens.value).toBe(2);
  expect(body.items[0].activeMs).toBe(35_000);
});

test('the glossary carries the definition of every metric', async () => {
  const { body } = await (await app.client('rep')).get('/metrics');
  expect(body.items.length).toBeGreaterThan(5);
  for (const metric of body.items) expect(metric.definition.length).toBeGreaterThan(20);
});
