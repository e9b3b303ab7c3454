import { afterAll, beforeAll, expect, test } from 'vitest';
import { countNow } from '../../server/src/rollups/service.ts';
import { startTestApp, type TestApp, type TestClient } from '../support/app.ts';

const day = 86_400_000;

let app: TestApp;
let admin: TestClient;

beforeAll(async () => {
  app = await startTestApp();
  admin = await app.client('admin');
});
afterAll(() => app.close());

const ago = (days: number) => new Date(app.ctx.clock().getTime() - days * day);
const countOf = async (
  table: 'linkHit' | 'visit' | 'pageView' | 'judgement' | 'visitor' | 'search' | 'emailCode',
) =>
  (
    await app.ctx.db
      .selectFrom(table)
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow()
  ).count;

async function sweep() {
  // What is not counted yet is not forgotten.
  await countNow(app.ctx);
  expect((await admin.send('POST', '/privacy/sweeps')).status).toBe(202);
  await app.drain(['sweep-tracking', 'sweep-searches', 'sweep-email-codes']);
  const { sweeps } = (await admin.get('/privacy')).body;
  return Object.fromEntries(
    sweeps.map(({ kind, deletedCount }: { kind: string; deletedCount: number }) => [kind, deletedCount]),
  );
}

test('each kind of row is kept for as long as was decided, and the last look is told with its numbers', async () => {
  await admin.send('PATCH', '/settings', { hitsKeptDays: 10, visitsKeptDays: 20, searchesKeptDays: 30 });
  const link = await app.make.shareLink();
  for (const days of [1, 9, 11])
    await app.ctx.db
      .insertInto('linkHit')
      .values({ id: `hit_${days}`, shareLinkId: link.id, method: 'GET', status: 200, occurredAt: ago(days) })
      .execute();
  for (const days of [1, 19, 21])
    await app.make.visit({ shareLinkId: link.id, startedAt: ago(days), pages: [1_000, 2_000] });
  // Whoever came back is still somebody, with what they did lately.
  const loyal = await app.make.visit({ shareLinkId: link.id, startedAt: ago(25) });
  await app.make.visit({ shareLinkId: link.id, visitorId: loyal.visitorId, startedAt: ago(2) });
  await app.ctx.db
    .updateTable('visitor')
    .set({ createdAt: ago(40) })
    .execute();
  const asset = await app.make.asset();
  for (const days of [1, 29, 31])
    await app.make.search({ searchedAt: ago(days), assetIds: [asset.id], actions: [{ kind: 'opened' }] });
  for (const days of [0, 2])
    await app.ctx.db
      .insertInto('emailCode')
      .values({
        id: `code_000000000${days}`,
        shareLinkId: link.id,
        email: 'ada@customer.example',
        codeHash: 'hash',
        sentAt: ago(days),
        expiresAt: ago(days),
      })
      .execute();

  expect(await sweep()).toEqual({ hits: 1, visits: 2, searches: 1, codes: 1, salts: 0 });
  expect(await countOf('linkHit')).toBe(2);
  expect(await countOf('visit')).toBe(3);
  expect(await countOf('pageView')).toBe(5);
  expect(await countOf('judgement')).toBe(3);
  expect(await countOf('visitor')).toBe(3);
  expect(await countOf('search')).toBe(2);
  expect(await countOf('emailCode')).toBe(1);

  expect(await sweep()).toEqual({ hits: 0, visits: 0, searches: 0, codes: 0, salts: 0 });
  app.travel(30 * day);
  admin = await app.client('admin');
  expect(await sweep()).toEqual({ hits: 2, visits: 3, searches: 2, codes: 1, salts: 0 });
  expect(await countOf('visitor')).toBe(0);
});

test('a share link outlives its visits, and what was decided is read anew each time', async () => {
  const link = await app.make.shareLink();
  await app.make.visit({ shareLinkId: link.id, startedAt: ago(50) });
  await admin.send('PATCH', '/settings', { visitsKeptDays: 60 });
  expect((await sweep()).visits).toBe(0);
  await admin.send('PATCH', '/settings', { visitsKeptDays: 40 });
  expect((await sweep()).visits).toBe(1);
  const rows = await app.ctx.db.selectFrom('shareLink').select('id').where('id', '=', link.id).execute();
  expect(rows).toHaveLength(1);
});
