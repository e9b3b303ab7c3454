import { afterAll, beforeAll, expect, test } from 'vitest';
import { rebuildNow } from '../../server/src/indexing/rebuild.ts';
import { startTestApp, type TestApp } from '../support/app.ts';

let app: TestApp;

beforeAll(async () => {
  app = await startTestApp();
  const publishedAt = app.ago(400 * 86_400_000);
  for (const text of ['one', 'other'])
    await app.make.asset({
      title: 'Pricing sheet',
      content: `# Pricing ${text}`,
      publishedAt,
      updatedAt: publishedAt,
    });
  await rebuildNow(app.ctx);
});
afterAll(() => app.close());

test('of two that fit equally chance puts one first, writes it down, and what the first place makes is told with its n', async () => {
  const firsts = new Set<string>();
  for (let user = 0; user < 32; user += 1) {
    const rep = await app.client('rep');
    const { body } = await rep.send('POST', '/searches', { query: 'pricing sheet' });
    const [first, second] = body.items;
    const again = await rep.send('POST', '/searches', { query: 'pricing sheet' });
    expect(again.body.items[0].asset.id).toBe(first.asset.id);
    const ties = await app.ctx.db
      .selectFrom('searchTie')
      .selectAll()
      .where('searchId', '=', body.searchId)
      .execute();
    expect(ties).toEqual([
      { searchId: body.searchId, firstAssetId: first.asset.id, secondAssetId: second.asset.id, position: 1 },
    ]);
    firsts.add(first.asset.id);
    if (user % 2 === 0)
      await rep.send('POST', `/searches/${body.searchId}/actions`, {
        assetId: first.asset.id,
        kind: 'opened',
        dwellMs: 4000,
      });
  }
  expect(firsts.size).toBe(2);
  const marketing = await app.client('marketing');
  const { body } = await marketing.get('/report/influence/first-place');
  expect(body.first).toMatchObject({ searchCount: 64, openedCount: 16, share: 0.25 });
  expect(body.second.openedCount).toBe(0);
  expect(body.difference.low).toBeGreaterThan(0.05);
  expect(body.difference.high).toBeLessThan(0.5);
});
