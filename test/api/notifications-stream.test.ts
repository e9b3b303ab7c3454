import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestApp, type TestApp, type TestClient } from '../support/app.ts';
import { type SecondApp, startSecondApp } from '../support/second-app.ts';
import { makeReading, queueNotifyVisit } from '../support/told.ts';
import { layWire } from '../support/wire.ts';

let app: TestApp;
let second: SecondApp;

beforeAll(async () => {
  app = await startTestApp();
  second = await startSecondApp(app);
});
afterAll(async () => {
  await second.close();
  await app.close();
});

interface Heard {
  counts: number[];
  isOver: boolean;
  stop(): void;
}

async function cookieOf(client: TestClient): Promise<string> {
  return app.make.sessionCookie(client.userId ?? '');
}

/** What comes over a stream, as it comes. */
async function listen(url: string, cookie: string): Promise<Heard> {
  const stopping = new AbortController();
  const response = await fetch(`${url}/api/notifications/stream`, {
    headers: { cookie },
    signal: stopping.signal,
  });
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toContain('text/event-stream');
  const heard: Heard = { counts: [], isOver: false, stop: () => stopping.abort() };
  void (async () => {
    let text = '';
    try {
      for await (const chunk of response.body ?? []) {
        text += Buffer.from(chunk).toString('utf8');
        heard.counts = [...text.matchAll(/event: unread\ndata: (.*)\n\n/g)].map(
          ([, data]) => JSON.parse(data ?? '{}').unreadCount,
        );
      }
    } catch {
      // It was stopped by the test.
    }
    heard.isOver = true;
  })();
  await expect.poll(() => heard.counts.length, { timeout: 15_000 }).toBe(1);
  return heard;
}

it('tells at once and in every process what became unread and what was read', async () => {
  const rep = await app.client('rep');
  const colleague = await app.client('rep');
  const here = await listen(app.url, await cookieOf(rep));
  const there = await listen(second.url, await cookieOf(rep));
  const others = await listen(second.url, await cookieOf(colleague));
  const { visitId } = await makeReading(app, rep.userId ?? '');
  await queueNotifyVisit(app, visitId);
  await app.drain(['notify-visit']);
  await expect
    .poll(() => [here.counts, there.counts], { timeout: 15_000 })
    .toEqual([
      [0, 1],
      [0, 1],
    ]);
  await rep.send('POST', '/notifications/read', { until: app.ctx.clock().toISOString() });
  await expect.poll(() => there.counts, { timeout: 15_000 }).toEqual([0, 1, 0]);
  expect(others.counts).toEqual([0]);
  for (const heard of [here, there, others]) heard.stop();
});

it('ends with the session, whichever process ended it', async () => {
  const rep = await app.client('rep');
  const other = await listen(second.url, await cookieOf(rep));
  const cookie = await cookieOf(rep);
  const heard = await listen(second.url, cookie);
  await fetch(`${app.url}/api/session`, { method: 'DELETE', headers: { cookie, origin: app.url } });
  await expect.poll(() => heard.isOver, { timeout: 15_000 }).toBe(true);
  expect(other.isOver).toBe(false);
  other.stop();
});

it('is open in so many windows of one user and no more', async () => {
  const rep = await app.client('rep');
  const cookie = await cookieOf(rep);
  const open: Heard[] = [];
  for (let count = 0; count < 12; count += 1) open.push(await listen(app.url, cookie));
  const ask = () => fetch(`${app.url}/api/notifications/stream`, { headers: { cookie } });
  expect((await ask()).status).toBe(429);
  open[0]?.stop();
  await expect
    .poll(
      async () => {
        const answer = await ask();
        await answer.body?.cancel();
        return answer.status;
      },
      { timeout: 15_000 },
    )
    .toBe(200);
  for (const heard of open) heard.stop();
});

it('says what happened while the database was away, without being opened again', {
  timeout: 60_000,
}, async () => {
  const rep = await app.client('rep');
  const wire = await layWire(app.databaseUrl);
  const far = await startSecondApp(app, { databaseUrl: wire.url });
  const heard = await listen(far.url, await cookieOf(rep));
  await wire.cut();
  const { visitId } = await makeReading(app, rep.userId ?? '');
  await queueNotifyVisit(app, visitId);
  await app.drain(['notify-visit']);
  await wire.connect();
  await expect.poll(() => heard.counts.at(-1), { timeout: 30_000 }).toBe(1);
  expect(heard.isOver).toBe(false);
  heard.stop();
  await far.close();
  await wire.cut();
});

it('is hung up when the server stops', async () => {
  const rep = await app.client('rep');
  const third = await startSecondApp(app);
  const heard = await listen(third.url, await cookieOf(rep));
  await third.close();
  await expect.poll(() => heard.isOver, { timeout: 15_000 }).toBe(true);
});
