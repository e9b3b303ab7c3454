import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { newId } from '../../server/src/http/ids.ts';
import { startTestApp, type TestApp, type TestClient } from '../support/app.ts';

const dayMs = 86_400_000;
let app: TestApp;
let marketing: TestClient;
const ago = (days: number) => new Date(app.ctx.clock().getTime() - days * dayMs);
const dayAgo = (days: number) => ago(days).toISOString().slice(0, 10);

beforeAll(async () => {
  app = await startTestApp();
  marketing = await app.client('marketing');
});
afterAll(() => app.close());
beforeEach(async () => {
  for (const table of ['assetMonth', 'assetMove', 'reading', 'shareLink', 'asset', 'buyerSlice'] as const)
    await app.ctx.db.deleteFrom(table).execute();
});

type Kind = 'surfaced' | 'opened' | 'downloaded' | 'shared' | 'reached' | 'read';

/** Something happened to an asset so many days ago, as the month's row holds it. */
async function happen(assetId: string, kind: Kind, daysAgo: number, buyerSliceId = 0) {
  const day = dayAgo(daysAgo);
  const bit = 2 ** (Number(day.slice(8)) - 1);
  const column = `${kind}Days` as const;
  const month = `${day.slice(0, 7)}-01`;
  const { db } = app.ctx;
  const key = { assetId, month, buyerSliceId };
  await db
    .insertInto('assetMonth')
    .values(key)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  await db
    .updateTable('assetMonth')
    .set((eb) => ({ [column]: eb(column, '|' as never, bit as never) }))
    .where('assetId', '=', assetId)
    .where('buyerSliceId', '=', buyerSliceId)
    .where((eb) => eb(eb.cast<string>('month', 'text'), '=', month))
    .execute();
}

async function readReach(query = '') {
  const { status, body } = await marketing.get(`/report/reach${query}`);
  expect(status).toBe(200);
  return body;
}

async function readSpines(query = '') {
  return (await marketing.get(`/report/reach/shelf${query}`)).body.spines as {
    assetId: string;
    rung: string;
  }[];
}

const counts = (report: { ladder: { rung: string; reachedCount: number }[] }) =>
  report.ladder.map((step) => [step.rung, step.reachedCount]);

test('an empty library has no rate, no spines and seven empty rungs', async () => {
  const report = await readReach();
  expect(report.unusedRate.current).toEqual({ value: null, part: 0, n: 0 });
  expect(report.ladder).toHaveLength(7);
  expect(report).toMatchObject({ notYetEligibleCount: 0, nextEligibleAt: null, staleCount: 0 });
  const shelf = (await marketing.get('/report/reach/shelf')).body;
  expect(shelf).toMatchObject({ eligibleCount: 0, spines: [], groups: null });
  const list = (await marketing.get('/report/reach/assets?rung=published')).body;
  expect(list).toMatchObject({ items: [], nextCursor: null, count: 0 });
});

test('the unused rate counts what was shared or downloaded within the days of the window, and no other', async () => {
  const assets = await Promise.all([1, 2, 3, 4, 5].map(() => app.make.asset({ publishedAt: ago(400) })));
  const [first, last, early, downloaded, opened] = assets.map((asset) => asset.id) as [
    string,
    string,
    string,
    string,
    string,
  ];
  await happen(first, 'shared', 29);
  await happen(last, 'shared', 0);
  await happen(early, 'shared', 30);
  await happen(downloaded, 'downloaded', 3);
  await happen(opened, 'opened', 3);
  const { unusedRate } = await readReach('?days=30');
  expect(unusedRate.current).toEqual({ value: 0.4, part: 2, n: 5 });
  expect(unusedRate.previous).toEqual({ value: 0.8, part: 4, n: 5 });
});

test('an asset is eligible from its thirtieth day on, and the report says when the next one is', async () => {
  await app.make.asset({ publishedAt: ago(30) });
  const young = await app.make.asset({ publishedAt: ago(29.9) });
  await app.make.asset({ status: 'draft' });
  await app.make.asset({ status: 'archived' });
  const report = await readReach();
  expect(report.unusedRate.current.n).toBe(1);
  expect(report.notYetEligibleCount).toBe(1);
  const next = (young.publishedAt?.getTime() ?? 0) + 30 * dayMs;
  expect(report.nextEligibleAt).toBe(new Date(next).toISOString());
});

test('a window is judged by what was published at its end', async () => {
  const { db } = app.ctx;
  const old = await app.make.asset({ publishedAt: ago(300) });
  const changes = async (status: string, history: [string, number][]) => {
    const asset = await app.make.asset({ publishedAt: ago(300), status });
    await db.deleteFrom('assetStatusChange').where('assetId', '=', asset.id).execute();
    for (const [next, days] of history)
      await db
        .insertInto('assetStatusChange')
        .values({ assetId: asset.id, status: next, changedAt: ago(days) })
        .execute();
    return asset;
  };
  const archivedSince = await changes('archived', [
    ['published', 300],
    ['archived', 20],
  ]);
  await changes('published', [
    ['published', 300],
    ['archived', 200],
    ['published', 10],
  ]);
  await app.make.asset({ publishedAt: ago(100) });
  await happen(old.id, 'shared', 120);
  await happen(archivedSince.id, 'shared', 30);
  const { unusedRate } = await readReach();
  expect(unusedRate.current).toEqual({ value: 1, part: 3, n: 3 });
  expect(unusedRate.previous).toEqual({ value: 0.5, part: 1, n: 2 });
  const past = await readReach(`?from=${dayAgo(60)}&to=${dayAgo(25)}`);
  expect(past.unusedRate.current).toEqual({ value: 2 / 3, part: 2, n: 3 });
});

test('an asset stands on the highest rung that it reached, however it got there', async () => {
  const kinds = ['surfaced', 'opened', 'shared', 'reached', 'read'] as const;
  await app.make.asset();
  for (const kind of kinds) await happen((await app.make.asset()).id, kind, 1);
  const moved = await app.make.asset();
  const later = await app.make.asset();
  for (const asset of [moved, later]) await happen(asset.id, 'read', 20);
  await app.ctx.db
    .insertInto('assetMove')
    .values([
      { assetId: moved.id, buyerSliceId: 0, readOn: dayAgo(20), movedAt: ago(2) },
      { assetId: later.id, buyerSliceId: 0, readOn: dayAgo(20), movedAt: ago(-1) },
    ])
    .execute();
  const report = await readReach('?days=30');
  expect(counts(report)).toEqual([
    ['published', 8],
    ['surfaced', 7],
    ['opened', 6],
    ['shared', 5],
    ['reached', 4],
    ['read', 3],
    ['moved', 1],
  ]);
  expect(report.ladder.map((step: { count: number }) => step.count)).toEqual([1, 1, 1, 1, 1, 2, 1]);
  const spines = await readSpines('?days=30');
  expect(spines.find((spine) => spine.assetId === moved.id)?.rung).toBe('moved');
  expect(spines.find((spine) => spine.assetId === later.id)?.rung).toBe('read');
});

test('the rungs of the window before stand beside those of now', async () => {
  const asset = await app.make.asset({ publishedAt: ago(300) });
  await happen(asset.id, 'read', 45);
  await happen(asset.id, 'surfaced', 5);
  const { ladder } = await readReach('?days=30');
  const read = ladder.find((step: { rung: string }) => step.rung === 'read');
  const surfaced = ladder.find((step: { rung: string }) => step.rung === 'surfaced');
  expect(read).toMatchObject({ count: 0, previousCount: 1, reachedCount: 0, previousReachedCount: 1 });
  expect(surfaced).toMatchObject({ count: 1, previousCount: 0, previousReachedCount: 1 });
});

test('of certain buyers only what can be told by buyer is counted', async () => {
  const { db } = app.ctx;
  const { id: retail } = await db
    .insertInto('buyerSlice')
    .values({ industry: 'Retail' })
    .returning('id')
    .executeTakeFirstOrThrow();
  const [toRetail, toOthers] = [await app.make.asset(), await app.make.asset()];
  for (const asset of [toRetail, toOthers]) {
    await happen(asset.id, 'opened', 4);
    await happen(asset.id, 'downloaded', 4);
    await happen(asset.id, 'read', 3);
  }
  await happen(toRetail.id, 'shared', 3, retail);
  await happen(toRetail.id, 'reached', 3, retail);
  const report = await readReach('?industry=Retail');
  expect(report.unusedRate.current).toEqual({ value: 0.5, part: 1, n: 2 });
  expect(counts(report)).toEqual([
    ['published', 2],
    ['shared', 1],
    ['reached', 1],
    ['read', 0],
    ['moved', 0],
  ]);
  expect(counts(await readReach('?industry=Mining'))[1]).toEqual(['shared', 0]);
});

test('a slice of assets is its own library', async () => {
  const cfo = await app.make.term();
  const [one] = [await app.make.asset({ termIds: [cfo.id] }), await app.make.asset()];
  await happen(one.id, 'shared', 1);
  const { unusedRate } = await readReach(`?persona=${cfo.id}`);
  expect(unusedRate.current).toEqual({ value: 0, part: 0, n: 1 });
  expect((await readSpines(`?persona=${cfo.id}`)).map((spine) => spine.assetId)).toEqual([one.id]);
});

test('of a large library the shelf says how many of each group stand where', async () => {
  const { db } = app.ctx;
  const [first, second] = [
    await app.make.term({ name: 'First', position: 1 }),
    await app.make.term({ name: 'Second', position: 2 }),
  ];
  const both = await app.make.asset({ termIds: [second.id, first.id] });
  await happen(both.id, 'read', 2);
  await db.transaction().execute(async (trx) => {
    const rows = Array.from({ length: 2_000 }, (_, index) => ({
      id: newId('ast'),
      kind: 'file',
      title: `Copy ${index}`,
      status: 'published',
      publishedAt: ago(90),
      currentVersionId: both.versionId,
    }));
    await trx.insertInto('asset').values(rows).execute();
    await trx
      .insertInto('assetStatusChange')
      .values(rows.map(({ id }) => ({ assetId: id, status: 'published', changedAt: ago(90) })))
      .execute();
  });
  const shelf = (await marketing.get('/report/reach/shelf?group=persona')).body;
  expect(shelf).toMatchObject({ eligibleCount: 2_001, spines: null });
  // An asset of several personas stands once, with the first of them.
  expect(shelf.groups.toSorted((a: { count: number }, b: { count: number }) => a.count - b.count)).toEqual([
    { group: 'First', rung: 'read', count: 1 },
    { group: null, rung: 'published', count: 2_000 },
  ]);
  const byRung = (await marketing.get('/report/reach/shelf')).body;
  expect(byRung.groups).toHaveLength(2);
  const page = (await marketing.get('/report/reach/assets?rung=published&order=title&limit=200')).body;
  expect(page).toMatchObject({ count: 2_000 });
  expect(page.items).toHaveLength(200);
});

test('days are those of the instance, so that a share at midnight counts once', async () => {
  const asset = await app.make.asset({ publishedAt: ago(400) });
  await happen(asset.id, 'shared', 10);
  const [day, next] = [dayAgo(10), dayAgo(9)];
  const of = async (from: string, to: string) =>
    (await readReach(`?from=${from}&to=${to}`)).unusedRate.current.part;
  expect(await of(day, day)).toBe(0);
  expect(await of(next, next)).toBe(1);
  expect(await of(dayAgo(11), next)).toBe(0);
});

test('a rung lists its assets page by page, each with the one thing to do', async () => {
  const rep = await app.make.user({ role: 'rep' });
  const stage = await app.make.term({ dimensionKey: 'stage' });
  const assets = [];
  for (const days of [300, 500, 40, 60, 90])
    assets.push(await app.make.asset({ publishedAt: ago(days), termIds: [stage.id] }));
  const [retired, , , shared] = [assets[1], assets[0], assets[2], assets[3]] as typeof assets;
  const stale = await app.make.asset({ publishedAt: ago(70), reviewOn: '2020-01-01' });
  await happen(shared?.id ?? '', 'shared', 3);
  await app.make.shareLink({ assetId: shared?.id ?? '', createdByUserId: rep.id, createdAt: ago(3) });
  await app.make.shareLink({ assetId: shared?.id ?? '', createdByUserId: rep.id, createdAt: ago(200) });
  const seen: string[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const page: { body: { items: { assetId: string }[]; nextCursor: string | null; count: number } } =
      await marketing.get(`/report/reach/assets?rung=published&limit=2${cursor && `&cursor=${cursor}`}`);
    expect(page.body.count).toBe(5);
    seen.push(...page.body.items.map((item) => item.assetId));
    cursor = page.body.nextCursor;
  }
  expect(seen).toHaveLength(5);
  expect(seen[0]).toBe(retired?.id);
  const list = (await marketing.get('/report/reach/assets?rung=published')).body.items;
  const find = (asset?: { id: string }) =>
    list.find((item: { assetId: string }) => item.assetId === asset?.id);
  expect(find(retired)).toMatchObject({ advice: 'retire', lastUsedOn: null });
  expect(find(stale)).toMatchObject({ advice: 'review', isStale: true });
  expect(find(assets[2])).toMatchObject({ advice: 'tag' });
  expect(find(assets[2]).says).toContain('a persona');
  const [onShared] = (await marketing.get('/report/reach/assets?rung=shared')).body.items;
  expect(onShared).toMatchObject({
    advice: 'brief',
    shareCount: 1,
    humanOpenCount: 0,
    lastUsedOn: dayAgo(3),
  });
  const byTitle = (await marketing.get('/report/reach/assets?rung=published&order=title&limit=2')).body;
  expect(
    (await marketing.get(`/report/reach/assets?rung=published&cursor=${byTitle.nextCursor}`)).status,
  ).toBe(400);
});

test('every number has the moment up to which it is counted, and the window it speaks of', async () => {
  const report = await readReach();
  expect(Date.parse(report.asOf)).toBeLessThanOrEqual(app.ctx.clock().getTime());
  expect(report.window.lastDay).toBe(dayAgo(0));
  expect(report.before.lastDay < report.window.firstDay).toBe(true);
});
