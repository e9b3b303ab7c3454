import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { rebuildNow } from '../../server/src/indexing/rebuild.ts';
import type { SearchAnswer } from '../../server/src/search/contract.ts';
import { startTestApp, type TestApp, type TestClient } from '../support/app.ts';
import { insertShelfAsset } from '../support/shelf.ts';

let app: TestApp;
let rep: TestClient;

beforeAll(async () => {
  app = await startTestApp();
  const price = await app.make.term({ dimensionKey: 'objection', name: 'Too expensive' });
  const shelf = (title: string, audience: string, day: number) =>
    insertShelfAsset(app.ctx.db, { title, audience, publishedAt: new Date(2026, 0, day) }, [price.id]);
  await shelf('Discount rules', 'internal', 9);
  await shelf('Value of waiting', 'external', 8);
  await shelf('Price list', 'external', 7);
  await rebuildNow(app.ctx);
});
afterAll(() => app.close());
beforeEach(async () => {
  rep = await app.client('rep');
});

async function ask(more: Record<string, unknown> = {}): Promise<SearchAnswer> {
  const { status, body } = await rep.send('POST', '/searches', { query: 'too expensive', ...more });
  expect(status).toBe(201);
  return body;
}
const titlesOf = ({ answer }: SearchAnswer) => [
  answer?.best.asset.title,
  answer?.alternative?.asset.title ?? null,
];

it('the answer is what may be sent, with the better one beside it to read, also where the page ends before it', async () => {
  const { items, ...found } = await ask();
  expect(items[0]?.asset.title).toBe('Discount rules');
  expect(titlesOf({ items, ...found })).toEqual(['Value of waiting', 'Discount rules']);
  expect(titlesOf(await ask({ limit: 1 }))).toEqual(['Value of waiting', 'Discount rules']);
});

it('an answer that is not right makes room for the next best, until nothing is left', async () => {
  const seen: unknown[] = [];
  for (;;) {
    const { searchId, answer } = await ask({ limit: 1 });
    if (!answer) break;
    seen.push(answer.best.asset.title);
    const body = { assetId: answer.best.asset.id, kind: 'dismissed', reason: 'off_topic' };
    expect((await rep.send('POST', `/searches/${searchId}/actions`, body)).status).toBe(204);
  }
  expect(seen).toEqual(['Value of waiting', 'Price list', 'Discount rules']);
});
