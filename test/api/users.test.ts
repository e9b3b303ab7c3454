import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { hashSecret } from '../../server/src/http/secrets.ts';
import { startTestApp, type TestApp, type TestClient } from '../support/app.ts';

const password = 'four plain words here';
const day = 86_400_000;

let app: TestApp;
let admin: TestClient;
let browser: TestClient;
beforeEach(async () => {
  app = await startTestApp();
  admin = await app.client('admin');
  browser = await app.client('anonymous');
});
afterEach(() => app.close());

const nina = { name: 'Nina New', email: 'nina@example.com', role: 'marketing', team: 'Content' };

async function inviteNina() {
  const answer = await admin.send('POST', '/users', nina);
  expect(answer.status).toBe(201);
  return { user: answer.body.user, token: tokenOf(answer.body.invite.url), invite: answer.body.invite };
}

function tokenOf(url: string): string {
  return url.split('#')[1] ?? '';
}

function redeem(token: string, chosen = password) {
  return browser.send('POST', '/tickets/redeem', { token, password: chosen });
}

async function isSignedIn(client: TestClient): Promise<boolean> {
  return (await client.get('/session')).body.user !== null;
}

describe('invitations', () => {
  test('go to nobody whose name would break a line of a mail or turn one around', async () => {
    for (const name of ['Eve\r\nBcc: all@example.com', 'Eve\tEve', 'Eve \u202egnp.exe'])
      expect((await admin.send('POST', '/users', { ...nina, name })).status).toBe(400);
    expect((await admin.send('POST', '/users', { ...nina, name: 'Zoë\u200c Ñandú-O’Neill' })).status).toBe(
      201,
    );
  });

  test('an invited user opens the link, chooses a password and is in', async () => {
    const { user, invite, token } = await inviteNina();
    expect(user).toMatchObject({ ...nina, state: 'invited', isSample: false });
    expect(invite.url).toMatch(new RegExp(`^${app.url}/join#[\\w-]{32}$`));
    expect(invite.isMailed).toBe(false);
    expect(new Date(invite.expiresAt).getTime()).toBeGreaterThan(Date.now() + 6.9 * day);

    const read = await browser.send('POST', '/tickets/read', { token });
    expect(read.status).toBe(200);
    expect(read.body).toEqual({ kind: 'invite', name: 'Nina New', email: 'nina@example.com' });

    const joined = await redeem(token);
    expect(joined.status).toBe(201);
    expect(joined.body).toMatchObject({ name: 'Nina New', role: 'marketing', team: 'Content' });
    expect(await isSignedIn(browser)).toBe(true);
    const list = await admin.get('/users');
    expect(list.body.items.find((row: { id: string }) => row.id === user.id).state).toBe('active');
  });

  test('the link works once, also when it is redeemed five times at once', async () => {
    const { token } = await inviteNina();
    const answers = await Promise.all([1, 2, 3, 4, 5].map((n) => redeem(token, `password number ${n}`)));
    expect(answers.map((answer) => answer.status).toSorted()).toEqual([201, 410, 410, 410, 410]);
    const again = await browser.send('POST', '/tickets/read', { token });
    expect(again.status).toBe(410);
    expect(again.body.code).toBe('ticket_expired');
  });

  test('the link ends after seven days', async () => {
    const { token } = await inviteNina();
    app.travel(7 * day + 1000);
    expect((await redeem(token)).status).toBe(410);
  });

  test('a made-up link is answered like a used one', async () => {
    expect((await redeem('x'.repeat(32))).body.code).toBe('ticket_expired');
  });

  test('a weak password leaves the link working', async () => {
    const { token } = await inviteNina();
    expect((await redeem(token, 'short')).status).toBe(400);
    expect((await redeem(token)).status).toBe(201);
  });

  test('a fresh invitation ends the one before', async () => {
    const { user, token } = await inviteNina();
    const fresh = await admin.send('POST', `/users/${user.id}/tickets`);
    expect(fresh.status).toBe(201);
    expect(fresh.body.url).toContain('/join#');
    expect((await redeem(token)).status).toBe(410);
    expect((await redeem(tokenOf(fresh.body.url))).status).toBe(201);
  });

  test('an address that is here already is refused whatever its case, also twice at once', async () => {
    await inviteNina();
    const again = await admin.send('POST', '/users', { ...nina, email: 'NINA@example.com' });
    expect(again.status).toBe(409);
    expect(again.body.code).toBe('already_exists');
    expect(again.body.errors[0].pointer).toBe('/body/email');
    const racing = await Promise.all(
      [1, 2, 3].map(() => admin.send('POST', '/users', { ...nina, email: 'otto@example.com' })),
    );
    expect(racing.map((answer) => answer.status).toSorted()).toEqual([201, 409, 409]);
  });

  test('the token is in the database as a hash only', async () => {
    const { token } = await inviteNina();
    const rows = await app.ctx.db.selectFrom('userTicket').selectAll().execute();
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toContain(token);
  });

  test('only admins invite, change users and make links', async () => {
    const { user } = await inviteNina();
    for (const role of ['marketing', 'manager', 'rep'] as const) {
      const client = await app.client(role);
      expect((await client.send('POST', '/users', nina)).status).toBe(403);
      expect((await client.send('PATCH', `/users/${user.id}`, { role: 'admin' })).status).toBe(403);
      expect((await client.send('POST', `/users/${user.id}/tickets`)).status).toBe(403);
      expect((await client.get('/users')).status).toBe(200);
    }
  });
});

describe('resets', () => {
  test('a reset link sets a password, ends every session and works for a day', async () => {
    const rita = await app.make.user({ passwordHash: await hashSecret(password) });
    const session = await app.clientOf(rita);
    const made = await admin.send('POST', `/users/${rita.id}/tickets`);
    expect(made.body.url).toContain('/reset#');
    const token = tokenOf(made.body.url);
    expect((await browser.send('POST', '/tickets/read', { token })).body.kind).toBe('reset');
    expect(await isSignedIn(session)).toBe(true);
    expect((await redeem(token, 'a quite new password')).status).toBe(201);
    expect(await isSignedIn(session)).toBe(false);
    expect(await isSignedIn(browser)).toBe(true);

    const late = await admin.send('POST', `/users/${rita.id}/tickets`);
    app.travel(day + 1000);
    expect((await redeem(tokenOf(late.body.url))).status).toBe(410);
  });

  test('a new password ends the links that were made before', async () => {
    const rita = await app.make.user({ passwordHash: await hashSecret(password) });
    const made = await admin.send('POST', `/users/${rita.id}/tickets`);
    const change = { newPassword: 'a quite new password', currentPassword: password };
    expect((await (await app.clientOf(rita)).send('PATCH', '/me', change)).status).toBe(200);
    expect((await redeem(tokenOf(made.body.url))).status).toBe(410);
  });

  test('without a mail server asking for a reset is taken and does nothing', async () => {
    const rita = await app.make.user();
    expect((await browser.send('POST', '/password-resets', { email: rita.email })).status).toBe(204);
    expect(await app.ctx.db.selectFrom('jobRun').selectAll().execute()).toEqual([]);
  });
});

describe('changing users', () => {
  test('a changed role counts from the next request on', async () => {
    const rita = await app.make.user({ role: 'rep' });
    const client = await app.clientOf(rita);
    expect((await client.send('POST', '/users', nina)).status).toBe(403);
    const changed = await admin.send('PATCH', `/users/${rita.id}`, {
      role: 'admin',
      team: 'West',
      name: 'Rita',
    });
    expect(changed.body).toMatchObject({ role: 'admin', team: 'West', name: 'Rita', state: 'active' });
    expect((await client.send('POST', '/users', nina)).status).toBe(201);
    await admin.send('PATCH', `/users/${rita.id}`, { role: 'rep' });
    expect((await client.send('POST', '/users', { ...nina, email: 'b@example.com' })).status).toBe(403);
  });

  test('a deactivated user loses every session and link at once, and keeps the assets', async () => {
    const rita = await app.make.user({ role: 'marketing', passwordHash: await hashSecret(password) });
    const asset = await app.make.asset({ ownerUserId: rita.id });
    const clients = [await app.clientOf(rita), await app.clientOf(rita)];
    const link = await admin.send('POST', `/users/${rita.id}/tickets`);
    const answer = await admin.send('PATCH', `/users/${rita.id}`, { isActive: false });
    expect(answer.body.state).toBe('deactivated');
    for (const client of clients) {
      expect(await isSignedIn(client)).toBe(false);
      expect((await client.get('/users')).status).toBe(401);
    }
    expect((await redeem(tokenOf(link.body.url))).status).toBe(410);
    expect((await browser.send('POST', '/session', { email: rita.email, password })).status).toBe(401);
    const refused = await admin.send('POST', `/users/${rita.id}/tickets`);
    expect(refused.body.code).toBe('conflict');
    const row = await app.ctx.db
      .selectFrom('asset')
      .select('ownerUserId')
      .where('id', '=', asset.id)
      .execute();
    expect(row).toEqual([{ ownerUserId: rita.id }]);

    expect((await admin.send('PATCH', `/users/${rita.id}`, { isActive: true })).body.state).toBe('active');
    expect((await browser.send('POST', '/session', { email: rita.email, password })).status).toBe(201);
  });

  test('the last admin who can sign in stays one, and the answer says why', async () => {
    await app.make.user({ role: 'admin', passwordHash: null });
    await app.make.user({ role: 'admin', deactivatedAt: new Date() });
    for (const change of [{ role: 'rep' }, { isActive: false }]) {
      const answer = await admin.send('PATCH', `/users/${admin.userId}`, change);
      expect(answer.status).toBe(409);
      expect(answer.body.code).toBe('conflict');
      expect(answer.body.detail).toContain('the last admin');
    }
    expect((await admin.send('PATCH', `/users/${admin.userId}`, { name: 'Still here' })).status).toBe(200);
  });

  test('two admins who demote each other at once leave one admin', async () => {
    const other = await app.client('admin');
    const answers = await Promise.all([
      admin.send('PATCH', `/users/${other.userId}`, { role: 'rep' }),
      other.send('PATCH', `/users/${admin.userId}`, { isActive: false }),
    ]);
    // The slower one is told, or is no admin any more when its request arrives.
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1);
    const left = await app.ctx.db
      .selectFrom('user')
      .select('id')
      .where('role', '=', 'admin')
      .where('deactivatedAt', 'is', null)
      .execute();
    expect(left).toHaveLength(1);
  });

  test('a user that is not there is not found, and neither is an id of another kind', async () => {
    const unknown = await admin.send('PATCH', '/users/usr_000000000000000000000', { name: 'X' });
    expect(unknown.status).toBe(404);
    expect((await admin.send('PATCH', '/users/ast_000000000000000000000', { name: 'X' })).status).toBe(404);
    expect((await admin.send('POST', '/users/usr_000000000000000000000/tickets')).status).toBe(404);
  });

  test('every user sees who is here, by name', async () => {
    await app.make.user({ name: 'Zoe' });
    await app.make.user({ name: 'adam' });
    const { body } = await (await app.client('rep')).get('/users');
    const names = body.items.map((row: { name: string }) => row.name);
    expect(names[0]).toBe('adam');
    expect(names.at(-1)).toBe('Zoe');
    expect(JSON.stringify(body)).not.toContain('assword');
  });
});
