import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { slice } from '../../server/src/slices/contract.ts';
import { resolveSlice, windowsOf } from '../../server/src/slices/service.ts';
import { startTestApp, type TestApp } from '../support/app.ts';

let app: TestApp;

beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());
beforeEach(async () => {
  await app.ctx.db.deleteFrom('savedView').execute();
  await app.ctx.db.deleteFrom('asset').execute();
  await app.ctx.db.deleteFrom('buyerSlice').execute();
  await app.ctx.db.deleteFrom('account').execute();
});

const resolve = (query: Record<string, unknown> = {}) => resolveSlice(app.ctx, slice.parse(query));

test('without anything chosen a slice is the last 90 days, of every asset and everybody', async () => {
  const { window, before, assetIds, buyerSliceIds } = await resolve();
  expect(assetIds).toBeNull();
  expect(buyerSliceIds).toEqual([0]);
  const today = app.ctx.clock().toISOString().slice(0, 10);
  expect(window.lastDay).toBe(today);
  expect(Math.abs(window.end.getTime() - app.ctx.clock().getTime())).toBeLessThan(10_000);
  const dayMs = 86_400_000;
  expect(window.start.getTime()).toBe(Date.parse(today) - 89 * dayMs);
  expect(before.start.getTime()).toBe(Date.parse(today) - 179 * dayMs);
  expect(before.end.getTime()).toBe(window.start.getTime() - 1);
});

test('days begin where the instance is, also on those that clocks make longer or shorter', () => {
  const now = new Date('2026-10-25T22:30:00Z');
  const { window, before } = windowsOf({ days: 30 }, now, 'Europe/Berlin');
  expect(window).toMatchObject({ firstDay: '2026-09-26', lastDay: '2026-10-25', end: now });
  expect(window.start.toISOString()).toBe('2026-09-25T22:00:00.000Z');
  expect(before).toMatchObject({ firstDay: '2026-08-27', lastDay: '2026-09-25' });
  const later = windowsOf({ days: 30 }, new Date('2026-10-25T23:30:00Z'), 'Europe/Berlin');
  expect(later.window.lastDay).toBe('2026-10-26');
  const clocksChange = windowsOf({ days: 90, from: '2026-10-25', to: '2026-10-25' }, now, 'Europe/Berlin');
  expect(clocksChange.window.start.toISOString()).toBe('2026-10-24T22:00:00.000Z');
  const past = windowsOf(
    { days: 90, from: '2026-03-29', to: '2026-03-29' },
    new Date('2026-11-01T00:00:00Z'),
    'Europe/Berlin',
  );
  expect(past.window.end.getTime() - past.window.start.getTime()).toBe(23 * 3_600_000 - 1);
  expect(past.before).toMatchObject({ firstDay: '2026-03-28', lastDay: '2026-03-28' });
});

test('a custom window is as long as it says, and what comes before is as long', async () => {
  const { window, before } = await resolve({ from: '2024-02-01', to: '2024-02-29' });
  expect(window).toMatchObject({ firstDay: '2024-02-01', lastDay: '2024-02-29' });
  expect(window.end.toISOString()).toBe('2024-02-29T23:59:59.999Z');
  expect(before).toMatchObject({ firstDay: '2024-01-03', lastDay: '2024-01-31' });
  const open = await resolve({ to: '2024-02-29', days: '30' });
  expect(open.window).toMatchObject({ firstDay: '2024-01-31', lastDay: '2024-02-29' });
});

test('an admin says where the instance is, and every window follows', async () => {
  const admin = await app.client('admin');
  expect((await admin.send('PATCH', '/settings', { timeZone: 'Pacific/Kiritimati' })).status).toBe(200);
  const { body } = await admin.get('/slice?days=30');
  expect(body.timeZone).toBe('Pacific/Kiritimati');
  // Fourteen hours ahead of UTC, always.
  expect(body.window.start.slice(11)).toBe('10:00:00.000Z');
  const ahead = new Date(app.ctx.clock().getTime() + 14 * 3_600_000);
  expect(body.window.lastDay).toBe(ahead.toISOString().slice(0, 10));
  expect((await admin.get('/slice-choices')).body.today).toBe(body.window.lastDay);
  await admin.send('PATCH', '/settings', { timeZone: 'UTC' });
});

test('what makes no sense is refused in a sentence', async () => {
  const rep = await app.client('rep');
  for (const [query, says] of [
    ['from=2026-05-02&to=2026-05-01', /before the first/],
    ['from=2020-01-01&to=2024-01-01', /more than three years/],
    ['from=9999-01-01', /still to come/],
    ['from=1999-12-31&to=2000-01-02', /before anything was counted/],
    ['from=2026-02-30', /date/],
    ['days=91', /./],
    ['persona=acc_0000000000', /trm_/],
  ] as const) {
    const { status, body } = await rep.get(`/slice?${query}`);
    expect(status, query).toBe(400);
    expect(body.detail).toMatch(says);
  }
  const ahead = await rep.get('/slice?from=2026-01-01&to=2999-01-01');
  expect(ahead.status === 200 ? ahead.body.window.lastDay : ahead.body.detail).toMatch(/\d{4}-\d\d-\d\d/);
});

test('any term of a dimension will do, and every dimension has to be met', async () => {
  const [cfo, it] = [await app.make.term(), await app.make.term()];
  const german = await app.make.term({ dimensionKey: 'language' });
  const forCfo = await app.make.asset({ termIds: [cfo.id, german.id] });
  const forIt = await app.make.asset({ termIds: [it.id] });
  await app.make.asset();
  expect((await resolve({ persona: [cfo.id, it.id] })).assetIds?.toSorted()).toEqual(
    [forCfo.id, forIt.id].toSorted(),
  );
  expect((await resolve({ persona: [cfo.id, it.id], language: german.id })).assetIds).toEqual([forCfo.id]);
  expect((await resolve({ persona: it.id, language: german.id })).assetIds).toEqual([]);
});

test('buyers are sliced by what their account is', async () => {
  const { db } = app.ctx;
  const ids = await db
    .insertInto('buyerSlice')
    .values([
      { industry: 'Retail', region: 'EMEA', segment: 'Enterprise' },
      { industry: 'Retail', region: 'APAC', segment: null },
      { industry: null, region: 'EMEA', segment: 'Enterprise' },
    ])
    .returning('id')
    .execute();
  const [first, second, third] = ids.map((row) => row.id);
  expect((await resolve({ industry: 'Retail' })).buyerSliceIds).toEqual([first, second]);
  expect((await resolve({ industry: 'Retail', region: ['EMEA', 'DACH'] })).buyerSliceIds).toEqual([first]);
  expect((await resolve({ segment: 'Enterprise' })).buyerSliceIds).toEqual([first, third]);
  expect((await resolve({ region: 'Mars' })).buyerSliceIds).toEqual([]);
  await app.make.account({ industry: 'Retail', region: 'EMEA' });
  await app.make.account({ industry: 'Retail' });
  await app.make.account();
  await app.make.asset();
  const rep = await app.client('rep');
  expect((await rep.get('/slice?industry=Retail')).body).toMatchObject({ accountCount: 2, assetCount: 1 });
  expect((await rep.get('/slice')).body).toMatchObject({ accountCount: null, timeZone: 'UTC' });
  const { body } = await rep.get('/slice-choices');
  expect(body.industries).toEqual([{ value: 'Retail', accountCount: 2 }]);
  expect(body.regions).toEqual([{ value: 'EMEA', accountCount: 1 }]);
  expect(body.segments).toEqual([]);
});

test('a view is its maker’s own until it is for the team', async () => {
  const [anna, ben] = [await app.client('manager'), await app.client('rep')];
  const input = { name: 'DACH, last year', path: '/shelf/reach', query: '?days=365&region=DACH' };
  const { body: view, status } = await anna.send('POST', '/saved-views', input);
  expect(status).toBe(201);
  expect(view).toMatchObject({ ...input, isForTeam: false, isOwn: true, mayChange: true });
  expect((await ben.get('/saved-views')).body.items).toEqual([]);
  expect((await ben.send('PATCH', `/saved-views/${view.id}`, { name: 'Mine' })).status).toBe(404);
  await anna.send('PATCH', `/saved-views/${view.id}`, { isForTeam: true, name: 'DACH' });
  const [seen] = (await ben.get('/saved-views')).body.items;
  expect(seen).toMatchObject({ name: 'DACH', isOwn: false, mayChange: false });
  expect((await ben.send('DELETE', `/saved-views/${view.id}`)).status).toBe(403);
  const marketing = await app.client('marketing');
  const back = await marketing.send('PATCH', `/saved-views/${view.id}`, { isForTeam: false });
  expect(back.body).toMatchObject({ isForTeam: false, mayChange: false });
});

test('a name is taken once, and a deleted view comes back', async () => {
  const anna = await app.client('marketing');
  const input = { name: 'Weekly', path: '/shelf', query: '' };
  const { body: view } = await anna.send('POST', '/saved-views', input);
  const twin = await anna.send('POST', '/saved-views', { ...input, name: ' weekly ' });
  expect(twin.status).toBe(409);
  expect(twin.body.errors[0].pointer).toBe('/body/name');
  expect((await anna.send('DELETE', `/saved-views/${view.id}`)).status).toBe(204);
  expect((await anna.get('/saved-views')).body.items).toEqual([]);
  expect((await anna.send('POST', `/saved-views/${view.id}/restore`)).body.name).toBe('Weekly');
  expect((await anna.get('/saved-views')).body.items).toHaveLength(1);
  for (const path of ['//evil.example', 'https://evil.example', '/a\\b', 'shelf'])
    expect((await anna.send('POST', '/saved-views', { name: 'x', path })).status).toBe(400);
});
