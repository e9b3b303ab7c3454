import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { enqueue } from '../../server/src/jobs/catalog.ts';
import { startTestApp, type TestApp, type TestClient } from '../support/app.ts';

let app: TestApp;
let rep: TestClient;
let other: TestClient;
let cfo: { id: string };
let late: { id: string };
let pricing: { id: string };
let security: { id: string };

beforeAll(async () => {
  app = await startTestApp();
  other = await app.client('rep');
  cfo = await app.make.term({ name: 'Finance leader', synonyms: ['CFO'] });
  late = await app.make.term({ name: 'Negotiation', dimensionKey: 'stage' });
  pricing = await app.make.asset({
    title: 'Pricing guide',
    useWhen: 'The buyer says that we are too expensive.',
    termIds: [cfo.id, late.id],
  });
  security = await app.make.asset({
    title: 'Security white paper',
    audience: 'internal',
    termIds: [late.id],
  });
  await app.make.asset({ title: 'Pricing draft', status: 'draft', publishedAt: null });
  await index(pricing.id, security.id);
});
afterAll(() => app.close());
beforeEach(async () => {
  rep = await app.client('rep');
});

async function index(...assetIds: string[]) {
  for (const assetId of assetIds)
    await enqueue(app.ctx.db, 'index-asset', { assetId }, { key: `index-asset:${assetId}` });
  await app.drain();
}

function search(client: TestClient, body: Record<string, unknown>) {
  return client.send('POST', '/searches', body);
}

async function titlesOf(client: TestClient, body: Record<string, unknown>): Promise<string[]> {
  const { body: answer } = await search(client, body);
  return answer.items.map((item: { asset: { title: string } }) => item.asset.title);
}

function act(client: TestClient, searchId: string, body: Record<string, unknown>) {
  return client.send('POST', `/searches/${searchId}/actions`, body);
}

async function listLogged(client: TestClient) {
  return app.ctx.db
    .selectFrom('search')
    .selectAll()
    .where('userId', '=', client.userId)
    .orderBy('searchedAt')
    .orderBy('id')
    .execute();
}

describe('a search', () => {
  it('answers cards in rank order with what matched marked', async () => {
    const { status, body } = await search(rep, { query: 'pricing' });
    expect(status).toBe(201);
    expect(body.total).toBe(1);
    expect(body.items[0]).toMatchObject({
      position: 1,
      asset: { id: pricing.id, title: 'Pricing guide', status: 'published' },
      title: [
        { text: 'Pricing', isMatch: true },
        { text: ' guide', isMatch: false },
      ],
      excerpt: null,
      sharedByCount: 0,
      humanOpenCount: 0,
    });
    expect(body.tookMs).toBeGreaterThanOrEqual(0);
  });

  it('counts the dimensions that are wanted, and those that something is selected in', async () => {
    const keysOf = async (body: Record<string, unknown>) =>
      (await search(rep, { query: 'pricing', ...body })).body.facets.map(
        ({ dimensionKey }: { dimensionKey: string }) => dimensionKey,
      );
    expect(await keysOf({})).toEqual(['persona', 'stage']);
    expect(await keysOf({ facets: ['persona'] })).toEqual(['persona']);
    expect(await keysOf({ facets: [] })).toEqual([]);
    expect(await keysOf({ facets: ['persona'], filters: { termIds: [late.id] } })).toEqual([
      'persona',
      'stage',
    ]);
    expect((await search(rep, { query: 'pricing', facets: [] })).body.total).toBe(1);
    expect((await search(rep, { query: 'pricing', facets: ['colour'] })).status).toBe(400);
  });

  it('shows the sentence that matched', async () => {
    const { body } = await search(rep, { query: 'too expensive' });
    expect(body.items[0].excerpt.filter((part: { isMatch: boolean }) => part.isMatch)).toEqual([
      { text: 'expensive', isMatch: true },
    ]);
  });

  it('without a word shows the whole published shelf', async () => {
    expect((await titlesOf(rep, { query: '' })).toSorted()).toEqual([
      'Pricing guide',
      'Security white paper',
    ]);
  });

  it('answers facets in the order of the taxonomy, with the selected terms in them', async () => {
    const { body } = await search(rep, { query: '', filters: { termIds: [cfo.id] } });
    expect(body.total).toBe(1);
    expect(body.facets).toEqual([
      {
        dimensionKey: 'persona',
        name: 'Persona',
        terms: [{ id: cfo.id, name: 'Finance leader', count: 1, isSelected: true }],
      },
      {
        dimensionKey: 'stage',
        name: 'Stage',
        terms: [{ id: late.id, name: 'Negotiation', count: 1, isSelected: false }],
      },
    ]);
  });

  it('keeps a selected term in sight even when it shows nothing', async () => {
    const { body } = await search(rep, { query: 'security', filters: { termIds: [cfo.id] } });
    expect(body.items).toEqual([]);
    expect(body.facets[0].terms).toEqual([
      { id: cfo.id, name: 'Finance leader', count: 0, isSelected: true },
    ]);
  });

  it('filters by audience', async () => {
    expect(await titlesOf(rep, { query: '', filters: { audience: 'internal' } })).toEqual([
      'Security white paper',
    ]);
    expect(await titlesOf(rep, { query: '', filters: { audience: 'external' } })).toEqual(['Pricing guide']);
  });

  it('goes on without a term that is gone', async () => {
    const { status, body } = await search(rep, {
      query: 'pricing',
      filters: { termIds: ['trm_0000000000gone'] },
    });
    expect([status, body.total]).toEqual([201, 1]);
  });

  it('finds an asset as soon as it is published and loses it as soon as it is archived', async () => {
    const marketing = await app.client('marketing');
    const asset = await app.make.asset({ title: 'Flamingo brochure', status: 'draft', publishedAt: null });
    await index(asset.id);
    expect(await titlesOf(rep, { query: 'flamingo' })).toEqual([]);
    const published = await marketing.send('PATCH', `/assets/${asset.id}`, {
      revision: 1,
      status: 'published',
    });
    expect(published.status).toBe(200);
    await app.drain();
    expect(await titlesOf(rep, { query: 'flamingo' })).toEqual(['Flamingo brochure']);
    await marketing.send('PATCH', `/assets/${asset.id}`, {
      revision: published.body.revision,
      status: 'archived',
    });
    // No drain: the database is asked about the status, whatever the index remembers.
    expect(await titlesOf(rep, { query: 'flamingo' })).toEqual([]);
    await app.drain();
    const left = await app.ctx.db
      .selectFrom('searchDocument')
      .select('assetId')
      .where('assetId', '=', asset.id)
      .execute();
    expect(left).toEqual([]);
  });

  it('counts who shared an asset and how often people opened it, in the last 90 days', async () => {
    const asset = await app.make.asset({ title: 'Pelican story' });
    await index(asset.id);
    const marketing = await app.make.user({ role: 'marketing' });
    const sender = await app.make.user({ role: 'rep' });
    const first = await app.make.shareLink({ assetId: asset.id, createdByUserId: sender.id });
    await app.make.shareLink({ assetId: asset.id, createdByUserId: sender.id });
    await app.make.shareLink({ assetId: asset.id, createdByUserId: marketing.id });
    const longAgo = new Date(Date.now() - 91 * 86_400_000);
    await app.make.shareLink({ assetId: asset.id, createdAt: longAgo });
    await app.make.visit({ shareLinkId: first.id });
    await app.make.visit({ shareLinkId: first.id, class: 'human-confirmed' });
    await app.make.visit({ shareLinkId: first.id, class: 'scanner' });
    await app.make.visit({ shareLinkId: first.id, startedAt: longAgo });
    const overruled = await app.make.visit({ shareLinkId: first.id });
    await app.ctx.db
      .insertInto('judgement')
      .values({
        visitId: overruled.id,
        class: 'bot',
        probability: 0.99,
        reasons: JSON.stringify([]),
        ruleVersion: 2,
        judgedAt: new Date(),
      })
      .execute();
    const { body } = await search(rep, { query: 'pelican' });
    expect(body.items[0]).toMatchObject({ sharedByCount: 1, humanOpenCount: 2 });
  });

  it('takes any text and refuses what is out of bounds', async () => {
    for (const query of ['!!!', '"', "'; drop table asset; --", '<->:*&|', 'a\u0000b', '\ud800', '😀', 'the'])
      expect((await search(rep, { query })).status, query).toBe(201);
    expect((await search(rep, { query: 'x'.repeat(20_001) })).status).toBe(400);
    expect((await search(rep, { query: '', limit: 51 })).status).toBe(400);
    expect((await search(rep, { query: '', filters: { termIds: [pricing.id] } })).status).toBe(400);
    expect((await search(rep, { query: '', offset: 1000 })).body.items).toEqual([]);
  });
});

describe('the log of searches', () => {
  it('keeps query, filters, results and their positions', async () => {
    const { body } = await search(rep, { query: 'pricing ', filters: { termIds: [cfo.id] } });
    const [row] = await listLogged(rep);
    expect(row).toMatchObject({
      id: body.searchId,
      query: 'pricing',
      filters: { termIds: [cfo.id], audience: null },
      resultCount: 1,
    });
    const results = await app.ctx.db
      .selectFrom('searchResult')
      .selectAll()
      .where('searchId', '=', body.searchId)
      .execute();
    expect(results).toEqual([{ searchId: body.searchId, assetId: pricing.id, position: 1 }]);
  });

  it('keeps what a person settled on, not what they typed on the way', async () => {
    let refines = null;
    for (const query of ['p', 'pri', 'pricing'])
      refines = (await search(rep, { query, refines })).body.searchId;
    expect((await listLogged(rep)).map((row) => row.query)).toEqual(['pricing']);
  });

  it('forgets what was typed through without waiting for its answer, and nothing else of these seconds', async () => {
    await search(rep, { query: 'guide' });
    const acted = (await search(rep, { query: 'pri' })).body.searchId;
    await act(rep, acted, { assetId: pricing.id, kind: 'opened' });
    await search(rep, { query: 'pric' });
    await search(rep, { query: 'pricing', overtakes: true });
    expect((await listLogged(rep)).map((row) => row.query)).toEqual(['guide', 'pri', 'pricing']);
  });

  it('keeps a search that was acted on, that stood for a minute, or that is somebody else’s', async () => {
    const acted = (await search(rep, { query: 'pricing' })).body.searchId;
    await act(rep, acted, { assetId: pricing.id, kind: 'opened' });
    const stood = (await search(rep, { query: 'security', refines: acted })).body.searchId;
    app.travel(61_000);
    await search(rep, { query: 'white paper', refines: stood });
    const foreign = (await search(other, { query: 'guide' })).body.searchId;
    await search(rep, { query: 'paper', refines: foreign });
    expect((await listLogged(rep)).map((row) => row.query)).toEqual([
      'pricing',
      'security',
      'white paper',
      'paper',
    ]);
    expect((await listLogged(other)).map((row) => row.query)).toContain('guide');
  });

  it('keeps a question that another one follows after a look at its results', async () => {
    const asked = (await search(rep, { query: 'unobtainium' })).body.searchId;
    app.travel(5_000);
    const next = (await search(rep, { query: 'pricing', refines: asked })).body.searchId;
    app.travel(5_000);
    await search(rep, { query: '', refines: next });
    expect((await listLogged(rep)).map((row) => row.query)).toEqual(['unobtainium', 'pricing', '']);
  });

  it('adds later pages to the same search', async () => {
    const first = await search(rep, { query: '', limit: 1 });
    const second = await search(rep, { query: '', limit: 1, offset: 1, refines: first.body.searchId });
    expect(second.body.searchId).toBe(first.body.searchId);
    expect(second.body.items[0].position).toBe(2);
    const results = await app.ctx.db
      .selectFrom('searchResult')
      .select('position')
      .where('searchId', '=', first.body.searchId)
      .orderBy('position')
      .execute();
    expect(results.map((row) => row.position)).toEqual([1, 2]);
    expect(await listLogged(rep)).toHaveLength(1);
  });

  it('notes what the user did, once for each kind, with the longest dwell', async () => {
    const { searchId } = (await search(rep, { query: 'pricing' })).body;
    for (const dwellMs of [null, 12_000, 4_000])
      expect((await act(rep, searchId, { assetId: pricing.id, kind: 'opened', dwellMs })).status).toBe(204);
    await act(rep, searchId, { assetId: pricing.id, kind: 'dismissed' });
    const actions = await app.ctx.db
      .selectFrom('searchAction')
      .select(['kind', 'dwellMs'])
      .where('searchId', '=', searchId)
      .orderBy('kind')
      .execute();
    expect(actions).toEqual([
      { kind: 'dismissed', dwellMs: null },
      { kind: 'opened', dwellMs: 12_000 },
    ]);
  });

  it('takes the same action many times at once', async () => {
    const { searchId } = (await search(rep, { query: 'pricing' })).body;
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => act(rep, searchId, { assetId: pricing.id, kind: 'opened' })),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(204));
  });

  it('takes actions on the user’s own results only', async () => {
    const { searchId } = (await search(rep, { query: 'pricing' })).body;
    expect((await act(other, searchId, { assetId: pricing.id, kind: 'opened' })).body.code).toBe('not_found');
    expect((await act(rep, searchId, { assetId: security.id, kind: 'opened' })).body.code).toBe('not_found');
    expect((await act(rep, 'srh_0000000000none', { assetId: pricing.id, kind: 'opened' })).status).toBe(404);
    expect((await act(rep, searchId, { assetId: pricing.id, kind: 'printed' })).status).toBe(400);
  });
});

describe('recent searches', () => {
  it('are the last eight different ones of the user, newest first', async () => {
    for (const query of ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'One', '']) {
      await search(rep, { query });
      app.travel(5_000);
    }
    await search(rep, { query: '', filters: { audience: 'internal' } });
    const { body } = await rep.get('/searches/recent');
    expect(body.items.map((item: { query: string }) => item.query)).toEqual([
      '',
      'One',
      'nine',
      'eight',
      'seven',
      'six',
      'five',
      'four',
    ]);
    expect(body.items[0].filters).toEqual({ termIds: [], audience: 'internal' });
    expect((await (await app.client('rep')).get('/searches/recent')).body.items).toEqual([]);
  });

  it('are those that somebody stayed with or used, not half of a question', async () => {
    const asked = async (query: string, thenMs: number) => {
      const { searchId } = (await search(rep, { query })).body;
      app.travel(thenMs);
      return searchId;
    };
    await asked('pri', 1_000);
    await asked('secur', 90_000);
    await asked('security', 10_000);
    const used = await asked('pricing', 500);
    await act(rep, used, { assetId: pricing.id, kind: 'opened' });
    await asked('pricing talk', 10_000);
    const { items } = (await rep.get('/searches/recent')).body;
    expect(items.map(({ query }: { query: string }) => query)).toEqual([
      'pricing talk',
      'pricing',
      'security',
    ]);
  });
});
