import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { rebuildNow } from '../../server/src/indexing/rebuild.ts';
import { lockSaving } from '../../server/src/search/saved-queries.ts';
import { startTestApp, type TestApp, type TestClient } from '../support/app.ts';
import { insertShelfAsset } from '../support/shelf.ts';

let app: TestApp;
let rep: TestClient;
let price: string;
let cfo: string;

beforeAll(async () => {
  app = await startTestApp();
  price = (await app.make.term({ dimensionKey: 'objection', name: 'Too expensive' })).id;
  cfo = (await app.make.term({ dimensionKey: 'persona', name: 'Finance leader', synonyms: ['CFO'] })).id;
  await insertShelfAsset(app.ctx.db, { title: 'Pricing guide' }, [price]);
  await rebuildNow(app.ctx);
});
afterAll(() => app.close());
beforeEach(async () => {
  rep = await app.client('rep');
});

async function ask(query: string, more: Record<string, unknown> = {}, client = rep) {
  const { status, body } = await client.send('POST', '/searches', { query, ...more });
  expect(status).toBe(201);
  return body;
}
const logged = (searchId: string) =>
  app.ctx.db.selectFrom('search').selectAll().where('id', '=', searchId).executeTakeFirstOrThrow();
const filtersOf = (...termIds: string[]) => ({ filters: { termIds, audience: null } });

describe('the log', () => {
  it('holds what a question was read as, and one key for all its wordings', async () => {
    const one = await logged((await ask('CFO: pricing guides are too expensive')).searchId);
    expect(one.termIds.toSorted()).toEqual([cfo, price].toSorted());
    expect(one.clusterKey).toBe([...[cfo, price].toSorted(), 'guid', 'price'].join(' '));
    expect(one.question).toEqual({
      query: 'CFO: pricing guides are too expensive',
      filters: { termIds: [], audience: null },
      plainTermIds: [],
      accountId: null,
    });
    const other = await logged((await ask('pricng guide', filtersOf(price, cfo))).searchId);
    expect(other.clusterKey).toBe(one.clusterKey);
  });

  it('opens a question again by its id, for a colleague too', async () => {
    const { searchId } = await ask('CFO pricing', { plainTermIds: [cfo], ...filtersOf(price) });
    const colleague = await app.client('rep');
    expect((await colleague.get(`/searches/${searchId}`)).body).toEqual({
      query: 'CFO pricing',
      filters: { termIds: [price], audience: null },
      plainTermIds: [cfo],
      accountId: null,
    });
    expect((await rep.get('/searches/srh_0000000000none')).body.code).toBe('not_found');
    expect((await rep.get('/searches/recent')).body.items).toHaveLength(1);
  });
});

describe('words that nobody knows', () => {
  it('stand for the term that two people chose after them, until as many refuse it', async () => {
    const choose = async (client: TestClient) => {
      const { searchId } = await ask('sticker shock', {}, client);
      await ask('sticker shock', { ...filtersOf(price), refines: searchId }, client);
    };
    const readBy = async (client: TestClient) =>
      (await ask('that sticker shock again', {}, client)).understanding.terms;
    const others = [await app.client('rep'), await app.client('rep'), await app.client('rep')] as const;
    await choose(others[0]);
    await choose(others[0]);
    expect(await readBy(rep)).toEqual([]);
    await choose(others[1]);
    expect(await readBy(rep)).toMatchObject([
      { term: { id: price }, typed: 'sticker shock', via: 'learned' },
    ]);
    for (const client of [others[2], rep]) {
      const { searchId } = await ask('sticker shock', {}, client);
      await ask('sticker shock', { plainTermIds: [price], refines: searchId }, client);
    }
    expect(await readBy(rep)).toEqual([]);
  });
});

describe('saved searches', () => {
  const question = {
    query: 'pricing',
    filters: { termIds: [], audience: null },
    plainTermIds: [],
    accountId: null,
  };
  const save = (name: string, more: Record<string, unknown> = {}) =>
    rep.send('POST', '/saved-searches', { ...question, ...more, name });

  it('are fifty at most, also when two are saved at once', async () => {
    const row = (index: number) => ({
      id: `svs_${String(index).padStart(12, '0')}`,
      userId: rep.userId ?? '',
      name: `Prices ${index}`,
      question,
      createdAt: new Date(),
      seenAt: new Date(),
    });
    const rows = Array.from({ length: 50 }, (_, index) => row(index));
    await app.ctx.db.insertInto('savedSearch').values(rows.slice(1)).execute();
    const { second } = await app.ctx.db.transaction().execute(async (trx) => {
      await lockSaving(trx, rep.userId ?? '');
      await trx.insertInto('savedSearch').values(rows.slice(0, 1)).execute();
      const answer = save('One more');
      await new Promise((done) => setTimeout(done, 300));
      return { second: answer };
    });
    expect((await second).body.detail).toMatch(/^You have 50 saved searches/);
    expect((await rep.get('/saved-searches')).body.items).toHaveLength(50);
  });

  it('are kept by name, renamed and deleted, each for its owner alone', async () => {
    const { status, body } = await save(' Prices ');
    expect([status, body.name, body.query, body.newCount]).toEqual([201, 'Prices', 'pricing', 0]);
    expect((await save('prices')).body.code).toBe('already_exists');
    expect((await save(' ')).status).toBe(400);
    await save('Anything', { query: '' });
    const renamed = await rep.send('PATCH', `/saved-searches/${body.id}`, { name: 'What it costs' });
    expect(renamed.body).toMatchObject({ id: body.id, name: 'What it costs' });
    expect((await rep.send('PATCH', `/saved-searches/${body.id}`, { name: 'anything' })).status).toBe(409);
    const other = await app.client('rep');
    expect((await other.get('/saved-searches')).body.items).toEqual([]);
    expect((await other.send('PATCH', `/saved-searches/${body.id}`, { name: 'Mine' })).status).toBe(404);
    expect((await other.send('DELETE', `/saved-searches/${body.id}`)).status).toBe(404);
    expect((await rep.send('DELETE', `/saved-searches/${body.id}`)).status).toBe(204);
    const { items } = (await rep.get('/saved-searches')).body;
    expect(items.map((item: { name: string }) => item.name)).toEqual(['Anything']);
  });

  it('count what was published since their owner looked', async () => {
    const { body } = await save('Prices');
    const countNew = async () => (await rep.get('/saved-searches')).body.items[0].newCount;
    app.travel(1000);
    const publishedAt = app.ctx.clock();
    await insertShelfAsset(app.ctx.db, { title: 'Pricing for partners', publishedAt }, []);
    await insertShelfAsset(app.ctx.db, { title: 'Something else', publishedAt }, []);
    await rebuildNow(app.ctx);
    expect(await countNew()).toBe(1);
    app.travel(1000);
    const seen = await rep.send('PATCH', `/saved-searches/${body.id}`, { isSeen: true });
    expect(seen.body.newCount).toBe(0);
    expect(await countNew()).toBe(0);
  });

  it('are fifty at most', async () => {
    for (let number = 1; number <= 50; number++) expect((await save(`Search ${number}`)).status).toBe(201);
    expect((await save('One more')).body.code).toBe('conflict');
  });
});
