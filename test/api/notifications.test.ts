import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newId } from '../../server/src/http/ids.ts';
import { judgeVisits } from '../../server/src/judging/service.ts';
import { startTestApp, type TestApp, type TestClient } from '../support/app.ts';
import { queueNotifyVisit, runWaiting } from '../support/told.ts';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

let app: TestApp;
let rep: TestClient;
let colleague: TestClient;

beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());
beforeEach(async () => {
  rep = await app.client('rep');
  colleague = await app.client('rep');
});

async function link(row: Record<string, unknown> = {}) {
  const asset = await app.make.asset({ title: 'Pricing' });
  await app.make.rendition({ assetVersionId: asset.versionId, pages: [50, 50, 50, 50] });
  const recipient = await app.make.recipient({ name: 'Dana Okafor' });
  const made = await app.make.shareLink({
    assetId: asset.id,
    recipientId: recipient.id,
    createdByUserId: rep.userId ?? '',
    ...row,
  });
  return { ...made, versionId: asset.versionId };
}

/** As judging queues it. */
async function tell(visitId: string): Promise<void> {
  await queueNotifyVisit(app, visitId);
  await app.drain(['notify-visit']);
}

const passTime = () => runWaiting(app, ['notify-visit']);

const visit = (shareLinkId: string, row: Parameters<typeof app.make.visit>[0] = {}) =>
  app.make.visit({
    shareLinkId,
    startedAt: app.ago(30 * second),
    lastActiveAt: app.ago(0),
    userAgent:
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1',
    ...row,
  });

async function readPage(visitId: string, assetVersionId: string, pageNumber: number): Promise<void> {
  const at = app.ago(0);
  await app.ctx.db
    .insertInto('pageView')
    .values(({ selectFrom }) => ({
      visitId,
      visitStartedAt: selectFrom('visit').where('id', '=', visitId).select('startedAt'),
      tabKey: 'tab00001',
      assetVersionId,
      pageNumber,
      activeMs: 10_000,
      firstSeenAt: at,
      updatedAt: at,
    }))
    .execute();
}

async function judge(visitId: string, judgedAs: string): Promise<void> {
  await app.ctx.db
    .insertInto('judgement')
    .values({
      visitId,
      class: judgedAs,
      probability: 0.9,
      reasons: [] as never,
      ruleVersion: 1,
      judgedAt: app.ago(0),
    })
    .execute();
}

const threads = async (client = rep) => (await client.get('/notifications')).body;

describe('when somebody is told', () => {
  it('a confirmed person is told of at once, with who, what, how much and by what device', async () => {
    const { id } = await link();
    const { id: visitId } = await visit(id, {
      class: 'human-confirmed',
      pages: [4_000],
      startedAt: app.ago(4 * second),
    });
    await tell(visitId);
    const { items, unreadCount } = await threads();
    expect(unreadCount).toBe(1);
    expect(items).toMatchObject([
      {
        shareLinkId: id,
        title: 'Pricing',
        news: 'opened',
        isConfirmed: true,
        isRead: false,
        readPageCount: 1,
        pageCount: 4,
        activeMs: 4_000,
        device: 'Safari on iPhone',
        forwarding: null,
        recipient: { name: 'Dana Okafor' },
        reader: { keyKind: 'visit' },
      },
    ]);
    expect((await threads(colleague)).items).toEqual([]);
  });

  it('a likely person is told of after 20 seconds of activity', async () => {
    const { id, versionId } = await link();
    const { id: visitId } = await visit(id, { pages: [19_000] });
    await tell(visitId);
    expect((await threads()).items).toEqual([]);
    await readPage(visitId, versionId, 2);
    await tell(visitId);
    expect((await threads()).items).toMatchObject([{ isConfirmed: false, activeMs: 29_000 }]);
  });

  it('a likely person who does nothing more is told of after 3 minutes', async () => {
    const { id } = await link();
    const { id: visitId } = await visit(id, { pages: [6_000] });
    await tell(visitId);
    await passTime();
    expect((await threads()).items).toEqual([]);
    app.travel(3 * minute);
    await passTime();
    expect((await threads()).items).toHaveLength(1);
  });

  it.each(['unsure', 'scanner', 'preview', 'prefetch', 'bot', 'agent', 'internal'])(
    'of a visit that is judged %s nobody is ever told',
    async (judgedAs) => {
      const { id } = await link();
      const { id: visitId } = await visit(id, {
        class: judgedAs,
        startedAt: app.ago(10 * minute),
        pages: [300_000],
      });
      await tell(visitId);
      await passTime();
      expect(await threads()).toMatchObject({ items: [], unreadCount: 0 });
    },
  );

  it('judging itself sees to it', async () => {
    const { id } = await link();
    const { id: visitId } = await visit(id, { startedAt: app.ago(4 * minute), pages: [30_000, 30_000] });
    await app.ctx.db.updateTable('visit').set({ hasTrustedInput: true }).where('id', '=', visitId).execute();
    await judgeVisits(app.ctx.db, app.ctx.clock(), [visitId]);
    await app.drain(['notify-visit']);
    expect((await threads()).items).toHaveLength(1);
  });

  it('what lies days back is no news', async () => {
    const { id } = await link();
    const at = app.ago(3 * day);
    const { id: visitId } = await visit(id, { startedAt: at, lastActiveAt: at, class: 'human-confirmed' });
    await tell(visitId);
    expect((await threads()).items).toEqual([]);
  });

  it('whoever took a share link over is told, and the sender before no more', async () => {
    const { id, versionId } = await link();
    const { id: visitId } = await visit(id, { class: 'human-confirmed' });
    await tell(visitId);
    await app.ctx.db
      .updateTable('shareLink')
      .set({ createdByUserId: colleague.userId ?? '', transferredFromUserId: rep.userId })
      .where('id', '=', id)
      .execute();
    await readPage(visitId, versionId, 2);
    await tell(visitId);
    expect(await threads()).toMatchObject({ items: [], unreadCount: 0 });
    expect(await threads(colleague)).toMatchObject({ items: [{ readPageCount: 2 }], unreadCount: 1 });
  });
});

describe('a thread', () => {
  it('is brought up to date, and is unread again only by something new', async () => {
    const { id, versionId } = await link();
    const { id: visitId, visitorId } = await visit(id, { class: 'human-confirmed' });
    await tell(visitId);
    const [{ id: threadId, toldAt }] = (await threads()).items;
    expect((await rep.send('POST', `/notifications/${threadId}/read`)).status).toBe(204);
    expect((await threads()).unreadCount).toBe(0);

    await app.ctx.db
      .updateTable('pageView')
      .set({ activeMs: 31_000 })
      .where('visitId', '=', visitId)
      .execute();
    await tell(visitId);
    expect(await threads()).toMatchObject({
      items: [{ activeMs: 31_000, toldAt, isRead: true }],
      unreadCount: 0,
    });

    await readPage(visitId, versionId, 2);
    await tell(visitId);
    expect(await threads()).toMatchObject({
      items: [{ id: threadId, news: 'read_more', readPageCount: 2, isRead: false }],
      unreadCount: 1,
    });

    await app.ctx.db
      .updateTable('visitVersion')
      .set({ downloadedAt: app.ago(0) })
      .where('visitId', '=', visitId)
      .execute();
    await tell(visitId);
    expect((await threads()).items).toMatchObject([{ news: 'downloaded', hasDownloaded: true }]);

    app.travel(day);
    const again = await visit(id, { visitorId, class: 'human-likely' });
    await tell(again.id);
    expect((await threads()).items).toMatchObject([{ id: threadId, news: 'came_back', visitCount: 2 }]);
  });

  it('goes where somebody says that it was a machine, and comes back with their word', async () => {
    const { id } = await link();
    const { id: visitId } = await visit(id, { class: 'human-confirmed' });
    await tell(visitId);
    expect((await threads()).unreadCount).toBe(1);
    await rep.send('POST', `/visits/${visitId}/judgement`, { said: 'machine' });
    await app.drain(['notify-visit']);
    expect(await threads()).toMatchObject({ items: [], unreadCount: 0 });
    await rep.send('POST', `/visits/${visitId}/judgement`, { said: 'person' });
    await app.drain(['notify-visit']);
    expect(await threads()).toMatchObject({ items: [{ isConfirmed: true }], unreadCount: 1 });
  });

  it('goes where the rules come to see a scanner', async () => {
    const { id } = await link();
    const { id: visitId } = await visit(id);
    await tell(visitId);
    await judge(visitId, 'scanner');
    await tell(visitId);
    expect((await threads()).items).toEqual([]);
  });

  it('is one for each visitor, and says when the share link was probably forwarded', async () => {
    const { id } = await link();
    const { id: first } = await visit(id, { network: '198.51.100.0/24' });
    await tell(first);
    const { id: second } = await visit(id, {
      network: '203.0.113.0/24',
      userAgent:
        'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36',
    });
    await tell(second);
    const { items } = await threads();
    expect(items).toHaveLength(2);
    expect(items[0].forwarding).toMatch(/^(low|medium|high)$/);
  });

  it('names what was opened in a room', async () => {
    const asset = await app.make.asset({ title: 'Security' });
    const roomId = newId('room');
    const at = app.ago(0);
    await app.ctx.db
      .insertInto('room')
      .values({
        id: roomId,
        name: 'For Acme',
        createdByUserId: rep.userId ?? '',
        createdAt: at,
        updatedAt: at,
      })
      .execute();
    await app.ctx.db
      .insertInto('roomItem')
      .values({ roomId, assetId: asset.id, position: 1, addedAt: at })
      .execute();
    const { id } = await link();
    const { id: visitId } = await visit(id);
    await app.ctx.db.updateTable('shareLink').set({ assetId: null, roomId }).where('id', '=', id).execute();
    await app.ctx.db
      .updateTable('visitVersion')
      .set({ assetVersionId: asset.versionId })
      .where('visitId', '=', visitId)
      .execute();
    await tell(visitId);
    expect((await threads()).items).toMatchObject([
      { roomId, assetId: null, title: 'For Acme', openedTitles: ['Security'] },
    ]);
  });

  it('of a muted share link goes on without being unread, and only its sender mutes it', async () => {
    const { id, versionId } = await link();
    expect((await colleague.send('PUT', `/share-links/${id}/mute`)).status).toBe(404);
    expect((await rep.send('PUT', `/share-links/${id}/mute`)).status).toBe(204);
    const { id: visitId } = await visit(id);
    await tell(visitId);
    expect(await threads()).toMatchObject({ items: [{ isMuted: true, isRead: true }], unreadCount: 0 });
    const muted = async (member: typeof rep) => (await member.get('/notifications/muted')).body.items;
    expect(await muted(rep)).toMatchObject([{ shareLinkId: id, recipient: { kind: expect.any(String) } }]);
    expect(await muted(colleague)).toEqual([]);
    await rep.send('DELETE', `/share-links/${id}/mute`);
    expect(await muted(rep)).toEqual([]);
    await readPage(visitId, versionId, 2);
    await tell(visitId);
    expect(await threads()).toMatchObject({ items: [{ isMuted: false, isRead: false }], unreadCount: 1 });
  });

  it('of somebody who wants no bell is not unread', async () => {
    await rep.send('PATCH', '/notifications/preferences', { kinds: { reading: { isInApp: false } } });
    const { id: visitId } = await visit((await link()).id);
    await tell(visitId);
    expect(await threads()).toMatchObject({ items: [{ isRead: true }], unreadCount: 0 });
  });

  it('is read by its owner alone, and all at once up to what was seen', async () => {
    const [one, two] = [await link(), await link()];
    await tell((await visit(one.id)).id);
    const [{ id: threadId, toldAt }] = (await threads()).items;
    await colleague.send('POST', `/notifications/${threadId}/read`);
    app.travel(minute);
    await tell((await visit(two.id)).id);
    expect((await threads()).unreadCount).toBe(2);
    await rep.send('POST', '/notifications/read', { until: toldAt });
    const { items, unreadCount } = await threads();
    expect([unreadCount, items.map(({ isRead }: { isRead: boolean }) => isRead)]).toEqual([1, [false, true]]);
    await rep.send('DELETE', `/notifications/${threadId}/read`);
    expect((await threads()).unreadCount).toBe(2);
  });

  it('stands on a page of its own where there are many, and a made-up cursor is refused', async () => {
    for (let count = 0; count < 3; count += 1) await tell((await visit((await link()).id)).id);
    const { body: first } = await rep.get('/notifications?limit=2');
    const { body: rest } = await rep.get(`/notifications?limit=2&cursor=${first.nextCursor}`);
    expect([first.items.length, rest.items.length, rest.nextCursor]).toEqual([2, 1, null]);
    expect((await rep.get('/notifications?cursor=abc')).status).toBe(400);
  });

  it('is forgotten after the days that were decided', async () => {
    const { id } = await link();
    await tell((await visit(id)).id);
    await rep.get('/notifications');
    app.travel(91 * day);
    const late = await app.clientOf({ id: rep.userId ?? '' });
    await app.ctx.db
      .updateTable('session')
      .set({ expiresAt: app.ago(-day) })
      .execute();
    expect((await threads(late)).items).toHaveLength(1);
    await sql`select graphile_worker.add_job('sweep-notifications', '{}')`.execute(app.ctx.db);
    await app.drain(['sweep-notifications']);
    expect((await threads(late)).items).toEqual([]);
    const { sweptAt } = await app.ctx.db
      .selectFrom('retentionSweep')
      .select('sweptAt')
      .where('kind', '=', 'notifications')
      .executeTakeFirstOrThrow();
    expect(sweptAt.getTime()).toBeGreaterThan(app.ago(minute).getTime());
  });
});
