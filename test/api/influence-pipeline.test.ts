import { afterAll, beforeAll, expect, test } from 'vitest';
import { newId } from '../../server/src/http/ids.ts';
import { rebuildNow } from '../../server/src/indexing/rebuild.ts';
import { enqueueOnce } from '../../server/src/jobs/catalog.ts';
import { startTestApp, type TestApp, type TestClient } from '../support/app.ts';

const day = 86_400_000;
let app: TestApp;
let marketing: TestClient;
let admin: TestClient;

beforeAll(async () => {
  app = await startTestApp();
  [marketing, admin] = [await app.client('marketing'), await app.client('admin')];
  await app.ctx.db
    .insertInto('currencyRate')
    .values({ currency: 'EUR', rate: 1, isBase: true, changedAt: app.ago(0) })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
});
afterAll(() => app.close());

async function get(path: string) {
  const { status, body } = await marketing.get(path);
  expect(status, JSON.stringify(body)).toBe(200);
  return body;
}

const deal = (externalId: string, more: object = {}) => ({
  externalId,
  account: { name: 'Alder Works' },
  amount: 1000,
  currency: 'EUR',
  openedAt: '2026-01-05T00:00:00Z',
  stage: 'Awareness',
  ...more,
});
const waiting = () =>
  app.ctx.db
    .selectFrom('jobRun')
    .select('id')
    .where('name', '=', 'count-influence')
    .where('state', '=', 'queued')
    .execute();

test('deals that come or change are counted soon, once however many there are', async () => {
  expect(await waiting()).toHaveLength(0);
  const [before, { cohort }] = [await get('/report/influence/pipeline'), await get('/report/influence')];
  for (const id of ['soon-1', 'soon-2'])
    expect((await admin.send('POST', '/deals/upsert', { deals: [deal(id)] })).body.results[0].action).toBe(
      'created',
    );
  expect(await waiting()).toHaveLength(1);
  await marketing.send('POST', '/report/influence/count');
  await app.drain(['count-influence']);
  expect((await get('/report/influence')).cohort.enteredCount).toBe(cohort.enteredCount + 2);
  await admin.send('POST', '/deals/upsert', { deals: [deal('soon-1')] });
  expect(await waiting()).toHaveLength(0);
  const later = {
    stage: 'Discovery',
    enteredStage: { stage: 'Discovery', enteredAt: '2026-02-01T00:00:00Z' },
  };
  await admin.send('POST', '/deals/upsert', { deals: [deal('soon-1', later)] });
  expect(await waiting()).toHaveLength(1);
  expect((await get('/report/influence/pipeline')).open.dealCount).toBe(before.open.dealCount + 2);
});

test('of the open pipeline it says how much is being read, by whom it is sure of and by whom it is not, and names what it cannot convert', async () => {
  const asset = await app.make.asset({ kind: 'web_link' });
  const openedAt = app.ago(20 * day).toISOString();
  const region = `Region ${newId('acc')}`;
  const sent = async (id: string, more: object) => {
    const account = { name: id, region };
    const given = deal(id, { account, openedAt, ...more });
    const { body } = await admin.send('POST', '/deals/upsert', { deals: [given] });
    const { accountId } = await app.ctx.db
      .selectFrom('deal')
      .select('accountId')
      .where('id', '=', body.results[0].dealId)
      .executeTakeFirstOrThrow();
    const recipient = await app.make.recipient({ accountId, email: null });
    return (shared: object = {}) =>
      app.make.shareLink({ assetId: asset.id, recipientId: recipient.id, ...shared });
  };
  const days = (count: number) => app.ago(count * day);
  const [sure, likely, before, late, strange] = [
    await sent('pipe-1', { amount: 600 }),
    await sent('pipe-2', { amount: 300 }),
    await sent('pipe-3', { amount: 50 }),
    await sent('pipe-4', { amount: 50, stage: 'Proposal' }),
    await sent('pipe-5', { amount: 70, currency: 'XXX' }),
  ];
  const visits = [
    [await sure({ createdAt: days(5) }), 'human-confirmed', 3],
    [await likely({ createdAt: days(5) }), 'human-likely', 3],
    [await strange({ createdAt: days(5) }), 'human-confirmed', 3],
    // It was sent before the deal was opened, and this one was read too long ago.
    [await before({ createdAt: days(30) }), 'human-confirmed', 3],
    [await late({ createdAt: days(18) }), 'human-confirmed', 15],
  ] as const;
  for (const [link, judged, age] of visits)
    await app.make.visit({
      shareLinkId: link.id,
      class: judged,
      startedAt: days(age),
    });
  await enqueueOnce(app.ctx.db, 'count-pipeline', {});
  await app.drain(['count-pipeline']);
  const said = await get(`/report/influence/pipeline?region=${encodeURIComponent(region)}`);
  expect(said).toMatchObject({
    days: 14,
    baseCurrency: 'EUR',
    open: { dealCount: 4, value: 1000 },
    confirmed: { dealCount: 1, value: 600 },
    read: { dealCount: 2, value: 900 },
    confirmedShare: 0.6,
    readShare: 0.9,
  });
  expect(said.stages.map((each: { stage: string }) => each.stage)).toEqual(['Awareness', 'Proposal']);
  expect(said.unconverted).toMatchObject([{ currency: 'XXX', confirmed: { dealCount: 1, value: 70 } }]);
  const otherAsset = await app.make.term();
  const sliced = await get(
    `/report/influence/pipeline?region=${encodeURIComponent(region)}&persona=${otherAsset.id}`,
  );
  expect(sliced).toMatchObject({ open: { dealCount: 4 }, read: { dealCount: 0 } });
  expect((await (await app.client('rep')).get('/report/influence/pipeline')).status).toBe(403);
});

test('a result tells a rep that deals with it moved on more often, where that is sure, and nothing else', async () => {
  const rep = await app.client('rep');
  const [sure, unsure] = [
    await app.make.asset({ title: 'Heat pump rollout guide' }),
    await app.make.asset({ title: 'Heat pump rollout price list' }),
  ];
  const known = {
    exposedCount: 60,
    exposedProgressedCount: 40,
    unexposedCount: 90,
    unexposedProgressedCount: 50,
  };
  await app.ctx.db
    .insertInto('assetInfluence')
    .values([
      { assetId: sure.id, ...known, estimate: 0.08, low: 0.02, high: 0.14, isLifting: true },
      { assetId: unsure.id, ...known, estimate: 0.06, low: -0.02, high: 0.14, isLifting: false },
    ])
    .execute();
  await rebuildNow(app.ctx);
  const { body } = await rep.send('POST', '/searches', { query: 'heat pump rollout' });
  type Hit = { asset: { id: string }; influence: object | null };
  const influenceOf = ({ id }: { id: string }) =>
    body.items.find(({ asset }: Hit) => asset.id === id)?.influence;
  expect(influenceOf(sure)).toMatchObject({ estimate: 0.08, low: 0.02, high: 0.14, dealCount: 60 });
  expect(influenceOf(unsure)).toBeNull();
});
