import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createChildLink } from '../../server/src/shares/service.ts';
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

  it('says who is there, which way it went, and what it is worth in the base currency or that nobody knows', async () => {
    const account = await app.make.account();
    const inPounds = await takeDeal(account.name, {
      contact: { name: 'Ada Buyer', email: `ada-${account.id}@example.com` },
    });
    const read = async (dealId: string) => (await rep.get(`/deals/${dealId}/activity`)).body;
    expect((await read(inPounds)).worth).toBeNull();
    const admin = await app.client('admin');
    const rates = [{ currency: 'GBP', rate: 1.2 }];
    expect((await admin.send('PUT', '/currencies', { base: 'EUR', rates })).status).toBe(200);
    expect(await read(inPounds)).toMatchObject({
      worth: { currency: 'EUR', amount: 108_000 },
      stages: [{ stage: 'Discovery' }, { stage: 'Proposal' }],
      contacts: [{ name: 'Ada Buyer', email: `ada-${account.id}@example.com` }],
    });
    const inYen = await takeDeal(account.name, { currency: 'JPY' });
    expect((await read(inYen)).worth).toEqual({ currency: 'EUR', amount: null });
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

describe('the deal that somebody chooses for a share link', () => {
  async function scene() {
    const account = await app.make.account();
    const asset = await app.make.asset();
    const share = (body: object) =>
      rep.send('POST', `/assets/${asset.id}/share-links`, {
        recipient: { name: 'Dana Okafor', accountName: account.name },
        ...body,
      });
    return {
      chosen: await takeDeal(account.name, { name: 'Chosen' }),
      other: await takeDeal(account.name, { name: 'Other' }),
      share,
    };
  }

  it('is the only one that the share link belongs to; without a choice it belongs to all that are open', async () => {
    const { chosen, other, share } = await scene();
    const { status, body } = await share({ dealId: chosen });
    expect([status, body.shareLink.deal]).toMatchObject([
      201,
      { id: chosen, name: 'Chosen', amount: 90_000 },
    ]);
    const { body: open } = await share({});
    expect(open.shareLink.deal).toBeNull();
    expect(linksOf((await rep.get(`/deals/${chosen}/activity`)).body).toSorted()).toEqual(
      [body.shareLink.id, open.shareLink.id].toSorted(),
    );
    expect(linksOf((await rep.get(`/deals/${other}/activity`)).body)).toEqual([open.shareLink.id]);
  });

  it('can be changed and taken back by its sender, and what was forwarded follows', async () => {
    const { chosen, other, share } = await scene();
    const { body } = await share({ dealId: chosen });
    const { id } = body.shareLink;
    // Somebody at another account is brought in about the same deal.
    const elsewhere = await app.make.account();
    await takeDeal(elsewhere.name, { contact: { name: 'Carl', email: `carl-${elsewhere.id}@example.com` } });
    const forwarded = await createChildLink(app.ctx, {
      parentShareLinkId: id,
      visitorId: null,
      addressKey: id,
      recipient: { name: 'Carl', email: `carl-${elsewhere.id}@example.com` },
    });
    const child = { id: forwarded.shareLinkId };
    expect(linksOf((await rep.get(`/deals/${chosen}/activity`)).body).toSorted()).toEqual(
      [id, child.id].toSorted(),
    );
    const { body: changed } = await rep.send('PATCH', `/share-links/${id}`, { dealId: other });
    expect(changed.deal).toMatchObject({ id: other });
    expect(linksOf((await rep.get(`/deals/${chosen}/activity`)).body)).toEqual([]);
    expect(linksOf((await rep.get(`/deals/${other}/activity`)).body).toSorted()).toEqual(
      [id, child.id].toSorted(),
    );
    expect((await colleague.send('PATCH', `/share-links/${id}`, { dealId: null })).status).toBe(404);
    expect((await rep.send('PATCH', `/share-links/${id}`, { dealId: null })).body.deal).toBeNull();
  });

  it('stays when a share link is handed over', async () => {
    const { chosen, share } = await scene();
    const { body } = await share({ dealId: chosen });
    await rep.send('POST', '/share-links/transfer', {
      shareLinkIds: [body.shareLink.id],
      toUserId: colleague.userId,
    });
    const { body: links } = await colleague.get('/share-links');
    expect(links.items[0].deal).toMatchObject({ id: chosen });
  });

  it('is refused where it is of another account, unknown, or gone', async () => {
    const { share, chosen } = await scene();
    const elsewhere = await takeDeal((await app.make.account()).name);
    for (const dealId of [elsewhere, 'deal_0000000000000']) {
      const { status, body } = await share({ dealId });
      expect([status, body.errors]).toMatchObject([400, [{ pointer: '/body/dealId' }]]);
    }
    const { body } = await share({ dealId: chosen });
    const change = await rep.send('PATCH', `/share-links/${body.shareLink.id}`, { dealId: elsewhere });
    expect(change.status).toBe(400);
  });
});
