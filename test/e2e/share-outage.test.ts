import { rm } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectDatabase, type Database } from '../../server/src/db/database.ts';
import type { EmbeddedPostgres } from '../../server/src/db/embedded.ts';
import { createLog } from '../../server/src/http/log.ts';
import { findFreePort, makeDataDir, type RunningOffshelf, startOffshelf } from '../support/offshelf.ts';
import { startTemporaryPostgres } from '../support/postgres.ts';
import { pageTokenOf } from '../support/prospect.ts';
import { addAsset, foundTeam, type Member } from '../support/team.ts';
import { layWire, type Wire } from '../support/wire.ts';

const awayMs = 60_000;
const text = '# Read in an outage\n\nWeek one is for the pilot group. Nobody else is disturbed.\n';
let postgres: EmbeddedPostgres;
let db: Database;
let wire: Wire;
let dataDir: string;
let app: RunningOffshelf;
let admin: Member;

beforeAll(async () => {
  postgres = await startTemporaryPostgres();
  db = connectDatabase(postgres.url, { log: createLog('silent'), max: 2 });
  wire = await layWire(postgres.url);
  dataDir = await makeDataDir();
  await start(await findFreePort());
  ({ admin } = await foundTeam(app.url, []));
});
afterAll(async () => {
  await app?.stop();
  await wire?.cut();
  await db?.destroy();
  await postgres?.stop();
  await rm(dataDir, { recursive: true, force: true });
});

async function start(port: number): Promise<void> {
  app = await startOffshelf({ dataDir, port, env: { DATABASE_URL: wire.url } });
}

async function share(): Promise<{ id: string; url: string }> {
  const asset = await addAsset(admin, { title: 'Read in an outage', text });
  const { shareLink, url } = await admin.call('POST', `/assets/${asset.id}/share-links`, {
    recipient: { name: 'Buyer' },
  });
  return { id: shareLink.id, url };
}

async function countHits(shareLinkId: string): Promise<number> {
  const rows = await db.selectFrom('linkHit').select('id').where('shareLinkId', '=', shareLinkId).execute();
  return rows.length;
}

/** The total of each tab of each visit. */
async function listTotals(shareLinkId: string) {
  const rows = await db
    .selectFrom('visit')
    .leftJoin('pageView', 'pageView.visitId', 'visit.id')
    .where('visit.shareLinkId', '=', shareLinkId)
    .orderBy('pageView.tabKey')
    .select(['pageView.tabKey', 'pageView.activeMs'])
    .execute();
  return rows.map(({ tabKey, activeMs }) => `${tabKey} ${activeMs}`);
}

async function tell(path: string, body: object): Promise<Response> {
  const headers = { 'content-type': 'application/json', origin: app.url };
  return fetch(`${app.url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
}

async function beat(visitToken: string, tabKey: string, activeMs: number): Promise<void> {
  const { status } = await tell('/t/beats', { visitToken, tabKey, pages: [{ page: 1, activeMs }] });
  expect(status).toBe(204);
}

test('what happens while the database is away for a minute is there exactly once, although the process was killed meanwhile', {
  timeout: 240_000,
}, async () => {
  const link = await share();
  let opened = 0;
  const open = async () => {
    const response = await fetch(link.url);
    expect(response.status).toBe(200);
    opened += 1;
    return pageTokenOf(await response.text());
  };
  const begin = async (tabKey: string) => {
    const response = await tell('/t/visits', { pageToken: await open(), visitToken: null, tabKey });
    expect(response.status).toBe(201);
    return ((await response.json()) as { visitToken: string }).visitToken;
  };
  for (let round = 0; round < 5; round += 1) await open();
  const before = await begin('beforetab1');
  await beat(before, 'beforetab1', 1_000);
  await expect.poll(() => countHits(link.id)).toBe(opened);

  await wire.cut();
  const cutAt = performance.now();
  for (let round = 0; round < 50; round += 1) await open();
  await Promise.all(Array.from({ length: 50 }, open));
  for (const activeMs of [2_000, 4_000, 3_000]) await beat(before, 'beforetab1', activeMs);
  const during = await begin('duringtab1');
  await beat(during, 'duringtab1', 2_500);
  await wait(awayMs / 2 - (performance.now() - cutAt));
  await open();
  await beat(during, 'duringtab1', 3_500);
  app.process.kill('SIGKILL');
  await new Promise((done) => app.process.once('exit', done));
  await wait(awayMs - (performance.now() - cutAt));
  expect(await countHits(link.id)).toBe(6);

  await wire.connect();
  await start(app.port);
  await open();
  await expect.poll(() => countHits(link.id), { timeout: 30_000 }).toBe(opened);
  const totals = ['beforetab1 4000', 'duringtab1 3500'];
  await expect.poll(() => listTotals(link.id), { timeout: 30_000 }).toEqual(totals);
  await beat(during, 'duringtab1', 4_500);
  await open();
  await expect.poll(() => countHits(link.id)).toBe(opened);
  expect(await listTotals(link.id)).toEqual(['beforetab1 4000', 'duringtab1 4500']);
});
