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
// Everybody is new in each test, so that nobody's list holds another test's entries.
beforeEach(async () => {
  rep = await app.client('rep');
  colleague = await app.client('rep');
  manager = await app.client('manager');
});

/** Something that the rep sent and a person read, half an hour ago unless told otherwise. */
async function readLink({
  at = app.ago(30 * minute),
  by = rep,
  ...row
}: {
  at?: Date;
  by?: TestClient;
  recipientId?: string;
  assetId?: string;
} = {}) {
  const link = await app.make.shareLink({
    createdByUserId: by.userId ?? '',
    createdAt: new Date(at.getTime() - 20 * day),
    ...row,
  });
  const visit = await app.make.visit({
    shareLinkId: link.id,
    startedAt: at,
    lastActiveAt: new Date(at.getTime() + 2 * minute),
  });
  return { link, visit };
}

async function actNow(client: TestClient, whose = 'own') {
  const { status, body } = await client.get(`/act-now?whose=${whose}`);
  expect(status).toBe(200);
  return body;
}

const idsOf = (items: { shareLinkId: string }[]) => items.map(({ shareLinkId }) => shareLinkId);

async function judge(visitId: string, judgedAs: string, userId: string | null) {
  await app.ctx.db
    .insertInto('judgement')
    .values({
      visitId,
      class: judgedAs,
      probability: judgedAs.startsWith('human') ? 1 : 0,
      reasons: [{ rule: 'test', weight: 0, sentence: 'Made by a test.' }],
      ruleVersion: 1,
      judgedByUserId: userId,
      judgedAt: app.ctx.clock(),
    })
    .execute();
}

describe('what to do now', () => {
  it('names who read what, for how long and what it is worth', async () => {
    const account = await app.make.account({ name: 'Northbeck' });
    await app.ctx.db
      .insertInto('deal')
      .values({
        id: 'deal_northbeck0001',
        externalId: 'N-1',
        accountId: account.id,
        amount: 48_000,
        currency: 'EUR',
        stage: 'Proposal',
        outcome: 'open',
        openedAt: app.ago(30 * day),
      })
      .execute();
    const recipient = await app.make.recipient({ name: 'Dana Okafor', accountId: account.id });
    const asset = await app.make.asset({ title: 'Pricing' });
    await app.make.rendition({ assetVersionId: asset.versionId, pages: [50, 50, 50] });
    const link = await app.make.shareLink({
      assetId: asset.id,
      recipientId: recipient.id,
      createdByUserId: rep.userId ?? '',
      createdAt: app.ago(3 * day),
    });
    const at = app.ago(2 * hour);
    await app.make.visit({
      shareLinkId: link.id,
      startedAt: at,
      lastActiveAt: new Date(at.getTime() + 5 * minute),
      pages: [40_000, 20_000, 500],
    });
    await app.make.visit({
      shareLinkId: link.id,
      class: 'scanner',
      probability: 0.02,
      startedAt: app.ago(3 * hour),
    });
    const { items, totalCount, overdueCount } = await actNow(rep);
    expect(items).toMatchObject([
      {
        shareLinkId: link.id,
        title: 'Pricing',
        pageCount: 3,
        recipient: { name: 'Dana Okafor', accountId: account.id, accountName: 'Northbeck' },
        isOwn: true,
        readPageCount: 2,
        activeMs: 60_500,
        isConfirmed: false,
        isOverdue: false,
        readers: [{ keyKind: 'visit' }],
        readerCount: { value: 1, low: 0, high: 1 },
        hiddenCount: 1,
        openDealCount: 1,
        openValue: [{ currency: 'EUR', amount: 48_000 }],
      },
    ]);
    expect({ totalCount, overdueCount }).toEqual({ totalCount: 1, overdueCount: 0 });
  });

  it('begins with the first page that a person read, is overdue after a day and gone after two weeks', async () => {
    const { link } = await readLink({ at: app.ago(23 * hour) });
    expect(await actNow(rep)).toMatchObject({ items: [{ isOverdue: false }], overdueCount: 0 });
    await app.make.visit({ shareLinkId: link.id, startedAt: app.ago(minute) });
    app.travel(2 * hour);
    // Coming back is no answer: what waits is as old as its first reading.
    expect(await actNow(rep)).toMatchObject({ items: [{ isOverdue: true }], overdueCount: 1 });
    app.travel(14 * day);
    expect((await actNow(rep)).items).toEqual([]);
  });

  it.each([
    ['a scanner', { class: 'scanner', probability: 0.02 }],
    ['a bot', { class: 'bot', probability: 0 }],
    ['a colleague', { class: 'internal', probability: 0 }],
    ['nobody knows who', { class: 'unsure', probability: 0.5 }],
    ['a person who only glanced', { class: 'human-confirmed', probability: 1, pages: [1_200] }],
  ])('leaves out what was opened by %s', async (_, visit) => {
    const link = await app.make.shareLink({ createdByUserId: rep.userId ?? '', createdAt: app.ago(day) });
    await app.make.visit({
      shareLinkId: link.id,
      startedAt: app.ago(hour),
      lastActiveAt: app.ago(50 * minute),
      ...visit,
    });
    expect((await actNow(rep)).items).toEqual([]);
  });

  it('follows the word of somebody who knows better than the rules, and back', async () => {
    const { link, visit } = await readLink();
    await judge(visit.id, 'scanner', rep.userId);
    expect((await actNow(rep)).items).toEqual([]);
    await app.ctx.db
      .updateTable('judgement')
      .set({ undoneAt: app.ctx.clock() })
      .where('visitId', '=', visit.id)
      .where('judgedByUserId', 'is not', null)
      .execute();
    expect(idsOf((await actNow(rep)).items)).toEqual([link.id]);
    await judge(visit.id, 'human-confirmed', rep.userId);
    expect((await actNow(rep)).items).toMatchObject([{ isConfirmed: true }]);
  });

  it('puts a confirmed person first, and leaves out what was undone', async () => {
    const likely = await readLink({ at: app.ago(minute) });
    const confirmed = await readLink({ at: app.ago(2 * day) });
    await judge(confirmed.visit.id, 'human-confirmed', null);
    const undone = await readLink();
    await app.ctx.db
      .updateTable('shareLink')
      .set({ undoneAt: app.ctx.clock() })
      .where('id', '=', undone.link.id)
      .execute();
    expect(idsOf((await actNow(rep)).items)).toEqual([confirmed.link.id, likely.link.id]);
  });

  it('of a channel names only those who said who they are', async () => {
    const channel = await app.make.recipient({ kind: 'channel', name: 'LinkedIn', email: null });
    const { link } = await readLink({ recipientId: channel.id });
    expect((await actNow(rep)).items).toEqual([]);
    await app.ctx.db
      .insertInto('visitor')
      .values({
        id: 'vis_channel00001',
        keyKind: 'email',
        keyHash: 'channel',
        email: 'lee@example.com',
        createdAt: app.ctx.clock(),
      })
      .execute();
    await app.make.visit({
      shareLinkId: link.id,
      visitorId: 'vis_channel00001',
      startedAt: app.ago(minute),
      lastActiveAt: app.ago(0),
    });
    expect((await actNow(rep)).items).toMatchObject([
      { readers: [{ email: 'lee@example.com', keyKind: 'email' }] },
    ]);
  });
});

describe('a follow-up', () => {
  it('settles what was read until then of everything that was sent to this person, and can be taken back', async () => {
    const recipient = await app.make.recipient();
    const first = await readLink({ recipientId: recipient.id, at: app.ago(3 * hour) });
    const second = await readLink({ recipientId: recipient.id, at: app.ago(2 * hour) });
    // Sent at the same moment: the newer of two would have settled the other.
    await app.ctx.db
      .updateTable('shareLink')
      .set({ createdAt: app.ago(5 * day) })
      .where('id', 'in', [first.link.id, second.link.id])
      .execute();
    const other = await readLink();
    expect((await actNow(rep)).totalCount).toBe(3);
    const made = await rep.send('POST', `/share-links/${first.link.id}/follow-ups`, {
      kind: 'call',
      note: 'Wants a quote',
    });
    expect(made).toMatchObject({ status: 201, body: { kind: 'call', note: 'Wants a quote', isOwn: true } });
    expect(idsOf((await actNow(rep)).items)).toEqual([other.link.id]);

    const undo = `/follow-ups/${made.body.id}/undo`;
    expect((await colleague.send('POST', undo)).status).toBe(404);
    expect((await rep.send('POST', undo)).status).toBe(204);
    expect((await rep.send('POST', undo)).status).toBe(204);
    expect((await actNow(rep)).totalCount).toBe(3);
  });

  it('is needed again when somebody comes back', async () => {
    const { link } = await readLink();
    await rep.send('POST', `/share-links/${link.id}/follow-ups`, {});
    app.travel(hour);
    expect((await actNow(rep)).items).toEqual([]);
    await app.make.visit({
      shareLinkId: link.id,
      startedAt: app.ago(minute),
      lastActiveAt: app.ago(0),
    });
    expect((await actNow(rep)).items).toMatchObject([{ shareLinkId: link.id, isOverdue: false }]);
  });

  it('can be a newer share link to the same person, but not one that the prospect made or a colleague', async () => {
    const recipient = await app.make.recipient();
    const { link, visit } = await readLink({ recipientId: recipient.id });
    await app.make.shareLink({ recipientId: recipient.id, createdByUserId: colleague.userId ?? '' });
    await app.make.shareLink({
      recipientId: recipient.id,
      createdByUserId: rep.userId ?? '',
      parentShareLinkId: link.id,
      forwardedByVisitorId: visit.visitorId,
    });
    expect(idsOf((await actNow(rep)).items)).toEqual([link.id]);
    await app.make.shareLink({ recipientId: recipient.id, createdByUserId: rep.userId ?? '' });
    expect((await actNow(rep)).items).toEqual([]);
  });

  it('is noted by the sender or somebody who sees everybody’s, about somebody who was there', async () => {
    const { link, visit } = await readLink();
    const path = `/share-links/${link.id}/follow-ups`;
    expect((await colleague.send('POST', path, {})).status).toBe(404);
    expect((await rep.send('POST', path, { kind: 'fax' })).status).toBe(400);
    expect((await rep.send('POST', path, { note: 'x'.repeat(501) })).status).toBe(400);
    expect((await rep.send('POST', path, { visitorId: 'vis_0000000000000' })).status).toBe(404);
    expect((await rep.send('POST', path, { visitorId: visit.visitorId })).status).toBe(201);
    expect((await manager.send('POST', path, { kind: 'meeting' })).status).toBe(201);
    const { body } = await rep.get(`/share-links/${link.id}/timeline`);
    expect(body.events.slice(0, 2)).toMatchObject([
      { kind: 'followed_up', followUp: { kind: 'meeting', isOwn: false } },
      { kind: 'followed_up', followUp: { kind: 'mail', isOwn: true } },
    ]);
  });
});

describe('putting off', () => {
  it('hides an entry from one person until then', async () => {
    const { link } = await readLink();
    const path = `/share-links/${link.id}/snooze`;
    const until = new Date(app.ctx.clock().getTime() + 12 * hour).toISOString();
    expect((await rep.send('POST', path, { until })).status).toBe(204);
    expect(await actNow(rep)).toMatchObject({
      items: [],
      snoozed: [{ shareLinkId: link.id, snoozedUntil: until }],
      totalCount: 0,
    });
    expect(idsOf((await actNow(manager, 'team')).items)).toContain(link.id);
    app.travel(13 * hour);
    expect(idsOf((await actNow(rep)).items)).toEqual([link.id]);

    const again = new Date(app.ctx.clock().getTime() + hour).toISOString();
    await rep.send('POST', path, { until: again });
    expect((await rep.send('DELETE', path)).status).toBe(204);
    expect(idsOf((await actNow(rep)).items)).toEqual([link.id]);
  });

  it('takes a moment within two weeks, of a share link of one’s own', async () => {
    const { link } = await readLink();
    const path = `/share-links/${link.id}/snooze`;
    const at = (milliseconds: number) => new Date(app.ctx.clock().getTime() + milliseconds).toISOString();
    expect((await rep.send('POST', path, { until: at(-minute) })).status).toBe(400);
    expect((await rep.send('POST', path, { until: at(15 * day) })).status).toBe(400);
    expect((await colleague.send('POST', path, { until: at(hour) })).status).toBe(404);
    expect((await colleague.send('DELETE', path)).status).toBe(404);
  });
});

describe('a team', () => {
  const inTeam = (client: TestClient, team: string) =>
    app.ctx.db
      .updateTable('user')
      .set({ team })
      .where('id', '=', client.userId ?? '')
      .execute();

  it('is seen by its manager, by marketing, and by a manager of none, but not by a rep', async () => {
    await inTeam(rep, 'North');
    await inTeam(manager, 'North');
    await inTeam(colleague, 'South');
    const mine = await readLink();
    const theirs = await readLink({ by: colleague });
    expect(idsOf((await actNow(manager, 'team')).items)).toEqual([mine.link.id]);
    for (const client of [await app.client('manager'), await app.client('marketing')])
      expect(idsOf((await actNow(client, 'team')).items)).toEqual(
        expect.arrayContaining([mine.link.id, theirs.link.id]),
      );
    expect((await rep.get('/act-now?whose=team')).status).toBe(403);
    expect((await actNow(manager)).items).toEqual([]);
  });
});
