import { type IncomingHttpHeaders, request } from 'node:http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { hashSecret } from '../../server/src/http/secrets.ts';
import { signPass } from '../../server/src/tracking/colleague.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { pageTokenOf } from '../support/prospect.ts';
import { type SecondApp, startSecondApp } from '../support/second-app.ts';

const shareHost = 'share.example.com';
let app: TestApp;
let second: SecondApp;
let appHost: string;

beforeAll(async () => {
  app = await startTestApp();
  second = await startSecondApp(app, { shareUrl: `https://${shareHost}` });
  appHost = new URL(app.ctx.config.publicUrl).host;
});
afterAll(async () => {
  await second.close();
  await app.close();
});

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

function ask(host: string, path: string, options: { method?: string; headers?: object; body?: string } = {}) {
  return new Promise<Answer>((done, fail) => {
    const { method = 'GET', headers = {}, body } = options;
    const url = new URL(second.url);
    const req = request(
      { host: url.hostname, port: url.port, path, method, headers: { ...headers, host } },
      (res) => {
        let text = '';
        res.on('data', (chunk) => {
          text += chunk;
        });
        res.on('end', () => done({ status: res.statusCode ?? 0, headers: res.headers, text }));
      },
    );
    req.on('error', fail);
    req.end(body);
  });
}

it('shows share pages on their own host, again and again', async () => {
  const link = await app.make.shareLink();
  for (let round = 0; round < 3; round += 1) {
    const page = await ask(shareHost, `/s/${link.token}`);
    expect(page.status).toBe(200);
    expect(page.text).toContain('data-page-token');
  }
});

it.each(['/', '/api/health', '/api/session', '/api/setup', '/index.html', '/assets', '/S', '//api/health'])(
  'has nothing of the app on the host of share pages: %s',
  async (path) => {
    const headers = { 'x-forwarded-host': appHost, forwarded: `host=${appHost}` };
    for (const host of [shareHost, shareHost.toUpperCase(), `${shareHost}.`, `${shareHost}:443`]) {
      const { status, text, headers: answered } = await ask(host, path, { headers });
      expect([host, status]).toEqual([host, 404]);
      expect(text).toContain('There is nothing at this address');
      expect(answered['set-cookie']).toBeUndefined();
    }
  },
);

it.each([undefined, 'evil.example', `${shareHost}.evil.example`, '127.0.0.1', 'localhost'])(
  'shows no share page at the host %s, and takes no beat there',
  async (host) => {
    const link = await app.make.shareLink();
    await ask(shareHost, `/s/${link.token}`);
    const headers = { 'x-forwarded-host': shareHost };
    const page = await ask(host ?? appHost, `/s/${link.token}?utm=1`, { headers });
    expect([page.status, page.headers.location]).toEqual([307, `https://${shareHost}/s/${link.token}?utm=1`]);
    expect(page.text).not.toContain('data-page-token');
    for (const path of ['/t/beats', '/t/visits', `/s/${link.token}/passcode`]) {
      const posted = await ask(host ?? appHost, path, { method: 'POST', headers, body: '{}' });
      expect([path, posted.status]).toEqual([path, 404]);
    }
    const content = await ask(host ?? appHost, `/s/${link.token}/content`);
    expect([content.status, content.headers.location]).toEqual([
      307,
      `https://${shareHost}/s/${link.token}/content`,
    ]);
  },
);

it('answers the app at its own host as ever', async () => {
  expect((await ask(appHost, '/api/health')).status).toBe(200);
});

it('gives a prospect cookies of that host only, and by its own rules', async () => {
  const link = await app.make.shareLink({ passcodeHash: await hashSecret('open sesame') });
  const right = await ask(shareHost, `/s/${link.token}/passcode`, {
    method: 'POST',
    headers: {
      origin: `https://${shareHost}`,
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: 'passcode=open+sesame',
  });
  expect(right.status).toBe(303);
  const cookie = right.headers['set-cookie']?.[0] ?? '';
  // The app is on http here, the share pages are not.
  expect(cookie).toMatch(/; Secure/);
  expect(cookie).not.toMatch(/domain=/i);
  const foreign = await ask(shareHost, `/s/${link.token}/passcode`, {
    method: 'POST',
    headers: { origin: `http://${appHost}`, 'content-type': 'application/x-www-form-urlencoded' },
    body: 'passcode=open+sesame',
  });
  expect(foreign.status).toBe(403);
});

async function beginVisit(token: string, cookie: string | undefined): Promise<void> {
  const { text } = await ask(shareHost, `/s/${token}`);
  const body = JSON.stringify({ pageToken: pageTokenOf(text), tabKey: 'tabtab01' });
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'Mozilla/5.0',
    ...(cookie && { cookie }),
  };
  expect((await ask(shareHost, '/t/visits', { method: 'POST', headers, body })).status).toBe(201);
}

const whoseVisits = (shareLinkId: string) =>
  app.ctx.db
    .selectFrom('visit')
    .select('isInternal')
    .where('shareLinkId', '=', shareLinkId)
    .orderBy('startedAt')
    .execute()
    .then((visits) => visits.map(({ isInternal }) => isInternal));

it('knows the browser of a colleague who came by way of the app, on every link from then on', async () => {
  const [link, other] = [await app.make.shareLink(), await app.make.shareLink()];
  const pass = signPass(second.ctx, link.token);
  const led = await ask(shareHost, `/s/${link.token}?utm=1&colleague=${pass}`);
  expect([led.status, led.headers.location]).toEqual([303, `/s/${link.token}?utm=1`]);
  const [set = ''] = led.headers['set-cookie'] ?? [];
  expect(set).toMatch(/; Path=\/t; .*HttpOnly; Secure; SameSite=Strict/);
  await beginVisit(other.token, set.split(';')[0]);
  await beginVisit(other.token, undefined);
  await beginVisit(other.token, 'offshelf_colleague=made.up');
  expect(await whoseVisits(other.id)).toEqual([true, false, false]);
});

it('takes no pass that is made up, is of another link, or has been on its way for a minute', async () => {
  const [link, other] = [await app.make.shareLink(), await app.make.shareLink()];
  const pass = signPass(second.ctx, link.token);
  for (const [token, given] of [
    [link.token, 'made.up'],
    [link.token, `${pass}x`],
    [other.token, pass],
  ]) {
    const page = await ask(shareHost, `/s/${token}?colleague=${given}`);
    expect([page.status, page.headers['set-cookie']]).toEqual([200, undefined]);
  }
  app.travel(61_000);
  expect((await ask(shareHost, `/s/${link.token}?colleague=${pass}`)).status).toBe(200);
});
