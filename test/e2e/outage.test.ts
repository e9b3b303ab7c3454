import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { EmbeddedPostgres } from '../../server/src/db/embedded.ts';
import { type RunningOffshelf, startOffshelf } from '../support/offshelf.ts';
import { startTemporaryPostgres } from '../support/postgres.ts';
import { layWire, type Wire } from '../support/wire.ts';

let postgres: EmbeddedPostgres;
let wire: Wire;
let app: RunningOffshelf;
let cookie = '';

beforeAll(async () => {
  postgres = await startTemporaryPostgres();
  wire = await layWire(postgres.url);
  app = await startOffshelf({ env: { DATABASE_URL: wire.url } });
});
afterAll(async () => {
  await app.stop();
  await wire.cut();
  await postgres.stop();
});

function call(method: string, path: string, body?: unknown): Promise<Response> {
  return fetch(`${app.url}${path}`, {
    method,
    headers: { origin: app.url, cookie, ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}

async function share(title: string): Promise<string> {
  const made = await call('POST', '/api/assets', {
    url: 'https://example.com/page',
    title,
    audience: 'external',
    status: 'published',
  });
  expect(made.status).toBe(201);
  const { id } = (await made.json()) as { id: string };
  const shared = await call('POST', `/api/assets/${id}/share-links`, { recipient: { name: 'Buyer' } });
  expect(shared.status).toBe(201);
  return ((await shared.json()) as { url: string }).url;
}

test('thirty seconds without the database are answered in plain words and leave nothing behind', async () => {
  const admin = { name: 'Outage Test', email: 'outage@example.com', password: 'a long enough password' };
  cookie = (await call('POST', '/api/setup', admin)).headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const url = await share('Before the outage');

  await wire.cut();
  const cutAt = Date.now();
  const started = performance.now();
  const [read, write, page, health] = await Promise.all([
    call('GET', '/api/assets'),
    call('POST', '/api/assets', { url: 'https://example.com/lost', title: 'Lost' }),
    fetch(url),
    call('GET', '/api/health'),
  ]);
  expect([read.status, write.status, page.status, health.status]).toEqual([503, 503, 503, 503]);
  expect(performance.now() - started).toBeLessThan(15_000);
  expect(await read.json()).toMatchObject({
    code: 'unavailable',
    detail: expect.stringContaining('try again'),
  });
  expect(page.headers.get('retry-after')).toBeTruthy();
  expect(await page.text()).toContain('</html>');
  await wait(Math.max(0, 30_000 - (Date.now() - cutAt)));
  expect(app.process.exitCode).toBeNull();

  await wire.connect();
  await expect
    .poll(() => call('GET', '/api/health').then(({ status }) => status), { timeout: 5_000 })
    .toBe(200);
  expect((await fetch(url)).status).toBe(200);
  const { items } = (await (await call('GET', '/api/assets')).json()) as { items: { title: string }[] };
  expect(items.map(({ title }) => title)).toEqual(['Before the outage']);
  await share('After the outage');
  // The worker is back too: what was published after the outage can be found.
  await expect
    .poll(
      async () => {
        const found = (await (await call('POST', '/api/searches', { query: 'after the outage' })).json()) as {
          total: number;
        };
        return found.total;
      },
      { timeout: 60_000, interval: 250 },
    )
    .toBeGreaterThan(0);
});
