import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listUnconverted } from '../../server/src/deals/service.ts';
import { startTestApp, type TestApp, type TestClient } from '../support/app.ts';

let app: TestApp;
let manager: TestClient;
let admin: TestClient;

beforeAll(async () => {
  app = await startTestApp();
  manager = await app.client('manager');
  admin = await app.client('admin');
});
afterAll(() => app.close());

const discovery = { stage: 'Discovery', enteredAt: '2026-01-05T09:00:00Z' };
const proposal = { stage: 'Proposal', enteredAt: '2026-02-05T09:00:00Z' };
const acme = {
  name: 'Acme renewal',
  account: { name: 'Acme', industry: 'Retail', region: 'EMEA', segment: 'Enterprise' },
  contact: { name: 'Ada Buyer', email: 'ada@acme.example' },
  amount: 1200.5,
  currency: 'EUR',
  ownerEmail: 'rep@example.com',
  openedAt: '2026-01-05T09:00:00Z',
  stageHistory: [discovery],
};

function stagesOf(externalId: string) {
  return app.ctx.db
    .selectFrom('dealStage')
    .innerJoin('deal', 'deal.id', 'dealStage.dealId')
    .select(['dealStage.stage', 'dealStage.enteredAt'])
    .where('deal.externalId', '=', externalId)
    .orderBy('dealStage.position')
    .execute();
}

describe('a deal by its external id', () => {
  test('comes with account, segment, contact and history, and the same twice changes nothing', async () => {
    const first = await manager.send('PUT', '/deals/CRM-1', acme);
    expect([first.status, first.body.action]).toEqual([200, 'created']);
    const again = await manager.send('PUT', '/deals/CRM-1', acme);
    expect(again.body).toEqual({ dealId: first.body.dealId, action: 'unchanged' });
    const contact = await app.ctx.db
      .selectFrom('contact')
      .innerJoin('account', 'account.id', 'contact.accountId')
      .select(['contact.name', 'account.segment', 'account.industry'])
      .where('contact.email', '=', 'ada@acme.example')
      .executeTakeFirst();
    expect(contact).toEqual({ name: 'Ada Buyer', segment: 'Enterprise', industry: 'Retail' });
  });

  test('takes one stage more, keeps what is left out, and knows the same stage again', async () => {
    await manager.send('PUT', '/deals/CRM-2', acme);
    expect((await manager.send('PUT', '/deals/CRM-2', { enteredStage: proposal })).body.action).toBe(
      'updated',
    );
    expect((await manager.send('PUT', '/deals/CRM-2', { enteredStage: proposal })).body.action).toBe(
      'unchanged',
    );
    expect((await stagesOf('CRM-2')).map((row) => row.stage)).toEqual(['Discovery', 'Proposal']);
    const deal = await app.ctx.db
      .selectFrom('deal')
      .selectAll()
      .where('externalId', '=', 'CRM-2')
      .executeTakeFirstOrThrow();
    expect(deal).toMatchObject({ name: 'Acme renewal', stage: 'Proposal', ownerEmail: 'rep@example.com' });
  });

  test('is refused with the reason: too little of a new one, no end, two stages at one moment', async () => {
    for (const [body, reason] of [
      [{ amount: 3 }, 'This deal is new'],
      [{ ...acme, outcome: 'won' }, 'needs closedAt'],
      [{ ...acme, outcome: 'won', closedAt: '2025-01-01T00:00:00Z' }, 'closedAt is before openedAt'],
      [
        { ...acme, stageHistory: [discovery, { ...proposal, enteredAt: discovery.enteredAt }] },
        'same moment',
      ],
      [
        { ...acme, stageHistory: [discovery, proposal], outcome: 'lost', closedAt: '2026-01-20T00:00:00Z' },
        'after the deal was lost',
      ],
    ] as const) {
      const answer = await manager.send('PUT', '/deals/CRM-bad', body);
      expect([answer.status, answer.body.detail]).toEqual([400, expect.stringContaining(reason)]);
    }
  });

  test('goes when it is deleted, and comes back when it is named again', async () => {
    await manager.send('PUT', '/deals/CRM-3', acme);
    expect((await manager.send('DELETE', '/deals/CRM-3')).status).toBe(204);
    const removed = () =>
      app.ctx.db
        .selectFrom('deal')
        .select('removedAt')
        .where('externalId', '=', 'CRM-3')
        .executeTakeFirstOrThrow();
    expect((await removed()).removedAt).not.toBeNull();
    expect((await manager.send('PUT', '/deals/CRM-3', acme)).body.action).toBe('updated');
    expect((await removed()).removedAt).toBeNull();
    expect((await manager.send('DELETE', '/deals/nowhere')).status).toBe(404);
  });

  test('many come at once, and one that is refused holds up no other', async () => {
    const { body } = await manager.send('POST', '/deals/upsert', {
      deals: [
        { ...acme, externalId: 'CRM-4' },
        { ...acme, externalId: 'CRM-5', currency: '€' },
        { ...acme, externalId: 'CRM-4' },
        { ...acme, externalId: 'CRM\0-7' },
        { ...acme, externalId: 'CRM-8', contact: { name: 'A\0', email: 'a@acme.example' } },
        { ...acme, externalId: 'CRM-9', openedAt: '0000-01-01T00:00:00Z' },
        { externalId: 5 },
        { ...acme, externalId: 'CRM-6' },
      ],
    });
    expect(body.results).toMatchObject([
      { externalId: 'CRM-4', action: 'created', detail: null },
      { externalId: 'CRM-5', action: 'refused', detail: expect.stringContaining('three capital letters') },
      { externalId: 'CRM-4', action: 'refused', detail: expect.stringContaining('earlier in this batch') },
      { action: 'refused', detail: expect.stringContaining('cannot be kept') },
      { externalId: 'CRM-8', action: 'refused', detail: expect.stringContaining('cannot be kept') },
      { externalId: 'CRM-9', action: 'refused', detail: expect.stringContaining('outside of the calendar') },
      { externalId: '5', action: 'refused', detail: expect.stringContaining('externalId') },
      { externalId: 'CRM-6', action: 'created', detail: null },
    ]);
  });

  test('two systems that send the same deals at once in different order make each once', async () => {
    const deals = Array.from({ length: 60 }, (_, index) => ({
      ...acme,
      account: { name: `Company ${index % 7}` },
      contact: { name: 'Buyer', email: `buyer${index}@example.org` },
      externalId: `BOTH-${index}`,
    }));
    const answers = await Promise.all(
      [deals, deals.toReversed(), deals].map((list) =>
        manager.send('POST', '/deals/upsert', { deals: list }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    const created = answers.flatMap(({ body }) =>
      body.results.filter(({ action }: { action: string }) => action === 'created'),
    );
    expect(created).toHaveLength(60);
  });
});

describe('currencies', () => {
  test('amounts without a rate are named and never guessed; a rate converts them at once', async () => {
    await manager.send('PUT', '/deals/YEN-1', { ...acme, amount: 1_200_000, currency: 'JPY' });
    const before = (await admin.get('/currencies')).body;
    expect(before.base).toBeNull();
    expect(before.unconverted).toContainEqual({ currency: 'JPY', dealCount: 1, amount: 1_200_000 });
    const { status, body } = await admin.send('PUT', '/currencies', { base: 'EUR', rates: [] });
    expect([status, body.base]).toEqual([200, 'EUR']);
    expect(await listUnconverted(app.ctx.db)).toEqual([{ currency: 'JPY', dealCount: 1, amount: 1_200_000 }]);
    const rated = await admin.send('PUT', '/currencies', {
      base: 'EUR',
      rates: [{ currency: 'JPY', rate: 0.006 }],
    });
    expect(rated.body.unconverted).toEqual([]);
    expect(rated.body.items).toContainEqual(
      expect.objectContaining({ currency: 'JPY', rate: 0.006, changedByName: expect.any(String) }),
    );
    const value = await app.ctx.db
      .selectFrom('dealValue')
      .select('baseAmount')
      .where('currency', '=', 'JPY')
      .executeTakeFirstOrThrow();
    expect(Number(value.baseAmount)).toBe(7200);
  });

  test('another base takes the place of the first, and a currency stands once', async () => {
    const rates = [{ currency: 'EUR', rate: 1.1 }];
    const moved = await admin.send('PUT', '/currencies', { base: 'USD', rates });
    expect([moved.status, moved.body.base]).toEqual([200, 'USD']);
    const back = await admin.send('PUT', '/currencies', {
      base: 'EUR',
      rates: [{ currency: 'USD', rate: 0.9 }],
    });
    expect([back.status, back.body.base]).toEqual([200, 'EUR']);
    const twice = await admin.send('PUT', '/currencies', { base: 'USD', rates: [...rates, ...rates] });
    expect([twice.status, twice.body.detail]).toEqual([400, expect.stringContaining('twice')]);
  });
});
