import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { hashSecret } from '../../server/src/http/secrets.ts';
import { startTestApp, type TestApp, type TestClient } from '../support/app.ts';

const password = 'four plain words here';
const minute = 60_000;
const day = 86_400_000;

let app: TestApp;
beforeEach(async () => {
  app = await startTestApp();
});
afterEach(() => app.close());

async function makeUser(email: string, role: 'admin' | 'marketing' | 'manager' | 'rep' = 'rep') {
  return app.make.user({ email, role, passwordHash: await hashSecret(password) });
}

function trySignIn(
  client: TestClient,
  email: string,
  tried = password,
  headers: Record<string, string> = {},
) {
  return client.send('POST', '/session', { email, password: tried }, headers);
}

async function isSignedIn(client: TestClient): Promise<boolean> {
  return (await client.get('/session')).body.user !== null;
}

describe('the first visit', () => {
  const first = { name: 'Ada Admin', email: 'ada@example.com', password };

  test('an empty instance says so, takes its first admin and signs them in', async () => {
    const browser = await app.client('anonymous');
    expect((await browser.get('/session')).body).toMatchObject({
      user: null,
      isSetUp: false,
      canMail: false,
    });
    const answer = await browser.send('POST', '/setup', first);
    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({
      name: 'Ada Admin',
      email: 'ada@example.com',
      role: 'admin',
      team: null,
    });
    expect((await browser.get('/session')).body).toMatchObject({
      user: { email: 'ada@example.com', role: 'admin' },
      isSetUp: true,
      hasSampleData: false,
    });
  });

  test('afterwards nobody can set it up again', async () => {
    const browser = await app.client('anonymous');
    await browser.send('POST', '/setup', first);
    const second = await browser.send('POST', '/setup', { ...first, email: 'eve@example.com' });
    expect(second.status).toBe(409);
    expect(second.body.code).toBe('already_set_up');
  });

  test('of several at once exactly one becomes the first admin', async () => {
    const browser = await app.client('anonymous');
    const answers = await Promise.all(
      [1, 2, 3, 4, 5].map((n) => browser.send('POST', '/setup', { ...first, email: `ada${n}@example.com` })),
    );
    expect(answers.map((answer) => answer.status).toSorted()).toEqual([201, 409, 409, 409, 409]);
    expect(await app.ctx.db.selectFrom('user').select('email').execute()).toHaveLength(1);
  });

  test('a short password and a wrong address are both named', async () => {
    const browser = await app.client('anonymous');
    const answer = await browser.send('POST', '/setup', { name: ' ', email: 'ada', password: 'short' });
    expect(answer.status).toBe(400);
    expect(answer.body.errors.map((fault: { pointer: string }) => fault.pointer)).toEqual([
      '/body/name',
      '/body/email',
      '/body/password',
    ]);
    expect((await browser.get('/session')).body.isSetUp).toBe(false);
  });
});

describe('signing in', () => {
  test('a user signs in whatever the case of the address, and out again', async () => {
    await makeUser('Rita.Rep@example.com');
    const browser = await app.client('anonymous');
    const answer = await trySignIn(browser, ' rita.rep@EXAMPLE.com ');
    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({ email: 'Rita.Rep@example.com', role: 'rep' });
    expect(JSON.stringify(answer.body)).not.toContain('argon2');
    expect(await isSignedIn(browser)).toBe(true);
    expect((await browser.send('DELETE', '/session')).status).toBe(204);
    expect(await isSignedIn(browser)).toBe(false);
    expect(await app.ctx.db.selectFrom('session').selectAll().execute()).toEqual([]);
  });

  test('a wrong password, an unknown address, an invited and a deactivated user are answered alike', async () => {
    await makeUser('rita@example.com');
    await app.make.user({ email: 'invited@example.com', passwordHash: null });
    await app.make.user({ email: 'sample@example.com', passwordHash: '-' });
    const gone = await makeUser('gone@example.com');
    await app.ctx.db
      .updateTable('user')
      .set({ deactivatedAt: new Date() })
      .where('id', '=', gone.id)
      .execute();
    const browser = await app.client('anonymous');
    const answers = [
      await trySignIn(browser, 'rita@example.com', 'not the password'),
      await trySignIn(browser, 'nobody@example.com'),
      await trySignIn(browser, 'invited@example.com'),
      await trySignIn(browser, 'sample@example.com'),
      await trySignIn(browser, 'gone@example.com'),
    ];
    for (const { status, body } of answers) {
      expect(status).toBe(401);
      expect({ ...body, instance: '' }).toEqual({ ...answers[0]?.body, instance: '' });
    }
  });

  test('an unknown address takes as much work as a wrong password', async () => {
    await makeUser('rita@example.com');
    const browser = await app.client('anonymous');
    await trySignIn(browser, 'warm-up@example.com');
    const known: number[] = [];
    const unknown: number[] = [];
    for (let round = 0; round < 4; round += 1) {
      known.push(await timeOf(() => trySignIn(browser, 'rita@example.com', 'not the password')));
      unknown.push(await timeOf(() => trySignIn(browser, `nobody${round}@example.com`)));
    }
    // Without the decoy the hash, most of the work, would be missing: a fifth of the time or less.
    expect(Math.min(...unknown)).toBeGreaterThan(Math.min(...known) / 3);
  });

  async function timeOf(run: () => Promise<unknown>): Promise<number> {
    const started = performance.now();
    await run();
    return performance.now() - started;
  }

  test('after ten tries an account is closed for the rest of 15 minutes, even for the right password', async () => {
    await makeUser('rita@example.com');
    const browser = await app.client('anonymous');
    for (let n = 0; n < 10; n += 1)
      expect((await trySignIn(browser, 'rita@example.com', `wrong ${n}`)).status).toBe(401);
    const refused = await trySignIn(browser, 'RITA@example.com');
    expect(refused.status).toBe(429);
    expect(refused.body.code).toBe('too_many_attempts');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(800);
    expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(900);
    app.travel(14 * minute);
    expect((await trySignIn(browser, 'rita@example.com')).status).toBe(429);
    app.travel(minute + 1000);
    expect((await trySignIn(browser, 'rita@example.com')).status).toBe(201);
  });

  test('the limit holds for an address that nobody has, so that it tells nothing', async () => {
    const browser = await app.client('anonymous');
    for (let n = 0; n < 10; n += 1) expect((await trySignIn(browser, 'nobody@example.com')).status).toBe(401);
    expect((await trySignIn(browser, 'nobody@example.com')).status).toBe(429);
  });

  test('thirty tries at once are ten tries', async () => {
    await makeUser('rita@example.com');
    const browser = await app.client('anonymous');
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, n) => trySignIn(browser, 'rita@example.com', `wrong ${n}`)),
    );
    expect(answers.filter((answer) => answer.status === 401)).toHaveLength(10);
    expect(answers.filter((answer) => answer.status === 429)).toHaveLength(20);
  });

  test('one address gets ten tries whatever it says about where it comes from', async () => {
    const browser = await app.client('anonymous');
    for (let n = 0; n < 10; n += 1) {
      const spoofed = { 'x-forwarded-for': `203.0.113.${n}`, forwarded: `for=203.0.113.${n}` };
      expect((await trySignIn(browser, `user${n}@nowhere.example`, password, spoofed)).status).toBe(401);
    }
    const spoofed = { 'x-forwarded-for': '203.0.113.99' };
    expect((await trySignIn(browser, 'another@nowhere.example', password, spoofed)).status).toBe(429);
  });

  test('what limits tries is kept as hashes', async () => {
    await trySignIn(await app.client('anonymous'), 'rita@example.com');
    const rows = await app.ctx.db.selectFrom('attempt').select('key').execute();
    expect(rows).toHaveLength(2);
    for (const { key } of rows) expect(key).toMatch(/^[\w-]{43}$/);
  });

  test('neither passwords nor addresses nor tokens reach the log', async () => {
    await makeUser('rita@example.com');
    const browser = await app.client('anonymous');
    await trySignIn(browser, 'rita@example.com', 'a wrong guess');
    const answer = await trySignIn(browser, 'rita@example.com');
    const token = answer.headers.getSetCookie()[0]?.split(/[=;]/)[1] ?? '';
    expect(token).toHaveLength(32);
    const log = app.logLines.join('');
    expect(log).toContain('"event":"signed_in"');
    for (const secret of ['rita@example.com', 'a wrong guess', password, token])
      expect(log).not.toContain(secret);
  });
});

describe('the session', () => {
  test('the cookie can not be read by scripts and does not travel to other sites', async () => {
    await makeUser('rita@example.com');
    const answer = await trySignIn(await app.client('anonymous'), 'rita@example.com');
    const cookies = answer.headers.getSetCookie();
    expect(cookies).toHaveLength(1);
    expect(cookies[0]).toMatch(
      /^offshelf=[\w-]{32}; Max-Age=2592000; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Lax$/,
    );
  });

  test('only a hash of the token is kept', async () => {
    await makeUser('rita@example.com');
    const answer = await trySignIn(await app.client('anonymous'), 'rita@example.com');
    const token = answer.headers.getSetCookie()[0]?.split(/[=;]/)[1] ?? '';
    const row = await app.ctx.db.selectFrom('session').selectAll().executeTakeFirstOrThrow();
    expect(row.tokenHash).toMatch(/^[\w-]{43}$/);
    expect(row.tokenHash).not.toContain(token);
  });

  test('a token that a browser brings along is never taken over', async () => {
    await makeUser('rita@example.com');
    const planted = 'a'.repeat(32);
    const victim = await app.client('anonymous');
    const answer = await trySignIn(victim, 'rita@example.com', password, { cookie: `offshelf=${planted}` });
    expect(answer.status).toBe(201);
    expect(answer.headers.getSetCookie()[0]).not.toContain(planted);
    const attacker = await app.client('anonymous');
    const seen = await attacker.get('/session', { cookie: `offshelf=${planted}` });
    expect(seen.body.user).toBeNull();
  });

  test('signing in again ends the session that was there', async () => {
    const rita = await makeUser('rita@example.com');
    const earlier = await app.make.sessionCookie(rita.id);
    const browser = await app.client('anonymous');
    await trySignIn(browser, 'rita@example.com', password, { cookie: earlier });
    expect((await browser.get('/session', { cookie: earlier })).body.user).toBeNull();
    expect(await isSignedIn(browser)).toBe(true);
  });

  test('it lasts for 30 days from the last visit and is extended at most once a day', async () => {
    await makeUser('rita@example.com');
    const browser = await app.client('anonymous');
    await trySignIn(browser, 'rita@example.com');
    app.travel(day / 2);
    expect((await browser.get('/session')).headers.getSetCookie()).toEqual([]);
    app.travel(28 * day);
    expect((await browser.get('/session')).headers.getSetCookie()).toHaveLength(1);
    expect((await browser.get('/session')).headers.getSetCookie()).toEqual([]);
    app.travel(29 * day);
    expect(await isSignedIn(browser)).toBe(true);
    app.travel(30 * day + minute);
    expect(await isSignedIn(browser)).toBe(false);
  });

  test('a cookie that is no token of ours is nobody, not an error', async () => {
    const browser = await app.client('anonymous');
    for (const cookie of ['offshelf=', 'offshelf=%00', `offshelf=${'x'.repeat(5000)}`, 'offshelf', ';;=;'])
      expect((await browser.get('/session', { cookie })).body.user).toBeNull();
  });

  test('without one, what needs a user answers 401', async () => {
    const answer = await (await app.client('anonymous')).get('/users');
    expect(answer.status).toBe(401);
    expect(answer.body.code).toBe('not_signed_in');
  });
});

describe('one’s own profile', () => {
  test('a user changes the name without a password', async () => {
    const rita = await makeUser('rita@example.com');
    const browser = await app.clientOf(rita);
    const answer = await browser.send('PATCH', '/me', { name: '  Rita Renamed ' });
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ name: 'Rita Renamed', email: 'rita@example.com' });
    expect((await browser.get('/session')).body.user.name).toBe('Rita Renamed');
  });

  test('a new password needs the current one and ends the other sessions', async () => {
    const rita = await makeUser('rita@example.com');
    const [here, elsewhere] = [await app.clientOf(rita), await app.clientOf(rita)];
    const wrong = await here.send('PATCH', '/me', {
      newPassword: 'a quite new password',
      currentPassword: 'no',
    });
    expect(wrong.status).toBe(400);
    expect(wrong.body.errors[0].pointer).toBe('/body/currentPassword');
    const missing = await here.send('PATCH', '/me', { newPassword: 'a quite new password' });
    expect(missing.status).toBe(400);
    expect(await isSignedIn(elsewhere)).toBe(true);

    const right = { newPassword: 'a quite new password', currentPassword: password };
    expect((await here.send('PATCH', '/me', right)).status).toBe(200);
    expect(await isSignedIn(here)).toBe(true);
    expect(await isSignedIn(elsewhere)).toBe(false);
    const browser = await app.client('anonymous');
    expect((await trySignIn(browser, 'rita@example.com')).status).toBe(401);
    expect((await trySignIn(browser, 'rita@example.com', 'a quite new password')).status).toBe(201);
  });

  test('a stolen session can not guess the current password', async () => {
    const browser = await app.clientOf(await makeUser('rita@example.com'));
    const guess = { newPassword: 'a quite new password', currentPassword: 'no' };
    for (let n = 0; n < 10; n += 1) expect((await browser.send('PATCH', '/me', guess)).status).toBe(400);
    expect((await browser.send('PATCH', '/me', { ...guess, currentPassword: password })).status).toBe(429);
  });
});
