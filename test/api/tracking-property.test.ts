import { randomInt } from 'node:crypto';
import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CheckedBeat, toColumns } from '../../server/src/tracking/engagement.ts';
import { mergeBeats } from '../../server/src/tracking/queries.ts';
import { startTestApp, type TestApp } from '../support/app.ts';

const pageCount = 4;
const tabs = ['tabtab01', 'tabtab02', 'tabtab03'];

let app: TestApp;
let asset: Awaited<ReturnType<TestApp['make']['asset']>>;

beforeAll(async () => {
  app = await startTestApp();
  asset = await app.make.asset();
  await app.ctx.db.updateTable('assetVersion').set({ pageCount }).where('id', '=', asset.versionId).execute();
});
afterAll(() => app.close());

/** What happens in one tab: it gets a bit further on a page, or plays a bit. */
const progress = fc.record({
  tab: fc.constantFrom(...tabs),
  page: fc.integer({ min: 1, max: pageCount }),
  ms: fc.integer({ min: 0, max: 20_000 }),
  played: fc.option(fc.tuple(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 1, max: 30 })), {
    nil: null,
  }),
});
type Progress = typeof progress extends fc.Arbitrary<infer T> ? T : never;

interface Told {
  tab: string;
  number: number;
  pages: Map<number, number>;
  watched: [number, number][];
}

/** After each bit the tab says its totals, as the script of the page does. */
function tellTotals(history: Progress[]): Told[] {
  const known = new Map<string, Told>();
  return history.map(({ tab, page, ms, played }) => {
    const before = known.get(tab);
    const told: Told = {
      tab,
      number: (before?.number ?? 0) + 1,
      pages: new Map(before?.pages).set(page, (before?.pages.get(page) ?? 0) + ms),
      watched: [
        ...(before?.watched ?? []),
        ...(played ? [[played[0], played[0] + played[1]] as [number, number]] : []),
      ],
    };
    known.set(tab, told);
    return told;
  });
}

function toBeat(visitId: string, { tab, number, pages, watched }: Told, now: Date): CheckedBeat {
  return {
    visitId,
    assetVersionId: asset.versionId,
    tabKey: tab,
    activeAt: now.getTime(),
    hasTrustedInput: false,
    number,
    pages: [...pages].map(([page, activeMs]) => ({ page, activeMs })),
    watched,
  };
}

/** The last word of each tab, each second that was played once. */
function expected(told: Told[]) {
  const last = new Map(told.map((each) => [each.tab, each]));
  const totals = [...last.values()].flatMap(({ tab, pages }) =>
    [...pages].map(([page, ms]) => `${tab} ${page} ${ms}`),
  );
  const seconds = new Set<number>();
  for (const { watched } of last.values())
    for (const [from, to] of watched) for (let second = from; second < to; second++) seconds.add(second);
  return { totals: totals.toSorted(), seconds: [...seconds].toSorted((a, b) => a - b) };
}

async function kept(visitId: string) {
  const { db } = app.ctx;
  const rows = await db.selectFrom('pageView').selectAll().where('visitId', '=', visitId).execute();
  const watched = await db.selectFrom('watchedRange').selectAll().where('visitId', '=', visitId).execute();
  const stretches = [...String(watched[0]?.seconds ?? '').matchAll(/\[(\d+),(\d+)\)/g)];
  return {
    totals: rows.map(({ tabKey, pageNumber, activeMs }) => `${tabKey} ${pageNumber} ${activeMs}`).toSorted(),
    seconds: stretches.flatMap(([, from, to]) =>
      Array.from({ length: Number(to) - Number(from) }, (_, index) => Number(from) + index),
    ),
  };
}

/** Some arrive twice, some much later, in any order, and in batches of any size; the last of each tab arrives at all. */
const journey = fc.record({
  history: fc.array(progress, { minLength: 1, maxLength: 25 }),
  copies: fc.infiniteStream(fc.integer({ min: 0, max: 2 })),
  places: fc.infiniteStream(fc.integer({ min: 0, max: 1_000 })),
  batchSizes: fc.infiniteStream(fc.integer({ min: 1, max: 6 })),
});

test('duplicated, reordered and lost beats change nothing of what is kept in the end', async () => {
  await fc.assert(
    fc.asyncProperty(journey, async ({ history, copies, places, batchSizes }) => {
      const told = tellTotals(history);
      const lastOfTab = new Set(new Map(told.map((each) => [each.tab, each])).values());
      const onTheWay = told
        .flatMap((each) => {
          const count = copies.next().value ?? 0;
          return Array<Told>(lastOfTab.has(each) ? count + 1 : count).fill(each);
        })
        .map((each) => ({ each, place: places.next().value ?? 0 }))
        .toSorted((a, b) => a.place - b.place);
      const came = new Set(onTheWay.map(({ each }) => each));
      const now = app.ctx.clock();
      const { id } = await app.make.visit({ pages: [], shareLinkId: await link(), startedAt: now });
      while (onTheWay.length > 0) {
        const batch = onTheWay.splice(0, batchSizes.next().value ?? 1);
        await mergeBeats(app.ctx.db, toColumns(batch.map(({ each }) => toBeat(id, each, now))), now);
      }
      expect(await kept(id)).toEqual(expected(told));
      expect(await countNumbers(id)).toBe(came.size);
    }),
    { numRuns: 100, seed: randomInt(2 ** 31) },
  );
});

/** How many different beats are known to have come. */
async function countNumbers(visitId: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select coalesce(sum(upper(came) - lower(came)), 0)::int as count
    from visit, unnest(visit.beat_numbers) as came where visit.id = ${visitId}`.execute(app.ctx.db);
  return rows[0]?.count ?? 0;
}

let shareLinkId: string | undefined;

async function link(): Promise<string> {
  shareLinkId ??= (await app.make.shareLink({ assetId: asset.id })).id;
  return shareLinkId;
}

test('what two batches keep is what one batch of both keeps', () => {
  fc.assert(
    fc.property(fc.array(progress, { minLength: 1, maxLength: 30 }), fc.nat(), (history, at) => {
      const beats = tellTotals(history).map((each) => toBeat('vis_0000000001', each, new Date(0)));
      const columns = toColumns(beats);
      const cut = at % beats.length;
      const turned = [...beats.slice(cut), ...beats.slice(0, cut)];
      const rows = ({ tabKeys, pageNumbers, activeMs }: typeof columns) =>
        tabKeys
          .slice(1, -1)
          .split(',')
          .map((tab, index) => [
            tab,
            pageNumbers.slice(1, -1).split(',')[index],
            activeMs.slice(1, -1).split(',')[index],
          ])
          .map((row) => row.join(' '))
          .toSorted();
      expect(rows(toColumns([...turned, ...beats]))).toEqual(rows(columns));
    }),
  );
});
