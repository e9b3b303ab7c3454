import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestApp, type TestApp, type TestClient } from '../support/app.ts';
import { type Cast, forgetHistory, tellCoverageHistory } from '../support/coverage-history.ts';
import { type RecountedCell, recountCoverage } from '../support/recount-coverage.ts';

const day = 86_400_000;
const keys = ['persona', 'stage', 'objection'] as const;

let app: TestApp;
let marketing: TestClient;
let cast: Cast;

beforeAll(async () => {
  app = await startTestApp();
  marketing = await app.client('marketing');
  cast = {
    userIds: [],
    termIds: { persona: [], stage: [], objection: [] },
    productId: (await app.make.term({ dimensionKey: 'product', name: 'Product' })).id,
  };
  for (let count = 0; count < 3; count++) cast.userIds.push((await app.make.user()).id);
  for (const dimensionKey of keys)
    for (let count = 0; count < 3; count++) {
      const retired = count === 2 ? { retiredAt: app.ago(0) } : {};
      const synonyms = dimensionKey === 'stage' && count === 1 ? ['Talks', 'stage 0'] : [];
      const name = `${dimensionKey} ${count}`;
      cast.termIds[dimensionKey].push((await app.make.term({ dimensionKey, name, synonyms, ...retired })).id);
    }
  for (const [currency, rate] of [
    ['EUR', '1'],
    ['USD', '0.5'],
  ] as const)
    await app.ctx.db
      .insertInto('currencyRate')
      .values({ currency, rate, isBase: currency === 'EUR', changedAt: app.ago(0) })
      .onConflict((conflict) => conflict.column('currency').doUpdateSet({ rate }))
      .execute();
});
afterAll(() => app.close());

const views = fc.record({
  seed: fc.integer(),
  axes: fc.constantFrom(
    ...keys.flatMap((rows) => keys.filter((key) => key !== rows).map((columns) => ({ rows, columns }))),
  ),
  third: fc.constantFrom('all', 'each', 'one'),
  days: fc.constantFrom(30, 90),
  isPast: fc.boolean(),
  industry: fc.constantFrom(null, null, 'Banking'),
  hasProduct: fc.boolean(),
});

const plain = ({ rowTermId, columnTermId, thirdTermId, ...counts }: RecountedCell) => [
  `${rowTermId} ${columnTermId} ${thirdTermId}`,
  { ...counts, openValue: Math.round(counts.openValue * 100) / 100 },
];

test('every cell equals a recount in plain loops, whatever happened and however it is looked at', async () => {
  const seen = {
    assetCount: 0,
    sharedCount: 0,
    readCount: 0,
    liftCount: 0,
    failedSearchCount: 0,
    noteCount: 0,
    openDealCount: 0,
    unconvertedDealCount: 0,
    wantedCount: 0,
  };
  await fc.assert(
    fc.asyncProperty(views, async ({ seed, axes, third: kind, days, isPast, industry, hasProduct }) => {
      await forgetHistory(app.ctx.db);
      await tellCoverageHistory(app, cast, seed);
      const thirdKey = keys.find((key) => key !== axes.rows && key !== axes.columns) ?? 'stage';
      const third = kind === 'one' ? (cast.termIds[thirdKey][0] ?? '') : kind;
      const query = new URLSearchParams({ ...axes, third, days: String(days) });
      if (isPast)
        query.set(
          'to',
          app
            .ago(20 * day)
            .toISOString()
            .slice(0, 10),
        );
      if (industry) query.set('industry', industry);
      if (hasProduct) query.set('product', cast.productId);
      const now = app.ctx.clock();
      const { status, body } = await marketing.get(`/report/coverage?${query}`);
      expect(status, JSON.stringify(body)).toBe(200);
      const expected = await recountCoverage(app.ctx.db, {
        ...axes,
        third,
        firstDay: body.window.firstDay,
        lastDay: body.window.lastDay,
        start: new Date(body.window.start),
        end: new Date(body.window.end),
        now,
        industry,
        productTermId: hasProduct ? cast.productId : null,
      });
      const counted = body.cells.map(
        ({ state: _, standing: __, ...cell }: RecountedCell & Record<string, unknown>) => plain(cell),
      );
      expect(Object.fromEntries(counted)).toEqual(Object.fromEntries(expected.map(plain)));
      for (const cell of expected)
        for (const key of Object.keys(seen) as (keyof typeof seen)[]) seen[key] += cell[key] ?? 0;
    }),
    { numRuns: 100 },
  );
  // Nothing is proved by histories in which nothing happens.
  expect(Math.min(...Object.values(seen)), JSON.stringify(seen)).toBeGreaterThan(8);
}, 180_000);
