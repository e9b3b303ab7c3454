import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dealFile, dealLine } from '../support/deal-files.ts';
import {
  findFreePort,
  makeDataDir,
  type RunningOffshelf,
  setUpAdmin,
  startOffshelf,
} from '../support/offshelf.ts';

const rowCount = 30_000;
const patience = { timeout: 120_000, interval: 50 };

let dataDir: string;
let port: number;
let app: RunningOffshelf;
let cookie: string;

beforeAll(async () => {
  dataDir = await makeDataDir();
  port = await findFreePort();
  app = await startOffshelf({ dataDir, port });
  cookie = await setUpAdmin(app);
});
afterAll(async () => {
  await app?.stop();
  await rm(dataDir, { recursive: true, force: true });
});

interface Run {
  id: string;
  state: string;
  doneCount: number;
  settings: object;
  counts: { created: number; unchanged: number; error: number };
}

async function call<T>(method: string, path: string, body?: object | string): Promise<T> {
  const isText = typeof body === 'string';
  const answer = await fetch(`${app.url}/api${path}`, {
    method,
    headers: {
      origin: app.url,
      cookie,
      ...(body !== undefined && { 'content-type': isText ? 'text/csv' : 'application/json' }),
    },
    ...(body !== undefined && { body: isText ? body : JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as T;
}

const read = (id: string) => call<Run>('GET', `/deal-imports/${id}`);
const countDeals = async (query = '') =>
  (await call<{ totalCount: number }>('GET', `/deals?outcome=all&limit=1${query}`)).totalCount;

/** Waits for what the app can't be asked while it is away. */
function expectState(id: string, state: string): Promise<void> {
  return expect
    .poll(
      () =>
        read(id).then(
          (run) => run.state,
          () => 'away',
        ),
      patience,
    )
    .toBe(state);
}

async function expectUnderWay(id: string, after: number): Promise<void> {
  await expect
    .poll(async () => (await read(id)).doneCount, { ...patience, interval: 10 })
    .toBeGreaterThan(after);
  expect((await read(id)).doneCount).toBeLessThan(rowCount);
}

async function killAndStart(): Promise<void> {
  const ended = new Promise((done) => app.process.once('exit', done));
  app.process.kill('SIGKILL');
  await ended;
  app = await startOffshelf({ dataDir, port });
}

/** Deals that another system brings in meanwhile: each that was acknowledged has to be there afterwards. */
function keepUpserting() {
  const acknowledged: string[] = [];
  let isOver = false;
  const work = (async () => {
    for (let place = 0; !isOver; place += 1) {
      const deal = {
        account: { name: 'Meanwhile' },
        amount: place,
        currency: 'EUR',
        openedAt: '2026-01-01T00:00:00Z',
        stage: 'Discovery',
      };
      const isTaken = await call('PUT', `/deals/meanwhile-${place}`, deal).then(
        () => true,
        () => false,
      );
      if (isTaken) acknowledged.push(`meanwhile-${place}`);
    }
  })();
  return {
    acknowledged,
    async stop() {
      isOver = true;
      await work;
    },
  };
}

const lines = Array.from({ length: rowCount }, (_, place) =>
  dealLine(`crm-${place}`, { account: `Account ${place % 500}` }),
);

test('two imports at once outlive a kill of the app and of its database, and no deal is there twice', {
  timeout: 500_000,
}, async () => {
  const first = await call<Run>('POST', '/deal-imports?fileName=first.csv', dealFile(...lines));
  const second = await call<Run>(
    'POST',
    '/deal-imports?fileName=second.csv',
    dealFile(...lines.toReversed()),
  );

  await call('POST', `/deal-imports/${first.id}/check`, first.settings);
  await expectUnderWay(first.id, 0);
  await killAndStart();
  await expectState(first.id, 'checked');
  expect((await read(first.id)).counts).toMatchObject({ created: rowCount, error: 0 });
  expect(await countDeals()).toBe(0);
  await call('POST', `/deal-imports/${second.id}/check`, second.settings);
  await expectState(second.id, 'checked');

  for (const { id } of [first, second]) await call('POST', `/deal-imports/${id}/start`);
  const meanwhile = keepUpserting();
  await expectUnderWay(first.id, 2000);
  await killAndStart();
  await expectUnderWay(first.id, 4000);
  // The launcher of the app brings its database back.
  const postgres = Number((await readFile(join(dataDir, 'postgres/postmaster.pid'), 'utf8')).split('\n')[0]);
  process.kill(postgres, 'SIGKILL');

  for (const { id } of [first, second]) await expectState(id, 'done');
  await meanwhile.stop();
  const [one, two] = [await read(first.id), await read(second.id)];
  expect([one.doneCount, two.doneCount]).toEqual([rowCount, rowCount]);
  expect(one.counts.created + two.counts.created).toBe(rowCount);
  expect(one.counts.unchanged + two.counts.unchanged).toBe(rowCount);
  expect(meanwhile.acknowledged.length).toBeGreaterThan(0);
  const upserted = await countDeals('&accountName=Meanwhile');
  expect(upserted).toBeGreaterThanOrEqual(meanwhile.acknowledged.length);
  expect(await countDeals()).toBe(rowCount + upserted);
  for (const externalId of meanwhile.acknowledged.slice(-20))
    expect(await countDeals(`&query=${externalId}`)).toBeGreaterThan(0);
});
