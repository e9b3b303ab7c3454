import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { enqueue } from '../../server/src/jobs/catalog.ts';
import { startTestApp, type TestApp, type TestClient } from '../support/app.ts';

let app: TestApp;
let rep: TestClient;
let otherRep: TestClient;
let marketing: TestClient;
beforeEach(async () => {
  app = await startTestApp();
  rep = await app.client('rep');
  otherRep = await app.client('rep');
  marketing = await app.client('marketing');
});
afterEach(() => app.close());

const dayMs = 86_400_000;

async function makeAssets(count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let made = 0; made < count; made += 1) ids.push((await app.make.asset()).id);
  return ids;
}

async function makeCollection(
  client: TestClient,
  name: string,
  assetIds: string[] = [],
): Promise<{ id: string; path: string }> {
  const { status, body } = await client.send('POST', '/collections', { name, assetIds });
  expect(status).toBe(201);
  return { id: body.id, path: `/collections/${body.id}` };
}

async function idsIn(client: TestClient, path: string): Promise<string[]> {
  const { status, body } = await client.get(path);
  expect(status).toBe(200);
  return body.items.map((item: { asset: { id: string } }) => item.asset.id);
}

describe('a collection', () => {
  test('starts with assets in it, and everybody sees it and by whom it is', async () => {
    const assetIds = await makeAssets(4);
    const { status, body } = await rep.send('POST', '/collections', {
      name: '  CFO, late stage ',
      description: 'For the last call before they sign.',
      assetIds,
    });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      name: 'CFO, late stage',
      description: 'For the last call before they sign.',
      isOwn: true,
      mayEdit: true,
      isPinned: false,
      itemCount: 4,
      hiddenCount: 0,
    });
    expect(body.items.map((item: { asset: { id: string } }) => item.asset.id)).toEqual(assetIds);
    expect(body.items[0]).toMatchObject({ note: '', addedByName: body.createdByName });

    const { body: list } = await otherRep.get('/collections');
    expect(list.items).toHaveLength(1);
    expect(list.items[0]).toMatchObject({ isOwn: false, mayEdit: false, createdByName: body.createdByName });
    expect(list.items[0].covers.map((cover: { id: string }) => cover.id)).toEqual(assetIds.slice(0, 3));
    expect(list.counts).toEqual({ all: 1, own: 0, pinned: 0 });
    expect((await marketing.get(`/collections/${body.id}`)).body.mayEdit).toBe(true);
  });

  test('is renamed and described by its maker', async () => {
    const { path } = await makeCollection(rep, 'Banks');
    const { status, body } = await rep.send('PATCH', path, { name: 'Banks and insurers' });
    expect([status, body.name, body.description]).toEqual([200, 'Banks and insurers', '']);
    const described = await rep.send('PATCH', path, { description: 'Start with the calculator.' });
    expect(described.body).toMatchObject({
      name: 'Banks and insurers',
      description: 'Start with the calculator.',
    });
    expect((await rep.send('PATCH', path, { name: '  ' })).status).toBe(400);
    expect((await rep.send('PATCH', path, { name: 'x'.repeat(121) })).status).toBe(400);
  });

  test('has a name that its maker gives once, in whatever case; others may give it, too', async () => {
    await makeCollection(rep, 'Banks');
    const second = await makeCollection(rep, 'Insurers');
    const { status, body } = await rep.send('POST', '/collections', { name: 'BANKS' });
    expect([status, body.code, body.errors[0].pointer]).toEqual([409, 'already_exists', '/body/name']);
    expect((await rep.send('PATCH', second.path, { name: 'banks' })).body.code).toBe('already_exists');
    await makeCollection(otherRep, 'Banks');
  });

  test('is changed by its maker and by marketing, and by no other rep', async () => {
    const [first = '', second = ''] = await makeAssets(2);
    const { path } = await makeCollection(rep, 'Banks', [first]);
    const attempts: [string, string, unknown?][] = [
      ['PATCH', path, { name: 'Mine now' }],
      ['PUT', `${path}/items/${second}`, {}],
      ['PATCH', `${path}/items/${first}`, { note: 'Mine now' }],
      ['DELETE', `${path}/items/${first}`],
      ['PUT', `${path}/order`, { assetIds: [first] }],
      ['DELETE', path],
    ];
    for (const [method, address, sent] of attempts) {
      const { status, body } = await otherRep.send(method, address, sent);
      expect.soft([method, status, body.code]).toEqual([method, 403, 'forbidden']);
    }
    expect((await marketing.send('PUT', `${path}/items/${second}`, {})).status).toBe(204);
    expect(await idsIn(rep, path)).toEqual([first, second]);
  });

  test('that is deleted can be restored for a day, with all that was in it', async () => {
    const assetIds = await makeAssets(2);
    const { path } = await makeCollection(rep, 'Banks', assetIds);
    await marketing.send('PUT', `${path}/pin`);
    expect((await rep.send('DELETE', path)).status).toBe(204);
    expect((await rep.get(path)).status).toBe(404);
    expect((await rep.send('DELETE', path)).status).toBe(404);
    expect((await rep.send('PUT', `${path}/items/${assetIds[0] ?? ''}`, {})).status).toBe(404);
    expect((await marketing.send('PUT', `${path}/pin`)).status).toBe(404);
    expect((await rep.get('/collections')).body.items).toEqual([]);
    expect((await otherRep.send('POST', `${path}/restore`)).status).toBe(404);

    const { status, body } = await rep.send('POST', `${path}/restore`);
    expect([status, body.itemCount, body.isPinned]).toEqual([200, 2, true]);
    expect(await idsIn(otherRep, path)).toEqual(assetIds);

    await rep.send('DELETE', path);
    app.travel(dayMs + 1000);
    await enqueue(app.ctx.db, 'sweep-collections', {});
    await app.drain(['sweep-collections']);
    expect((await rep.send('POST', `${path}/restore`)).status).toBe(404);
    expect(await app.ctx.db.selectFrom('collectionItem').selectAll().execute()).toEqual([]);
  });

  test('is not restored over another one that has its name by now', async () => {
    const { path } = await makeCollection(rep, 'Banks');
    await rep.send('DELETE', path);
    await makeCollection(rep, 'Banks');
    const { status, body } = await rep.send('POST', `${path}/restore`);
    expect([status, body.code]).toEqual([409, 'already_exists']);
    expect(body.detail).toContain('Banks');
  });
});

describe('what is in a collection', () => {
  test('an asset is added once, however often and by how many at once', async () => {
    const assetIds = await makeAssets(6);
    const { path } = await makeCollection(rep, 'Banks');
    const answers = await Promise.all(
      [...assetIds, ...assetIds, ...assetIds].map((assetId, index) =>
        (index % 2 ? rep : marketing).send('PUT', `${path}/items/${assetId}`, {}),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(18).fill(204));
    expect((await idsIn(rep, path)).toSorted()).toEqual(assetIds.toSorted());
    const places = await app.ctx.db.selectFrom('collectionItem').select('position').execute();
    expect(places.map(({ position }) => position).toSorted()).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test('a second add leaves note and place alone; an undone removal brings both back', async () => {
    const [first = '', second = '', third = ''] = await makeAssets(3);
    const { path } = await makeCollection(rep, 'Banks', [first, second, third]);
    await rep.send('PATCH', `${path}/items/${second}`, { note: ' Send it before the call. ' });
    await rep.send('PUT', `${path}/items/${second}`, { note: 'Other words', place: 0 });
    expect(await idsIn(rep, path)).toEqual([first, second, third]);
    expect((await rep.get(path)).body.items[1].note).toBe('Send it before the call.');

    expect((await rep.send('DELETE', `${path}/items/${second}`)).status).toBe(204);
    expect((await rep.send('DELETE', `${path}/items/${second}`)).status).toBe(204);
    expect(await idsIn(rep, path)).toEqual([first, third]);
    await rep.send('PUT', `${path}/items/${second}`, { note: 'Send it before the call.', place: 1 });
    expect(await idsIn(rep, path)).toEqual([first, second, third]);
    expect((await rep.get(path)).body.items[1].note).toBe('Send it before the call.');
  });

  test('a note on an asset that was removed meanwhile says so, and one that is too long is refused', async () => {
    const [first = '', second = ''] = await makeAssets(2);
    const { path } = await makeCollection(rep, 'Banks', [first]);
    const gone = await rep.send('PATCH', `${path}/items/${second}`, { note: 'Words' });
    expect([gone.status, gone.body.code]).toEqual([404, 'not_found']);
    expect((await rep.send('PATCH', `${path}/items/${first}`, { note: 'x'.repeat(501) })).status).toBe(400);
    expect((await rep.send('PATCH', `${path}/items/${first}`, { note: 'a\u0000b' })).status).toBe(400);
    expect((await rep.send('PATCH', `${path}/items/${first}`, { note: 'x'.repeat(500) })).status).toBe(204);
  });

  test('is put in order; what was added or removed meanwhile is neither lost nor brought back', async () => {
    const [a = '', b = '', c = '', d = '', e = ''] = await makeAssets(5);
    const { path } = await makeCollection(rep, 'Banks', [a, b, c, d]);
    expect((await rep.send('PUT', `${path}/order`, { assetIds: [d, a, b, c] })).status).toBe(204);
    expect(await idsIn(rep, path)).toEqual([d, a, b, c]);

    await marketing.send('PUT', `${path}/items/${e}`, {});
    await marketing.send('DELETE', `${path}/items/${a}`);
    await rep.send('PUT', `${path}/order`, { assetIds: [c, a, b, d] });
    expect(await idsIn(rep, path)).toEqual([c, b, d, e]);

    const twice = await rep.send('PUT', `${path}/order`, { assetIds: [c, c] });
    expect([twice.status, twice.body.errors[0].pointer]).toEqual([400, '/body/assetIds']);
  });

  test('orders, additions and removals of two at once lose nothing', async () => {
    const assetIds = await makeAssets(12);
    const start = assetIds.slice(0, 8);
    const { path } = await makeCollection(rep, 'Banks', start);
    const removed = start[0] ?? '';
    const answers = await Promise.all([
      ...assetIds.slice(8).map((assetId) => marketing.send('PUT', `${path}/items/${assetId}`, {})),
      ...[start.toReversed(), start, start.toReversed()].map((order) =>
        rep.send('PUT', `${path}/order`, { assetIds: order }),
      ),
      marketing.send('DELETE', `${path}/items/${removed}`),
    ]);
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(204));
    expect((await idsIn(rep, path)).toSorted()).toEqual(
      assetIds.filter((assetId) => assetId !== removed).toSorted(),
    );
  });

  test('reps see what is published and how many more there are; marketing sees all of it', async () => {
    const published = await app.make.asset();
    const draft = await app.make.asset({ status: 'draft', publishedAt: null });
    const archived = await app.make.asset({ status: 'archived' });
    const { path } = await makeCollection(marketing, 'Launch', [archived.id, draft.id, published.id]);

    const seen = (await rep.get(path)).body;
    expect(seen.items.map((item: { asset: { id: string } }) => item.asset.id)).toEqual([published.id]);
    expect([seen.itemCount, seen.hiddenCount]).toEqual([1, 2]);
    expect(seen.covers.map((cover: { id: string }) => cover.id)).toEqual([published.id]);
    expect(JSON.stringify(seen)).not.toContain(draft.id);

    const kept = (await marketing.get(path)).body;
    expect(kept.items.map((item: { asset: { status: string } }) => item.asset.status)).toEqual([
      'archived',
      'draft',
      'published',
    ]);
    expect([kept.itemCount, kept.hiddenCount]).toEqual([3, 0]);
  });

  test('an asset that reps may not see keeps its place while a rep puts the rest in order', async () => {
    const [a = '', hidden = '', b = ''] = await makeAssets(3);
    const { path } = await makeCollection(rep, 'Launch', [a, hidden, b]);
    await app.ctx.db.updateTable('asset').set({ status: 'archived' }).where('id', '=', hidden).execute();
    await rep.send('PUT', `${path}/order`, { assetIds: [b, a] });
    expect(await idsIn(rep, path)).toEqual([b, a]);
    expect(await idsIn(marketing, path)).toEqual([b, hidden, a]);
  });

  test('a rep adds nothing that is not published or not there, and is told so', async () => {
    const draft = await app.make.asset({ status: 'draft', publishedAt: null });
    const { path } = await makeCollection(rep, 'Banks');
    for (const assetId of [draft.id, 'ast_000000000000000000000']) {
      expect((await rep.send('PUT', `${path}/items/${assetId}`, {})).status).toBe(404);
      expect((await rep.get(`/assets/${assetId}/collections`)).status).toBe(404);
      const made = await rep.send('POST', '/collections', { name: `With ${assetId}`, assetIds: [assetId] });
      expect(made.status).toBe(404);
    }
    expect((await rep.send('PUT', `${path}/items/col_000000000000000000000`, {})).status).toBe(404);
    expect((await marketing.send('PUT', `${path}/items/${draft.id}`, {})).status).toBe(204);
  });

  test('an asset that is deleted leaves its collections', async () => {
    const [first = '', second = ''] = await makeAssets(2);
    const { path } = await makeCollection(rep, 'Banks', [first, second]);
    expect((await marketing.send('DELETE', `/assets/${first}`)).status).toBe(204);
    expect(await idsIn(rep, path)).toEqual([second]);
    const third = (await makeAssets(1))[0] ?? '';
    await rep.send('PUT', `${path}/items/${third}`, { place: 0 });
    expect(await idsIn(rep, path)).toEqual([third, second]);
  });
});

describe('bounds', () => {
  test('a collection holds 200 assets, also when two add the last one', async () => {
    const assetIds = await makeAssets(3);
    const { id, path } = await makeCollection(rep, 'Everything');
    const original = await app.make.asset();
    const { db, clock } = app.ctx;
    const others = Array.from({ length: 199 }, (_, index) => ({
      ...original,
      id: `ast_${index.toString().padStart(21, '0')}`,
    }));
    await db.transaction().execute(async (trx) => {
      for (const { versionId, currentVersionId, ...row } of others) {
        const ownVersionId = row.id.replace('ast_', 'ver_');
        await trx
          .insertInto('asset')
          .values({ ...row, currentVersionId: ownVersionId })
          .execute();
        await trx
          .insertInto('assetVersion')
          .values({
            id: ownVersionId,
            assetId: row.id,
            number: 1,
            url: 'https://example.com/',
            mediaType: 'text/uri-list',
            createdAt: clock(),
          })
          .execute();
        await trx
          .insertInto('collectionItem')
          .values({ collectionId: id, assetId: row.id, position: 1, addedAt: clock() })
          .execute();
      }
    });
    const answers = await Promise.all(
      assetIds.map((assetId) => rep.send('PUT', `${path}/items/${assetId}`, {})),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([204, 409, 409]);
    expect(answers.find(({ status }) => status === 409)?.body).toMatchObject({ code: 'conflict' });
    expect((await rep.get(path)).body.itemCount).toBe(200);
    const tooMany = Array(201).fill(original.id);
    expect((await rep.send('POST', '/collections', { name: 'More', assetIds: tooMany })).status).toBe(400);
  });

  test('a user has 500 collections, also when two are made at once', async () => {
    const { db, clock } = app.ctx;
    await db
      .insertInto('collection')
      .values(
        Array.from({ length: 499 }, (_, index) => ({
          id: `col_${index.toString().padStart(21, '0')}`,
          name: `Number ${index.toString()}`,
          createdByUserId: rep.userId ?? '',
          createdAt: clock(),
          updatedAt: clock(),
        })),
      )
      .execute();
    const answers = await Promise.all(
      ['One', 'Two', 'Three'].map((name) => rep.send('POST', '/collections', { name })),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 409, 409]);
    const restored = await rep.send('DELETE', '/collections/col_000000000000000000000');
    expect(restored.status).toBe(204);
    await makeCollection(rep, 'In its place');
    const back = await rep.send('POST', '/collections/col_000000000000000000000/restore');
    expect([back.status, back.body.code]).toEqual([409, 'conflict']);
  });
});
