import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp, type TestClient } from '../support/app.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

let app: TestApp;
let rep: TestClient;
let colleague: TestClient;
let manager: TestClient;

beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());
beforeEach(async () => {
  rep = await app.client('rep');
  colleague = await app.client('rep');
  manager = await app.client('manager');
});

const kindsOf = (events: { kind: string }[]) => events.map(({ kind }) => kind);

describe('an account across colleagues', () => {
  async function scene() {
    const northbeck = await app.make.account();
    const { id: accountId } = northbeck;
    const contact = await app.ctx.db
      .insertInto('contact')
      .values({
        id: `con_${accountId.slice(4)}`,
        accountId,
        name: 'Priya Shah',
        email: `priya@${accountId}.example`,
      })
      .returningAll()
      .executeTakeFirstOrThrow();
    // Of one the account is known directly, of the other only by the contact.
    const dana = await app.make.recipient({ name: 'Dana Okafor', accountId });
    const priya = await app.make.recipient({ name: 'Priya Shah', contactId: contact.id });
    const asset = await app.make.asset({ title: 'Pricing' });
    await app.make.rendition({ assetVersionId: asset.versionId, pages: [50, 50] });
    const own = await app.make.shareLink({
      assetId: asset.id,
      recipientId: dana.id,
      createdByUserId: rep.userId ?? '',
      createdAt: app.ago(6 * day),
    });
    const theirs = await app.make.shareLink({
      assetId: asset.id,
      recipientId: priya.id,
      createdByUserId: colleague.userId ?? '',
      createdAt: app.ago(4 * day),
    });
    const at = app.ago(3 * day);
    const reading = { startedAt: at, lastActiveAt: new Date(at.getTime() + 3 * minute) };
    await app.make.visit({ shareLinkId: theirs.id, ...reading, pages: [30_000, 20_000] });
    await app.make.visit({ shareLinkId: own.id, ...reading, pages: [12_000] });
    await app.make.visit({ shareLinkId: own.id, class: 'scanner', startedAt: app.ago(6 * day - minute) });
    return { northbeck, asset, own, theirs };
  }

  it('says who sent what to whom and that it was read, and for how long where one may know', async () => {
    const { northbeck, own, theirs } = await scene();
    const path = `/accounts/${northbeck.id}/activity`;
    const { status, body } = await rep.get(path);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      account: { name: northbeck.name },
      contacts: [{ name: 'Priya Shah' }],
      shareLinks: [
        {
          shareLinkId: theirs.id,
          recipient: { name: 'Priya Shah' },
          isOwn: false,
          readPageCount: 2,
          pageCount: 2,
          activeMs: null,
          readerCount: { value: 1 },
        },
        { shareLinkId: own.id, isOwn: true, readPageCount: 1, activeMs: 12_000 },
      ],
      hasMore: false,
    });
    expect(body.shareLinks[0].lastReadAt).not.toBeNull();
    expect(kindsOf(body.events)).toEqual(['opened', 'opened', 'sent', 'sent']);
    const opened = body.events.filter((event: { kind: string }) => event.kind === 'opened');
    const of = (id: string) => opened.find((event: { shareLinkId: string }) => event.shareLinkId === id);
    expect(of(theirs.id)).toMatchObject({ readPageCount: 2, activeMs: null, pages: [] });
    expect(of(own.id)).toMatchObject({ activeMs: 12_000, pages: [{ pageNumber: 1, isRead: true }] });

    for (const client of [manager, await app.client('marketing'), await app.client('admin')]) {
      const { body: all } = await client.get(path);
      expect(all.shareLinks).toMatchObject([{ activeMs: 50_000 }, { activeMs: 12_000 }]);
    }
  });

  it('shows deals, their stages and follow-ups in one timeline', async () => {
    const { northbeck, theirs } = await scene();
    const dealId = `deal_${northbeck.id.slice(4)}`;
    await app.ctx.db
      .insertInto('deal')
      .values({
        id: dealId,
        externalId: northbeck.id,
        accountId: northbeck.id,
        amount: 90_000,
        currency: 'GBP',
        stage: 'Proposal',
        outcome: 'open',
        ownerEmail: 'nobody@offshelf.example',
        openedAt: app.ago(40 * day),
      })
      .execute();
    await app.ctx.db
      .insertInto('dealStage')
      .values([
        { dealId, position: 0, stage: 'Discovery', enteredAt: app.ago(40 * day) },
        { dealId, position: 1, stage: 'Proposal', enteredAt: app.ago(day) },
      ])
      .execute();
    await colleague.send('POST', `/share-links/${theirs.id}/follow-ups`, { kind: 'meeting' });
    const { body } = await rep.get(`/accounts/${northbeck.id}/activity`);
    expect(body).toMatchObject({
      deals: [{ amount: 90_000, currency: 'GBP', ownerName: 'nobody@offshelf.example', outcome: 'open' }],
      openDealCount: 1,
      openValue: [{ currency: 'GBP', amount: 90_000 }],
    });
    expect(kindsOf(body.events)).toEqual([
      'followed_up',
      'deal_moved',
      'opened',
      'opened',
      'sent',
      'sent',
      'deal_moved',
    ]);
    expect(body.shareLinks[0].lastFollowUp).toMatchObject({ kind: 'meeting', isOwn: false });
  });

  it('leaves out machines, what was undone and other accounts, and is not there for an unknown one', async () => {
    const { northbeck, own, theirs } = await scene();
    await app.ctx.db
      .updateTable('shareLink')
      .set({ undoneAt: app.ctx.clock() })
      .where('id', '=', theirs.id)
      .execute();
    const { body } = await rep.get(`/accounts/${northbeck.id}/activity`);
    expect(body.shareLinks.map((link: { shareLinkId: string }) => link.shareLinkId)).toEqual([own.id]);
    expect(kindsOf(body.events)).toEqual(['opened', 'sent']);
    const empty = await app.make.account();
    expect((await rep.get(`/accounts/${empty.id}/activity`)).body).toMatchObject({
      shareLinks: [],
      events: [],
    });
    expect((await rep.get('/accounts/acc_0000000000000/activity')).status).toBe(404);
  });

  it('shows what was played and whether others read it, to those who may know', async () => {
    const { id: accountId } = await app.make.account();
    const recipient = await app.make.recipient({ name: 'Dana Okafor', accountId });
    const link = await app.make.shareLink({ recipientId: recipient.id, createdByUserId: rep.userId ?? '' });
    const [startedAt, lastActiveAt] = [app.ago(day), app.ago(day - minute)];
    const phone =
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1';
    const visit = await app.make.visit({ shareLinkId: link.id, startedAt, lastActiveAt, country: 'GB' });
    const other = await app.make.visit({
      shareLinkId: link.id,
      startedAt,
      lastActiveAt,
      country: 'FR',
      userAgent: phone,
    });
    await app.ctx.db
      .updateTable('visit')
      .set({ network: '203.0.113.0' })
      .where('id', '=', other.id)
      .execute();
    const { assetVersionId } = await app.ctx.db
      .selectFrom('visitVersion')
      .select('assetVersionId')
      .where('visitId', '=', visit.id)
      .executeTakeFirstOrThrow();
    await app.ctx.db
      .insertInto('watchedRange')
      .values({ visitId: visit.id, assetVersionId, seconds: '{[0,20)}', updatedAt: app.ctx.clock() })
      .execute();
    const path = `/accounts/${accountId}/activity`;
    const { body } = await rep.get(path);
    expect(body.shareLinks[0].forwarding).toMatchObject({ likelihood: 'high' });
    const played = body.events.find((event: { visitId?: string }) => event.visitId === visit.id);
    expect(played.opened).toMatchObject([{ assetVersionId, watched: [[0, 20]] }]);
    const { body: told } = await colleague.get(path);
    expect(told.shareLinks[0].forwarding).toBeNull();
    const opened = told.events.filter((event: { kind: string }) => event.kind === 'opened');
    expect(opened.map((event: { opened: object[] }) => event.opened)).toEqual([[], []]);
  });
});
