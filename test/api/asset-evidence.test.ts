import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.ts';

const day = 86_400_000;
let app: TestApp;

beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

it('what buyers did with an asset that reps may not see is told to nobody but those who may', async () => {
  const asset = await app.make.asset();
  const link = await app.make.shareLink({ assetId: asset.id });
  await app.make.visit({ shareLinkId: link.id, class: 'human-confirmed', probability: 1 });
  await app.ctx.db.updateTable('asset').set({ status: 'archived' }).where('id', '=', asset.id).execute();
  const opensFor = async (role: 'rep' | 'marketing') => {
    const { body } = await (await app.client(role)).get(`/asset-evidence?asset=${asset.id}`);
    return body.items[0].humanOpens.value;
  };
  expect([await opensFor('rep'), await opensFor('marketing')]).toEqual([0, 1]);
});

it('the evidence for cards is the human opens of the last 90 days with their interval', async () => {
  const [asset, unseen] = [await app.make.asset(), await app.make.asset()];
  const rita = await app.client('rep');
  const link = await app.make.shareLink({ assetId: asset.id });
  await app.make.visit({ shareLinkId: link.id, class: 'human-confirmed', probability: 1 });
  await app.make.visit({ shareLinkId: link.id, class: 'unsure', probability: 0.5 });
  await app.make.visit({ shareLinkId: link.id, class: 'scanner', probability: 0.01 });
  await app.make.visit({ shareLinkId: link.id, startedAt: new Date(app.ctx.clock().getTime() - 91 * day) });
  const { body } = await rita.get(`/asset-evidence?asset=${asset.id}&asset=${unseen.id}&asset=${asset.id}`);
  expect(body.items).toEqual([
    { assetId: asset.id, humanOpens: { value: 1, low: 1, high: 2, hiddenCount: 1 } },
    { assetId: unseen.id, humanOpens: { value: 0, low: 0, high: 0, hiddenCount: 0 } },
  ]);
  const many = Array.from({ length: 51 }, () => `asset=${unseen.id}`).join('&');
  expect((await rita.get(`/asset-evidence?${many}`)).status).toBe(400);
  expect((await rita.get('/asset-evidence')).body.items).toEqual([]);
});

it('what colleagues found not right is told to the owner and to marketing, of the current version', async () => {
  const owner = await app.client('rep');
  const asset = await app.make.asset({ ownerUserId: owner.userId ?? '' });
  const [rita, otto] = [await app.make.user(), await app.make.user()];
  const say = (userId: string, reason: string, note = '', daysAgo = 1) => {
    const searchedAt = new Date(app.ctx.clock().getTime() - daysAgo * day);
    const actions = [{ kind: 'dismissed', reason, note, actedAt: searchedAt }];
    return app.make.search({ userId, assetIds: [asset.id], searchedAt, actions });
  };
  await say(rita.id, 'outdated', 'Last year’s prices');
  await say(rita.id, 'outdated', '', 2);
  await say(otto.id, 'outdated');
  await say(otto.id, 'wrong_audience');
  await say(otto.id, 'wrong', 'Of the version before', 61);
  const path = `/assets/${asset.id}/not-right`;
  const expected = {
    userCount: 2,
    reasons: [
      { reason: 'outdated', userCount: 2 },
      { reason: 'wrong_audience', userCount: 1 },
    ],
    notes: ['Last year’s prices'],
  };
  for (const client of [owner, await app.client('marketing')])
    expect((await client.get(path)).body).toMatchObject(expected);
  expect((await (await app.client('rep')).get(path)).status).toBe(403);
  await app.ctx.db.updateTable('asset').set({ status: 'archived' }).where('id', '=', asset.id).execute();
  expect((await owner.get(path)).status).toBe(404);
});
