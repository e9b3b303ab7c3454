import { afterAll, beforeAll, expect, test } from 'vitest';
import { bandsOf } from '../../server/src/documents/similarity.ts';
import { newId } from '../../server/src/http/ids.ts';
import { startTestApp, type TestApp, type TestClient } from '../support/app.ts';

let app: TestApp;
let marketing: TestClient;

beforeAll(async () => {
  app = await startTestApp();
  marketing = await app.client('marketing');
});
afterAll(() => app.close());

let state = 3;
const random = () => {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return state;
};
const newSignature = () => Array.from({ length: 128 }, random);
const changed = (signature: number[], places: number) =>
  signature.map((value, place) => (place < places ? random() : value));

/** A published asset whose text was read and has this signature. */
async function assetLike(title: string, signature: number[] | null, fields: object = {}, state = 'done') {
  const asset = await app.make.asset({ title, content: title, ...fields });
  const { blobHash, mediaType, sourceKey } = await app.ctx.db
    .selectFrom('assetVersion')
    .select(['blobHash', 'mediaType', 'sourceKey'])
    .where('id', '=', asset.versionId)
    .executeTakeFirstOrThrow();
  await app.ctx.db
    .insertInto('rendition')
    .values({
      id: newId('rnd'),
      sourceKey,
      method: 2,
      blobHash,
      mediaType,
      state,
      signature,
      bands: signature && bandsOf(signature),
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  return asset;
}

interface Cluster {
  similarity: number;
  assetCount: number;
  assets: { assetId: string; title: string; shareLinkCount: number; similarityToNewest: number }[];
}

async function readClusters(): Promise<{ clusters: Cluster[]; comparedCount: number }> {
  const { status, body } = await marketing.get('/similar-assets');
  expect(status).toBe(200);
  return body;
}
const titlesOf = ({ assets }: Cluster) => assets.map(({ title }) => title).toSorted();

test('a library without similar assets has no groups', async () => {
  await assetLike('Alone', newSignature());
  await assetLike('No text', null);
  expect(await readClusters()).toMatchObject({ clusters: [], comparedCount: 2 });
});

test('assets that say nearly the same stand together, the newest first', async () => {
  const deck = newSignature();
  const old = await assetLike('Deck', deck);
  await app.make.shareLink({ assetId: old.id });
  const copy = await assetLike('Deck, copy', changed(deck, 20), { status: 'draft' });
  const newest = await assetLike('Deck 2026', changed(deck, 10));
  await app.ctx.db
    .updateTable('assetVersion')
    .set({ createdAt: new Date() })
    .where('assetId', '=', newest.id)
    .execute();
  await assetLike('Half of the deck', changed(deck, 90));
  await assetLike('Deck, archived', deck, { status: 'archived' });
  const pair = newSignature();
  await assetLike('Pair', pair);
  await assetLike('Pair again', pair);

  const { clusters } = await readClusters();
  expect(clusters.map(titlesOf)).toEqual([
    ['Deck', 'Deck 2026', 'Deck, copy'],
    ['Pair', 'Pair again'],
  ]);
  const [first, second] = clusters;
  expect(first?.assets[0]).toMatchObject({
    title: 'Deck 2026',
    kind: 'file',
    status: 'published',
    versionNumber: 1,
    similarityToNewest: 1,
    hasThumbnail: false,
  });
  const facts = Object.fromEntries(first?.assets.map((asset) => [asset.assetId, asset]) ?? []);
  expect(facts[old.id]).toMatchObject({ shareLinkCount: 1 });
  expect(facts[copy.id]?.similarityToNewest).toBeCloseTo((2 * (108 / 128)) / (1 + 108 / 128));
  expect(first?.similarity).toBeGreaterThan(0.8);
  expect(second?.similarity).toBe(1);
});

test('the same file twice is a group, even without text', async () => {
  await assetLike('Logo', null, { content: 'one logo' });
  await assetLike('Logo, second', null, { content: 'one logo' });
  expect((await readClusters()).clusters.map(titlesOf)).toContainEqual(['Logo', 'Logo, second']);
});

test('what has text but no pages, as without a converter, is compared too', async () => {
  const text = newSignature();
  await assetLike('Office', text, {}, 'unsupported');
  await assetLike('Office, saved again', changed(text, 5), {}, 'unsupported');
  expect((await readClusters()).clusters.map(titlesOf)).toContainEqual(['Office', 'Office, saved again']);
});

test('a group falls apart when all but one are archived, and comes back when that is undone', async () => {
  const find = async () => (await readClusters()).clusters.find((cluster) => titlesOf(cluster)[0] === 'Pair');
  const [keep, other] = (await find())?.assets ?? [];
  const changes = [{ assetId: other?.assetId, patch: { status: 'archived' } }];
  const { body } = await marketing.send('POST', '/assets/bulk', { changes });
  expect(body.updatedCount).toBe(1);
  expect(await find()).toBeUndefined();
  await marketing.send('POST', '/assets/bulk', body.undo);
  expect((await find())?.assets.map(({ assetId }) => assetId)).toContain(keep?.assetId);
});
