import { expect, test } from 'vitest';
import { hashSecret } from '../../server/src/http/secrets.ts';
import { startTestApp, type TestApp } from '../support/app.ts';

const password = 'four plain words here';

async function withApp(env: Record<string, string>, run: (app: TestApp) => Promise<void>): Promise<void> {
  const app = await startTestApp(env);
  try {
    await app.make.user({ email: 'rita@example.com', passwordHash: await hashSecret(password) });
    await run(app);
  } finally {
    await app.close();
  }
}

async function trySignIn(app: TestApp, email: string, tried: string, from: string) {
  const browser = await app.client('anonymous');
  return browser.send('POST', '/session', { email, password: tried }, { 'x-forwarded-for': from });
}

test('on https the cookie is bound to the host and to secure connections', async () => {
  await withApp({ PUBLIC_URL: 'https://content.example.com' }, async (app) => {
    const browser = await app.client('anonymous');
    const answer = await browser.send('POST', '/session', { email: 'rita@example.com', password });
    expect(answer.status).toBe(201);
    expect(answer.headers.getSetCookie()).toEqual([
      expect.stringMatching(
        /^__Host-offshelf=[\w-]{32}; Max-Age=2592000; Path=\/; Expires=[^;]+; HttpOnly; Secure; SameSite=Lax$/,
      ),
    ]);
    expect((await browser.get('/session')).body.user.email).toBe('rita@example.com');
    const out = await browser.send('DELETE', '/session');
    expect(out.headers.getSetCookie()[0]).toMatch(
      /^__Host-offshelf=; Path=\/; Expires=Thu, 01 Jan 1970[^;]+; HttpOnly; Secure/,
    );
  });
});

test('on https a cookie without the prefix does not count', async () => {
  await withApp({ PUBLIC_URL: 'https://content.example.com' }, async (app) => {
    const user = await app.make.user();
    const cookie = (await app.make.sessionCookie(user.id)).replace('__Host-', '');
    const answer = await (await app.client('anonymous')).get('/session', { cookie });
    expect(answer.body.user).toBeNull();
  });
});

test('behind one proxy that is believed, each address has tries of its own', async () => {
  await withApp({ TRUST_PROXY: '1' }, async (app) => {
    for (let n = 0; n < 10; n += 1)
      expect((await trySignIn(app, `nobody${n}@example.com`, 'x', '203.0.113.1')).status).toBe(401);
    expect((await trySignIn(app, 'nobody@example.com', 'x', '203.0.113.1')).status).toBe(429);
    expect((await trySignIn(app, 'nobody@example.com', 'x', '203.0.113.2')).status).toBe(401);
    // Only what the proxy itself appended is believed, not what the browser sent before.
    expect((await trySignIn(app, 'nobody@example.com', 'x', '198.51.100.7, 203.0.113.1')).status).toBe(429);
  });
});

test('ten tries at an account are ten, even from ten addresses', async () => {
  await withApp({ TRUST_PROXY: '1' }, async (app) => {
    for (let n = 0; n < 10; n += 1)
      expect((await trySignIn(app, 'rita@example.com', 'wrong', `203.0.113.${n}`)).status).toBe(401);
    expect((await trySignIn(app, 'rita@example.com', password, '203.0.113.77')).status).toBe(429);
  });
});

test('signing in clears the account’s tries but not those of the address', async () => {
  await withApp({ TRUST_PROXY: '1' }, async (app) => {
    for (let n = 0; n < 9; n += 1) await trySignIn(app, 'rita@example.com', 'wrong', '203.0.113.1');
    expect((await trySignIn(app, 'rita@example.com', password, '203.0.113.1')).status).toBe(201);
    for (let n = 0; n < 9; n += 1)
      expect((await trySignIn(app, 'rita@example.com', 'wrong', '203.0.113.2')).status).toBe(401);
    expect((await trySignIn(app, 'rita@example.com', password, '203.0.113.2')).status).toBe(201);
    expect((await trySignIn(app, 'nobody@example.com', 'x', '203.0.113.1')).status).toBe(401);
    expect((await trySignIn(app, 'nobody@example.com', 'x', '203.0.113.1')).status).toBe(429);
  });
});

test('IPv6 addresses of one network share their tries', async () => {
  await withApp({ TRUST_PROXY: '1' }, async (app) => {
    for (let n = 0; n < 10; n += 1)
      expect((await trySignIn(app, `nobody${n}@example.com`, 'x', `2001:db8:0:1::${n + 1}`)).status).toBe(
        401,
      );
    expect((await trySignIn(app, 'nobody@example.com', 'x', '2001:db8:0:1:ffff::1')).status).toBe(429);
    expect((await trySignIn(app, 'nobody@example.com', 'x', '2001:db8:0:2::1')).status).toBe(401);
  });
});
