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

const day = 86_400_000;

/** So many days ago. */
function ago(days: number): Date {
  return new Date(app.ctx.clock().getTime() - days * day);
}

interface Unused {
  term: { id: string };
  says: string;
  advice: string;
}

it('says which terms nobody uses only once there has been time to use them', async () => {
  const oldTerm = (name: string) => app.make.term({ name, createdAt: ago(200) });
  const [searched, shared, quiet, crowded, empty, missed] = [
    await oldTerm('Plumber'),
    await oldTerm('Carpenter'),
    await oldTerm('Gardener'),
    await oldTerm('Everybody'),
    await oldTerm('Astronaut'),
    await oldTerm('Diver'),
  ];
  const young = await app.make.term({ name: 'Newcomer', createdAt: ago(5) });
  const unripe = await oldTerm('Only on what is new');
  const retired = await app.make.term({ name: 'Retired', retiredAt: new Date() });
  await app.make.asset({ termIds: [searched.id, quiet.id, young.id] });
  for (let number = 0; number < 3; number++) await app.make.asset({ termIds: [crowded.id] });
  await app.make.asset({ publishedAt: ago(5), termIds: [unripe.id] });
  await app.make.asset({ status: 'draft', publishedAt: null, termIds: [empty.id] });
  const asset = await app.make.asset({ termIds: [shared.id] });
  const rep = await app.make.user();
  await app.make.shareLink({ assetId: asset.id, createdByUserId: rep.id });
  const find = ({ unusedTerms }: { unusedTerms: Unused[] }, { id }: { id: string }) =>
    unusedTerms.find(({ term }) => term.id === id);

  const before = await readHealth();
  expect(before.isUseKnown).toBe(false);
  expect(before.useSays).toMatch(
    /^Recording began on .*\. From .* on it can be told which terms nobody uses\.$/,
  );
  expect(find(before, empty)).toMatchObject({ says: 'No published asset has it yet.', advice: 'tag' });
  for (const term of [searched, shared, quiet, crowded, young, unripe, retired])
    expect(find(before, term)).toBeUndefined();

  await app.make.search({ userId: rep.id, query: 'pipes', termIds: [searched.id], searchedAt: ago(40) });
  await app.make.search({ userId: rep.id, query: 'sea', termIds: [missed.id], searchedAt: ago(2) });
  expect((await readHealth()).useSays).toMatch(/^There were 2 searches since .*, when recording began\./);
  for (let number = 0; number < 48; number++)
    await app.make.search({ userId: rep.id, query: `pipes ${number}`, searchedAt: ago(3) });

  const after = await readHealth();
  expect(after.isUseKnown).toBe(true);
  expect(after.useSays).toMatch(/^Nobody searched for these, .* since .*, when recording began\.$/);
  expect(find(after, quiet)).toMatchObject({
    says: '1 published asset has it, and was not used.',
    advice: 'retire',
  });
  expect(find(after, crowded)).toMatchObject({
    says: '3 published assets have it, none of them used.',
    advice: 'review',
  });
  expect(find(after, empty)).toMatchObject({ says: 'No published asset has it.', advice: 'retire' });
  expect(find(after, missed)?.says).toContain('but it was searched for once since');
  expect(find(after, missed)?.advice).toBe('request');
  for (const term of [searched, shared, young, unripe, retired]) expect(find(after, term)).toBeUndefined();
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

it('names words that several people typed and no term knows, with the terms they may mean', async () => {
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
    await app.make.search({ userId: user.id, query: user === rita ? 'kubernets' : 'kubernetes' });
    await app.make.search({ userId: user.id, query: user === rita ? 'hosptial' : 'hospital' });
    await app.make.search({ userId: user.id, query: 'hospital' });
    await app.make.termChoice({ phrase: 'spans', termId: learned.id, userId: user.id });
  }
  await app.make.search({ userId: rita.id, query: 'hapax' });
  for (const minutes of [1, 2])
    await app.make.search({ userId: rita.id, query: `vandermeulen ${minutes}`, searchedAt: ago(minutes) });
  const mail = 'Dear Jonas,\n\nthe wagyu is too expensive for us.\n\nKind regards\nPetra Osterloh\n';
  for (const user of [rita, otto])
    await app.make.search({ userId: user.id, query: mail, clusterKey: 'petra' });
  const { unknownWords } = await readHealth();
  const words = unknownWords.map(({ word }: { word: string }) => word);
  expect(words).toEqual(expect.arrayContaining(['observabilty', 'spans']));
  for (const word of [
    'hapax',
    'vandermeulen',
    'wagyu',
    'petra',
    'osterloh',
    'jonas',
    'telemetry',
    'price',
    'the',
    'of',
  ])
    expect(words).not.toContain(word);
  const found = (wanted: string) => unknownWords.find(({ word }: { word: string }) => word === wanted);
  expect(found('observabilty')).toMatchObject({
    searchCount: 2,
    userCount: 2,
    failedCount: 2,
    suggestions: [{ id: term.id, name: 'Observability' }],
  });
  expect(found('hospital')).toMatchObject({ searchCount: 4, userCount: 2 });
  expect(found('hosptial')).toBeUndefined();
  expect(found('kubernetes')).toMatchObject({ searchCount: 2, userCount: 2 });
  expect(found('spans').suggestions).toEqual([{ id: learned.id, dimensionKey: 'product', name: 'Tracing' }]);
});
