import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { startTestApp, type TestApp, type TestClient } from '../support/app.ts';

const minute = 60_000;

let app: TestApp;
let marketing: TestClient;
let rita: TestClient;
let otto: TestClient;

beforeAll(async () => {
  app = await startTestApp();
  marketing = await app.client('marketing');
  rita = await app.clientOf(await app.make.user({ name: 'Rita' }));
  otto = await app.clientOf(await app.make.user({ name: 'Otto' }));
});
afterAll(() => app.close());
beforeEach(async () => {
  await app.ctx.db.deleteFrom('search').execute();
});

interface GapBody {
  clusterKey: string;
  query: string;
  [field: string]: unknown;
}

async function listGaps(): Promise<GapBody[]> {
  const { status, body } = await marketing.get('/gaps');
  expect(status).toBe(200);
  return body.items;
}

function fail(client: TestClient, query: string, minutes: number) {
  const searchedAt = new Date(app.ctx.clock().getTime() - minutes * minute);
  return app.make.search({ userId: client.userId ?? '', query, searchedAt });
}

function decide(what: string, { clusterKey }: GapBody) {
  return marketing.send('POST', `/gaps/${what}`, { clusterKey });
}

it('a search with an e-mail of a buyer is titled by its situation, and no word of the e-mail goes any further', async () => {
  const price = await app.make.term({ dimensionKey: 'objection', name: 'Costs too much of it' });
  const mail =
    'Hi Jonas,\n\nthanks for the call. Honestly, this costs too much of it for Vandermeulen Haulage.\n' +
    'Can we talk on +31 20 555 0199?\n\nKind regards\nPetra Osterloh\npetra@vandermeulen.example\n';
  for (const client of [rita, otto]) {
    await client.send('POST', '/searches', { query: mail });
    await client.send('POST', '/searches', { query: 'lunch' });
    app.travel(31 * minute);
  }
  await fail(rita, 'Dear Otto, the wagyu is off', 5);
  const gaps = await listGaps();
  expect(gaps.map(({ query }) => query).toSorted()).toEqual(['Costs too much of it', 'lunch']);
  const gap = gaps.find(({ isTyped }) => !isTyped) as GapBody;
  expect(gap).toMatchObject({
    terms: [{ id: price.id }],
    variants: [],
    unknownWords: [],
    pastedCount: 2,
    people: [{ name: 'Otto' }, { name: 'Rita' }],
  });
  const { body } = await decide('request', gap);
  expect(body.request.title).toBe('Costs too much of it');
  const everything = JSON.stringify([gaps, (await rita.get('/requests')).body]).toLowerCase();
  for (const word of ['petra', 'osterloh', 'jonas', 'haulage', '0199', 'honestly', 'wagyu'])
    expect(everything).not.toContain(word);
});

it('words of every kind make gaps and no faults', async () => {
  const odd = [
    '🙂🙂',
    '"',
    '%_\\',
    "' or 1=1 --",
    'Ω',
    '数据安全',
    'a'.repeat(5000),
    'a'.repeat(190),
    '<script>',
    '؟',
    '…',
  ];
  for (const [index, query] of odd.entries()) await fail(rita, query, 60 + index);
  const gaps = await listGaps();
  expect(gaps.length).toBeGreaterThan(4);
  for (const gap of gaps) expect((await decide('dismiss', gap)).status).toBe(200);
});
