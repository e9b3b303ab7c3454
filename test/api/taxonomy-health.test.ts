import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestApp, type TestApp, type TestClient } from '../support/app.ts';

let app: TestApp;
let marketing: TestClient;

beforeAll(async () => {
  app = await startTestApp();
  marketing = await app.client('marketing');
});
afterAll(() => app.close());

async function readHealth() {
  const { status, body } = await marketing.get('/taxonomy-health');
  expect(status).toBe(200);
  return body;
}

it('names terms that no published asset has, and those that nobody searches for once there is enough to tell', async () => {
  const empty = await app.make.term({ name: 'Astronaut' });
  const retired = await app.make.term({ name: 'Retired', retiredAt: new Date() });
  const used = await app.make.term({ name: 'Plumber' });
  const quiet = await app.make.term({ name: 'Gardener' });
  await app.make.asset({ termIds: [used.id, quiet.id] });
  await app.make.asset({ status: 'draft', publishedAt: null, termIds: [empty.id] });
  const before = await readHealth();
  const says = (health: { unusedTerms: { term: { id: string }; says: string }[] }, id: string) =>
    health.unusedTerms.find(({ term }) => term.id === id)?.says;
  expect(says(before, empty.id)).toBe('No published asset has it.');
  expect(says(before, quiet.id)).toBeUndefined();
  expect(says(before, retired.id)).toBeUndefined();

  const user = await app.make.user();
  for (let number = 0; number < 50; number++)
    await app.make.search({
      userId: user.id,
      query: `pipes ${number}`,
      termIds: number < 3 ? [used.id] : [],
    });
  await app.make.search({ userId: user.id, query: 'space', termIds: [empty.id] });
  const after = await readHealth();
  expect(says(after, quiet.id)).toBe('1 published asset has it, but nobody has searched for it in 90 days.');
  expect(says(after, used.id)).toBeUndefined();
  expect(says(after, empty.id)).toContain('was searched for once in 90 days: something is missing.');
});

it('names pairs of one dimension that mostly stand on the same assets, the smaller one first', async () => {
  const industry = (name: string) => app.make.term({ dimensionKey: 'industry', name });
  const [banks, finance, retail] = [
    await industry('Banks'),
    await industry('Finance'),
    await industry('Retail'),
  ];
  const cfo = await app.make.term({ name: 'Money person' });
  for (let number = 0; number < 4; number++)
    await app.make.asset({ termIds: [banks.id, finance.id, cfo.id, ...(number < 2 ? [retail.id] : [])] });
  await app.make.asset({ termIds: [finance.id] });
  const { overlaps } = await readHealth();
  expect(overlaps).toEqual([
    {
      first: { id: banks.id, dimensionKey: 'industry', name: 'Banks' },
      second: { id: finance.id, dimensionKey: 'industry', name: 'Finance' },
      firstCount: 4,
      secondCount: 5,
      commonCount: 4,
    },
  ]);
});

it('names words that several searches hold and no term knows, with the terms they may mean', async () => {
  const term = await app.make.term({
    dimensionKey: 'product',
    name: 'Observability',
    synonyms: ['telemetry'],
  });
  const learned = await app.make.term({ dimensionKey: 'product', name: 'Tracing' });
  const [rita, otto] = [await app.make.user(), await app.make.user()];
  for (const user of [rita, otto]) {
    await app.make.search({ userId: user.id, query: 'the observabilty of spans' });
    await app.make.search({ userId: user.id, query: 'telemetry price' });
    await app.make.termChoice({ phrase: 'spans', termId: learned.id, userId: user.id });
  }
  await app.make.search({ userId: rita.id, query: 'hapax' });
  const { unknownWords } = await readHealth();
  const words = unknownWords.map(({ word }: { word: string }) => word);
  expect(words).toEqual(expect.arrayContaining(['observabilty', 'spans']));
  for (const word of ['hapax', 'telemetry', 'price', 'the', 'of']) expect(words).not.toContain(word);
  const found = (wanted: string) => unknownWords.find(({ word }: { word: string }) => word === wanted);
  expect(found('observabilty')).toMatchObject({
    searchCount: 2,
    userCount: 2,
    failedCount: 2,
    suggestions: [{ id: term.id, name: 'Observability' }],
  });
  expect(found('spans').suggestions).toEqual([{ id: learned.id, dimensionKey: 'product', name: 'Tracing' }]);
});
