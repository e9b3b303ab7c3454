import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp, type TestClient } from '../support/app.ts';
import { beat, get, livelySignals, open, type Prospect, prospect, sendForm } from '../support/prospect.ts';
import { makeRoom } from '../support/room.ts';
import { makeReading, queueNotifyVisit, runWaiting } from '../support/told.ts';

const second = 1_000;
const minute = 60 * second;

let app: TestApp;
let rep: TestClient;

beforeAll(async () => {
  app = await startTestApp({ TRUST_PROXY: '1' });
});
afterAll(() => app.close());
beforeEach(async () => {
  rep = await app.client('rep');
});

const told = async () => (await rep.get('/notifications')).body;

/** What the worker does all the time, asked until it has had this effect. */
function afterWork<T>(look: () => Promise<T>) {
  return expect.poll(
    async () => {
      await app.drain(['notify-visit', 'notify-question']);
      return look();
    },
    { timeout: 15_000 },
  );
}

async function makeLink() {
  const asset = await app.make.asset({ title: 'Pricing' });
  await app.make.rendition({ assetVersionId: asset.versionId, pages: [50, 50, 50, 50] });
  const recipient = await app.make.recipient({ name: 'Dana Okafor' });
  const { id, token } = await app.make.shareLink({
    assetId: asset.id,
    recipientId: recipient.id,
    createdByUserId: rep.userId ?? '',
    createdAt: new Date(app.ctx.clock().getTime() - 60 * minute),
  });
  return { id, token };
}

/** So many seconds on one page after the other, in real requests. */
async function read(who: Prospect, visitToken: string, seconds: number[]): Promise<void> {
  app.travel((seconds.at(-1) ?? 0) * second);
  const pages = seconds.map((each, index) => ({ page: index + 1, activeMs: each * second }));
  const { status } = await beat(who, visitToken, { pages, hasTrustedInput: true, signals: livelySignals });
  expect(status).toBe(204);
}

describe('a prospect who opens a share link in a browser', () => {
  it('is told of as they read, in one thread that grows with what they do', async () => {
    const { token } = await makeLink();
    const who = await prospect(app);
    const visitToken = await open(who, token);
    await read(who, visitToken, [8]);
    await afterWork(async () => (await told()).items.length).toBe(0);
    await read(who, visitToken, [8, 14]);
    await afterWork(async () => (await told()).items).toMatchObject([
      { news: 'opened', isConfirmed: false, readPageCount: 2, activeMs: 22_000, isRead: false },
    ]);
    const { items, unreadCount } = await told();
    expect(unreadCount).toBe(1);
    await rep.send('POST', `/notifications/${items[0].id}/read`);
    await read(who, visitToken, [8, 14, 30]);
    await afterWork(async () => (await told()).items).toMatchObject([
      { id: items[0].id, news: 'read_more', readPageCount: 3, activeMs: 52_000, isRead: false },
    ]);
  });

  it('is told of after 3 minutes where they read one page and no more', async () => {
    const { id, token } = await makeLink();
    const who = await prospect(app);
    await read(who, await open(who, token), [8]);
    await expect
      .poll(async () => (await rep.get(`/share-links/${id}/timeline`)).body.readerCount.high, {
        timeout: 15_000,
      })
      .toBe(1);
    await afterWork(async () => (await told()).items.length).toBe(0);
    app.travel(3 * minute);
    await runWaiting(app, ['notify-visit']);
    expect((await told()).items).toMatchObject([{ news: 'opened', activeMs: 8_000 }]);
  });

  it('rings nothing by hits alone, however many', async () => {
    const { token } = await makeLink();
    const who = await prospect(app);
    for (let count = 0; count < 5; count += 1) await get(who, `/s/${token}`);
    app.travel(10 * minute);
    await runWaiting(app, ['settle-judgements', 'notify-visit']);
    expect(await told()).toMatchObject({ items: [], unreadCount: 0 });
  });
});

describe('a follow-up', () => {
  it('settles what was told of the recipient, and of one visitor alone where one was meant', async () => {
    const [one, other] = [await makeReading(app, rep.userId ?? ''), await makeReading(app, rep.userId ?? '')];
    for (const { visitId } of [one, other]) await queueNotifyVisit(app, visitId);
    await app.drain(['notify-visit']);
    expect((await told()).unreadCount).toBe(2);
    const path = `/share-links/${one.shareLinkId}/follow-ups`;
    const [item] = (await told()).items.filter(
      ({ shareLinkId }: { shareLinkId: string }) => shareLinkId === one.shareLinkId,
    );
    const { visitorId } = item.reader;
    expect((await rep.send('POST', path, { kind: 'call', note: '', visitorId })).status).toBe(201);
    const after = await told();
    expect([after.unreadCount, after.items.length]).toEqual([1, 2]);
    await rep.send('POST', `/share-links/${other.shareLinkId}/follow-ups`, { kind: 'mail', note: '' });
    expect((await told()).unreadCount).toBe(0);
    await one.readOn(2);
    await queueNotifyVisit(app, one.visitId);
    await app.drain(['notify-visit']);
    expect((await told()).unreadCount).toBe(1);
  });
});

it('the story of a share link says whether it is muted', async () => {
  const { id } = await makeLink();
  const isMuted = async () => (await rep.get(`/share-links/${id}/timeline`)).body.isMuted;
  expect(await isMuted()).toBe(false);
  await rep.send('PUT', `/share-links/${id}/mute`);
  expect(await isMuted()).toBe(true);
});

describe('a question in a room', () => {
  function ask(who: Prospect, token: string, form: Record<string, string>, query = ''): Promise<Response> {
    return sendForm(who, `/s/${token}/questions${query}`, form);
  }

  it('is told to the sender, who is done with it once it is answered', async () => {
    const { token, roomId, path } = await makeRoom(app, rep);
    const who = await prospect(app);
    const visit = await open(who, token);
    await ask(who, token, { question: 'Is SSO <included>?', name: 'Jane Doe', visit });
    await afterWork(async () => (await told()).items).toMatchObject([
      {
        news: 'asked',
        roomId,
        title: 'For Northwind',
        reader: { name: 'Jane Doe', keyKind: 'visit' },
        question: { text: 'Is SSO <included>?', isAnswered: false },
        isRead: false,
      },
    ]);
    const [{ question }] = (await told()).items;
    expect((await rep.get(path)).body.questions[0].id).toBe(question.id);
    await rep.send('PATCH', `/room-questions/${question.id}`, { answer: 'Yes.' });
    await afterWork(async () => (await told()).items).toMatchObject([
      { question: { isAnswered: true }, isRead: true },
    ]);
  });

  it('asked unseen is told without a visitor, and one that is hidden is taken back', async () => {
    const { token } = await makeRoom(app, rep);
    await ask(await prospect(app), token, { question: 'What does it cost?', name: '' }, '?private=1');
    await afterWork(async () => (await told()).items).toMatchObject([
      { news: 'asked', reader: { visitorId: null, keyKind: null, name: null, email: null } },
    ]);
    const [{ question }] = (await told()).items;
    await rep.send('PATCH', `/room-questions/${question.id}`, { isHidden: true });
    await afterWork(told).toMatchObject({ items: [], unreadCount: 0 });
    await rep.send('PATCH', `/room-questions/${question.id}`, { isHidden: false });
    await afterWork(async () => (await told()).items.length).toBe(1);
  });

  it('rings no bell for those who chose so, and goes with the person who asked', async () => {
    await rep.send('PATCH', '/notifications/preferences', { kinds: { question: { isInApp: false } } });
    const { token } = await makeRoom(app, rep);
    await ask(await prospect(app), token, { question: 'Call tom@customer.example', name: '' });
    await afterWork(told).toMatchObject({ items: [{ isRead: true }], unreadCount: 0 });
    const admin = await app.client('admin');
    const erased = await admin.send('POST', '/privacy/erasures', { email: 'tom@customer.example' });
    expect([erased.status, erased.body.proof.left]).toEqual([201, []]);
    expect((await told()).items).toEqual([]);
  });
});
