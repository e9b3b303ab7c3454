import { glob, readFile } from 'node:fs/promises';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { metricKey } from '../../server/src/analytics/contract.ts';
import { describeMetric } from '../../server/src/analytics/metric-sources.ts';
import { countNow } from '../../server/src/rollups/service.ts';
import { slice } from '../../server/src/slices/contract.ts';
import { resolveSlice } from '../../server/src/slices/service.ts';
import { startTestApp, type TestApp, type TestClient } from '../support/app.ts';
import { emptyDatabase, startHistory } from '../support/shelf-history.ts';

const days = 'from=2026-02-25&to=2026-05-05';
let app: TestApp;
let marketing: TestClient;
let rows: (key: (typeof metricKey.options)[number], assetId?: string) => Promise<Record<string, unknown>[]>;

/** Numbers that look like chance and are the same each time. */
function startChance(): (below: number) => number {
  let state = 20_261_123;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
}

beforeAll(async () => {
  app = await startTestApp();
  await emptyDatabase(app);
  const history = startHistory(app);
  const chance = startChance();
  await history.begin();
  for (let step = 0; step < 700; step += 1)
    await history.take([chance(1_000), chance(100_000), chance(100_000), chance(100_000)]);
  await countNow(app.ctx);
  marketing = await app.client('marketing');
  const { window } = await resolveSlice(app.ctx, slice.parse({ from: '2026-02-25', to: '2026-05-05' }));
  rows = async (key, assetId = 'ast_none') => {
    const given: Record<string, string> = {
      start: `'${window.start.toISOString()}'::timestamptz`,
      end: `'${window.end.toISOString()}'::timestamptz`,
      first_day: `'${window.firstDay}'::date`,
      last_day: `'${window.lastDay}'::date`,
      asset: `'${assetId}'`,
    };
    const text = describeMetric(key).sql ?? 'select 1 where false';
    const filled = text.replaceAll(/(?<![:\w]):(\w+)/g, (_, name: string) => given[name] ?? '');
    return (await sql.raw(filled).execute(app.ctx.db)).rows as Record<string, unknown>[];
  };
});
afterAll(() => app.close());

const countOf = async (key: (typeof metricKey.options)[number], assetId?: string) =>
  Number((await rows(key, assetId))[0]?.count);

test('every query of a definition runs', async () => {
  const withQuery = metricKey.options.filter((key) => describeMetric(key).sql !== null);
  expect(withQuery.length).toBeGreaterThan(20);
  for (const key of withQuery) await expect(rows(key), key).resolves.toBeDefined();
});

test('the queries of the definitions say of what happened what the report says of what it counted', async () => {
  const { body: report } = await marketing.get(`/report/reach?${days}`);
  const { value, part, n } = report.unusedRate.current;
  expect(n).toBeGreaterThan(3);
  expect(await countOf('eligible_assets')).toBe(n);
  expect(await countOf('used_assets')).toBe(n - part);
  expect(Number(Object.values((await rows('unused_rate'))[0] ?? {})[0])).toBeCloseTo(value, 10);
  expect(await countOf('stale_assets')).toBe(report.staleCount);
  const ladder = Object.fromEntries(
    (await rows('usage_ladder')).map(({ rung, count }) => [rung, Number(count)]),
  );
  for (const { rung, count } of report.ladder) expect(ladder[rung] ?? 0, rung).toBe(count);

  let [shareCount, openCount] = [0, 0];
  for (const { rung } of report.ladder) {
    const { body } = await marketing.get(`/report/reach/assets?rung=${rung}&${days}`);
    for (const asset of body.items) {
      expect(await countOf('share_links', asset.assetId)).toBe(asset.shareCount);
      expect(await countOf('human_opens', asset.assetId)).toBe(asset.humanOpenCount);
      shareCount += asset.shareCount;
      openCount += asset.humanOpenCount;
    }
  }
  expect(Math.min(shareCount, openCount)).toBeGreaterThan(3);

  const { body: team } = await marketing.get(`/report/teams?${days}`);
  const sum = (
    pick: (team: {
      sharing: { part: number };
      followUp: { answered: { part: number; n: number } };
    }) => number,
  ) => team.teams.reduce((total: number, each: never) => total + pick(each), 0);
  expect(await countOf('adoption')).toBe(sum(({ sharing }) => sharing.part));
  expect(await countOf('published_assets')).toBe((await marketing.get('/slice')).body.assetCount);
});

test('each address at which a number is answered is one of the API', async () => {
  const contracts: string[] = [];
  for await (const file of glob('server/src/*/contract.ts')) contracts.push(await readFile(file, 'utf8'));
  const text = contracts.join('\n');
  for (const key of metricKey.options) {
    const { endpoints } = describeMetric(key);
    expect(endpoints.length, key).toBeGreaterThan(0);
    for (const endpoint of endpoints) expect(text, `${key}: ${endpoint}`).toContain(`path: '${endpoint}'`);
  }
});
