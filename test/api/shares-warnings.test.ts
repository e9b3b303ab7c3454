import { afterAll, beforeAll, expect, it } from 'vitest';
import { newId } from '../../server/src/http/ids.ts';
import { startTestApp, type TestApp, type TestClient } from '../support/app.ts';

let app: TestApp;
let rep: TestClient;
let colleague: TestClient;
let colleagueName: string;

beforeAll(async () => {
  app = await startTestApp();
  rep = await app.client('rep');
  const user = await app.make.user({ role: 'rep', name: 'Cora Colleague' });
  colleague = await app.clientOf(user);
  colleagueName = user.name;
});
afterAll(() => app.close());

const jane = { name: 'Jane Doe', email: 'jane@customer.example', accountName: 'Northwind' };
const dayMs = 86_400_000;

async function check(assetId: string, recipients: object[], client = rep) {
  const { status, body } = await client.send('POST', '/share-links/check', {
    target: { assetId },
    recipients,
  });
  expect(status, JSON.stringify(body)).toBe(200);
  return body.items;
}

async function share(assetId: string, recipient: object, client = colleague, body: object = {}) {
  return (await client.send('POST', `/assets/${assetId}/share-links`, { recipient, ...body })).body.shareLink
    .id;
}

it('nothing is said where there is nothing to say', async () => {
  const asset = await app.make.asset();
  expect(await check(asset.id, [])).toEqual([]);
  expect(await check(asset.id, [jane, { kind: 'channel', name: 'Newsletter' }])).toEqual([]);
  const { id } = await app.make.asset();
  await share(id, jane);
  expect(await check(asset.id, [jane])).toEqual([]);
});

it('a colleague who sent it to this person is named, with what was read', async () => {
  const asset = await app.make.asset();
  await app.make.rendition({ assetVersionId: asset.versionId, pages: [40, 40, 40] });
  const shareLinkId = await share(asset.id, jane);
  expect(await check(asset.id, [{ name: 'J. D.', email: 'JANE@customer.example' }])).toMatchObject([
    {
      kind: 'sent_before',
      scope: 'person',
      recipientName: 'Jane Doe',
      byName: colleagueName,
      isOwn: false,
      readPageCount: null,
      lastOpenedAt: null,
    },
  ]);
  // A scanner and our own people are nobody who read it.
  await app.make.visit({ shareLinkId, class: 'scanner', pages: [60_000, 60_000] });
  expect((await check(asset.id, [jane]))[0].readPageCount).toBeNull();
  await app.make.visit({ shareLinkId, pages: [60_000, 500] });
  const [warning] = await check(asset.id, [jane]);
  expect(warning).toMatchObject({ readPageCount: 1, pageCount: 3 });
  expect(Date.now() - Date.parse(warning.lastOpenedAt)).toBeLessThan(60_000);
  expect((await check(asset.id, [jane], colleague))[0].isOwn).toBe(true);
});

it('somebody else at the same account is named as such', async () => {
  const asset = await app.make.asset();
  await share(asset.id, { name: 'Ann', email: 'ann@fabrikam.example', accountName: 'Fabrikam' });
  for (const recipient of [
    { name: 'Bob', email: 'bob@fabrikam.example', accountName: 'fabrikam' },
    { name: 'Bob', accountName: 'Fabrikam' },
    { kind: 'account', name: 'Fabrikam' },
  ])
    expect(await check(asset.id, [recipient])).toMatchObject([
      { kind: 'sent_before', scope: 'account', recipientName: 'Ann', accountName: 'Fabrikam' },
    ]);
  expect(await check(asset.id, [{ name: 'Ann', accountName: 'Contoso' }])).toEqual([]);
  expect(await check(asset.id, [{ name: 'Ann' }])).toEqual([]);
});

it('of several recipients each is looked at, and nothing is said twice', async () => {
  const asset = await app.make.asset();
  await share(asset.id, { name: 'Lea', email: 'lea@tailspin.example', accountName: 'Tailspin' });
  await share(asset.id, { name: 'Max', accountName: 'Adatum' });
  const items = await check(asset.id, [
    { name: 'Lea', email: 'lea@tailspin.example' },
    { name: 'Tom', accountName: 'Tailspin' },
    { name: 'max', accountName: 'Adatum' },
  ]);
  expect(items.map(({ recipientName }: { recipientName: string }) => recipientName).toSorted()).toEqual([
    'Lea',
    'Max',
  ]);
});

it('what was sent in a room counts as well, and what was undone does not', async () => {
  const asset = await app.make.asset();
  const roomId = newId('room');
  const now = app.ctx.clock();
  const { db } = app.ctx;
  await db
    .insertInto('room')
    .values({
      id: roomId,
      name: 'Room',
      createdByUserId: colleague.userId ?? '',
      createdAt: now,
      updatedAt: now,
    })
    .execute();
  await db.insertInto('roomItem').values({ roomId, assetId: asset.id, position: 0, addedAt: now }).execute();
  const recipients = [{ name: 'Uma', email: 'uma@customer.example' }];
  const { body } = await colleague.send('POST', '/share-links', { target: { roomId }, recipients });
  expect(await check(asset.id, recipients)).toMatchObject([{ kind: 'sent_before', recipientName: 'Uma' }]);
  await colleague.send('POST', '/share-links/undo', { shareLinkIds: [body.items[0].shareLink.id] });
  expect(await check(asset.id, recipients)).toEqual([]);
});

it('an older version that somebody there holds is named', async () => {
  const asset = await app.make.asset();
  await share(asset.id, { name: 'Ole', email: 'ole@customer.example' }, colleague, { isPinned: true });
  const recipients = [{ name: 'Ole', email: 'ole@customer.example' }];
  expect(await check(asset.id, recipients)).toMatchObject([{ kind: 'sent_before' }]);
  const id = newId('ver');
  const version = { id, assetId: asset.id, number: 2, url: 'https://example.com/', mediaType: 'text/html' };
  await app.ctx.db.insertInto('assetVersion').values(version).execute();
  await app.ctx.db.updateTable('asset').set({ currentVersionId: id }).where('id', '=', asset.id).execute();
  expect(await check(asset.id, recipients)).toMatchObject([
    { kind: 'sent_before' },
    { kind: 'older_version_held', recipientName: 'Ole', number: 1, currentNumber: 2 },
  ]);
});

it('an asset that should not leave, is about to go stale or leads nowhere says so', async () => {
  const day = (days: number) => new Date(app.ctx.clock().getTime() + days * dayMs).toISOString().slice(0, 10);
  const internal = await app.make.asset({ audience: 'internal', title: 'Battle card' });
  expect(await check(internal.id, [])).toEqual([{ kind: 'internal_only', title: 'Battle card' }]);
  for (const [days, expected] of [
    [-3, [{ kind: 'review_due', isPast: true }]],
    [5, [{ kind: 'review_due', isPast: false }]],
    [40, []],
  ] as const) {
    const asset = await app.make.asset({ reviewOn: day(days) });
    expect(await check(asset.id, [])).toMatchObject(expected);
  }
  const page = await app.make.asset({ title: 'Status page' });
  await app.ctx.db
    .insertInto('webPage')
    .values({
      assetVersionId: page.versionId,
      fault: 'The page is gone.',
      failedSince: app.ctx.clock(),
      checkedAt: app.ctx.clock(),
    })
    .execute();
  expect(await check(page.id, [])).toMatchObject([{ kind: 'dead_web_link', reason: 'The page is gone.' }]);
});

it('an archived asset is named to marketing, and marked on the share links that lead to it', async () => {
  const asset = await app.make.asset();
  await share(asset.id, jane, rep);
  await app.ctx.db.updateTable('asset').set({ status: 'archived' }).where('id', '=', asset.id).execute();
  const marketing = await app.client('marketing');
  expect(await check(asset.id, [], marketing)).toMatchObject([{ kind: 'not_published', status: 'archived' }]);
  expect(await check(asset.id, [])).toEqual([]);
  expect((await rep.get(`/share-links?assetId=${asset.id}`)).body.items).toMatchObject([
    { assetStatus: 'archived', state: 'active' },
  ]);
});

it('what is asked wrongly is refused', async () => {
  const asset = await app.make.asset();
  for (const body of [
    {},
    { target: { assetId: asset.id } },
    { target: { assetId: asset.id }, recipients: [{ name: 'Jane', email: 'jane' }] },
    { target: { assetId: 'nothing' }, recipients: [] },
  ])
    expect((await rep.send('POST', '/share-links/check', body)).status).toBe(400);
  const anonymous = await app.client('anonymous');
  expect((await anonymous.send('POST', '/share-links/check', {})).status).toBe(401);
});
