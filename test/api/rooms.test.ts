import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newId } from '../../server/src/http/ids.ts';
import { startTestApp, type TestApp, type TestClient, type TestResponse } from '../support/app.ts';

let app: TestApp;
let rep: TestClient;
let stranger: TestClient;
let marketing: TestClient;

beforeAll(async () => {
  app = await startTestApp();
  rep = await app.client('rep');
  stranger = await app.client('rep');
  marketing = await app.client('marketing');
});
afterAll(() => app.close());

interface Item {
  asset: { id: string; title: string };
  note: string;
}

const idsIn = ({ items }: { items: Item[] }) => items.map(({ asset }) => asset.id);

async function makeRoom(assetIds: string[], client = rep, name?: string) {
  const { status, body } = await client.send('POST', '/rooms', { source: { assetIds }, name });
  expect(status, JSON.stringify(body)).toBe(201);
  return { id: body.room.id as string, path: `/rooms/${body.room.id}`, body };
}

async function makeAssets(count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let made = 0; made < count; made += 1) ids.push((await app.make.asset()).id);
  return ids;
}

async function read(path: string, client = rep) {
  const { status, body } = await client.get(path);
  expect(status, JSON.stringify(body)).toBe(200);
  return body;
}

describe('a room', () => {
  it('is a copy of a collection with its notes: tidying the collection changes nothing in it', async () => {
    const [first = '', second = ''] = await makeAssets(2);
    const collection = (
      await rep.send('POST', '/collections', { name: 'CFO at a bank', assetIds: [first, second] })
    ).body;
    const path = `/collections/${collection.id}`;
    await rep.send('PATCH', `${path}/items/${second}`, { note: 'Because you asked about prices.' });
    const made = await rep.send('POST', '/rooms', { source: { collectionId: collection.id } });
    expect(made.status).toBe(201);
    expect(made.body.leftOut).toEqual([]);
    expect(made.body.room).toMatchObject({
      name: 'CFO at a bank',
      collection: { id: collection.id, name: 'CFO at a bank' },
      itemCount: 2,
      nextStep: null,
      isOwn: true,
    });
    await rep.send('DELETE', `${path}/items/${first}`);
    await rep.send('PATCH', `${path}/items/${second}`, { note: 'Something else.' });
    const room = await read(`/rooms/${made.body.room.id}`);
    expect(idsIn(room)).toEqual([first, second]);
    expect(room.items[1].note).toBe('Because you asked about prices.');
    const { items } = (
      await rep.send('POST', '/share-links', { target: { roomId: room.id }, recipients: [{ name: 'Jane' }] })
    ).body;
    expect((await rep.send('DELETE', path)).status).toBe(204);
    const orphan = await read(`/rooms/${room.id}`);
    expect(orphan.collection).toBeNull();
    expect(idsIn(orphan)).toEqual([first, second]);
    const page = await fetch(new URL(new URL(items[0].url).pathname, app.url));
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('CFO at a bank')]);
  });

  it('leaves out what may not be shared and says what and why, and reps hear nothing of drafts', async () => {
    const fine = await app.make.asset();
    const internal = await app.make.asset({ title: 'Battle card', audience: 'internal' });
    const draft = await app.make.asset({ title: 'New deck', status: 'draft' });
    const assetIds = [fine.id, internal.id, draft.id];
    const collection = (await marketing.send('POST', '/collections', { name: 'Mixed', assetIds })).body;
    const source = { collectionId: collection.id };
    const byMarketing = await marketing.send('POST', '/rooms', { source });
    expect(idsIn(byMarketing.body.room)).toEqual([fine.id]);
    expect(byMarketing.body.leftOut).toEqual([
      { assetId: internal.id, title: 'Battle card', reason: 'internal' },
      { assetId: draft.id, title: 'New deck', reason: 'draft' },
    ]);
    const byRep = await rep.send('POST', '/rooms', { source });
    expect(byRep.body.leftOut).toEqual([{ assetId: internal.id, title: 'Battle card', reason: 'internal' }]);
  });

  it('is refused where nothing of it may be shared, and where an asset is unknown or foreign', async () => {
    const internal = await app.make.asset({ audience: 'internal' });
    const draft = await app.make.asset({ status: 'draft' });
    const post = (source: unknown) => rep.send('POST', '/rooms', { source });
    expect((await post({ assetIds: [internal.id] })).body.code).toBe('forbidden');
    expect((await post({ assetIds: [draft.id] })).body.code).toBe('not_found');
    expect((await post({ assetIds: [newId('ast')] })).body.code).toBe('not_found');
    expect((await post({ assetIds: [] })).body.code).toBe('invalid_request');
    expect((await post({ collectionId: newId('col') })).body.code).toBe('not_found');
    expect((await post({ collectionId: internal.id })).body.code).toBe('invalid_request');
  });

  it('is seen and changed by its maker and by curators, and is nothing to anybody else', async () => {
    const [assetId = ''] = await makeAssets(1);
    const { id, path } = await makeRoom([assetId]);
    expect((await stranger.get(path)).body.code).toBe('not_found');
    expect((await stranger.send('PATCH', path, { name: 'Mine' })).body.code).toBe('not_found');
    expect((await stranger.send('DELETE', `${path}/items/${assetId}`)).body.code).toBe('not_found');
    const listed = (response: TestResponse) => response.body.items.map((room: { id: string }) => room.id);
    expect(listed(await stranger.get('/rooms?part=all'))).not.toContain(id);
    expect(listed(await marketing.get('/rooms'))).not.toContain(id);
    expect(listed(await marketing.get('/rooms?part=all'))).toContain(id);
    const changed = await marketing.send('PATCH', path, { name: 'For Northwind' });
    expect(changed.body).toMatchObject({ name: 'For Northwind', isOwn: false });
    expect(listed(await rep.get('/rooms'))).toContain(id);
  });

  it('goes on with the colleague to whom a share link of it was handed over', async () => {
    const { id, path } = await makeRoom(await makeAssets(1));
    expect((await stranger.get(path)).status).toBe(404);
    await app.make.shareLink({ roomId: id, assetId: null, createdByUserId: stranger.userId ?? '' });
    expect((await stranger.get(path)).status).toBe(200);
    expect((await stranger.get('/rooms')).body.items.map((room: { id: string }) => room.id)).toContain(id);
  });

  it('has one next step, a link or a date, and no link that is not https', async () => {
    const { path } = await makeRoom(await makeAssets(1));
    const step = (nextStep: unknown) => rep.send('PATCH', path, { nextStep });
    const url = 'https://cal.example.com/ann?with=you';
    expect((await step({ label: 'Book a call', url })).body.nextStep).toEqual({
      label: 'Book a call',
      url,
      at: null,
    });
    const at = '2031-12-03T14:00:00.000Z';
    expect((await step({ label: 'Pricing call', at })).body.nextStep).toEqual({
      label: 'Pricing call',
      url: null,
      at,
    });
    for (const bad of [
      'javascript:alert(1)',
      'JaVaScRiPt://example.com/%0aalert(1)',
      'http://example.com',
      'data:text/html,hi',
      '//example.com',
      'https://',
      'https:///x',
      'https://ann:secret@example.com/',
      'https://example.com@evil.example/',
      `https://example.com/${'x'.repeat(2000)}`,
    ]) {
      const { status, body } = await step({ label: 'Go', url: bad });
      expect(status, bad).toBe(400);
      expect(body.code).toBe('invalid_request');
    }
    expect((await step({ label: '', url })).status).toBe(400);
    expect((await step({ label: 'Both', url, at })).status).toBe(400);
    expect((await read(path)).nextStep.label).toBe('Pricing call');
    expect((await step(null)).body.nextStep).toBeNull();
  });

  it('keeps what other people wrote when two change it at once', async () => {
    const [a = '', b = '', c = '', d = ''] = await makeAssets(4);
    const { path } = await makeRoom([a, b]);
    const answers = await Promise.all([
      rep.send('PATCH', path, { name: 'Renamed' }),
      rep.send('PUT', `${path}/items/${c}`, {}),
      marketing.send('PUT', `${path}/items/${d}`, { note: 'Theirs.' }),
      marketing.send('PATCH', `${path}/items/${a}`, { note: 'Why.' }),
      rep.send('PUT', `${path}/order`, { assetIds: [b, a] }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([200, 204, 204, 204, 204]);
    const room = await read(path);
    expect(room.name).toBe('Renamed');
    expect(idsIn(room).toSorted()).toEqual([a, b, c, d].toSorted());
    expect(idsIn(room).indexOf(b)).toBeLessThan(idsIn(room).indexOf(a));
    expect(room.items.find(({ asset }: Item) => asset.id === a).note).toBe('Why.');
  });
});

describe('what is in a room', () => {
  let path: string;
  let assetIds: string[];

  beforeEach(async () => {
    assetIds = await makeAssets(3);
    ({ path } = await makeRoom(assetIds));
  });

  it('is added at a place, noted, ordered and taken out', async () => {
    const [a = '', b = '', c = ''] = assetIds;
    const [added = ''] = await makeAssets(1);
    expect((await rep.send('PUT', `${path}/items/${added}`, { note: 'New.', place: 1 })).status).toBe(204);
    expect(idsIn(await read(path))).toEqual([a, added, b, c]);
    await rep.send('PUT', `${path}/items/${added}`, { note: 'Again.', place: 0 });
    expect((await read(path)).items[1].note).toBe('New.');
    await rep.send('PUT', `${path}/order`, { assetIds: [c, added, a] });
    expect(idsIn(await read(path))).toEqual([c, added, b, a]);
    await rep.send('DELETE', `${path}/items/${b}`);
    await rep.send('DELETE', `${path}/items/${b}`);
    expect(idsIn(await read(path))).toEqual([c, added, a]);
    const noted = await rep.send('PATCH', `${path}/items/${b}`, { note: 'Too late.' });
    expect(noted.body.code).toBe('not_found');
    const twice = await rep.send('PUT', `${path}/order`, { assetIds: [a, a] });
    expect(twice.body.code).toBe('invalid_request');
  });

  it('comes back as it was when it was taken out by mistake, and as new later', async () => {
    const [, b = ''] = assetIds;
    await rep.send('PATCH', `${path}/items/${b}`, { note: 'Why.' });
    const before = (await read(path)).items[1];
    await rep.send('DELETE', `${path}/items/${b}`);
    await rep.send('PUT', `${path}/items/${b}`, { place: 1 });
    const after = (await read(path)).items[1];
    expect(after).toMatchObject({ note: 'Why.', addedAt: before.addedAt });
    await rep.send('DELETE', `${path}/items/${b}`);
    app.travel(86_400_000);
    await rep.send('PUT', `${path}/items/${b}`, { note: 'Once more.' });
    const last = (await read(path)).items[2];
    expect(last).toMatchObject({ asset: { id: b }, note: 'Once more.' });
    expect(Date.parse(last.addedAt)).toBeGreaterThan(Date.parse(before.addedAt));
  });

  it('refuses what may not leave the company, with the way out', async () => {
    const internal = await app.make.asset({ audience: 'internal' });
    const archived = await app.make.asset({ status: 'archived' });
    const add = (client: TestClient, assetId: string) => client.send('PUT', `${path}/items/${assetId}`, {});
    const refused = await add(rep, internal.id);
    expect(refused.body).toMatchObject({ code: 'forbidden' });
    expect(refused.body.detail).toContain('internal only');
    expect((await add(rep, archived.id)).body.code).toBe('not_found');
    expect((await add(marketing, archived.id)).body.code).toBe('forbidden');
    expect((await add(rep, newId('ast'))).body.code).toBe('not_found');
    expect(idsIn(await read(path))).toEqual(assetIds);
  });

  it('can keep the version that is current now', async () => {
    const [a = ''] = assetIds;
    await rep.send('PATCH', `${path}/items/${a}`, { isPinned: true });
    const { db } = app.ctx;
    const id = newId('ver');
    const row = { id, assetId: a, number: 2, url: 'https://customer.example', mediaType: 'text/uri-list' };
    await db
      .insertInto('assetVersion')
      .values({ ...row, createdAt: app.ctx.clock() })
      .execute();
    await db.updateTable('asset').set({ currentVersionId: id }).where('id', '=', a).execute();
    expect((await read(path)).items[0].pinnedVersion).toEqual({ number: 1, currentNumber: 2 });
    await rep.send('PATCH', `${path}/items/${a}`, { isPinned: false });
    expect((await read(path)).items[0].pinnedVersion).toBeNull();
  });

  it('keeps an asset from being deleted', async () => {
    const [a = ''] = assetIds;
    expect((await marketing.send('DELETE', `/assets/${a}`)).body.code).toBe('conflict');
  });

  it('counts what people read of it, by whom, and leaves out scanners', async () => {
    const [a = '', b = ''] = assetIds;
    const { id } = await read(path);
    const asset = await app.ctx.db
      .selectFrom('asset')
      .selectAll()
      .where('id', '=', a)
      .executeTakeFirstOrThrow();
    await app.make.rendition({ assetVersionId: asset.currentVersionId ?? '', pages: [40, 40] });
    const jane = await app.make.recipient({ name: 'Jane Doe' });
    const share = () =>
      app.make.shareLink({
        roomId: id,
        assetId: null,
        recipientId: jane.id,
        createdByUserId: rep.userId ?? '',
      });
    const link = await share();
    const visits: [string, string, number[]][] = [
      ['human-likely', a, [30_000, 200]],
      ['human-confirmed', a, [10_000]],
      ['scanner', b, [90_000]],
    ];
    for (const [judgedAs, assetId, pages] of visits) await addVisit(link.id, assetId, judgedAs, pages);
    const undone = await share();
    await addVisit(undone.id, b, 'human-likely', [50_000]);
    await app.ctx.db
      .updateTable('shareLink')
      .set({ undoneAt: app.ctx.clock() })
      .where('id', '=', undone.id)
      .execute();
    const room = await read(path);
    expect(room.items[0]).toMatchObject({ openedByCount: 1, readByCount: 1, medianActiveMs: 40_200 });
    expect(room.items[0].expectedMs).toBe(Math.round((80 / 238) * 60_000));
    expect(room.items[1]).toMatchObject({ openedByCount: 0, readByCount: 0, medianActiveMs: null });
    expect(room.holders).toMatchObject([
      {
        shareLinkId: link.id,
        recipientName: 'Jane Doe',
        state: 'active',
        openedItemCount: 1,
        readItemCount: 1,
        activeMs: 40_200,
      },
    ]);
    expect(room).toMatchObject({ holderCount: 1, openedByCount: 1 });
  });
});

async function addVisit(shareLinkId: string, assetId: string, judgedAs: string, pages: number[]) {
  const { db } = app.ctx;
  const now = app.ctx.clock();
  const { currentVersionId } = await db
    .selectFrom('asset')
    .select('currentVersionId')
    .where('id', '=', assetId)
    .executeTakeFirstOrThrow();
  const assetVersionId = currentVersionId ?? '';
  const [visitorId, visitId] = [newId('vis'), newId('vis')];
  await db
    .insertInto('visitor')
    .values({ id: visitorId, keyKind: 'visit', keyHash: visitorId, createdAt: now })
    .execute();
  const times = { startedAt: now, lastActiveAt: new Date(now.getTime() + 120_000) };
  await db
    .insertInto('visit')
    .values({ id: visitId, shareLinkId, visitorId, ...times })
    .execute();
  await db.insertInto('visitVersion').values({ visitId, assetVersionId, openedAt: now }).execute();
  for (const [index, activeMs] of pages.entries())
    await db
      .insertInto('pageView')
      .values({
        visitId,
        visitStartedAt: now,
        tabKey: 'tab00001',
        assetVersionId,
        pageNumber: index + 1,
        activeMs,
        firstSeenAt: now,
        updatedAt: now,
      })
      .execute();
  await db
    .insertInto('judgement')
    .values({ visitId, class: judgedAs, probability: 0.9, reasons: [], ruleVersion: 1, judgedAt: now })
    .execute();
}
