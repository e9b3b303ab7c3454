import { afterEach, beforeEach, expect, test } from 'vitest';
import { startTestApp, type TestApp, type TestClient } from '../support/app.ts';

let app: TestApp;
let rep: TestClient;
let otherRep: TestClient;
let marketing: TestClient;
beforeEach(async () => {
  app = await startTestApp();
  rep = await app.client('rep');
  otherRep = await app.client('rep');
  marketing = await app.client('marketing');
});
afterEach(() => app.close());

async function makeCollection(
  client: TestClient,
  name: string,
  assetIds: string[] = [],
): Promise<{ path: string }> {
  const { status, body } = await client.send('POST', '/collections', { name, assetIds });
  expect(status).toBe(201);
  return { path: `/collections/${body.id}` };
}

async function namesIn(client: TestClient, query: string): Promise<string[]> {
  const { status, body } = await client.get(`/collections${query}`);
  expect(status).toBe(200);
  return body.items.map((item: { name: string }) => item.name);
}

test('collections are paged, last changed first, and one that changes moves to the top', async () => {
  const made: string[] = [];
  for (const name of ['One', 'Two', 'Three', 'Four', 'Five']) {
    made.push((await makeCollection(rep, name)).path);
    app.travel(1000);
  }
  await rep.send('PATCH', made[1] ?? '', { description: 'Changed last.' });
  const names: string[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const { body } = await otherRep.get(`/collections?limit=2${cursor && `&cursor=${cursor}`}`);
    expect(body.items.length).toBeLessThanOrEqual(2);
    names.push(...body.items.map((item: { name: string }) => item.name));
    cursor = body.nextCursor;
  }
  expect(names).toEqual(['Two', 'Five', 'Four', 'Three', 'One']);
  const { status, body } = await rep.get('/collections?cursor=bm90aGluZw');
  expect([status, body.errors[0].pointer]).toEqual([400, '/query/cursor']);
});

test('a list shows the user’s own, what is pinned, or what the words are in', async () => {
  await makeCollection(rep, '100% of banks');
  await makeCollection(rep, 'Insurers');
  const { path } = await makeCollection(otherRep, '100 questions of buyers');
  await marketing.send('PUT', `${path}/pin`);
  expect((await namesIn(rep, '?part=own')).toSorted()).toEqual(['100% of banks', 'Insurers']);
  expect(await namesIn(rep, '?part=pinned')).toEqual(['100 questions of buyers']);
  expect(await namesIn(rep, '?query=BANKS%20of')).toEqual(['100% of banks']);
  expect(await namesIn(rep, '?query=100%25')).toEqual(['100% of banks']);
  expect((await rep.get('/collections')).body.counts).toEqual({ all: 3, own: 2, pinned: 1 });
  expect((await rep.get('/collections?part=other')).status).toBe(400);
});

test('the list of pinned collections begins with the one that was pinned last; pinning it again moves nothing', async () => {
  const [first, second] = [await makeCollection(rep, 'First'), await makeCollection(otherRep, 'Second')];
  for (const { path } of [first, second, first]) {
    expect((await marketing.send('PUT', `${path}/pin`)).status).toBe(204);
    app.travel(1000);
  }
  expect(await namesIn(rep, '?part=pinned')).toEqual(['Second', 'First']);
  expect((await rep.get(first.path)).body.isPinned).toBe(true);
  expect((await marketing.send('DELETE', `${second.path}/pin`)).status).toBe(204);
  expect(await namesIn(rep, '?part=pinned')).toEqual(['First']);
});

test('the collections to put an asset into are the user’s own, and for marketing the pinned ones as well', async () => {
  const [{ id: asset }, { id: other }] = [await app.make.asset(), await app.make.asset()];
  const withIt = await makeCollection(rep, 'With it', [asset, other]);
  await makeCollection(rep, 'Without it', [other]);
  await makeCollection(otherRep, 'Of somebody else');
  await marketing.send('PUT', `${withIt.path}/pin`);
  await makeCollection(marketing, 'Of marketing');

  const choicesOf = async (client: TestClient) =>
    (await client.get(`/assets/${asset}/collections`)).body.items.map(
      ({ name, isOwn, itemCount, hasAsset }: Record<string, unknown>) => [name, isOwn, itemCount, hasAsset],
    );
  expect(await choicesOf(rep)).toEqual([
    ['Without it', true, 1, false],
    ['With it', true, 2, true],
  ]);
  expect(await choicesOf(marketing)).toEqual([
    ['Of marketing', true, 0, false],
    ['With it', false, 2, true],
  ]);
});
