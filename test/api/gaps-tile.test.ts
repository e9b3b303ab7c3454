import { afterAll, beforeAll, expect, it } from 'vitest';
import { newId } from '../../server/src/http/ids.ts';
import { enqueue } from '../../server/src/jobs/catalog.ts';
import { startTestApp, type TestApp, type TestClient } from '../support/app.ts';

const day = 86_400_000;

let app: TestApp;
let marketing: TestClient;
let rita: TestClient;

beforeAll(async () => {
  app = await startTestApp();
  marketing = await app.client('marketing');
  rita = await app.clientOf(await app.make.user({ name: 'Rita', email: 'rita@example.com' }));
});
afterAll(() => app.close());

async function openDeal(amount: number, currency: string) {
  const account = await app.make.account();
  const id = newId('deal');
  await app.ctx.db
    .insertInto('deal')
    .values({
      id,
      externalId: id,
      accountId: account.id,
      amount: amount.toString(),
      currency,
      stage: 'Discovery',
      outcome: 'open',
      ownerEmail: 'Rita@example.com',
      openedAt: app.ago(30 * day),
    })
    .execute();
}

it('puts the value of open deals behind what was not found, and names what it could not convert', async () => {
  const rate = { changedAt: app.ctx.clock() };
  await app.ctx.db
    .insertInto('currencyRate')
    .values([
      { ...rate, currency: 'EUR', rate: '1', isBase: true },
      { ...rate, currency: 'USD', rate: '0.5' },
    ])
    .execute();
  for (const [amount, currency] of [
    [1000, 'EUR'],
    [500, 'USD'],
    [7, 'XYZ'],
  ] as const)
    await openDeal(amount, currency);
  await app.make.search({ userId: rita.userId ?? '', query: 'blockchain', searchedAt: app.ago(day) });
  const { body } = await marketing.get('/report/gaps');
  expect(body.gaps).toEqual([
    expect.objectContaining({
      query: 'blockchain',
      peopleCount: 1,
      openDealCount: 3,
      openValue: 1250,
      unconvertedDealCount: 1,
    }),
  ]);
  expect(body.says).toBe(
    '1 person asked for “blockchain” and did not find it, with €1,250 of open deals behind it.',
  );
});

it('names objections that are noted and searched for more than before', async () => {
  const price = await app.make.term({ dimensionKey: 'objection', name: 'Too expensive' });
  for (const ago of [1, 2]) {
    const user = await app.make.user();
    await app.make.search({
      userId: user.id,
      query: '',
      termIds: [price.id],
      searchedAt: app.ago(ago * day),
    });
  }
  await app.ctx.db
    .insertInto('objectionNote')
    .values(
      [1, 100].map((ago) => ({
        id: newId('obn'),
        text: 'They say it costs too much.',
        objectionTermId: price.id,
        notedByUserId: rita.userId ?? '',
        notedAt: app.ago(ago * day),
        updatedAt: app.ago(ago * day),
      })),
    )
    .execute();
  const { body } = await marketing.get('/report/gaps');
  expect(body.rising).toEqual([
    {
      term: expect.objectContaining({ name: 'Too expensive' }),
      noteCount: 1,
      noteBeforeCount: 1,
      searcherCount: 2,
      searcherBeforeCount: 0,
    },
  ]);
});

it('puts requests that are overdue first', async () => {
  const dayOf = (moment: Date) => moment.toISOString().slice(0, 10);
  for (const [title, ago] of [
    ['Later', -20],
    ['Late', 3],
  ] as const)
    await rita.send('POST', '/requests', { title, dueOn: dayOf(app.ago(ago * day)) });
  await rita.send('POST', '/requests', { title: 'Some time' });
  const { requests } = (await marketing.get('/report/gaps')).body;
  expect(requests).toMatchObject({ openCount: 3, overdueCount: 1 });
  expect(requests.items.map(({ title }: { title: string }) => title)).toEqual(['Late', 'Later', 'Some time']);
});

it('answers from what was counted last where there are many searches, and shows a decision at once', async () => {
  const db = app.ctx.db;
  const rows = Array.from({ length: 20_000 }, (_, number) => ({
    id: newId('srh'),
    userId: rita.userId ?? '',
    query: `topic${(number % 300).toString()} plan`,
    clusterKey: `plan topic${(number % 300).toString()}`,
    filters: { termIds: [], audience: null },
    resultCount: 0,
    tookMs: 1,
    searchedAt: app.ago(80 * day - number * 60_000),
  }));
  for (let at = 0; at < rows.length; at += 2000)
    await db
      .insertInto('search')
      .values(rows.slice(at, at + 2000))
      .execute();
  await enqueue(db, 'count-gaps', {});
  await app.drain(['count-gaps']);
  const timed = async (path: string) => {
    const start = performance.now();
    const { body } = await marketing.get(path);
    return { body, ms: performance.now() - start };
  };

  const tile = await timed('/report/gaps');
  const page = await timed('/gaps');
  expect(page.body.items).toHaveLength(200);
  const [first] = page.body.items;
  expect(tile.body.gaps[0].clusterKey).toBe(first.clusterKey);
  const counted = tile.body.asOf;
  await app.make.search({ userId: rita.userId ?? '', query: 'quite new', searchedAt: app.ago(60_000) });
  expect((await timed('/gaps')).body.asOf).toBe(counted);

  const { status } = await marketing.send('POST', '/gaps/dismiss', { clusterKey: first.clusterKey });
  expect(status).toBe(200);
  const after = await timed('/gaps');
  expect(
    after.body.items.find((gap: { clusterKey: string }) => gap.clusterKey === first.clusterKey)?.state,
  ).toBe('dismissed');
  expect((await timed('/report/gaps')).body.gaps[0].clusterKey).not.toBe(first.clusterKey);
  await enqueue(db, 'count-gaps', {});
  await app.drain(['count-gaps']);
  expect((await timed('/report/gaps')).body.asOf).not.toBe(counted);
});
