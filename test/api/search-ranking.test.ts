import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { rebuildNow } from '../../server/src/indexing/rebuild.ts';
import { enqueue } from '../../server/src/jobs/catalog.ts';
import type { SearchAnswer } from '../../server/src/search/contract.ts';
import { startTestApp, type TestApp, type TestClient } from '../support/app.ts';
import { insertShelfAsset } from '../support/shelf.ts';

let app: TestApp;
let rep: TestClient;

beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());
beforeEach(async () => {
  rep = await app.client('rep');
});

async function ask(query: string, more: Record<string, unknown> = {}): Promise<SearchAnswer> {
  const { status, body } = await rep.send('POST', '/searches', { query, ...more });
  expect(status).toBe(201);
  return body;
}
const titles = ({ items }: SearchAnswer) => items.map(({ asset }) => asset.title);
const shelf = (title: string, more: Record<string, unknown> = {}) =>
  insertShelfAsset(app.ctx.db, { title, ...more }, []);
const refresh = async () => {
  await enqueue(app.ctx.db, 'refresh-search-evidence', {});
  await app.drain(['refresh-search-evidence']);
};

it('use by others decides between equal fits once it was counted, and a refusal counts against it', async () => {
  await shelf('Walrus facts one', { publishedAt: new Date('2026-01-03') });
  const used = await shelf('Walrus facts two', { publishedAt: new Date('2026-01-01') });
  await rebuildNow(app.ctx);
  expect(titles(await ask('walrus'))).toEqual(['Walrus facts one', 'Walrus facts two']);
  for (let sharer = 0; sharer < 4; sharer++) {
    const link = await app.make.shareLink({ assetId: used });
    await app.make.visit({ shareLinkId: link.id });
  }
  await refresh();
  const answer = await ask('walrus');
  expect(titles(answer)).toEqual(['Walrus facts two', 'Walrus facts one']);
  expect(answer.items[0]?.why.at(-1)).toEqual({
    kind: 'evidence',
    text: 'Shared by 4 reps, opened by people 4 times in 90 days',
  });
  const row = () => app.ctx.db.selectFrom('searchEvidence').selectAll().where('assetId', '=', used).execute();
  expect(await row()).toMatchObject([{ sharerCount: 4, humanOpenCount: 4, notRightCount: 0 }]);
  await rep.send('POST', `/searches/${answer.searchId}/actions`, { assetId: used, kind: 'dismissed' });
  app.travel(91 * 86_400_000);
  await refresh();
  expect(await row()).toMatchObject([{ sharerCount: 0, humanOpenCount: 0, notRightCount: 0 }]);
});

it('a new asset gets a place on the first page and is marked as new', async () => {
  for (let number = 0; number < 6; number++)
    await shelf(`Penguin guide ${number}`, {
      useWhen: 'Somebody asks about the penguin.',
      description: 'Penguin.',
    });
  const publishedAt = new Date(app.ctx.clock().getTime() - 5 * 86_400_000);
  await shelf('Penguin news', { publishedAt, description: 'Penguin.' });
  await rebuildNow(app.ctx);
  const { items } = await ask('penguin');
  expect(items).toHaveLength(7);
  expect(items[2]).toMatchObject({ isReservedForNew: true, position: 3 });
  expect(items[2]?.why.at(-1)).toEqual({ kind: 'new', text: 'New, published 5 days ago' });
  expect(items.filter(({ isReservedForNew }) => isReservedForNew)).toHaveLength(1);
});

it('pages hold every asset once, also behind those that are ranked again', { timeout: 60_000 }, async () => {
  for (let number = 0; number < 230; number++)
    await shelf(`Heron ${number}`, { description: number % 3 === 0 ? 'A heron stands.' : '' });
  await rebuildNow(app.ctx);
  const seen: string[] = [];
  let refines: string | null = null;
  for (let offset = 0; offset < 260; offset += 50) {
    const answer = await ask('heron', { offset, limit: 50, refines });
    expect(answer.total).toBe(230);
    refines = answer.searchId;
    seen.push(...titles(answer));
    expect(answer.items.map(({ position }) => position)).toEqual(
      answer.items.map((_, index) => offset + index + 1),
    );
  }
  expect(seen).toHaveLength(230);
  expect(new Set(seen).size).toBe(230);
});
