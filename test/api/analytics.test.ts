import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { newId } from '../../server/src/http/ids.ts';
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

async function readReport(days = 90) {
  const marketing = await app.client('marketing');
  const { status, body } = await marketing.get(`/shelf-report?days=${days}`);
  expect(status).toBe(200);
  return body;
}

const rungOf = (report: { spines: { assetId: string; rung: string }[] }, asset: { id: string }) =>
  report.spines.find((spine) => spine.assetId === asset.id)?.rung;

test('an empty library has no rate, not a rate of zero', async () => {
  const report = await readReport();
  expect(report.unusedRate.current).toEqual({ value: null, part: 0, n: 0 });
  expect(report.spines).toEqual([]);
});

test('the report says since when anything was recorded', async () => {
  const sharedAt = ago(400);
  await app.make.shareLink({ assetId: (await app.make.asset()).id, createdAt: sharedAt });
  expect((await readReport()).recordingSince).toBe(sharedAt.toISOString());
  await app.ctx.db.deleteFrom('shareLink').execute();
  const { recordingSince, asOf } = await readReport();
  expect(Date.parse(recordingSince)).toBeGreaterThan(sharedAt.getTime());
  expect(Date.parse(recordingSince)).toBeLessThanOrEqual(Date.parse(asOf));
});

test('the unused rate counts what a sales role shared or downloaded in the window', async () => {
  const [rep, marketing] = [await app.make.user({ role: 'rep' }), await app.make.user({ role: 'marketing' })];
  const [shared, downloaded, sharedByMarketing, sharedLongAgo] = await Promise.all(
    [1, 2, 3, 4].map(() => app.make.asset()),
  );
  const young = await app.make.asset({ publishedAt: ago(10) });
  await app.make.asset({ status: 'draft' });
  await app.make.asset({ status: 'archived' });
  await app.make.shareLink({ assetId: shared?.id, createdByUserId: rep.id });
  await app.make.shareLink({ assetId: sharedByMarketing?.id, createdByUserId: marketing.id });
  await app.make.shareLink({ assetId: sharedLongAgo?.id, createdByUserId: rep.id, createdAt: ago(95) });
  await app.ctx.db
    .insertInto('assetActivity')
    .values({
      id: newId('act'),
      assetId: downloaded?.id ?? '',
      userId: rep.id,
      kind: 'downloaded',
      occurredAt: ago(5),
    })
    .execute();
  const report = await readReport();
  expect(report.unusedRate.current).toEqual({ value: 0.5, part: 2, n: 4 });
  expect(report.notYetEligibleCount).toBe(1);
  expect(report.nextEligibleAt).toBe(new Date((young.publishedAt?.getTime() ?? 0) + 30 * day).toISOString());
});

test('the window before is judged by what was published then', async () => {
  const rep = await app.make.user({ role: 'rep' });
  const old = await app.make.asset({ publishedAt: ago(300) });
  const archivedSince = await app.make.asset({ publishedAt: ago(300), status: 'archived' });
  await app.ctx.db.deleteFrom('assetStatusChange').where('assetId', '=', archivedSince.id).execute();
  await app.ctx.db
    .insertInto('assetStatusChange')
    .values([
      { assetId: archivedSince.id, status: 'published', changedAt: ago(300) },
      { assetId: archivedSince.id, status: 'archived', changedAt: ago(20) },
    ])
    .execute();
  await app.make.asset({ publishedAt: ago(100) });
  await app.make.shareLink({ assetId: old.id, createdByUserId: rep.id, createdAt: ago(120) });
  const { unusedRate } = await readReport();
  expect(unusedRate.current).toEqual({ value: 1, part: 2, n: 2 });
  expect(unusedRate.previous).toEqual({ value: 0.5, part: 1, n: 2 });
});

test('an asset climbs the ladder by what people did, and only by people', async () => {
  const rep = await app.make.user({ role: 'rep' });
  const [scanned, opened, read] = [await app.make.asset(), await app.make.asset(), await app.make.asset()];
  const [toScanned, toOpened, toRead] = [
    await app.make.shareLink({ assetId: scanned.id, createdByUserId: rep.id }),
    await app.make.shareLink({ assetId: opened.id, createdByUserId: rep.id }),
    await app.make.shareLink({ assetId: read.id, createdByUserId: rep.id }),
  ];
  await app.make.visit({ shareLinkId: toScanned.id, class: 'scanner', probability: 0.02 });
  await app.make.visit({ shareLinkId: toOpened.id, pages: [2_000] });
  await app.make.visit({ shareLinkId: toRead.id, pages: [60_000] });
  const report = await readReport();
  expect([rungOf(report, scanned), rungOf(report, opened), rungOf(report, read)]).toEqual([
    'shared',
    'reached',
    'read',
  ]);
  expect(report.ladder.map((step: { rung: string; reachedCount: number }) => step.reachedCount)).toEqual([
    3, 3, 3, 3, 2, 1, 0,
  ]);
});

test('a page counts as read after 15% of the time that its words take', async () => {
  const asset = await app.make.asset();
  await app.make.rendition({ assetVersionId: asset.versionId, pages: [2380] });
  const link = await app.make.shareLink({ assetId: asset.id });
  await app.make.visit({ shareLinkId: link.id, pages: [89_000] });
  expect(rungOf(await readReport(), asset)).toBe('reached');
  await app.make.visit({ shareLinkId: link.id, pages: [91_000] });
  expect(rungOf(await readReport(), asset)).toBe('read');
});

test('a deal that moves after the read lifts the asset to the top rung', async () => {
  const { id: accountId } = await app.make.account({ name: 'Northwind Foods' });
  const recipient = await app.make.recipient({ accountId });
  const asset = await app.make.asset();
  const link = await app.make.shareLink({ assetId: asset.id, recipientId: recipient.id });
  await app.make.visit({ shareLinkId: link.id, startedAt: ago(10) });
  const dealId = newId('deal');
  await app.ctx.db
    .insertInto('deal')
    .values({
      id: dealId,
      externalId: 'D-1',
      accountId,
      amount: '1000',
      currency: 'EUR',
      stage: 'Proposal',
      outcome: 'open',
      openedAt: ago(40),
    })
    .execute();
  await app.ctx.db
    .insertInto('dealStage')
    .values({ dealId, position: 0, stage: 'Evaluation', enteredAt: ago(40) })
    .execute();
  expect(rungOf(await readReport(), asset)).toBe('read');
  await app.ctx.db
    .insertInto('dealStage')
    .values({ dealId, position: 1, stage: 'Proposal', enteredAt: ago(3) })
    .execute();
  expect(rungOf(await readReport(), asset)).toBe('moved');
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
