import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestApp, type TestApp, type TestClient } from '../support/app.ts';

let app: TestApp;
let rep: TestClient;
let marketing: TestClient;

const ago = (days: number) => app.ago(days * 86_400_000).toISOString();

beforeAll(async () => {
  app = await startTestApp();
  rep = await app.client('rep');
  marketing = await app.client('marketing');
});
afterAll(() => app.close());

const names = ({ items }: { items: { name: string }[] }) => items.map(({ name }) => name);

async function takeDeal(externalId: string, deal: object): Promise<string> {
  const { status, body } = await marketing.send('PUT', `/deals/${externalId}`, {
    amount: 1000,
    currency: 'EUR',
    openedAt: ago(60),
    ...deal,
  });
  expect(status).toBe(200);
  return body.dealId;
}

it('says that there are none yet, to everybody', async () => {
  const { status, body } = await rep.get('/deals');
  expect(status).toBe(200);
  expect(body).toMatchObject({ items: [], nextCursor: null, totalCount: 0, totals: [], hasAny: false });
});

it('lists open deals first of all, with whom they belong to and since when they stand where they stand', async () => {
  const email = 'rep-of-deals@offshelf.example';
  const proposedAt = ago(9);
  await app.ctx.db
    .updateTable('user')
    .set({ email, name: 'Rob Rep' })
    .where('id', '=', rep.userId ?? '')
    .execute();
  await takeDeal('crm-1', {
    name: 'Depot rollout',
    account: { name: 'Northbeck' },
    amount: 90_000,
    ownerEmail: email,
    stageHistory: [
      { stage: 'Discovery', enteredAt: ago(60) },
      { stage: 'Proposal', enteredAt: proposedAt },
    ],
  });
  await takeDeal('crm-2', {
    name: 'Fleet of 100% electric vans',
    account: { name: 'Greenway' },
    amount: 120_000,
    currency: 'USD',
    ownerEmail: 'left@offshelf.example',
    stageHistory: [{ stage: 'Discovery', enteredAt: ago(30) }],
  });
  await takeDeal('crm-3', {
    name: 'Pilot',
    account: { name: 'Northbeck' },
    amount: 5_000,
    stageHistory: [{ stage: 'Discovery', enteredAt: ago(50) }],
    outcome: 'won',
    closedAt: ago(2),
  });
  await takeDeal('crm-4', {
    name: 'Gone',
    account: { name: 'Northbeck' },
    stageHistory: [{ stage: 'Discovery', enteredAt: ago(3) }],
  });
  await marketing.send('DELETE', '/deals/crm-4');

  const { body } = await rep.get('/deals');
  expect(names(body)).toEqual(['Depot rollout', 'Fleet of 100% electric vans']);
  expect(body).toMatchObject({
    totalCount: 2,
    hasAny: true,
    stages: [
      { stage: 'Discovery', dealCount: 1 },
      { stage: 'Proposal', dealCount: 1 },
    ],
  });
  expect(body.totals).toHaveLength(2);
  expect(body.items[0]).toMatchObject({
    accountName: 'Northbeck',
    amount: 90_000,
    currency: 'EUR',
    stage: 'Proposal',
    ownerName: 'Rob Rep',
    ownerHasLeft: false,
    stageEnteredAt: proposedAt,
    changedAt: proposedAt,
  });
  expect(names((await rep.get('/deals?outcome=won')).body)).toEqual(['Pilot']);
  expect(names((await rep.get('/deals?outcome=all')).body)).toHaveLength(3);
  expect(names((await rep.get('/deals?whose=own')).body)).toEqual(['Depot rollout']);
  expect(names((await rep.get('/deals?stage=Discovery')).body)).toEqual(['Fleet of 100% electric vans']);
  expect(names((await rep.get('/deals?accountName=NORTHBECK')).body)).toEqual(['Depot rollout']);
  // What stands for any text in a pattern stands for itself here.
  expect(names((await rep.get('/deals?query=100%25')).body)).toEqual(['Fleet of 100% electric vans']);
  expect(names((await rep.get('/deals?query=northb')).body)).toEqual(['Depot rollout']);
  expect(names((await rep.get('/deals?query=nothing')).body)).toEqual([]);
});

it('names an owner who left', async () => {
  const former = await app.client('rep');
  const email = 'left@offshelf.example';
  await app.ctx.db
    .updateTable('user')
    .set({ email, name: 'Lea Left', deactivatedAt: app.ctx.clock() })
    .where('id', '=', former.userId ?? '')
    .execute();
  const { body } = await rep.get('/deals?query=lea');
  expect(body.items).toMatchObject([{ ownerName: 'Lea Left', ownerHasLeft: true }]);
});

it('puts the largest first in the base currency, and what nobody can convert after them', async () => {
  const admin = await app.client('admin');
  await admin.send('PUT', '/currencies', { base: 'EUR', rates: [{ currency: 'USD', rate: 0.5 }] });
  await takeDeal('crm-5', {
    name: 'Kraków depot',
    account: { name: 'Wisła' },
    amount: 900_000,
    currency: 'PLN',
    stageHistory: [{ stage: 'Discovery', enteredAt: ago(1) }],
  });
  const { body } = await rep.get('/deals?sort=amount');
  expect(names(body)).toEqual(['Depot rollout', 'Fleet of 100% electric vans', 'Kraków depot']);
  expect(body.totals).toEqual([
    { currency: 'EUR', amount: 90_000, isConverted: true },
    { currency: 'USD', amount: 120_000, isConverted: true },
    { currency: 'PLN', amount: 900_000, isConverted: false },
  ]);
});

it('comes to every deal once, page by page, in each order', async () => {
  for (let place = 0; place < 7; place++)
    await takeDeal(`page-${place.toString()}`, {
      name: `Deal ${place.toString()}`,
      account: { name: 'Paged' },
      // Alike, so that only the id tells them apart.
      amount: place < 4 ? 100 : 200,
      stageHistory: [{ stage: 'Discovery', enteredAt: ago(20) }],
    });
  for (const sort of ['amount', 'changed']) {
    const found: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const { body } = await rep.get(
        `/deals?accountName=Paged&limit=3&sort=${sort}${cursor && `&cursor=${cursor}`}`,
      );
      expect(body.totalCount).toBe(7);
      found.push(...names(body));
      cursor = body.nextCursor;
    }
    expect(found.toSorted()).toEqual([0, 1, 2, 3, 4, 5, 6].map((place) => `Deal ${place.toString()}`));
  }
  const { body } = await rep.get('/deals?limit=1&sort=amount');
  expect((await rep.get(`/deals?sort=changed&cursor=${body.nextCursor}`)).status).toBe(400);
});
