import { afterAll, beforeAll, expect, it } from 'vitest';
import { rebuildNow } from '../../server/src/indexing/rebuild.ts';
import type { SearchAnswer } from '../../server/src/search/contract.ts';
import { startTestApp, type TestApp, type TestClient } from '../support/app.ts';
import { insertShelfAsset } from '../support/shelf.ts';

let app: TestApp;
let rep: TestClient;

const shelf = (title: string, more: Record<string, unknown> = {}) =>
  insertShelfAsset(app.ctx.db, { title, ...more }, []);

beforeAll(async () => {
  app = await startTestApp();
  rep = await app.client('rep');
  const price = await app.make.term({ dimensionKey: 'objection', name: 'Too expensive' });
  await insertShelfAsset(app.ctx.db, { title: 'Value of waiting' }, [price.id]);
  const guide = {
    dimensionKey: 'content_type',
    name: 'Sales guide',
    synonyms: ['selling handbook'],
  };
  await insertShelfAsset(app.ctx.db, { title: 'Otter notes' }, [(await app.make.term(guide)).id]);
  await shelf('Walrus facts', { body: 'A heron and a penguin stand by the walrus.' });
  for (const bird of ['Heron', 'Penguin'])
    for (const place of ['lake', 'sea'])
      await shelf(`${bird} at the ${place}`, { publishedAt: new Date('2026-06-01') });
  await rebuildNow(app.ctx);
});
afterAll(() => app.close());

async function ask(query: string): Promise<SearchAnswer> {
  const { status, body } = await rep.send('POST', '/searches', { query });
  expect(status).toBe(201);
  return body;
}
const titles = ({ items }: SearchAnswer) => items.map(({ asset }) => asset.title);

it('a synonym with one of the words in it is named as the reason', async () => {
  const [hit] = (await ask('handbook')).items;
  expect(hit?.asset.title).toBe('Otter notes');
  expect(hit?.why.map(({ text }) => text)).toEqual(['“selling handbook” is a synonym of Sales guide']);
});

it('words that no asset says are named as they were typed, and only those', async () => {
  const { understanding, items } = await ask('The Zyxomma is too expensive, walrus, ÉCLAIRS');
  expect(understanding.unknownWords).toEqual(['Zyxomma', 'ÉCLAIRS']);
  expect(items.length).toBeGreaterThan(0);
  expect((await ask('walrsu facts')).understanding.unknownWords).toEqual([]);
  // Nothing speaks of "pricey", but it was understood.
  const understood = await ask('it is too pricey for the walrus');
  expect(understood.understanding).toMatchObject({ rest: 'walrus', unknownWords: [] });
});

it('what holds fewer of a few words follows what holds enough of them, however new it is', async () => {
  const answer = await ask('heron penguin');
  expect(answer.closeCount).toBe(1);
  expect(titles(answer)[0]).toBe('Walrus facts');
  expect(titles(answer).slice(1).toSorted()).toEqual([
    'Heron at the lake',
    'Heron at the sea',
    'Penguin at the lake',
    'Penguin at the sea',
  ]);
  expect(answer.total).toBe(5);
  expect((await ask('heron')).closeCount).toBeNull();
});

it('what holds fewer of the words is no news of a saved search', async () => {
  app.travel(1_000);
  const { body } = await rep.send('POST', '/saved-searches', { name: 'Both', query: 'heron penguin' });
  app.travel(86_400_000);
  await shelf('Heron of today', { publishedAt: app.ctx.clock() });
  await rebuildNow(app.ctx);
  const newCount = async () =>
    (await rep.get('/saved-searches')).body.items.find(({ id }: { id: string }) => id === body.id).newCount;
  expect(await newCount()).toBe(0);
  await shelf('Heron and penguin', { publishedAt: app.ctx.clock() });
  await rebuildNow(app.ctx);
  expect(await newCount()).toBe(1);
});
