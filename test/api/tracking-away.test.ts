import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type App, createApp } from '../../server/src/app.ts';
import { signPageToken } from '../../server/src/tracking/token.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { connectSeverably, type SeverableDatabase } from '../support/severed-database.ts';

let app: TestApp;
let wire: SeverableDatabase;

beforeAll(async () => {
  app = await startTestApp();
  wire = await connectSeverably(app);
});
afterAll(async () => {
  await wire?.close();
  await app?.close();
});

/** A process of its own kind on the severable wire, with a folder for what it could not write. */
async function startProcess(dataDir: string) {
  const handle: App = createApp({
    ...app.ctx,
    db: wire.db,
    config: { ...app.ctx.config, dataDir, trustProxy: 1 },
  });
  const server = createServer(handle);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  const post = (path: string, body: object) =>
    fetch(`http://127.0.0.1:${port}${path}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'accept-language': 'en',
        'x-forwarded-for': `203.0.113.${Math.floor(Math.random() * 250)}`,
      },
      body: JSON.stringify(body),
    });
  return {
    post,
    async stop() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
      await handle.close();
    },
  };
}

async function keptOf(shareLinkId: string) {
  const rows = await app.ctx.db
    .selectFrom('visit')
    .leftJoin('pageView', 'pageView.visitId', 'visit.id')
    .where('visit.shareLinkId', '=', shareLinkId)
    .orderBy('visit.id')
    .select(['visit.id', 'pageView.tabKey', 'pageView.activeMs'])
    .execute();
  return rows.map(({ id, tabKey, activeMs }) => [id, tabKey, activeMs]);
}

test('what happens while the database is away is taken, and written exactly once afterwards', async () => {
  const link = await app.make.shareLink();
  const { currentVersionId } = await app.ctx.db
    .selectFrom('asset')
    .select('currentVersionId')
    .where('id', '=', link.assetId)
    .executeTakeFirstOrThrow();
  const process = await startProcess(join(app.ctx.config.dataDir, randomBytes(4).toString('hex')));
  const pageToken = signPageToken(app.ctx.instanceKey, {
    shareLinkId: link.id,
    assetVersionId: currentVersionId,
    issuedAt: app.ctx.clock().getTime(),
    guest: null,
  });
  const begin = async () => {
    const response = await process.post('/t/visits', { pageToken, visitToken: null, tabKey: 'tabtab01' });
    expect(response.status).toBe(201);
    return ((await response.json()) as { visitToken: string }).visitToken;
  };
  const beat = async (visitToken: string, tabKey: string, activeMs: number, page = 1) =>
    (await process.post('/t/beats', { visitToken, tabKey, pages: [{ page, activeMs }] })).status;

  const before = await begin();
  expect(await beat(before, 'tabtab01', 1_000)).toBe(204);
  await wire.sever();
  expect(await beat(before, 'tabtab01', 3_000)).toBe(204);
  expect(await beat(before, 'tabtab01', 2_000)).toBe(204);
  const during = await begin();
  expect(await beat(during, 'tabtab02', 4_000)).toBe(204);
  // Nobody can say how many pages there are; that one is left out later.
  expect(await beat(during, 'tabtab02', 4_000, 7)).toBe(204);
  expect((await process.post('/t/downloads', { visitToken: during })).status).toBe(204);
  expect(
    (await process.post('/t/beats', { visitToken: 'forged', tabKey: 'tabtab01', pages: [] })).status,
  ).toBe(400);
  await wire.restore();
  expect(await beat(during, 'tabtab02', 4_500)).toBe(204);

  const ids = [before, during].map(
    (token) => (JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()) as string[])[0],
  );
  await expect
    .poll(() => keptOf(link.id))
    .toEqual([
      [ids[0], 'tabtab01', 3_000],
      [ids[1], 'tabtab02', 4_500],
    ]);
  const { downloadedAt } = await app.ctx.db
    .selectFrom('visitVersion')
    .select('downloadedAt')
    .where('visitId', '=', ids[1] ?? '')
    .executeTakeFirstOrThrow();
  expect(downloadedAt).toBeInstanceOf(Date);
  const judged = await app.ctx.db
    .selectFrom('judgement')
    .select('visitId')
    .where('visitId', '=', ids[1] ?? '')
    .execute();
  expect(judged.length).toBeGreaterThan(0);
  await process.stop();
});
