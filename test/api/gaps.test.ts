import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp, type TestClient } from '../support/app.ts';

const minute = 60_000;
const day = 86_400_000;

let app: TestApp;
let marketing: TestClient;
let rita: TestClient;
let otto: TestClient;
let guide: { id: string };

beforeAll(async () => {
  app = await startTestApp();
  marketing = await app.clientOf(await app.make.user({ name: 'Mia', role: 'marketing' }));
  rita = await app.clientOf(await app.make.user({ name: 'Rita', email: 'rita@example.com' }));
  otto = await app.clientOf(await app.make.user({ name: 'Otto', email: 'otto@example.com' }));
  guide = await app.make.asset({ title: 'Deployment guide' });
  await app.make.account({ id: 'acc_000000000001', name: 'Acme' });
});
afterAll(() => app.close());
beforeEach(async () => {
  await app.ctx.db.deleteFrom('gapDecision').execute();
  await app.ctx.db.deleteFrom('request').execute();
  await app.ctx.db.deleteFrom('search').execute();
});

interface GapBody {
  clusterKey: string;
  query: string;
  state: string;
  stateSays: string;
  [field: string]: unknown;
}

async function listGaps(client = marketing): Promise<GapBody[]> {
  const { status, body } = await client.get('/gaps');
  expect(status).toBe(200);
  return body.items;
}

async function onlyGap(): Promise<GapBody> {
  const gaps = await listGaps();
  expect(gaps).toHaveLength(1);
  return gaps[0] as GapBody;
}

function decide(what: string, gap: { clusterKey: string }, more: object = {}, client = marketing) {
  return client.send('POST', `/gaps/${what}`, { clusterKey: gap.clusterKey, ...more });
}

/** So many minutes ago. */
function ago(minutes: number): Date {
  return new Date(app.ctx.clock().getTime() - minutes * minute);
}

function fail(client: TestClient, query: string, minutes = 60) {
  return app.make.search({ userId: client.userId ?? '', query, searchedAt: ago(minutes) });
}

function succeed(client: TestClient, query: string, minutes = 60) {
  return app.make.search({
    userId: client.userId ?? '',
    query,
    searchedAt: ago(minutes),
    assetIds: [guide.id],
    actions: [{ kind: 'shared' }],
  });
}

async function openDeal(ownerEmail: string, amount: number) {
  const id = `deal_${Math.random().toString(36).slice(2, 14).padEnd(12, '0')}`;
  await app.ctx.db
    .insertInto('deal')
    .values({
      id,
      externalId: id,
      accountId: 'acc_000000000001',
      amount: amount.toString(),
      currency: 'EUR',
      ownerEmail,
      stage: 'Proposal',
      outcome: 'open',
      openedAt: ago(0),
    })
    .execute();
}

describe('a search that fails', () => {
  it('stands among the gaps with who asked, how often and what their deals are worth', async () => {
    await openDeal('rita@example.com', 25_000);
    for (const client of [rita, rita, otto]) {
      const { body } = await client.send('POST', '/searches', { query: 'Kubernetes pricing' });
      expect(body.total).toBe(0);
      app.travel(31 * minute);
    }
    expect(await onlyGap()).toMatchObject({
      query: 'Kubernetes pricing',
      kind: 'no_result',
      state: 'open',
      searchCount: 3,
      people: [
        { name: 'Rita', count: 2 },
        { name: 'Otto', count: 1 },
      ],
      openDealCount: 1,
      openValue: [{ currency: 'EUR', amount: 25_000 }],
      request: null,
      unknownWords: ['kubernetes', 'pricing'],
    });
  });

  it('counts for sales leads, too, but reps do not see who else searched', async () => {
    await fail(rita, 'uptime');
    expect(await listGaps(await app.client('manager'))).toHaveLength(1);
    expect((await rita.get('/gaps')).status).toBe(403);
    expect((await decide('request', await onlyGap(), {}, await app.client('manager'))).status).toBe(403);
  });

  it('stands together with other spellings, forms and wordings of the same', async () => {
    await fail(rita, 'kubernets pricing', 300);
    await fail(otto, 'Kubernetes price', 200);
    await fail(otto, 'Kubernetes price', 100);
    await fail(rita, 'terraform pricing', 50);
    const [first, second] = await listGaps();
    expect(first).toMatchObject({
      query: 'Kubernetes price',
      searchCount: 3,
      variants: [{ query: 'kubernets pricing', count: 1 }],
    });
    expect(second).toMatchObject({ query: 'terraform pricing', searchCount: 1 });
  });

  it('stands together with its synonyms once a term knows them', async () => {
    await fail(rita, 'whizzbang report', 200);
    await fail(otto, 'Zonotron report', 100);
    expect(await listGaps()).toHaveLength(2);
    await app.make.term({ dimensionKey: 'product', name: 'Zonotron', synonyms: ['Whizzbang'] });
    expect(await onlyGap()).toMatchObject({ searchCount: 2, terms: [{ name: 'Zonotron' }] });
  });

  it('that showed something fails when nothing was used, once the user has gone on', async () => {
    const userId = rita.userId ?? '';
    const shown = { userId, query: 'deployment', assetIds: [guide.id] };
    await app.make.search({ ...shown, searchedAt: ago(10) });
    expect(await listGaps()).toEqual([]);
    await app.make.search({ userId, searchedAt: ago(5) });
    const gap = (await listGaps()).find(({ query }) => query === 'deployment');
    expect(gap).toMatchObject({ kind: 'no_success', state: 'open' });
  });

  it.each([
    ['a share', { kind: 'shared' }, 0],
    ['a download', { kind: 'downloaded' }, 0],
    ['ten seconds with an asset', { kind: 'opened', dwellMs: 10_000 }, 0],
    ['a glance', { kind: 'opened', dwellMs: 9_999 }, 1],
    ['a "not right"', { kind: 'dismissed', reason: 'outdated' }, 1],
  ])('or has not: %s', async (_, action, gapCount) => {
    await app.make.search({
      userId: rita.userId ?? '',
      query: 'deployment',
      assetIds: [guide.id],
      actions: [action],
      searchedAt: ago(60),
    });
    expect(await listGaps()).toHaveLength(gapCount);
  });

  it('brings along what was said to be not right', async () => {
    for (const [client, note] of [
      [rita, 'Shows last year’s prices'],
      [otto, ''],
    ] as const)
      await app.make.search({
        userId: client.userId ?? '',
        query: 'deployment',
        assetIds: [guide.id],
        actions: [{ kind: 'dismissed', reason: 'outdated', note }],
        searchedAt: ago(60),
      });
    expect((await onlyGap()).notRight).toEqual([
      {
        assetId: guide.id,
        assetTitle: 'Deployment guide',
        reason: 'outdated',
        count: 2,
        notes: ['Shows last year’s prices'],
      },
    ]);
  });

  it('is forgotten after 90 days, and looking at the whole shelf never was a question', async () => {
    await fail(rita, 'uptime', (91 * day) / minute);
    await fail(rita, '', 60);
    expect(await listGaps()).toEqual([]);
    const { body } = await marketing.get('/gaps?days=120');
    expect(body).toMatchObject({ searchCount: 1, failedCount: 1 });
  });

  it('comes before others when it cost more people more searches', async () => {
    await fail(rita, 'one person once', 500);
    for (const minutes of [400, 300]) await fail(rita, 'zebra crossing', minutes);
    for (const client of [rita, otto]) await fail(client, 'uptime statement', 200);
    for (const client of [rita, otto]) await fail(client, 'uptime statement', 100);
    expect((await listGaps()).map(({ query }) => query)).toEqual([
      'uptime statement',
      'zebra crossing',
      'one person once',
    ]);
  });
});

describe('one click', () => {
  it('makes the request that the gap speaks of, wanted by everybody who searched', async () => {
    const persona = await app.make.term({ name: 'Chief of something' });
    for (const client of [rita, otto])
      await app.make.search({
        userId: client.userId ?? '',
        query: 'dora checklist',
        termIds: [persona.id],
        searchedAt: ago(60),
      });
    const { status, body } = await decide('request', await onlyGap());
    expect(status).toBe(200);
    expect(body).toMatchObject({ state: 'acted_on', request: { title: 'Dora checklist', status: 'open' } });
    const { body: list } = await rita.get('/requests?isOwn=true');
    expect(list.items[0]).toMatchObject({
      title: 'Dora checklist',
      createdByName: 'Mia',
      voterNames: expect.arrayContaining(['Rita', 'Otto']),
      voteCount: 2,
      terms: [{ id: persona.id }],
    });
    expect(list.items[0].details).toContain('2 people searched for this 2 times and found nothing');
  });

  it('makes one request, however often and by however many it is clicked at once', async () => {
    await fail(rita, 'uptime');
    const gap = await onlyGap();
    const colleague = await app.client('marketing');
    const answers = await Promise.all(
      [marketing, marketing, colleague, colleague].map((client) => decide('request', gap, {}, client)),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(new Set(answers.map(({ body }) => body.request.id)).size).toBe(1);
    expect((await rita.get('/requests')).body.items).toHaveLength(1);
  });

  it('joins what a rep has asked for already', async () => {
    const search = await fail(rita, 'uptime', 90);
    await app.ctx.db.updateTable('search').set({ clusterKey: 'uptim' }).where('id', '=', search.id).execute();
    await fail(otto, 'uptimes', 60);
    const { body: own } = await rita.send('POST', '/requests', {
      title: 'Uptime report',
      searchId: search.id,
    });
    const gap = await onlyGap();
    expect(gap).toMatchObject({ state: 'acted_on', request: { id: own.id } });
    const { body, status } = await decide('undo', gap);
    expect([status, body.code]).toEqual([409, 'conflict']);
    expect((await rita.get('/requests')).body.items).toHaveLength(1);
  });

  it('can be undone, but not once somebody has built on it', async () => {
    await fail(rita, 'uptime');
    const gap = await onlyGap();
    await decide('request', gap);
    expect((await decide('undo', gap)).body).toMatchObject({ state: 'open', request: null });
    expect((await decide('undo', gap)).status).toBe(200);
    expect((await rita.get('/requests')).body.items).toEqual([]);

    const { body } = await decide('request', gap);
    await otto.send('PUT', `/requests/${body.request.id}/vote`);
    const refused = await decide('undo', gap);
    expect([refused.status, refused.body.code]).toEqual([409, 'conflict']);
    expect((await onlyGap()).state).toBe('acted_on');
  });

  it('adds a word as a synonym, indexes the assets of the term anew, and takes it back', async () => {
    const term = await app.make.term({ dimensionKey: 'product', name: 'Orchestration' });
    const tagged = await app.make.asset({ title: 'Cluster handbook', termIds: [term.id] });
    await app.drain();
    await fail(rita, 'quibernetix');
    const gap = await onlyGap();
    const { body, status } = await decide('synonym', gap, { termId: term.id, word: 'Quibernetix' });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      state: 'acted_on',
      synonym: { term: { id: term.id, name: 'Orchestration' }, word: 'Quibernetix' },
    });
    await decide('synonym', gap, { termId: term.id, word: 'Quibernetix' });
    await app.drain();
    const { body: found } = await rita.send('POST', '/searches', { query: 'quibernetix' });
    expect(found.items.map((item: { asset: { id: string } }) => item.asset.id)).toEqual([tagged.id]);

    const undone = await decide('undo', gap);
    expect(undone.body).toMatchObject({ state: 'open', synonym: null });
    const { body: dimensions } = await rita.get('/dimensions');
    const terms = dimensions.items.flatMap((dimension: { terms: { id: string }[] }) => dimension.terms);
    expect(terms.find(({ id }: { id: string }) => id === term.id).synonyms).toEqual([]);
  });

  it('does not add a word to a retired term, nor one that the term has', async () => {
    const retired = await app.make.term({ retiredAt: new Date() });
    const term = await app.make.term({ name: 'Sesquipedalian', synonyms: ['wordy'] });
    await fail(rita, 'blurgh');
    const gap = await onlyGap();
    expect((await decide('synonym', gap, { termId: retired.id, word: 'blurgh' })).body.code).toBe('conflict');
    expect((await decide('synonym', gap, { termId: term.id, word: 'WORDY' })).body.code).toBe(
      'already_exists',
    );
    expect((await decide('synonym', gap, { termId: 'trm_000000000000000000000', word: 'x' })).status).toBe(
      404,
    );
    expect((await onlyGap()).state).toBe('open');
  });

  it('sets it aside, and brings it back', async () => {
    await fail(rita, 'lunch menu');
    const gap = await onlyGap();
    expect((await decide('dismiss', gap)).body).toMatchObject({ state: 'dismissed' });
    await fail(otto, 'lunch menus', 1);
    expect(await onlyGap()).toMatchObject({ state: 'dismissed', searchCount: 2 });
    expect((await decide('undo', gap)).body).toMatchObject({ state: 'open' });
  });

  it('says so when the gap is gone', async () => {
    for (const what of ['request', 'dismiss', 'undo'])
      expect((await decide(what, { clusterKey: 'nowhere' })).status).toBe(404);
    expect((await decide('request', { clusterKey: '' })).status).toBe(400);
  });
});

describe('a gap closes by itself', () => {
  it('when a search like it succeeds after the request, and opens again when they fail', async () => {
    await fail(rita, 'deployment runbook', 600);
    await decide('request', await onlyGap());
    app.travel(minute);
    const { body } = await otto.send('POST', '/searches', { query: 'deployment guide' });
    expect(body.total).toBe(0);
    await app.drain();
    await succeed(otto, 'deployments runbook', 0);
    const closed = (await listGaps()).find(({ query }) => query === 'deployment runbook');
    expect(closed).toMatchObject({ state: 'closed' });
    expect(closed?.stateSays).toMatch(/^Closed by itself on .*: a search like it succeeded after/);

    app.travel(60 * minute);
    await fail(rita, 'deployment runbook', 0);
    const again = (await listGaps()).find(({ query }) => query === 'deployment runbook');
    expect(again).toMatchObject({
      state: 'open',
      searchCount: 1,
      stateSays: expect.stringContaining('again'),
    });
    expect((await decide('request', again as GapBody)).body).toMatchObject({ state: 'acted_on' });
    expect((await rita.get('/requests')).body.items).toHaveLength(1);
  });

  it('when two searches like it succeed, though nobody acted', async () => {
    await fail(rita, 'uptime', 300);
    await succeed(rita, 'uptime', 200);
    expect(await onlyGap()).toMatchObject({ state: 'open' });
    await succeed(otto, 'uptimes', 100);
    expect(await onlyGap()).toMatchObject({ state: 'closed' });
  });

  it('but not when the answer to its request did not help', async () => {
    await fail(rita, 'uptime', 60);
    const { body } = await decide('request', await onlyGap());
    await marketing.send('PATCH', `/requests/${body.request.id}`, { status: 'done', assetId: guide.id });
    expect(await onlyGap()).toMatchObject({ state: 'acted_on', request: { status: 'done' } });
    app.travel(60 * minute);
    await fail(otto, 'uptime', 0);
    expect(await onlyGap()).toMatchObject({ state: 'open', searchCount: 2 });
  });

  it('and rests when its request was declined', async () => {
    await fail(rita, 'lunch menu', 60);
    const { body } = await decide('request', await onlyGap());
    await marketing.send('PATCH', `/requests/${body.request.id}`, {
      status: 'declined',
      answer: 'Not ours to make.',
    });
    expect(await onlyGap()).toMatchObject({
      state: 'dismissed',
      stateSays: 'The request was declined: Not ours to make.',
    });
  });
});
