import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp, type TestClient } from '../support/app.ts';

const minute = 60_000;
const day = 24 * 60 * minute;

let app: TestApp;
let rep: TestClient;
let colleague: TestClient;
let marketing: TestClient;

beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());
beforeEach(async () => {
  rep = await app.client('rep');
  colleague = await app.client('rep');
  marketing = await app.client('marketing');
});

let count = 0;

async function takeDeal(accountName: string, deal: object = {}): Promise<string> {
  const { status, body } = await marketing.send('PUT', `/deals/told-${(count++).toString()}`, {
    name: 'Depot rollout',
    account: { name: accountName },
    amount: 90_000,
    currency: 'GBP',
    openedAt: app.ago(40 * day).toISOString(),
    stageHistory: [
      { stage: 'Discovery', enteredAt: app.ago(40 * day).toISOString() },
      { stage: 'Proposal', enteredAt: app.ago(day).toISOString() },
    ],
    ...deal,
  });
  expect(status).toBe(200);
  return body.dealId;
}

const kindsOf = ({ events }: { events: { kind: string }[] }) => events.map(({ kind }) => kind);
const linksOf = ({ shareLinks }: { shareLinks: { shareLinkId: string }[] }) =>
  shareLinks.map(({ shareLinkId }) => shareLinkId);

describe('the timeline of a deal', () => {
  it('puts stages, what was sent, what people read and who followed up in one order', async () => {
    const account = await app.make.account();
    const dealId = await takeDeal(account.name);
    const recipient = await app.make.recipient({ name: 'Dana Okafor', accountId: account.id });
    const asset = await app.make.asset({ title: 'Pricing' });
    await app.make.rendition({ assetVersionId: asset.versionId, pages: [50, 50] });
    const link = await app.make.shareLink({
      assetId: asset.id,
      recipientId: recipient.id,
      createdByUserId: rep.userId ?? '',
      createdAt: app.ago(6 * day),
    });
    const at = app.ago(3 * day);
    await app.make.visit({
      shareLinkId: link.id,
      startedAt: at,
      lastActiveAt: new Date(at.getTime() + 3 * minute),
      pages: [30_000],
    });
    await app.make.visit({ shareLinkId: link.id, class: 'scanner', startedAt: app.ago(5 * day) });
    await rep.send('POST', `/share-links/${link.id}/follow-ups`, { kind: 'call' });

    const { status, body } = await rep.get(`/deals/${dealId}/activity`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      deal: { name: 'Depot rollout', accountName: account.name, stage: 'Proposal', outcome: 'open' },
      hasMore: false,
    });
    expect(kindsOf(body)).toEqual(['followed_up', 'deal_moved', 'opened', 'sent', 'deal_moved']);
    expect(body.events[2]).toMatchObject({ readPageCount: 1, pages: [{ pageNumber: 1, isRead: true }] });
    // That it was read is everybody's to know; for how long each page was is not.
    const { body: told } = await colleague.get(`/deals/${dealId}/activity`);
    expect(told.events[2]).toMatchObject({ readPageCount: 1, pages: [], activeMs: null });
  });

  it('holds only what was sent to its account while it was open', async () => {
    const account = await app.make.account();
    const dealId = await takeDeal(account.name, {
      outcome: 'won',
      closedAt: app.ago(day / 2).toISOString(),
    });
    const recipient = await app.make.recipient({ accountId: account.id });
    const elsewhere = await app.make.recipient({ accountId: (await app.make.account()).id });
    const madeAt = (createdAt: Date, recipientId = recipient.id) =>
      app.make.shareLink({ recipientId, createdAt, createdByUserId: rep.userId ?? '' });
    await madeAt(app.ago(50 * day));
    const inTime = await madeAt(app.ago(10 * day));
    await madeAt(app.ago(minute));
    await madeAt(app.ago(10 * day), elsewhere.id);
    const { body } = await rep.get(`/deals/${dealId}/activity`);
    expect(linksOf(body)).toEqual([inTime.id]);
    expect(kindsOf(body)).toEqual(['deal_closed', 'deal_moved', 'sent', 'deal_moved']);
  });

  it('is not there for a deal that is unknown or gone from the CRM', async () => {
    expect((await rep.get('/deals/deal_0000000000000/activity')).status).toBe(404);
    const account = await app.make.account();
    const dealId = await takeDeal(account.name);
    await marketing.send('DELETE', `/deals/told-${(count - 1).toString()}`);
    expect((await rep.get(`/deals/${dealId}/activity`)).status).toBe(404);
    expect((await rep.get(`/accounts/${account.id}/activity`)).body).toMatchObject({
      deals: [],
      openDealCount: 0,
    });
  });
});
