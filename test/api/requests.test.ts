import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp, type TestClient } from '../support/app.ts';

let app: TestApp;
let marketing: TestClient;
let rep: TestClient;
let other: TestClient;

beforeAll(async () => {
  app = await startTestApp();
  marketing = await app.client('marketing');
  rep = await app.clientOf(await app.make.user({ name: 'Rita', email: 'rita@example.com' }));
  other = await app.clientOf(await app.make.user({ name: 'Otto', email: 'otto@example.com' }));
});
afterAll(() => app.close());

let serial = 0;
async function ask(client: TestClient, body: Record<string, unknown> = {}) {
  const { status, body: made } = await client.send('POST', '/requests', {
    title: `One-pager number ${++serial}`,
    ...body,
  });
  expect(status).toBe(201);
  return made;
}

function change(client: TestClient, request: { id: string }, body: Record<string, unknown>) {
  return client.send('PATCH', `/requests/${request.id}`, body);
}

async function listIds(client: TestClient, query = '') {
  const { body } = await client.get(`/requests${query}`);
  return body.items.map(({ id }: { id: string }) => id);
}

async function openDeal(ownerEmail: string, amount: number, currency = 'EUR', outcome = 'open') {
  const account = await app.make.account();
  const id = `deal_${(++serial).toString().padStart(12, '0')}`;
  await app.ctx.db
    .insertInto('deal')
    .values({
      id,
      externalId: id,
      accountId: account?.id ?? '',
      amount: amount.toString(),
      currency,
      ownerEmail,
      stage: 'Proposal',
      outcome,
      openedAt: new Date(),
    })
    .execute();
}

describe('asking for an asset', () => {
  it('keeps what was asked with its situation, and the one who asks wants it', async () => {
    const bank = await app.make.term({ dimensionKey: 'industry', name: 'Banking' });
    const made = await ask(rep, { title: 'Outsourcing checklist', details: 'For DORA.', termIds: [bank.id] });
    expect(made).toMatchObject({
      title: 'Outsourcing checklist',
      details: 'For DORA.',
      status: 'open',
      terms: [{ id: bank.id, dimensionKey: 'industry', name: 'Banking' }],
      createdByName: 'Rita',
      isOwn: true,
      voteCount: 1,
      hasVoted: true,
      voterNames: ['Rita'],
      asset: null,
    });
    expect(await listIds(other)).toContain(made.id);
  });

  it('leaves out a term that is gone by now, and says what a title lacks', async () => {
    expect((await ask(rep, { termIds: ['trm_000000000000000000000'] })).terms).toEqual([]);
    const { status, body } = await rep.send('POST', '/requests', { title: '  ' });
    expect([status, body.errors[0].detail]).toEqual([400, 'Say in a few words what is missing.']);
  });

  it('becomes a vote when somebody has asked after the same search', async () => {
    const searches = await Promise.all(
      [rep, other].map((client) => app.make.search({ userId: client.userId ?? '', clusterKey: 'kubernet' })),
    );
    const first = await ask(rep, { title: 'Kubernetes guide', searchId: searches[0]?.id });
    const second = await ask(other, { title: 'Something on Kubernetes', searchId: searches[1]?.id });
    expect(second).toMatchObject({ id: first.id, title: 'Kubernetes guide', voteCount: 2, isOwn: false });
    expect(second.voterNames).toEqual(['Rita', 'Otto']);
  });

  it('makes one request when several ask for the same at once', async () => {
    const clients = await Promise.all(Array.from({ length: 6 }, () => app.client('rep')));
    const made = await Promise.all(
      clients.map(async (client) => {
        const search = await app.make.search({ userId: client.userId ?? '', clusterKey: 'terraform' });
        return ask(client, { searchId: search.id });
      }),
    );
    expect(new Set(made.map(({ id }) => id)).size).toBe(1);
    const { body } = await rep.get('/requests');
    expect(body.items.find(({ id }: { id: string }) => id === made[0]?.id).voteCount).toBe(6);
  });

  it('does not take part in the search of somebody else', async () => {
    const search = await app.make.search({ userId: other.userId ?? '', clusterKey: 'zanzibar' });
    const first = await ask(rep, { searchId: search.id });
    const second = await ask(other, { searchId: search.id });
    expect(second.id).not.toBe(first.id);
  });

  it('starts anew once the request before was answered', async () => {
    const search = await app.make.search({ userId: rep.userId ?? '', clusterKey: 'quantum' });
    const first = await ask(rep, { searchId: search.id });
    await change(marketing, first, { status: 'declined', answer: 'Too early.' });
    const second = await ask(rep, { searchId: search.id });
    expect(second.id).not.toBe(first.id);
    const { status, body } = await change(marketing, first, { status: 'open' });
    expect([status, body.code]).toEqual([409, 'already_exists']);
  });
});

describe('voting', () => {
  it('counts each person once, and can be taken back', async () => {
    const request = await ask(rep);
    for (let tries = 0; tries < 2; tries++) {
      const { body } = await other.send('PUT', `/requests/${request.id}/vote`);
      expect(body).toMatchObject({ voteCount: 2, hasVoted: true, isOwn: false });
    }
    const { body } = await other.send('DELETE', `/requests/${request.id}/vote`);
    expect(body).toMatchObject({ voteCount: 1, hasVoted: false });
  });

  it('ends with the answer', async () => {
    const request = await ask(rep);
    await change(marketing, request, { status: 'done' });
    const { status, body } = await other.send('PUT', `/requests/${request.id}/vote`);
    expect([status, body.code]).toEqual([409, 'conflict']);
  });

  it('brings along what the open deals of the voters are worth, by currency', async () => {
    await openDeal('RITA@example.com', 40_000);
    await openDeal('rita@example.com', 10_000.5);
    await openDeal('rita@example.com', 99_000, 'EUR', 'won');
    await openDeal('otto@example.com', 7_000, 'USD');
    const request = await ask(rep);
    expect(request).toMatchObject({ openDealCount: 2, openValue: [{ currency: 'EUR', amount: 50_000.5 }] });
    const { body } = await other.send('PUT', `/requests/${request.id}/vote`);
    expect(body).toMatchObject({
      openDealCount: 3,
      openValue: [
        { currency: 'EUR', amount: 50_000.5 },
        { currency: 'USD', amount: 7_000 },
      ],
    });
  });
});

describe('what marketing does with a request', () => {
  it('plans it with a day, then answers it with an asset', async () => {
    const request = await ask(rep);
    const planned = await change(marketing, request, { status: 'planned', dueOn: '2027-02-01' });
    expect(planned.body).toMatchObject({ status: 'planned', dueOn: '2027-02-01' });
    const asset = await app.make.asset({ title: 'The one-pager' });
    const done = await change(marketing, request, { status: 'done', answer: 'Here.', assetId: asset.id });
    expect(done.status).toBe(200);
    const { body } = await rep.get('/requests?status=done');
    const seen = body.items.find(({ id }: { id: string }) => id === request.id);
    expect(seen).toMatchObject({ answer: 'Here.', asset: { id: asset.id, title: 'The one-pager' } });
  });

  it('cannot answer with an asset that reps do not see, and one that leaves is not shown to them', async () => {
    const request = await ask(rep);
    const draft = await app.make.asset({ status: 'draft', publishedAt: null });
    for (const assetId of [draft.id, 'ast_000000000000000000000']) {
      const { status, body } = await change(marketing, request, { assetId });
      expect([status, body.errors[0].pointer]).toEqual([400, '/body/assetId']);
    }
    const asset = await app.make.asset();
    await change(marketing, request, { status: 'done', assetId: asset.id });
    await marketing.send('PATCH', `/assets/${asset.id}`, { revision: 1, status: 'archived' });
    const { body } = await rep.get('/requests?status=done');
    expect(body.items.find(({ id }: { id: string }) => id === request.id).asset).toBeNull();
  });

  it('leaves what it does not name as it is', async () => {
    const request = await ask(rep, { details: 'In German.', dueOn: '2027-01-01' });
    const { body } = await change(marketing, request, { title: 'Einseiter' });
    expect(body).toMatchObject({
      title: 'Einseiter',
      details: 'In German.',
      dueOn: '2027-01-01',
      status: 'open',
    });
  });
});

describe('taking a request back', () => {
  it('is for the one who asked, while nobody else wants it', async () => {
    const request = await ask(rep);
    expect((await other.send('DELETE', `/requests/${request.id}`)).status).toBe(403);
    expect((await rep.send('DELETE', `/requests/${request.id}`)).status).toBe(204);
    expect((await rep.send('DELETE', `/requests/${request.id}`)).status).toBe(404);
    expect(await listIds(rep)).not.toContain(request.id);
  });

  it('is refused once somebody built on it', async () => {
    const wanted = await ask(rep);
    await other.send('PUT', `/requests/${wanted.id}/vote`);
    const answered = await ask(rep);
    await change(marketing, answered, { status: 'planned' });
    for (const request of [wanted, answered]) {
      const { status, body } = await rep.send('DELETE', `/requests/${request.id}`);
      expect([status, body.code]).toEqual([409, 'conflict']);
    }
  });
});

describe('the list', () => {
  it('pages newest first, by state and by whose it is', async () => {
    const asker = await app.client('rep');
    const made: string[] = [];
    for (let number = 0; number < 5; number++) made.unshift((await ask(asker)).id);
    const foreign = await ask(rep);
    await asker.send('PUT', `/requests/${foreign.id}/vote`);
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const { body }: { body: { items: { id: string }[]; nextCursor: string | null } } = await asker.get(
        `/requests?isOwn=true&limit=2${cursor && `&cursor=${cursor}`}`,
      );
      seen.push(...body.items.map(({ id }) => id));
      cursor = body.nextCursor;
    }
    expect(seen).toEqual([foreign.id, ...made]);
    expect(await listIds(asker, '?isOwn=true&status=done')).toEqual([]);
    expect((await asker.get('/requests?cursor=nonsense')).status).toBe(400);
  });

  it('holds what people type as they typed it', async () => {
    const title = `Ωμέγα "quoted" <b>bold</b> 🙂 ${'x'.repeat(100)}`;
    expect((await ask(rep, { title })).title).toBe(title);
    const { status } = await rep.send('POST', '/requests', { title: 'zero \u0000 character' });
    expect(status).toBe(400);
    expect((await rep.send('POST', '/requests', { title: 'x'.repeat(201) })).status).toBe(400);
  });
});
