import { afterAll, beforeAll, expect, it } from 'vitest';
import { countNow } from '../../server/src/rollups/service.ts';
import { startTestApp, type TestApp, type TestClient } from '../support/app.ts';

const dayMs = 86_400_000;
let app: TestApp;
let admin: TestClient;
let marketing: TestClient;
let leader: TestClient;
let anna: TestClient;
let annaId: string;
let northId: string;

beforeAll(async () => {
  app = await startTestApp();
  admin = await app.client('admin');
  marketing = await app.client('marketing');
  const [max, ann, ben, nora] = [
    await app.make.user({ name: 'Max', role: 'manager', team: 'South' }),
    await app.make.user({ name: 'Anna', team: 'South' }),
    await app.make.user({ name: 'Ben', team: 'South' }),
    await app.make.user({ name: 'Nora', team: 'North' }),
  ];
  await app.make.user({ name: 'Gone', team: 'South', deactivatedAt: app.ago(dayMs) });
  [annaId, northId] = [ann.id, nora.id];
  leader = await app.clientOf(max);
  anna = await app.clientOf(ann);
  const share = (userId: string, daysAgo: number, row: object = {}) =>
    app.make.shareLink({ createdByUserId: userId, createdAt: app.ago(daysAgo * dayMs), ...row });
  const links = [await share(ann.id, 10), await share(ann.id, 12), await share(ann.id, 100)];
  await share(ann.id, 5, { undoneAt: app.ago(5 * dayMs) });
  await share(ben.id, 120);
  await share(nora.id, 3);
  for (const link of links) {
    await app.make.visit({ shareLinkId: link.id, startedAt: app.ago(8 * dayMs) });
    await app.make.visit({ shareLinkId: link.id, startedAt: app.ago(9 * dayMs), class: 'scanner' });
  }
  await app.ctx.db
    .insertInto('followUp')
    .values({
      id: 'fup_0000000000000001',
      shareLinkId: links[0]?.id ?? '',
      userId: ann.id,
      kind: 'mail',
      followedUpAt: app.ago(7 * dayMs),
    })
    .execute();
  const asset = await app.make.asset();
  const opened = { kind: 'opened', dwellMs: 20_000 };
  await app.make.search({
    userId: ann.id,
    query: 'pricing',
    clusterKey: 'pricing',
    searchedAt: app.ago(dayMs),
    assetIds: [asset.id],
    actions: [opened],
  });
  await app.make.search({ userId: ann.id, query: 'zebra', clusterKey: 'zebra', searchedAt: app.ago(dayMs) });
  await countNow(app.ctx);
});
afterAll(() => app.close());

const read = async (client: TestClient) => (await client.get('/report/teams')).body;
const names = (rows: { name: string | null }[]) => rows.map(({ name }) => name);

it('counts who shares, how searches went and how readers were answered, team by team', async () => {
  const { teams, asOf } = await read(marketing);
  expect(names(teams)).toEqual(['North', 'South']);
  expect(teams[1]).toMatchObject({
    repCount: 3,
    sharing: { value: 1 / 3, part: 1, n: 3 },
    previousSharing: { part: 2, n: 3 },
    sharesPerRep: { median: 0, n: 3 },
    search: { value: null, part: 1, n: 2 },
    followUp: { answered: { value: null, part: 1, n: 3 }, hours: { median: null, n: 1 } },
    showsRanking: false,
    mayRank: false,
  });
  expect(Date.parse(asOf)).toBeGreaterThan(0);
});

it('shows people to their manager, to admins and to themselves, and to nobody else', async () => {
  expect(names((await read(leader)).reps)).toEqual(['Anna', 'Ben', 'Max']);
  expect(names((await read(admin)).reps)).toEqual(['Anna', 'Ben', 'Max', 'Nora']);
  expect((await read(marketing)).reps).toEqual([]);
  const own = await read(anna);
  expect(names(own.reps)).toEqual(['Anna']);
  expect(names(own.teams)).toEqual(['South']);
  expect(own.reps[0]).toMatchObject({
    userId: annaId,
    shareCount: 2,
    previousShareCount: 1,
    search: { part: 1, n: 2 },
  });
});

it('puts people in order only where their team wants it, and only its manager says so', async () => {
  const turn = (client: TestClient, team: string | null, showsRanking: boolean) =>
    client.send('PATCH', '/teams', { team, showsRanking });
  expect((await turn(anna, 'South', true)).status).toBe(403);
  expect((await turn(marketing, 'South', true)).status).toBe(403);
  expect((await turn(leader, 'North', true)).status).toBe(403);
  const later = await app.make.shareLink({ createdByUserId: northId, createdAt: app.ago(dayMs) });
  expect(later.createdByUserId).toBe(northId);
  expect((await turn(leader, 'South', true)).body).toEqual({ showsRanking: true });
  for (const count of [1, 2, 3])
    await app.make.shareLink({
      createdByUserId: (await read(leader)).reps.find((rep: { name: string }) => rep.name === 'Max').userId,
      createdAt: app.ago(count * 1000),
    });
  expect(names((await read(leader)).reps)).toEqual(['Max', 'Anna', 'Ben']);
  expect((await read(anna)).teams[0].showsRanking).toBe(true);
  await turn(leader, 'South', false);
  expect(names((await read(leader)).reps)).toEqual(['Anna', 'Ben', 'Max']);
});
