import { setTimeout } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp, type TestClient } from '../support/app.ts';
import { type MeilisearchStandIn, startMeilisearchStandIn } from '../support/meilisearch-stand-in.ts';

let meilisearch: MeilisearchStandIn;
let app: TestApp;
let admin: TestClient;
let rep: TestClient;
let guide: { id: string };

beforeAll(async () => {
  meilisearch = await startMeilisearchStandIn();
  app = await startTestApp({ MEILI_URL: meilisearch.url, MEILI_KEY: 'a-key' });
  admin = await app.client('admin');
  rep = await app.client('rep');
  guide = await app.make.asset({ title: 'Guide' });
});
afterAll(async () => {
  await app.close();
  await meilisearch.goAway();
});

/** Every test leaves a Meilisearch behind that answers. */
afterEach(async () => {
  meilisearch.mood = 'well';
  app.travel(120_000);
  await readIndex();
  await app.drain();
  expect((await readIndex()).fallbackReason).toBeNull();
});

async function readIndex() {
  const { status, body } = await admin.get('/search-index');
  expect(status).toBe(200);
  return body;
}

async function find(query: string): Promise<string[]> {
  const { status, body } = await rep.send('POST', '/searches', { query });
  expect(status).toBe(201);
  return body.items.map((item: { asset: { title: string } }) => item.asset.title);
}

async function edit(assetId: string, fields: { title?: string; description?: string }): Promise<void> {
  const { revision } = (await admin.get(`/assets/${assetId}`)).body;
  const { status } = await admin.send('PATCH', `/assets/${assetId}`, { revision, ...fields });
  expect(status).toBe(200);
}

const rename = (title: string) => edit(guide.id, { title });

const searchesAsked = () => meilisearch.requests.filter((request) => request === 'POST /multi-search').length;

async function took(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

describe('with a Meilisearch that was just set up', () => {
  it('PostgreSQL answers until it is filled, and the admin sees why', async () => {
    await rename('Pricing guide');
    await app.drain(['index-asset']);
    expect(await find('pricing')).toEqual(['Pricing guide']);
    expect(await readIndex()).toMatchObject({
      answeredBy: 'postgres',
      fallbackReason: expect.stringContaining('no index yet'),
      publishedCount: 1,
      engines: [
        { key: 'postgres', isReachable: true, documentCount: 1, waitingCount: 0 },
        { key: 'meilisearch', isReachable: true, documentCount: 0, waitingCount: 1, version: '1.50.0' },
      ],
    });
    await app.drain();
    app.travel(120_000);
    expect(await readIndex()).toMatchObject({
      answeredBy: 'meilisearch',
      fallbackReason: null,
      engines: [{ documentCount: 1 }, { documentCount: 1, waitingCount: 0, failedCount: 0 }],
      rebuild: { state: 'done', reason: null },
    });
    const asked = searchesAsked();
    expect(await find('pricing')).toEqual(['Pricing guide']);
    expect(searchesAsked()).toBeGreaterThan(asked);
  });
});

describe('with a Meilisearch in trouble', () => {
  it('PostgreSQL answers the same search when it is slow, and the next ones do not wait for it', async () => {
    meilisearch.mood = 'slow';
    expect(await took(async () => expect(await find('pricing')).toEqual(['Pricing guide']))).toBeLessThan(
      2_900,
    );
    const asked = searchesAsked();
    for (let n = 0; n < 5; n += 1) expect(await find('pricing')).toEqual(['Pricing guide']);
    expect(searchesAsked()).toBe(asked);
    expect(await readIndex()).toMatchObject({
      answeredBy: 'postgres',
      fallbackReason: 'Meilisearch did not answer in time.',
      engines: [{ isReachable: true }, { isReachable: false, version: null, documentCount: null }],
    });
  });

  it.each([
    ['failing', 'answered with an error (500)'],
    ['nonsense', 'gave an answer that it should not give'],
    ['another program', 'something else answers'],
    ['refusing', 'does not accept MEILI_KEY'],
  ] as const)('PostgreSQL answers when it is %s', async (mood, reason) => {
    meilisearch.mood = mood;
    expect(await find('pricing')).toEqual(['Pricing guide']);
    expect((await readIndex()).fallbackReason).toContain(reason);
  });

  it('tries it again beside a search, later and later, and goes back to it when it answers', async () => {
    meilisearch.mood = 'failing';
    await find('pricing');
    const asked = searchesAsked();
    app.travel(6_000);
    await find('pricing');
    await expect.poll(searchesAsked).toBeGreaterThan(asked);
    const probed = searchesAsked();
    app.travel(6_000);
    await find('pricing');
    await setTimeout(200);
    expect(searchesAsked()).toBe(probed);
    meilisearch.mood = 'well';
    app.travel(10_000);
    await find('pricing');
    await expect.poll(async () => (await readIndex()).answeredBy).toBe('meilisearch');
  });

  it('writes are taken and found while it is away, and it catches up when it is back', async () => {
    await meilisearch.goAway();
    expect(await took(() => rename('Costs guide'))).toBeLessThan(1_000);
    await app.drain();
    expect(await find('costs')).toEqual(['Costs guide']);
    expect(await readIndex()).toMatchObject({
      answeredBy: 'postgres',
      fallbackReason: expect.stringContaining('cannot be reached'),
      engines: [
        { waitingCount: 0, failedCount: 0, documentCount: 1 },
        { waitingCount: 1, failedCount: 1, isReachable: false, oldestWaitingAt: expect.any(String) },
      ],
    });
    await meilisearch.comeBack();
    app.travel(120_000);
    await readIndex();
    await app.drain();
    expect(meilisearch.listTitles()).toEqual(['costs guide']);
    expect(await find('costs')).toEqual(['Costs guide']);
    await rename('Pricing guide');
    await app.drain();
  });

  it('PostgreSQL answers when it is behind', async () => {
    await rename('Tariff guide');
    await app.drain(['index-asset']);
    expect((await readIndex()).answeredBy).toBe('meilisearch');
    app.travel(90_000);
    expect(await find('tariff')).toEqual(['Tariff guide']);
    expect(await readIndex()).toMatchObject({
      answeredBy: 'postgres',
      fallbackReason: 'Meilisearch is behind: a change waits for it.',
    });
    await app.drain();
    app.travel(5_000);
    expect((await readIndex()).answeredBy).toBe('meilisearch');
    await rename('Pricing guide');
    await app.drain();
  });

  it('shows nothing that it still names but that is gone', async () => {
    const gone = await app.make.asset({ title: 'Pricing relic' });
    const withdrawn = await app.make.asset({ title: 'Pricing ruin' });
    await edit(withdrawn.id, { description: 'Old.' });
    await edit(gone.id, { description: 'Old.' });
    await app.drain();
    expect((await find('pricing')).toSorted()).toEqual(['Pricing guide', 'Pricing relic', 'Pricing ruin']);
    await app.ctx.db.deleteFrom('asset').where('id', '=', gone.id).execute();
    const archived = { changes: [{ assetId: withdrawn.id, patch: { status: 'archived' } }] };
    expect((await admin.send('POST', '/assets/bulk', archived)).status).toBe(200);
    expect(meilisearch.listTitles()).toHaveLength(3);
    expect(await find('pricing')).toEqual(['Pricing guide']);
    expect((await readIndex()).answeredBy).toBe('meilisearch');
  });

  it('is filled anew when it has lost its index', async () => {
    meilisearch.loseEverything();
    expect(await find('pricing')).toEqual(['Pricing guide']);
    expect((await readIndex()).fallbackReason).toContain('no index yet');
    await app.drain();
    expect(meilisearch.listTitles()).toEqual(['pricing guide']);
  });
});

describe('many changes', () => {
  it('reach it in few requests', async () => {
    for (let n = 0; n < 40; n += 1) {
      const { id } = await app.make.asset({ title: `Sheet ${n}` });
      await edit(id, { description: 'One of many.' });
    }
    const before = meilisearch.requests.length;
    await app.drain(['index-asset']);
    await app.drain();
    const writes = meilisearch.requests.slice(before).filter((request) => request.endsWith('/documents'));
    expect(meilisearch.listTitles()).toHaveLength(41);
    expect(writes.length).toBeLessThanOrEqual(4);
  });
});

describe('a rebuild', () => {
  it('is started by admins, once at a time, and says how far it is', async () => {
    const marketing = await app.client('marketing');
    expect((await marketing.send('POST', '/search-index/rebuilds')).status).toBe(403);
    expect((await marketing.get('/search-index')).status).toBe(200);
    expect((await rep.get('/search-index')).status).toBe(403);
    const first = await admin.send('POST', '/search-index/rebuilds');
    expect(first.status).toBe(202);
    expect(first.body.rebuild).toMatchObject({ state: 'queued', doneCount: 0 });
    await admin.send('POST', '/search-index/rebuilds');
    const queued = await app.ctx.db
      .selectFrom('jobRun')
      .select('id')
      .where('name', '=', 'rebuild-search-index')
      .where('state', '=', 'queued')
      .execute();
    expect(queued).toHaveLength(1);
    await app.drain();
    const { rebuild, publishedCount } = await readIndex();
    expect(rebuild).toMatchObject({
      state: 'done',
      doneCount: 2 * publishedCount,
      totalCount: 2 * publishedCount,
      finishedAt: expect.any(String),
    });
  });

  it('fails with a reason when Meilisearch does, and leaves PostgreSQL with its new index', async () => {
    meilisearch.mood = 'failing';
    await admin.send('POST', '/search-index/rebuilds');
    await app.drain();
    expect((await readIndex()).rebuild).toMatchObject({
      state: 'failed',
      reason: 'Meilisearch answered with an error (500).',
    });
    expect(await find('pricing')).toEqual(['Pricing guide']);
    meilisearch.mood = 'well';
    await admin.send('POST', '/search-index/rebuilds');
    await app.drain();
    expect((await readIndex()).rebuild).toMatchObject({ state: 'done' });
  });

  it('loses no change that comes in meanwhile', async () => {
    await admin.send('POST', '/search-index/rebuilds');
    let isDone = false;
    const rebuilding = app.drain(['rebuild-search-index']).finally(() => {
      isDone = true;
    });
    let last = '';
    for (let n = 0; !isDone; n += 1) {
      last = `Pricing guide ${n}`;
      await rename(last);
      await app.drain(['index-asset', 'index-meilisearch']);
    }
    await rebuilding;
    await app.drain();
    expect(meilisearch.listTitles()).toContain(last.toLowerCase());
    expect(meilisearch.listTitles()).toHaveLength(41);
    expect(await readIndex()).toMatchObject({ engines: [{ waitingCount: 0 }, { waitingCount: 0 }] });
  });
});
