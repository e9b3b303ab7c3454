import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestApp, type TestApp, type TestClient } from '../support/app.ts';

let app: TestApp;
let marketing: TestClient;
let rep: TestClient;
let terms: Record<'buyer' | 'builder' | 'early' | 'late', string>;

/** Nine assets: enough that pages, filters and orders differ. */
beforeAll(async () => {
  app = await startTestApp();
  marketing = await app.client('marketing');
  rep = await app.client('rep');
  terms = {
    buyer: (await app.make.term()).id,
    builder: (await app.make.term()).id,
    early: (await app.make.term({ dimensionKey: 'stage' })).id,
    late: (await app.make.term({ dimensionKey: 'stage' })).id,
  };
  const gone = await app.make.user({ deactivatedAt: new Date() });
  const at = (number: number) => new Date(Date.UTC(2026, 0, number));
  const make = (number: number, row: object) =>
    app.make.asset({ title: `Title ${number}`, updatedAt: at(number), publishedAt: at(10 - number), ...row });
  await make(1, { termIds: [terms.buyer, terms.early], reviewOn: '2099-01-01' });
  await make(2, { termIds: [terms.builder, terms.early], audience: 'internal' });
  await make(3, { termIds: [terms.buyer, terms.late] });
  await make(4, { termIds: [terms.buyer], title: '100% sure_thing', reviewOn: '2020-01-01' });
  await make(5, { ownerUserId: gone.id });
  await make(6, { status: 'draft', publishedAt: null, ownerUserId: marketing.userId });
  await make(7, { status: 'archived', archivedAt: at(7) });
  await make(8, { updatedAt: at(5) });
  await make(9, { updatedAt: at(5), reviewOn: '2099-01-01' });
});
afterAll(() => app.close());

const titles = async (client: TestClient, query: string) => {
  const { status, body } = await client.get(`/assets?${query}`);
  expect(status).toBe(200);
  return body.items.map((item: { title: string }) => item.title.replace('Title ', '')).toSorted();
};

test.each(['updated', 'title', 'published', 'review'])('pages by %s hold every asset once', async (sort) => {
  const seen: string[] = [];
  let cursor = '';
  for (let page = 0; page < 10; page += 1) {
    const { body } = await marketing.get(`/assets?sort=${sort}&limit=3${cursor && `&cursor=${cursor}`}`);
    expect(body.total).toBe(8);
    seen.push(...body.items.map((item: { id: string }) => item.id));
    if (body.nextCursor === null) break;
    cursor = body.nextCursor;
  }
  expect(seen).toHaveLength(8);
  expect(new Set(seen).size).toBe(8);
  const whole = await marketing.get(`/assets?sort=${sort}`);
  expect(whole.body.items.map((item: { id: string }) => item.id)).toEqual(seen);
});

test('archived assets are listed on request, and drafts for curators only', async () => {
  expect(await titles(marketing, 'status=archived')).toEqual(['7']);
  expect(await titles(marketing, 'status=draft')).toEqual(['6']);
  expect(await titles(rep, 'status=draft')).toEqual([]);
  expect(await titles(rep, '')).toEqual(['1', '100% sure_thing', '2', '3', '5', '8', '9']);
});

test('terms of one dimension widen, dimensions narrow', async () => {
  const { buyer, builder, early, late } = terms;
  expect(await titles(rep, `term=${buyer}`)).toEqual(['1', '100% sure_thing', '3']);
  expect(await titles(rep, `term=${buyer}&term=${builder}`)).toEqual(['1', '100% sure_thing', '2', '3']);
  expect(await titles(rep, `term=${buyer}&term=${builder}&term=${early}`)).toEqual(['1', '2']);
  expect(await titles(rep, `term=${builder}&term=${late}`)).toEqual([]);
  expect(await titles(rep, 'term=trm_0000000000unknown')).toEqual([]);
});

test('other filters', async () => {
  expect(await titles(rep, 'audience=internal')).toEqual(['2']);
  expect(await titles(marketing, 'owner=me')).toEqual(['6']);
  expect(await titles(rep, 'isStale=true')).toEqual(['100% sure_thing', '5']);
  expect(await titles(rep, 'query=100%25')).toEqual(['100% sure_thing']);
  expect(await titles(rep, 'query=sure_ THING')).toEqual(['100% sure_thing']);
  expect(await titles(rep, `query=${encodeURIComponent("'; drop table asset; --")}`)).toEqual([]);
  expect((await titles(marketing, 'owner=none')).length).toBe(6);
});

test.each(['x', 'W10', Buffer.from('["updated","not a time","ast_x"]').toString('base64url')])(
  'a cursor that is none (%s) is refused',
  async (cursor) => {
    const { status, body } = await marketing.get(`/assets?cursor=${cursor}`);
    expect([status, body.code, body.errors[0].pointer]).toEqual([400, 'invalid_request', '/query/cursor']);
  },
);

test('a cursor of another order is refused', async () => {
  const { body } = await marketing.get('/assets?sort=title&limit=1');
  expect((await marketing.get(`/assets?sort=review&cursor=${body.nextCursor}`)).status).toBe(400);
});

test('a date that no calendar has is refused, in a cursor and in a field', async () => {
  const cursor = Buffer.from(JSON.stringify(['review', '2026-02-31', 'ast_x'])).toString('base64url');
  expect((await marketing.get(`/assets?sort=review&cursor=${cursor}`)).body.code).toBe('invalid_request');
  const { id } = await app.make.asset();
  const { revision } = (await marketing.get(`/assets/${id}`)).body;
  const answer = await marketing.send('PATCH', `/assets/${id}`, { revision, reviewOn: '0000-01-01' });
  expect([answer.status, answer.body.code]).toEqual([400, 'invalid_request']);
});
