import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { countReach, listSpineRows } from '../../server/src/analytics/reach-queries.ts';
import { countNow } from '../../server/src/rollups/service.ts';
import { readSettings } from '../../server/src/settings/service.ts';
import { slice } from '../../server/src/slices/contract.ts';
import { addDays } from '../../server/src/slices/days.ts';
import { resolveSlice } from '../../server/src/slices/service.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { readRaw, recount, recountShelf } from '../support/recount.ts';
import { emptyDatabase, type Step, startHistory } from '../support/shelf-history.ts';

let app: TestApp;

beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

const rungs = ['published', 'surfaced', 'opened', 'shared', 'reached', 'read', 'moved'];
const ofBuyers: readonly string[] = ['shared', 'reached', 'read'];

/** Windows of any length in the time of the history, of everybody or of some buyers, of all assets or of some. */
const questions = fc.record({
  from: fc.integer({ min: 0, max: 45 }),
  days: fc.integer({ min: 1, max: 70 }),
  industryCount: fc.nat(2),
  ofSomeAssets: fc.boolean(),
});
const step = fc.tuple(
  fc.nat(1_000),
  fc.nat(100_000),
  fc.nat(100_000),
  fc.nat(100_000),
) satisfies fc.Arbitrary<Step>;

test('the ladder and the unused rate of any slice are what a slow recount of the raw rows gives', async () => {
  let [movedCount, usedCount] = [0, 0];
  await fc.assert(
    fc.asyncProperty(
      fc.noBias(fc.array(step, { minLength: 200, maxLength: 500, size: 'max' })),
      fc.array(questions, { minLength: 6, maxLength: 6 }),
      async (steps, asked) => {
        await emptyDatabase(app);
        const history = startHistory(app);
        await history.begin();
        for (const each of steps) await history.take(each);
        const { db } = app.ctx;
        const [first] = await db.selectFrom('asset').select('id').orderBy('id').execute();
        const persona = await app.make.term();
        if (first)
          await db.insertInto('assetTerm').values({ assetId: first.id, termId: persona.id }).execute();
        await countNow(app.ctx);
        const raw = await readRaw(db);
        const { timeZone } = await readSettings(db);
        const counted = recount(raw, timeZone);
        const industries = [...new Set(raw.account.flatMap(({ industry }) => industry ?? []))];
        for (const { from, days, industryCount, ofSomeAssets } of asked) {
          const industry = industries.slice(0, industryCount);
          const firstDay = addDays('2026-02-20', from);
          const scope = await resolveSlice(
            app.ctx,
            slice.parse({
              from: firstDay,
              to: addDays(firstDay, days - 1),
              industry,
              ...(ofSomeAssets && { persona: persona.id }),
            }),
          );
          const ours = new Set(
            raw.account.filter((account) => industry.includes(account.industry ?? '')).map(({ id }) => id),
          );
          const isOfBuyers = industry.length > 0;
          const seen = isOfBuyers
            ? { ...counted, happenings: counted.happenings.filter(({ kind }) => ofBuyers.includes(kind)) }
            : counted;
          const [now, before] = [scope.window, scope.before].map((window) =>
            recountShelf(raw, seen, window, (accountId) => !isOfBuyers || ours.has(accountId ?? '')).filter(
              ({ isEligible, assetId }) => isEligible && (!ofSomeAssets || assetId === first?.id),
            ),
          );
          const spines = await listSpineRows(db, scope);
          expect(new Map(spines.map((row) => [row.assetId, rungs[row.height]]))).toEqual(
            new Map(now?.map((asset) => [asset.assetId, asset.rung])),
          );
          const counts = await countReach(db, scope);
          const sum = (rows: typeof counts) => rows.reduce((total, { count }) => total + count, 0);
          const used = now?.filter(({ isUsed }) => isUsed).length ?? 0;
          expect(sum(counts.filter((row) => row.isEligible && row.isUsed))).toBe(used);
          expect(sum(counts.filter((row) => row.wasEligible))).toBe(before?.length);
          expect(sum(counts.filter((row) => row.wasEligible && row.wasUsed))).toBe(
            before?.filter(({ isUsed }) => isUsed).length,
          );
          usedCount += used;
          movedCount += now?.filter(({ rung }) => rung === 'moved').length ?? 0;
        }
      },
    ),
    { numRuns: 12 },
  );
  // A history in which nothing happens proves nothing.
  expect(usedCount).toBeGreaterThan(0);
  expect(movedCount).toBeGreaterThan(0);
}, 180_000);
