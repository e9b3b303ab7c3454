import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.ts';
import { hitsOf, pageTokenOf } from '../support/prospect.ts';
import { type SecondApp, startSecondApp } from '../support/second-app.ts';
import { layWire, type Wire } from '../support/wire.ts';

let app: TestApp;
let wire: Wire;
let dataDir: string;
/** Reaches the database by the wire. */
let far: SecondApp;

beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());
beforeEach(async () => {
  wire = await layWire(app.databaseUrl);
  dataDir = await mkdtemp(join(tmpdir(), 'offshelf-outage-'));
});
afterEach(async () => {
  await far.close();
  await wire.cut();
  await rm(dataDir, { recursive: true, force: true });
});

async function start(): Promise<void> {
  far = await startSecondApp(app, { databaseUrl: wire.url, dataDir });
}

async function open(path: string, headers: Record<string, string> = {}) {
  const response = await fetch(`${far.url}${path}`, { headers });
  return { status: response.status, text: await response.text(), headers: response.headers };
}

async function makeRoomLink(): Promise<string> {
  const rep = await app.client('rep');
  const { id } = await app.make.asset();
  const { room } = (await rep.send('POST', '/rooms', { source: { assetIds: [id] }, name: 'A room of Jane' }))
    .body;
  const { items } = (
    await rep.send('POST', '/share-links', { target: { roomId: room.id }, recipients: [{ name: 'Jane' }] })
  ).body;
  return new URL(items[0].url).pathname;
}

it('known links open while the database is away, unknown ones ask for patience, and each hit is there afterwards', async () => {
  await start();
  const known = await app.make.shareLink();
  const gated = await app.make.shareLink({ hasWatermark: true });
  const unknown = await app.make.shareLink();
  const inRoom = await makeRoomLink();
  expect((await open(`/s/${known.token}`)).status).toBe(200);
  expect((await open(inRoom)).status).toBe(200);
  const gatedStatus = (await open(`/s/${gated.token}`)).status;
  await expect.poll(async () => (await hitsOf(app, known.id)).length).toBe(1);
  await wire.cut();
  for (let round = 0; round < 30; round += 1) {
    const page = await open(`/s/${known.token}`);
    expect([round, page.status]).toEqual([round, 200]);
    expect(pageTokenOf(page.text)).toBeDefined();
  }
  expect((await open(`/s/${gated.token}`)).status).toBe(gatedStatus);
  expect(pageTokenOf((await open(`/s/${known.token}?private=1`)).text)).toBeUndefined();
  const refused = await open(`/s/${unknown.token}`);
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '30']);
  expect(refused.text).toContain('Nothing is lost');
  expect(await open(inRoom)).toMatchObject({ status: 200, text: expect.stringContaining('A room of Jane') });
  expect(await hitsOf(app, known.id)).toHaveLength(1);
  await wire.connect();
  await expect.poll(async () => (await hitsOf(app, known.id)).length).toBe(31);
  expect((await open(`/s/${unknown.token}`)).status).toBe(200);
  await new Promise((done) => setTimeout(done, 500));
  expect(await hitsOf(app, known.id)).toHaveLength(31);
  await expect.poll(async () => (await readdir(join(dataDir, 'spool'))).length).toBeLessThanOrEqual(1);
});

it('what was revoked stays closed while the database is away', async () => {
  await start();
  const link = await app.make.shareLink();
  expect((await open(`/s/${link.token}`)).status).toBe(200);
  await app.ctx.db
    .updateTable('shareLink')
    .set({ revokedAt: new Date() })
    .where('id', '=', link.id)
    .execute();
  await expect.poll(async () => (await open(`/s/${link.token}`)).status).toBe(410);
  await wire.cut();
  expect((await open(`/s/${link.token}`)).status).not.toBe(200);
});

it('what expires meanwhile closes although the database is away', async () => {
  await start();
  const expiresAt = new Date(app.ctx.clock().getTime() + 3_600_000);
  const link = await app.make.shareLink({ expiresAt });
  expect((await open(`/s/${link.token}`)).status).toBe(200);
  await wire.cut();
  expect((await open(`/s/${link.token}`)).status).toBe(200);
  app.travel(3_600_001);
  expect((await open(`/s/${link.token}`)).status).toBe(410);
});

it('a disk that takes nothing disturbs no reader and loses no hit while the database is there', async () => {
  await writeFile(join(dataDir, 'spool'), 'in the way');
  await start();
  const link = await app.make.shareLink();
  for (let round = 0; round < 20; round += 1) expect((await open(`/s/${link.token}`)).status).toBe(200);
  await expect.poll(async () => (await hitsOf(app, link.id)).length).toBe(20);
  const told = far.logLines.filter((line) => line.includes('spool_unwritable'));
  expect(told).toHaveLength(1);
});
