import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestApp, type TestApp, type TestClient } from '../support/app.ts';
import { upload } from '../support/upload.ts';

const day = 86_400_000;
let app: TestApp;
let marketing: TestClient;
let rep: TestClient;

beforeAll(async () => {
  app = await startTestApp();
  marketing = await app.client('marketing');
  rep = await app.client('rep');
});
afterAll(() => app.close());

let serial = 0;
async function ticket(content = `Words ${++serial}`, fileName = 'words.md'): Promise<string> {
  return (await upload(marketing, fileName, content)).body.uploadTicket;
}
const create = (body: object) => marketing.send('POST', '/assets', body);
const edit = (assetId: string, body: object) => marketing.send('PATCH', `/assets/${assetId}`, body);
const statusesOf = (assetId: string) =>
  app.ctx.db
    .selectFrom('assetStatusChange')
    .select(['status', 'changedByUserId'])
    .where('assetId', '=', assetId)
    .orderBy('id')
    .execute();

describe('an asset', () => {
  test('holds everything that it was given', async () => {
    const persona = await app.make.term({ name: 'Buyer' });
    const { status, body } = await create({
      uploadTicket: await ticket(),
      title: 'Battlecard',
      description: 'Us and them.',
      useWhen: 'They compare.',
      talkTrack: 'Say this.',
      audience: 'external',
      reviewOn: '2030-01-31',
      status: 'published',
      termIds: [persona.id],
    });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      kind: 'file',
      title: 'Battlecard',
      talkTrack: 'Say this.',
      audience: 'external',
      reviewOn: '2030-01-31',
      status: 'published',
      ownerUserId: marketing.userId,
      isStale: false,
      revision: 1,
      versionNumber: 1,
      terms: [{ id: persona.id, dimensionKey: 'persona', name: 'Buyer' }],
      versions: [{ number: 1, mediaType: 'text/markdown', renditionState: 'queued' }],
    });
    expect(body.publishedAt).not.toBeNull();
    expect((await rep.get(`/assets/${body.id}`)).body).toEqual(body);
  });

  test('can be a web link, with its address as title', async () => {
    const { body } = await create({ url: 'https://www.example.com/guides/fast%20start/?utm=x' });
    expect(body).toMatchObject({ kind: 'web_link', title: 'example.com/guides/fast start', fileName: null });
    expect(body.versions[0]).toMatchObject({ renditionState: 'queued', sizeBytes: null });
    expect((await marketing.get(`/assets/${body.id}/file`)).status).toBe(404);
  });

  test.each([
    [{ url: 'javascript:alert(1)' }],
    [{ url: 'ftp://example.com/x' }],
    [{}],
    [{ url: 'https://example.com', uploadTicket: 'x' }],
    [{ url: 'https://example.com', title: '   ' }],
    [{ url: 'https://example.com', termIds: ['trm_0000000000unknown'] }],
    [{ url: 'https://example.com', ownerUserId: 'usr_0000000000unknown' }],
    [{ url: 'https://example.com', reviewOn: '2026-02-30' }],
  ])('is refused for %j', async (body) => {
    const answer = await create(body);
    expect([answer.status, answer.body.code]).toEqual([400, 'invalid_request']);
    expect(answer.body.errors.length).toBeGreaterThan(0);
  });

  test('is refused with a character that the database can not keep', async () => {
    const { status, body } = await create({ url: 'https://example.com', title: 'a\u0000b' });
    expect([status, body.detail]).toEqual([400, expect.stringContaining('cannot be kept')]);
  });

  test('takes one language and many personas', async () => {
    const [english, german] = [
      await app.make.term({ dimensionKey: 'language' }),
      await app.make.term({ dimensionKey: 'language' }),
    ];
    const { body } = await create({ url: 'https://example.com/l', termIds: [english.id, german.id] });
    expect(body.detail).toBe('An asset has one language. Choose one.');
  });

  test('is not there for a rep until it is published, nor after it is archived', async () => {
    const { body } = await create({ uploadTicket: await ticket() });
    const seen = async () => [
      (await rep.get(`/assets/${body.id}`)).status,
      (await rep.get(`/assets/${body.id}/file`)).status,
    ];
    expect(await seen()).toEqual([404, 404]);
    await edit(body.id, { revision: 1, status: 'published' });
    expect(await seen()).toEqual([200, 200]);
    await edit(body.id, { revision: 2, status: 'archived' });
    expect(await seen()).toEqual([404, 404]);
    expect((await rep.send('POST', `/assets/${body.id}/activities`, { kind: 'opened' })).status).toBe(404);
    expect((await statusesOf(body.id)).map((change) => change.status)).toEqual([
      'draft',
      'published',
      'archived',
    ]);
  });

  test('keeps the date of its first publication', async () => {
    const { body } = await create({ uploadTicket: await ticket(), status: 'published' });
    app.travel(day / 4);
    await edit(body.id, { revision: 1, status: 'draft' });
    const again = await edit(body.id, { revision: 2, status: 'published' });
    expect(again.body.publishedAt).toBe(body.publishedAt);
  });

  test('gets its text read and is indexed again after a change', async () => {
    const { body } = await create({ uploadTicket: await ticket('# Hello\n\nthree more words') });
    await app.drain();
    const { body: read } = await marketing.get(`/assets/${body.id}`);
    expect(read.versions[0].renditionState).toBe('done');
  });
});

describe('two people at once', () => {
  test('the second is told who was first', async () => {
    const { body } = await create({ uploadTicket: await ticket() });
    const other = await app.clientOf(await app.make.user({ role: 'marketing', name: 'Maria Chen' }));
    await other.send('PATCH', `/assets/${body.id}`, { revision: 1, title: 'By Maria' });
    const late = await edit(body.id, { revision: 1, title: 'By me' });
    expect([late.status, late.body.code]).toEqual([409, 'conflict']);
    expect(late.body.detail).toMatch(/^Maria Chen changed this asset on \d{4}-\d\d-\d\d at \d\d:\d\d UTC/);
    expect((await edit(body.id, { revision: 2, title: 'By me' })).status).toBe(200);
  });

  test('of ten edits of one revision exactly one is taken', async () => {
    const { body } = await create({ uploadTicket: await ticket() });
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) => edit(body.id, { revision: 1, title: `Title ${index}` })),
    );
    expect(answers.map((answer) => answer.status).toSorted()).toEqual([200, ...Array(9).fill(409)]);
  });

  test('an edit that changes nothing is no revision', async () => {
    const { body } = await create({ uploadTicket: await ticket(), title: 'Same' });
    expect((await edit(body.id, { revision: 1, title: 'Same', termIds: [] })).body.revision).toBe(1);
  });
});

describe('the same file', () => {
  test('is refused a second time and named, unless it is wanted', async () => {
    const first = await create({ uploadTicket: await ticket('twice'), title: 'The first' });
    const uploadTicket = await ticket('twice', 'other-name.md');
    const refused = await create({ uploadTicket });
    expect([refused.status, refused.body.code]).toEqual([409, 'duplicate_file']);
    expect(refused.body.detail).toContain('“The first”');
    expect((await create({ uploadTicket, allowsDuplicate: true })).status).toBe(201);
    expect(first.status).toBe(201);
  });

  test('is taken once when ten ask at the same moment', async () => {
    const tickets = await Promise.all(Array.from({ length: 10 }, () => ticket('at the same moment')));
    const answers = await Promise.all(tickets.map((uploadTicket) => create({ uploadTicket })));
    expect(answers.map((answer) => answer.status).toSorted()).toEqual([201, ...Array(9).fill(409)]);
  });

  test('may come again when the asset that held it is archived', async () => {
    const { body } = await create({ uploadTicket: await ticket('archived content') });
    await edit(body.id, { revision: 1, status: 'archived' });
    expect((await create({ uploadTicket: await ticket('archived content') })).status).toBe(201);
  });
});

describe('a new version', () => {
  test('becomes current and the old one stays', async () => {
    const { body } = await create({ uploadTicket: await ticket('old words'), status: 'published' });
    const added = await marketing.send('POST', `/assets/${body.id}/versions`, {
      uploadTicket: await ticket('new words', 'b.txt'),
    });
    expect(added.status).toBe(201);
    expect(added.body).toMatchObject({ versionNumber: 2, mediaType: 'text/plain', revision: 2 });
    expect(added.body.versions.map((version: { number: number }) => version.number)).toEqual([2, 1]);
    const textOf = async (query: string) => (await rep.fetch(`/api/assets/${body.id}/file${query}`)).text();
    expect(await textOf('')).toBe('new words');
    expect(await textOf(`?version=${body.versionId}`)).toBe('old words');
    const foreign = (await create({ uploadTicket: await ticket() })).body.versionId;
    expect((await rep.get(`/assets/${body.id}/file?version=${foreign}`)).status).toBe(404);
  });

  test('that changes nothing, or the kind, is refused', async () => {
    const { body } = await create({ uploadTicket: await ticket('this very text') });
    const add = (content: object) => marketing.send('POST', `/assets/${body.id}/versions`, content);
    expect((await add({ uploadTicket: await ticket('this very text') })).body.code).toBe('duplicate_file');
    expect((await add({ url: 'https://example.com' })).body.detail).toContain('This asset is a file');
  });
});

describe('a bulk edit', () => {
  test('is taken back exactly', async () => {
    const [kept, added, gone] = [await app.make.term(), await app.make.term(), await app.make.term()];
    const owner = await app.make.user({ role: 'marketing' });
    const one = await app.make.asset({
      termIds: [kept.id, added.id],
      reviewOn: '2026-01-01',
      ownerUserId: owner.id,
    });
    const two = await app.make.asset({ termIds: [kept.id, gone.id], status: 'draft', publishedAt: null });
    const snapshot = async () =>
      Promise.all(
        [one.id, two.id].map(async (assetId) => {
          const { updatedAt, updatedByName, revision, publishedAt, ...rest } = (
            await marketing.get(`/assets/${assetId}`)
          ).body;
          return rest;
        }),
      );
    const before = await snapshot();
    const patch = {
      status: 'published',
      audience: 'internal',
      ownerUserId: null,
      reviewOn: '2031-12-31',
      addTermIds: [added.id],
      removeTermIds: [gone.id],
    };
    const changes = [one.id, two.id].map((assetId) => ({ assetId, patch }));
    const { status, body } = await marketing.send('POST', '/assets/bulk', { changes });
    expect([status, body.updatedCount]).toEqual([200, 2]);
    const changed = await snapshot();
    expect(changed.map((asset) => asset.terms.map((term: { id: string }) => term.id).toSorted())).toEqual(
      Array(2).fill([kept.id, added.id].toSorted()),
    );
    expect(changed).not.toEqual(before);
    const undone = await marketing.send('POST', '/assets/bulk', body.undo);
    expect(undone.body.updatedCount).toBe(2);
    expect(await snapshot()).toEqual(before);
  });

  test('changes all or none', async () => {
    const asset = await app.make.asset();
    const gone = 'ast_0000000000unknown';
    const changes = [asset.id, gone].map((assetId) => ({ assetId, patch: { audience: 'internal' } }));
    expect((await marketing.send('POST', '/assets/bulk', { changes })).status).toBe(404);
    expect((await marketing.get(`/assets/${asset.id}`)).body.audience).toBe('external');
    const twice = [changes[0], changes[0]];
    expect((await marketing.send('POST', '/assets/bulk', { changes: twice })).body.code).toBe(
      'invalid_request',
    );
  });

  test('that changes nothing counts nothing', async () => {
    const asset = await app.make.asset();
    const changes = [
      { assetId: asset.id, patch: { status: 'published', removeTermIds: ['trm_0000000000unknown'] } },
    ];
    expect((await marketing.send('POST', '/assets/bulk', { changes })).body).toEqual({
      updatedCount: 0,
      undo: { changes: [] },
    });
  });
});

describe('deleting', () => {
  test('takes an asset that was never shared', async () => {
    const { body } = await create({ uploadTicket: await ticket(), status: 'published' });
    await app.drain();
    await rep.send('POST', `/assets/${body.id}/activities`, { kind: 'opened' });
    expect((await marketing.send('DELETE', `/assets/${body.id}`)).status).toBe(204);
    expect((await marketing.get(`/assets/${body.id}`)).status).toBe(404);
    await app.drain();
  });

  test('says to archive one that was shared', async () => {
    const { shareLinkId } = await app.make.visit();
    const { assetId } = await app.ctx.db
      .selectFrom('shareLink')
      .select('assetId')
      .where('id', '=', shareLinkId)
      .executeTakeFirstOrThrow();
    const { status, body } = await marketing.send('DELETE', `/assets/${assetId}`);
    expect([status, body.code, body.detail]).toEqual([
      409,
      'conflict',
      expect.stringContaining('Archive it instead'),
    ]);
  });
});

test('opening and downloading are written down, continuing a download is not', async () => {
  const asset = await app.make.asset({ content: 'x'.repeat(1000) });
  const path = `/api/assets/${asset.id}/file?download=1`;
  expect((await rep.send('POST', `/assets/${asset.id}/activities`, { kind: 'opened' })).status).toBe(204);
  await (await rep.fetch(path)).arrayBuffer();
  await (await rep.fetch(path, { headers: { range: 'bytes=500-' } })).arrayBuffer();
  await rep.fetch(path, { method: 'HEAD' });
  await (await rep.fetch(`/api/assets/${asset.id}/file`)).arrayBuffer();
  const rows = await app.ctx.db
    .selectFrom('assetActivity')
    .select(['kind', 'userId'])
    .where('assetId', '=', asset.id)
    .orderBy('occurredAt')
    .execute();
  expect(rows).toEqual([
    { kind: 'opened', userId: rep.userId },
    { kind: 'downloaded', userId: rep.userId },
  ]);
});
