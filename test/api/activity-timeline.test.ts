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

describe('the timeline of a share link', () => {
  it('tells from the newest to the oldest what became of it', async () => {
    const recipient = await app.make.recipient({ name: 'Dana Okafor' });
    const asset = await app.make.asset({ title: 'Pricing' });
    await app.make.rendition({ assetVersionId: asset.versionId, pages: [50, 50, 50, 50] });
    const link = await app.make.shareLink({
      assetId: asset.id,
      recipientId: recipient.id,
      createdByUserId: rep.userId ?? '',
      createdAt: app.ago(9 * day),
      mailedAt: app.ago(9 * day - minute),
    });
    const visit = await app.make.visit({
      shareLinkId: link.id,
      startedAt: app.ago(8 * day),
      lastActiveAt: app.ago(8 * day - 5 * minute),
      pages: [60_000, 4_000],
      userAgent:
        'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1',
      country: 'GB',
    });
    await app.ctx.db
      .updateTable('visitVersion')
      .set({ downloadedAt: app.ago(8 * day - 3 * minute) })
      .where('visitId', '=', visit.id)
      .execute();
    await app.make.visit({
      shareLinkId: link.id,
      class: 'scanner',
      startedAt: app.ago(9 * day - 2 * minute),
    });
    const child = await app.make.shareLink({
      assetId: asset.id,
      recipientId: (await app.make.recipient({ name: 'Priya Shah' })).id,
      createdByUserId: rep.userId ?? '',
      parentShareLinkId: link.id,
      forwardedByVisitorId: visit.visitorId,
      createdAt: app.ago(7 * day),
    });
    await rep.send('POST', `/share-links/${link.id}/follow-ups`, { kind: 'call' });
    await app.ctx.db
      .updateTable('shareLink')
      .set({ revokedAt: app.ago(day) })
      .where('id', '=', link.id)
      .execute();

    const { status, body } = await rep.get(`/share-links/${link.id}/timeline`);
    expect(status).toBe(200);
    expect(kindsOf(body.events)).toEqual([
      'followed_up',
      'revoked',
      'forwarded',
      'download',
      'visit',
      'visit',
      'mailed',
      'made',
    ]);
    expect(body).toMatchObject({
      title: 'Pricing',
      pageCount: 4,
      state: 'revoked',
      recipient: { name: 'Dana Okafor' },
      versions: [{ assetVersionId: asset.versionId, pageCount: 4 }],
      readerCount: { value: 1 },
      visitorCounts: { visit: 1, code: 0 },
      waiting: null,
    });
    expect(body.events[2]).toMatchObject({
      shareLinkId: child.id,
      recipientName: 'Priya Shah',
      isByProspect: true,
    });
    expect(body.events[4].visit).toMatchObject({
      device: 'Safari on iPhone',
      country: 'GB',
      judgement: { class: 'human-likely' },
      pages: [
        { pageNumber: 1, activeMs: 60_000, isRead: true },
        { pageNumber: 2, activeMs: 4_000, isRead: true },
      ],
    });
    // What was not a person is there as well, with its judgement, for whoever wants to see it.
    expect(body.events[5].visit.judgement.class).toBe('scanner');

    const { body: ofChild } = await rep.get(`/share-links/${child.id}/timeline`);
    expect(ofChild.events).toMatchObject([
      {
        kind: 'made',
        isByProspect: true,
        forwardedFrom: { shareLinkId: link.id, recipientName: 'Dana Okafor' },
      },
    ]);
  });

  it('tells what was changed of it, by whom, and what came into its room and left it', async () => {
    const [first, later] = [await app.make.asset({}), await app.make.asset({ title: 'Security answers' })];
    const { room } = (await rep.send('POST', '/rooms', { source: { assetIds: [first.id] } })).body;
    const { items } = (
      await rep.send('POST', '/share-links', {
        target: { roomId: room.id },
        recipients: [{ name: 'Dana Okafor', email: 'dana@northbeck.example' }],
      })
    ).body;
    const path = `/share-links/${items[0].shareLink.id}`;
    const changes = {
      expiresAt: app.ago(-30 * day).toISOString(),
      passcode: 'four seasons',
      allowedDomains: ['northbeck.example'],
      gate: 'required',
    };
    await rep.send('PATCH', path, changes);
    await rep.send('PUT', `/rooms/${room.id}/items/${later.id}`, {});
    await rep.send('DELETE', `/rooms/${room.id}/items/${later.id}`);
    await rep.send('POST', `${path}/revoke`);
    await rep.send('POST', `${path}/restore`);
    await manager.send('POST', '/share-links/transfer', {
      shareLinkIds: [items[0].shareLink.id],
      toUserId: colleague.userId,
    });
    const { body } = await colleague.get(`${path}/timeline`);
    expect(kindsOf(body.events).toSorted()).toEqual([
      'changed',
      'item_added',
      'item_removed',
      'made',
      'restored',
      'revoked',
      'transferred',
    ]);
    const event = (kind: string) => body.events.find((each: { kind: string }) => each.kind === kind);
    const nameOf = async (client: TestClient) => (await client.get('/session')).body.user.name;
    // Neither who is let in nor the passcode is kept a second time.
    expect(event('changed')).toMatchObject({ byName: await nameOf(rep) });
    expect(event('changed').policy).toEqual({
      expiresAt: changes.expiresAt,
      gate: 'required',
      hasPasscode: true,
      allowedCount: 1,
    });
    expect(event('item_added')).toMatchObject({ assetId: later.id, title: 'Security answers' });
    expect(event('revoked').byName).toBe(await nameOf(rep));
    expect(event('transferred')).toMatchObject({
      fromName: await nameOf(rep),
      toName: await nameOf(colleague),
      byName: await nameOf(manager),
    });
    expect(event('made').byName).toBe(await nameOf(rep));
  });

  it('says what waits, and when it expired', async () => {
    const link = await app.make.shareLink({
      createdByUserId: rep.userId ?? '',
      createdAt: app.ago(5 * day),
      expiresAt: app.ago(hour),
    });
    const at = app.ago(2 * day);
    await app.make.visit({
      shareLinkId: link.id,
      startedAt: at,
      lastActiveAt: new Date(at.getTime() + minute),
    });
    const { body } = await rep.get(`/share-links/${link.id}/timeline`);
    expect(kindsOf(body.events)).toEqual(['expired', 'visit', 'made']);
    expect(body).toMatchObject({
      state: 'expired',
      waiting: { dueAt: new Date(at.getTime() + day).toISOString(), isOverdue: true, snoozedUntil: null },
    });
  });

  it('tells what was played of a video', async () => {
    const link = await app.make.shareLink({ createdByUserId: rep.userId ?? '' });
    const visit = await app.make.visit({ shareLinkId: link.id });
    const { assetVersionId } = await app.ctx.db
      .selectFrom('visitVersion')
      .select('assetVersionId')
      .where('visitId', '=', visit.id)
      .executeTakeFirstOrThrow();
    await app.ctx.db
      .insertInto('watchedRange')
      .values({
        visitId: visit.id,
        assetVersionId,
        seconds: '{[0,20),[40,55)}',
        updatedAt: app.ctx.clock(),
      })
      .execute();
    const { body } = await rep.get(`/share-links/${link.id}/timeline`);
    expect(body.events[0].visit.opened[0].watched).toEqual([
      [0, 20],
      [40, 55],
    ]);
  });

  it('is shown to the sender and to those who see everybody’s, and not once it was undone', async () => {
    const link = await app.make.shareLink({ createdByUserId: rep.userId ?? '' });
    const path = `/share-links/${link.id}/timeline`;
    expect((await rep.get(path)).status).toBe(200);
    expect((await manager.get(path)).body).toMatchObject({ isOwn: false });
    expect((await (await app.client('marketing')).get(path)).status).toBe(200);
    expect((await colleague.get(path)).status).toBe(404);
    await app.ctx.db
      .updateTable('shareLink')
      .set({ undoneAt: app.ctx.clock() })
      .where('id', '=', link.id)
      .execute();
    expect((await rep.get(path)).status).toBe(404);
  });
});
