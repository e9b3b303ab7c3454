import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { countReach } from '../../server/src/analytics/reach-queries.ts';
import type { Database } from '../../server/src/db/database.ts';
import { countNow } from '../../server/src/rollups/service.ts';
import { verifyRollups } from '../../server/src/rollups/verify.ts';
import { readSettings } from '../../server/src/settings/service.ts';
import { startOfDay } from '../../server/src/slices/days.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { type Recount, readRaw, recount, recountShelf } from '../support/recount.ts';
import { emptyDatabase, type Step, startHistory } from '../support/shelf-history.ts';

let app: TestApp;

beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

const kinds = ['surfaced', 'opened', 'downloaded', 'shared', 'reached', 'read'] as const;
type Cell = Record<string, number>;

/** Where a row is counted: for everybody, and for accounts of its kind; these only as far as buyers are concerned. */
function slicesOf(sliceOfAccount: Map<string, number>, accountId: string | null): number[] {
  const slice = accountId === null ? undefined : sliceOfAccount.get(accountId);
  return slice === undefined ? [0] : [0, slice];
}

function monthsOfRecount({ happenings }: Recount, sliceOfAccount: Map<string, number>): Map<string, Cell> {
  const cells = new Map<string, Cell>();
  for (const { kind, assetId, day, accountId } of happenings)
    for (const slice of slicesOf(sliceOfAccount, accountId)) {
      const key = `${assetId} ${day.slice(0, 7)}-01 ${slice}`;
      const cell = cells.get(key) ?? {};
      cell[`${kind}Count`] = (cell[`${kind}Count`] ?? 0) + 1;
      cell[`${kind}Days`] = (cell[`${kind}Days`] ?? 0) | (1 << (Number(day.slice(8)) - 1));
      cells.set(key, cell);
    }
  return cells;
}

async function expectToEqualRecount(db: Database): Promise<void> {
  const { timeZone } = await readSettings(db);
  const raw = await readRaw(db);
  const counted = recount(raw, timeZone);
  const slices = await db.selectFrom('buyerSlice').selectAll().execute();
  const sliceOfAccount = new Map(
    raw.account.map(({ id, industry, region, segment }) => [
      id,
      slices.find((it) => it.industry === industry && it.region === region && it.segment === segment)?.id ??
        -1,
    ]),
  );

  const readings = await db
    .selectFrom('reading')
    .select([
      'visitId',
      'assetVersionId',
      'assetId',
      'recipientId',
      'readerKey',
      'accountId',
      'startedAt',
      'day',
    ])
    .select(['class', 'isHuman', 'pageMs', 'readPages', 'activeMs', 'furthestPage', 'buyerSliceId'])
    .execute();
  const sorted = <T extends { visitId: string; assetVersionId: string }>(rows: T[]) =>
    rows.toSorted((a, b) => (a.visitId + a.assetVersionId < b.visitId + b.assetVersionId ? -1 : 1));
  expect(sorted(readings)).toEqual(
    sorted(
      counted.readings.map((reading) => ({
        ...reading,
        buyerSliceId: slicesOf(sliceOfAccount, reading.accountId)[1] ?? 0,
      })),
    ),
  );

  const months = await db.selectFrom('assetMonth').selectAll().execute();
  const stored = new Map(
    months.map((row) => [
      `${row.assetId} ${row.month} ${row.buyerSliceId}`,
      Object.fromEntries(
        kinds.flatMap((kind) =>
          row[`${kind}Count`] > 0 || row[`${kind}Days`] !== 0
            ? [
                [`${kind}Count`, row[`${kind}Count`]],
                [`${kind}Days`, row[`${kind}Days`]],
              ]
            : [],
        ),
      ),
    ]),
  );
  expect(stored).toEqual(monthsOfRecount(counted, sliceOfAccount));

  const moves = new Map<string, number>();
  for (const { assetId, day, accountId, movedAt } of counted.moves)
    for (const slice of slicesOf(sliceOfAccount, accountId)) {
      const key = `${assetId} ${slice} ${day}`;
      moves.set(key, Math.min(moves.get(key) ?? Number.POSITIVE_INFINITY, movedAt.getTime()));
    }
  const storedMoves = await db.selectFrom('assetMove').selectAll().execute();
  expect(
    new Map(
      storedMoves.map((row) => [`${row.assetId} ${row.buyerSliceId} ${row.readOn}`, row.movedAt.getTime()]),
    ),
  ).toEqual(moves);

  const rungs = ['published', 'surfaced', 'opened', 'shared', 'reached', 'read', 'moved'];
  const window = windowOf('2026-03-20', '2026-04-12', timeZone);
  const before = windowOf('2026-02-24', '2026-03-19', timeZone);
  const reach = await countReach(db, { window, before, assetIds: null, buyerSliceIds: [0] });
  const sum = (rows: typeof reach) => rows.reduce((total, { count }) => total + count, 0);
  const [now, earlier] = [window, before].map((each) =>
    recountShelf(raw, counted, each).filter(({ isEligible }) => isEligible),
  );
  expect({
    eligible: sum(reach.filter((row) => row.isEligible)),
    used: sum(reach.filter((row) => row.isEligible && row.isUsed)),
    rungs: rungs.map((_, height) => sum(reach.filter((row) => row.isEligible && row.height === height))),
    usedBefore: sum(reach.filter((row) => row.wasEligible && row.wasUsed)),
    rungsBefore: rungs.map((_, height) =>
      sum(reach.filter((row) => row.wasEligible && row.heightBefore === height)),
    ),
  }).toEqual({
    eligible: now?.length,
    used: now?.filter(({ isUsed }) => isUsed).length,
    rungs: rungs.map((rung) => now?.filter((asset) => asset.rung === rung).length),
    usedBefore: earlier?.filter(({ isUsed }) => isUsed).length,
    rungsBefore: rungs.map((rung) => earlier?.filter((asset) => asset.rung === rung).length),
  });
}

function windowOf(firstDay: string, lastDay: string, timeZone: string) {
  const next = new Date(Date.parse(`${lastDay}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
  return {
    firstDay,
    lastDay,
    start: startOfDay(firstDay, timeZone),
    end: new Date(startOfDay(next, timeZone).getTime() - 1),
  };
}

const step = fc.tuple(
  fc.nat(1_000),
  fc.nat(100_000),
  fc.nat(100_000),
  fc.nat(100_000),
) satisfies fc.Arbitrary<Step>;

const histories = fc.noBias(
  fc.array(fc.array(step, { minLength: 20, maxLength: 80, size: 'max' }), {
    minLength: 3,
    maxLength: 6,
    size: 'max',
  }),
);
const runs = 8;

test('whatever happens in whatever order, what is counted is what a slow recount of the raw rows gives', async () => {
  let [readingCount, moveCount] = [0, 0];
  await fc.assert(
    fc.asyncProperty(histories, async (parts) => {
      await emptyDatabase(app);
      const history = startHistory(app);
      await history.begin();
      // Counted in between, so that what changes afterwards has to be found again.
      for (const steps of parts) {
        for (const each of steps) await history.take(each);
        await countNow(app.ctx);
      }
      await expectToEqualRecount(app.ctx.db);
      expect(await verifyRollups(app.ctx)).toEqual({ readings: [], months: [], moves: [] });
      readingCount += (await app.ctx.db.selectFrom('reading').select('visitId').execute()).length;
      moveCount += (await app.ctx.db.selectFrom('assetMove').select('readOn').execute()).length;
    }),
    { numRuns: runs },
  );
  expect(Math.min(readingCount, moveCount)).toBeGreaterThan(runs);
}, 400_000);
