import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { rebuildNow } from '../../server/src/rollups/rebuild.ts';
import { countNow, countUnlessBusy, readFreshness } from '../../server/src/rollups/service.ts';
import { verifyRollups } from '../../server/src/rollups/verify.ts';
import { openMonths } from '../../server/src/tracking/months.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { readRaw, recount } from '../support/recount.ts';

const day = 86_400_000;
const noFaults = { readings: [], months: [], moves: [] };

let app: TestApp;

beforeEach(async () => {
  app = await startTestApp();
});
afterEach(() => app.close());

const readings = () => app.ctx.db.selectFrom('reading').selectAll().orderBy('visitId').execute();
const months = () =>
  app.ctx.db
    .selectFrom('assetMonth')
    .selectAll()
    .orderBy('assetId')
    .orderBy('month')
    .orderBy('buyerSliceId')
    .execute();

async function judge(visitId: string, judgedAs: string, judgedByUserId: string | null = null) {
  await app.ctx.db
    .insertInto('judgement')
    .values({
      visitId,
      class: judgedAs,
      probability: 0.5,
      reasons: sql`'[]'`,
      ruleVersion: 1,
      judgedAt: app.ctx.clock(),
      judgedByUserId,
    })
    .execute();
}

/** Waits until somebody waits for a lock, and then does the rest. */
async function untilBlocked(): Promise<void> {
  await expect
    .poll(
      async () =>
        (
          await sql`select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`.execute(
            app.ctx.db,
          )
        ).rows.length,
      { timeout: 15_000 },
    )
    .toBeGreaterThan(0);
}

test('a visit becomes a reading with its pages, and its days a month of everybody and of its buyers', async () => {
  const account = await app.make.account({ industry: 'Insurance' });
  const asset = await app.make.asset();
  await app.make.rendition({ assetVersionId: asset.versionId, pages: [238, 0, 238] });
  const recipient = await app.make.recipient({ accountId: account.id });
  const link = await app.make.shareLink({
    assetId: asset.id,
    recipientId: recipient.id,
    createdAt: new Date('2026-03-04T10:00:00Z'),
  });
  const visit = await app.make.visit({
    shareLinkId: link.id,
    startedAt: new Date('2026-03-05T10:00:00Z'),
    pages: [9_000, 2_999],
  });
  await countNow(app.ctx);
  expect(await readings()).toMatchObject([
    {
      visitId: visit.id,
      readerKey: recipient.id,
      accountId: account.id,
      day: '2026-03-05',
      isHuman: true,
      pageCount: 3,
      pageMs: [9_000, 2_999, 0],
      readPages: [1],
      activeMs: 11_999,
      furthestPage: 2,
    },
  ]);
  const counted = {
    month: '2026-03-01',
    sharedDays: 0b1000,
    sharedCount: 1,
    reachedDays: 0b10000,
    readDays: 0b10000,
    readCount: 1,
  };
  expect(await months()).toMatchObject([
    { ...counted, buyerSliceId: 0 },
    { ...counted, buyerSliceId: expect.any(Number) },
  ]);
  expect((await readFreshness(app.ctx.db)).waitingCount).toBe(0);
});

test('a judgement that comes late or is taken back flows into what was counted', async () => {
  const { id } = await app.make.user();
  const visit = await app.make.visit({ class: 'scanner' });
  await countNow(app.ctx);
  const reached = async () => (await months()).map(({ reachedCount }) => reachedCount);
  expect(await reached()).toEqual([0]);
  await judge(visit.id, 'human-confirmed', id);
  await countNow(app.ctx);
  expect(await reached()).toEqual([1]);
  // The rules say something else, and a person's word counts.
  await judge(visit.id, 'bot');
  await countNow(app.ctx);
  expect(await reached()).toEqual([1]);
  await app.ctx.db
    .updateTable('judgement')
    .set({ undoneAt: app.ctx.clock() })
    .where('judgedByUserId', '=', id)
    .execute();
  expect((await readFreshness(app.ctx.db)).waitingCount).toBeGreaterThan(0);
  await countNow(app.ctx);
  expect(await reached()).toEqual([0]);
  expect((await readings())[0]?.class).toBe('bot');
});

test('whoever comes while somebody counts leaves it to them, and two who wait count nothing twice', async () => {
  for (const _ of [1, 2, 3]) await app.make.visit();
  const { db } = app.ctx;
  const counting = await db.transaction().execute(async (trx) => {
    await sql`lock table asset_move in access exclusive mode`.execute(trx);
    const first = countNow(app.ctx);
    await untilBlocked();
    const before = await readFreshness(db);
    await countUnlessBusy(app.ctx, AbortSignal.timeout(10_000));
    expect(await readFreshness(db)).toEqual(before);
    expect(before.waitingCount).toBeGreaterThan(0);
    return { first, second: countNow(app.ctx) };
  });
  await Promise.all([counting.first, counting.second]);
  expect(await readings()).toHaveLength(3);
  expect(await verifyRollups(app.ctx)).toEqual(noFaults);
});

test('killed in the middle of counting, nothing is lost and nothing is counted twice', async () => {
  for (const _ of [1, 2, 3]) await app.make.visit();
  const { db } = app.ctx;
  const { waitingCount } = await readFreshness(db);
  await db.transaction().execute(async (trx) => {
    await sql`lock table asset_move in access exclusive mode`.execute(trx);
    const child = spawn(
      process.execPath,
      [resolve(import.meta.dirname, '../support/counting-child.ts'), app.databaseUrl],
      { stdio: 'ignore' },
    );
    // It has taken the marks and written readings and months.
    await untilBlocked();
    child.kill('SIGKILL');
    await once(child, 'close');
  });
  await expect
    .poll(async () => (await sql`select from pg_locks where locktype = 'advisory'`.execute(db)).rows.length, {
      timeout: 15_000,
    })
    .toBe(0);
  expect(await readings()).toEqual([]);
  expect((await readFreshness(db)).waitingCount).toBe(waitingCount);
  await countNow(app.ctx);
  expect(await readings()).toHaveLength(3);
  expect((await months()).map(({ sharedCount, reachedCount }) => [sharedCount, reachedCount])).toEqual([
    [1, 1],
    [1, 1],
    [1, 1],
  ]);
  expect(await verifyRollups(app.ctx)).toEqual(noFaults);
});

test('a month of raw rows is dropped as a whole, and what was counted of it stays', async () => {
  const { db } = app.ctx;
  const asset = await app.make.asset();
  const link = await app.make.shareLink({ assetId: asset.id, createdAt: app.ago(200 * day) });
  for (const days of [190, 185, 40, 1])
    await app.make.visit({ shareLinkId: link.id, startedAt: app.ago(days * day) });
  await app.make.search({ assetIds: [asset.id], searchedAt: app.ago(190 * day) });
  await app.make.search({ assetIds: [asset.id] });
  await db
    .insertInto('linkHit')
    .values({
      id: 'hit_1',
      shareLinkId: link.id,
      method: 'GET',
      status: 200,
      occurredAt: app.ago(190 * day),
    })
    .execute();
  await openMonths(app.ctx);
  const tables = async () => (await db.selectFrom('openMonthTable').selectAll().execute()).length;
  const tablesBefore = await tables();
  expect((await sql`select from page_view_other`.execute(db)).rows).toEqual([]);
  await app.drain(['sweep-tracking', 'sweep-searches']);

  const admin = await app.client('admin');
  const kept = { visitsKeptDays: 100, searchesKeptDays: 100, hitsKeptDays: 100 };
  expect((await admin.send('PATCH', '/settings', kept)).status).toBe(200);
  await admin.send('POST', '/privacy/sweeps');
  await app.drain(['sweep-tracking', 'sweep-searches']);
  // Nothing of it is counted yet.
  expect(await db.selectFrom('visit').select('id').execute()).toHaveLength(4);

  await countNow(app.ctx);
  const before = { readings: await readings(), months: await months() };
  expect(before.readings).toHaveLength(4);
  await admin.send('POST', '/privacy/sweeps');
  await app.drain(['sweep-tracking', 'sweep-searches']);
  expect(await db.selectFrom('visit').select('id').execute()).toHaveLength(2);
  expect(await db.selectFrom('pageView').select('visitId').execute()).toHaveLength(2);
  expect(await tables()).toBeLessThan(tablesBefore - 1);
  const numbers = async () =>
    (await months()).map(({ goneSurfacedCount: _, goneSurfacedDays: __, ...row }) => row);
  const numbersBefore = before.months.map(({ goneSurfacedCount: _, goneSurfacedDays: __, ...row }) => row);
  for (const count of [countNow, rebuildNow]) {
    await count(app.ctx);
    expect(await readings()).toEqual(before.readings);
    expect(await numbers()).toEqual(numbersBefore);
    expect(await verifyRollups(app.ctx)).toEqual(noFaults);
  }
});

test('where another time zone is chosen, days begin by its clock, also of visits that are gone', async () => {
  const asset = await app.make.asset();
  const link = await app.make.shareLink({ assetId: asset.id, createdAt: new Date('2026-03-01T12:00:00Z') });
  const startedAt = new Date('2026-03-31T20:30:00Z');
  await app.make.visit({ shareLinkId: link.id, startedAt });
  const gone = await app.make.visit({ shareLinkId: link.id, startedAt });
  await countNow(app.ctx);
  await app.ctx.db.deleteFrom('visit').where('id', '=', gone.id).execute();
  expect((await readings()).map((reading) => reading.day)).toEqual(['2026-03-31', '2026-03-31']);
  const admin = await app.client('admin');
  expect((await admin.send('PATCH', '/settings', { timeZone: 'Mars/Olympus' })).status).toBe(400);
  expect((await admin.send('PATCH', '/settings', { timeZone: 'Asia/Kolkata' })).status).toBe(200);
  await countNow(app.ctx);
  expect((await readings()).map((reading) => reading.day)).toEqual(['2026-04-01', '2026-04-01']);
  expect(
    (await months()).map(({ month, reachedDays, reachedCount }) => [month, reachedDays, reachedCount]),
  ).toEqual([
    ['2026-03-01', 0, 0],
    ['2026-04-01', 1, 2],
  ]);
  expect(await verifyRollups(app.ctx)).toEqual(noFaults);
});

test('what is wrong is found, and counted anew', async () => {
  const visit = await app.make.visit();
  await countNow(app.ctx);
  const before = { readings: await readings(), months: await months() };
  await app.ctx.db.updateTable('assetMonth').set({ readCount: 7 }).execute();
  await app.ctx.db.updateTable('reading').set({ isHuman: false }).execute();
  const { readings: faults, months: monthFaults } = await verifyRollups(app.ctx);
  expect(faults).toMatchObject([{ fault: 'different', faultCount: 1 }]);
  expect(faults[0]?.row).toContain(visit.id);
  expect(monthFaults.length).toBeGreaterThan(0);
  await rebuildNow(app.ctx);
  expect({ readings: await readings(), months: await months() }).toEqual(before);
  expect(await verifyRollups(app.ctx)).toEqual(noFaults);
});

test('of share links that are removed with all that they led to nothing is counted any more', async () => {
  const { db } = app.ctx;
  const [kept, removed] = [await app.make.shareLink(), await app.make.shareLink()];
  for (const { id } of [kept, removed]) await app.make.visit({ shareLinkId: id });
  await countNow(app.ctx);
  await db.deleteFrom('shareLink').where('id', '=', removed.id).execute();
  await countNow(app.ctx);
  expect((await readings()).map(({ shareLinkId }) => shareLinkId)).toEqual([kept.id]);
  expect((await months()).map(({ assetId }) => assetId)).toEqual([kept.assetId]);
  // Of an asset that is gone nothing is left either.
  const asset = await app.make.asset();
  await app.make.search({ assetIds: [asset.id] });
  await countNow(app.ctx);
  expect((await months()).map(({ assetId }) => assetId)).toContain(asset.id);
  await db.deleteFrom('asset').where('id', '=', asset.id).execute();
  await countNow(app.ctx);
  expect((await months()).map(({ assetId }) => assetId)).not.toContain(asset.id);
});

test('what was there before anything was counted is counted at first', async () => {
  const visit = await app.make.visit();
  await app.ctx.db.deleteFrom('rollupMark').execute();
  await app.ctx.db.updateTable('rollupState').set({ timeZone: null }).execute();
  await countNow(app.ctx);
  expect((await readings()).map(({ visitId }) => visitId)).toEqual([visit.id]);
  expect(recount(await readRaw(app.ctx.db), 'UTC').readings).toHaveLength(1);
});
