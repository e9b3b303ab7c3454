import { afterAll, beforeAll, expect, test } from 'vitest';
import { countNow, readFreshness } from '../../server/src/rollups/service.ts';
import { startTestApp, type TestApp } from '../support/app.ts';

let app: TestApp;

beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

const readingsOf = (assetId: string) =>
  app.ctx.db.selectFrom('reading').selectAll().where('assetId', '=', assetId).orderBy('startedAt').execute();
const monthsOfAsset = (assetId: string) =>
  app.ctx.db
    .selectFrom('assetMonth')
    .selectAll()
    .where('assetId', '=', assetId)
    .orderBy('month')
    .orderBy('buyerSliceId')
    .execute();

test('a visit becomes a reading with its pages, and its days a month', async () => {
  const account = await app.make.account({ industry: 'Insurance' });
  const asset = await app.make.asset();
  await app.make.rendition({ assetVersionId: asset.versionId, pages: [238, 0, 238] });
  const recipient = await app.make.recipient({ accountId: account.id });
  const startedAt = new Date('2026-03-05T10:00:00Z');
  const link = await app.make.shareLink({
    assetId: asset.id,
    recipientId: recipient.id,
    createdAt: new Date('2026-03-04T10:00:00Z'),
  });
  const visit = await app.make.visit({ shareLinkId: link.id, startedAt, pages: [9_000, 2_999] });
  await countNow(app.ctx);
  const [reading] = await readingsOf(asset.id);
  expect(reading).toMatchObject({
    visitId: visit.id,
    recipientId: recipient.id,
    readerKey: recipient.id,
    accountId: account.id,
    day: '2026-03-05',
    isHuman: true,
    pageCount: 3,
    pageMs: [9_000, 2_999, 0],
    readPages: [1],
    activeMs: 11_999,
    furthestPage: 2,
  });
  const months = await monthsOfAsset(asset.id);
  expect(months).toHaveLength(2);
  for (const month of months)
    expect(month).toMatchObject({
      month: '2026-03-01',
      sharedDays: 0b1000,
      sharedCount: 1,
      reachedDays: 0b10000,
      readDays: 0b10000,
      readCount: 1,
    });
  expect((await readFreshness(app.ctx.db)).waitingCount).toBe(0);
});
