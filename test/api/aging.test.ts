import { afterAll, beforeAll, expect, it } from 'vitest';
import { findFalls } from '../../server/src/aging/falls.ts';
import { countNow } from '../../server/src/rollups/service.ts';
import { startTestApp, type TestApp, type TestClient } from '../support/app.ts';

const day = 86_400_000;

let app: TestApp;
let marketing: TestClient;
let rita: TestClient;

beforeAll(async () => {
  app = await startTestApp();
  marketing = await app.client('marketing');
  rita = await app.clientOf(await app.make.user({ name: 'Rita' }));
});
afterAll(() => app.close());

const dayOf = (moment: Date) => moment.toISOString().slice(0, 10);

async function readAging(query = '') {
  await countNow(app.ctx);
  const { status, body } = await marketing.get(`/report/aging${query}`);
  expect(status).toBe(200);
  return body;
}

/** Share links on each of these days before today, of which as many are read on the next day as are asked for. */
async function share(assetId: string, daysAgo: number, count: number, readCount: number) {
  const links = [];
  for (let number = 0; number < count; number += 1) {
    const link = await app.make.shareLink({
      assetId,
      createdByUserId: rita.userId ?? '',
      createdAt: app.ago(daysAgo * day),
    });
    links.push(link);
    if (number < readCount)
      await app.make.visit({ shareLinkId: link.id, startedAt: app.ago((daysAgo - 1) * day) });
  }
  return links;
}

it('says that nothing goes off where nothing does', async () => {
  const body = await readAging();
  expect(body.says).toBe(
    'Nothing that is in use is going off, as far as it is counted: falling reads were not looked for yet.',
  );
  expect(body.falling).toMatchObject({ count: 0, countedAt: null });
  await findFalls(app.ctx);
  expect((await readAging()).says).toBe('Nothing that is in use is going off.');
});

it('finds the week since which fewer share links of an asset are read', async () => {
  const owner = await app.make.user({ name: 'Olga', role: 'marketing' });
  const [falling, steady] = [
    await app.make.asset({ title: 'Falling', ownerUserId: owner.id }),
    await app.make.asset({ title: 'Steady', ownerUserId: owner.id }),
  ];
  for (const week of [16, 15, 14, 13]) await share(falling.id, week * 7, 8, 7);
  for (const week of [7, 6, 5, 4]) await share(falling.id, week * 7, 7, 1);
  for (const week of [15, 14, 13, 7, 6, 5]) await share(steady.id, week * 7, 7, 4);
  // Too young to be counted: who reads late may still read it.
  await share(falling.id, 3, 5, 0);
  await countNow(app.ctx);
  await app.ctx.db.deleteFrom('assetFall').execute();
  await runFalls();
  const { falling: found, says } = await readAging();
  expect(found).toMatchObject({ count: 1, testedCount: 2 });
  expect(found.items[0]).toMatchObject({
    title: 'Falling',
    ownerName: 'Olga',
    before: { sharedCount: 32, readCount: 28 },
    after: { sharedCount: 28, readCount: 4 },
  });
  expect(found.items[0].weeks).toHaveLength(8);
  expect(says).toContain('1 asset is read less per share than before');
});

async function runFalls() {
  const { enqueue } = await import('../../server/src/jobs/catalog.ts');
  await enqueue(app.ctx.db, 'find-falls', {});
  await app.drain(['find-falls']);
}

it('names what is used though its review is overdue or its owner is gone', async () => {
  const gone = await app.make.user({ name: 'Gone', role: 'marketing', deactivatedAt: app.ago(day) });
  const overdue = await app.make.asset({ title: 'Overdue', reviewOn: dayOf(app.ago(10 * day)) });
  const orphan = await app.make.asset({ title: 'Orphan', ownerUserId: gone.id });
  const idle = await app.make.asset({ title: 'Idle', ownerUserId: gone.id });
  for (const ago of [30, 28, 26, 24, 22, 20]) await share(overdue.id, ago, 1, 0);
  for (const ago of [30, 28, 26, 24, 22]) await share(orphan.id, ago, 1, 1);
  await share(idle.id, 30, 6, 0);
  const { hotStale } = await readAging();
  const titles = hotStale.items.map(({ title }: { title: string }) => title);
  expect(titles).toContain('Overdue');
  expect(titles).toContain('Orphan');
  expect(titles).not.toContain('Idle');
  expect(hotStale.items.find(({ title }: { title: string }) => title === 'Orphan')).toMatchObject({
    usedDays: 10,
    readDays: 5,
    hasOwner: false,
    ownerName: null,
  });
});

it('names reviews and share links that end soon while people read', async () => {
  const due = await app.make.asset({ title: 'Due', reviewOn: dayOf(app.ago(-10 * day)) });
  await share(due.id, 5, 1, 1);
  const ending = await app.make.asset({ title: 'Ending' });
  const link = await app.make.shareLink({ assetId: ending.id, expiresAt: app.ago(-5 * day) });
  await app.make.visit({ shareLinkId: link.id });
  await app.make.shareLink({ assetId: ending.id, expiresAt: app.ago(-5 * day) });
  const { expiring } = await readAging();
  expect(expiring.items).toEqual([
    expect.objectContaining({ title: 'Ending', link: expect.objectContaining({ shareLinkId: link.id }) }),
    expect.objectContaining({ title: 'Due', link: null, readDays: 1 }),
  ]);
});

it('says who holds an old version, by a pinned link or by what they read last', async () => {
  const asset = await app.make.asset({ title: 'Renewed' });
  const pinned = await app.make.shareLink({ assetId: asset.id, pinnedVersionId: asset.versionId });
  const reader = await app.make.shareLink({ assetId: asset.id });
  const uptodate = await app.make.shareLink({ assetId: asset.id });
  const revoked = await app.make.shareLink({
    assetId: asset.id,
    pinnedVersionId: asset.versionId,
    revokedAt: app.ctx.clock(),
  });
  for (const link of [reader, uptodate])
    await app.make.visit({ shareLinkId: link.id, startedAt: app.ago(20 * day) });
  await addVersion(asset.id);
  await app.make.visit({ shareLinkId: uptodate.id, startedAt: app.ago(day) });
  const { held } = await readAging();
  const found = held.items.filter(({ title }: { title: string }) => title === 'Renewed');
  expect(found.map(({ shareLinkId }: { shareLinkId: string }) => shareLinkId)).toEqual([
    reader.id,
    pinned.id,
  ]);
  expect(found[1]).toMatchObject({ isPinned: true, heldNumber: 1, currentNumber: 2, lastReadAt: null });
  expect(JSON.stringify(held)).not.toContain(revoked.id);
});

async function addVersion(assetId: string) {
  const versionId = `ver_${Math.random().toString(36).slice(2, 14).padEnd(12, '0')}`;
  await app.ctx.db
    .insertInto('assetVersion')
    .values({ id: versionId, assetId, number: 2, url: 'https://example.com/2', mediaType: 'text/uri-list' })
    .execute();
  await app.ctx.db
    .updateTable('asset')
    .set({ currentVersionId: versionId })
    .where('id', '=', assetId)
    .execute();
}

it('keeps a flag until the owner answers it, and tells whoever raised it', async () => {
  const owner = await app.clientOf(await app.make.user({ name: 'Otto', role: 'rep' }));
  const asset = await app.make.asset({ title: 'Flagged', ownerUserId: owner.userId ?? '' });
  const flag = (reason: 'wrong' | 'off_topic', ago: number) =>
    app.make.search({
      userId: rita.userId ?? '',
      assetIds: [asset.id],
      actions: [{ kind: 'dismissed', reason, note: 'The price is old.', actedAt: app.ago(ago) }],
    });
  await flag('off_topic', 3 * day);
  expect((await readAging()).flagged.count).toBe(0);
  await flag('wrong', 2 * day);
  const { flagged } = await readAging();
  expect(flagged.items).toEqual([
    expect.objectContaining({
      title: 'Flagged',
      userCount: 1,
      flags: [expect.objectContaining({ userName: 'Rita', reason: 'wrong', note: 'The price is old.' })],
    }),
  ]);
  const path = `/assets/${asset.id}/flag-answers`;
  const body = { kind: 'fixed', sentence: 'The price is of this year now.' };
  expect((await rita.send('POST', path, body)).status).toBe(403);
  const answer = await owner.send('POST', path, body);
  expect(answer.status).toBe(201);
  expect((await readAging()).flagged.count).toBe(0);
  expect((await rita.get(path)).body.items).toEqual([
    expect.objectContaining({ sentence: body.sentence, answeredByName: 'Otto', isForMe: true }),
  ]);
  expect((await owner.send('DELETE', `/flag-answers/${answer.body.id}`)).status).toBe(204);
  expect((await readAging()).flagged.count).toBe(1);
});

it('follows the assets that were chosen', async () => {
  const persona = await app.make.term();
  const all = await readAging();
  const some = await readAging(`?persona=${persona.id}`);
  expect(all.hotStale.count).toBeGreaterThan(0);
  expect(some.hotStale.count + some.held.count + some.flagged.count + some.falling.count).toBe(0);
});

it('is for marketing and managers', async () => {
  expect((await rita.get('/report/aging')).status).toBe(403);
});
