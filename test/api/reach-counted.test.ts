import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { newId } from '../../server/src/http/ids.ts';
import { countNow } from '../../server/src/rollups/service.ts';
import { startTestApp, type TestApp, type TestClient } from '../support/app.ts';

// From what people did to the report: these count what waits, as the job does every few seconds.

let app: TestApp;
let marketing: TestClient;
const ago = (days: number) => new Date(app.ctx.clock().getTime() - days * 86_400_000);

beforeAll(async () => {
  app = await startTestApp();
  marketing = await app.client('marketing');
});
afterAll(() => app.close());
beforeEach(async () => {
  for (const table of ['shareLink', 'asset'] as const) await app.ctx.db.deleteFrom(table).execute();
});

async function readSpines(query = '') {
  return (await marketing.get(`/report/reach/shelf${query}`)).body.spines as {
    assetId: string;
    rung: string;
  }[];
}

const rungOf = async (asset: { id: string }) => {
  await countNow(app.ctx);
  return (await readSpines()).find((spine) => spine.assetId === asset.id)?.rung;
};

test('what a sales role shared or downloaded is use, what marketing did is not', async () => {
  const [rep, colleague] = [await app.make.user({ role: 'rep' }), await app.make.user({ role: 'marketing' })];
  const [shared, downloaded, byMarketing] = [
    await app.make.asset(),
    await app.make.asset(),
    await app.make.asset(),
  ];
  await app.make.shareLink({ assetId: shared.id, createdByUserId: rep.id });
  await app.make.shareLink({ assetId: byMarketing.id, createdByUserId: colleague.id });
  await app.ctx.db
    .insertInto('assetActivity')
    .values({
      id: newId('act'),
      assetId: downloaded.id,
      userId: rep.id,
      kind: 'downloaded',
      occurredAt: ago(5),
    })
    .execute();
  await countNow(app.ctx);
  const { body: report } = await marketing.get('/report/reach');
  expect(report.unusedRate.current).toEqual({ value: 1 / 3, part: 1, n: 3 });
  expect(app.ctx.clock().getTime() - Date.parse(report.asOf)).toBeLessThan(60_000);
});

test('an asset climbs the ladder by what people did, and only by people', async () => {
  const rep = await app.make.user({ role: 'rep' });
  const [scanned, opened, read] = [await app.make.asset(), await app.make.asset(), await app.make.asset()];
  const linkTo = ({ id: assetId }: { id: string }) =>
    app.make.shareLink({ assetId, createdByUserId: rep.id });
  await app.make.visit({ shareLinkId: (await linkTo(scanned)).id, class: 'scanner', probability: 0.02 });
  await app.make.visit({ shareLinkId: (await linkTo(opened)).id, pages: [2_000] });
  await app.make.visit({ shareLinkId: (await linkTo(read)).id, pages: [60_000] });
  expect([await rungOf(scanned), await rungOf(opened), await rungOf(read)]).toEqual([
    'shared',
    'reached',
    'read',
  ]);
});

test('a page counts as read after 15% of the time that its words take', async () => {
  const asset = await app.make.asset();
  await app.make.rendition({ assetVersionId: asset.versionId, pages: [2380] });
  const link = await app.make.shareLink({ assetId: asset.id });
  await app.make.visit({ shareLinkId: link.id, pages: [89_000] });
  expect(await rungOf(asset)).toBe('reached');
  await app.make.visit({ shareLinkId: link.id, pages: [91_000] });
  expect(await rungOf(asset)).toBe('read');
});

test('a deal that moves after the read lifts the asset to the top rung, also for its kind of buyers', async () => {
  const { id: accountId } = await app.make.account({ name: 'Northwind Foods', industry: 'Retail' });
  const recipient = await app.make.recipient({ accountId });
  const asset = await app.make.asset();
  const link = await app.make.shareLink({ assetId: asset.id, recipientId: recipient.id, createdAt: ago(11) });
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
  const enter = (position: number, stage: string, days: number) =>
    app.ctx.db
      .insertInto('dealStage')
      .values({ dealId, position, stage, enteredAt: ago(days) })
      .execute();
  await enter(0, 'Evaluation', 40);
  expect(await rungOf(asset)).toBe('read');
  await enter(1, 'Proposal', 3);
  expect(await rungOf(asset)).toBe('moved');
  const [spine] = await readSpines('?industry=Retail');
  expect(spine?.rung).toBe('moved');
  expect((await readSpines('?industry=Mining'))[0]?.rung).toBe('published');
});

test('the report says up to when it has counted, and what waits', async () => {
  await app.make.shareLink();
  expect((await marketing.get('/report/freshness')).body.waitingCount).toBeGreaterThan(0);
  await countNow(app.ctx);
  const { body } = await marketing.get('/report/freshness');
  expect(body.waitingCount).toBe(0);
  expect(Date.parse(body.now) - Date.parse(body.countedAt)).toBeLessThan(60_000);
});
