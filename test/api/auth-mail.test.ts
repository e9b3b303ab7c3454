import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { hashSecret } from '../../server/src/http/secrets.ts';
import { enqueue } from '../../server/src/jobs/catalog.ts';
import { startTestApp, type TestApp, type TestClient } from '../support/app.ts';
import { type MailServer, startMailServer } from '../support/mail-server.ts';

const password = 'four plain words here';
const day = 86_400_000;

let app: TestApp;
let mail: MailServer;
let browser: TestClient;
beforeEach(async () => {
  mail = await startMailServer();
  app = await startTestApp({ SMTP_URL: mail.url, MAIL_FROM: 'Offshelf <content@example.com>' });
  browser = await app.client('anonymous');
});
afterEach(async () => {
  await app.close();
  await mail.close();
});

function linkIn(text: string): string {
  return /http\S+/.exec(text)?.[0] ?? '';
}

/** Everything that the two tables of the queue hold, as text. */
async function readQueue(): Promise<string> {
  const runs = await app.ctx.db.selectFrom('jobRun').selectAll().execute();
  const queued = await sql`select * from graphile_worker._private_jobs`.execute(app.ctx.db);
  return JSON.stringify([runs, queued.rows]);
}

test('an invitation is mailed, short and plain, with a link that works', async () => {
  const admin = await app.clientOf(await app.make.user({ role: 'admin', name: 'Ada Admin' }));
  expect((await browser.get('/session')).body.canMail).toBe(true);
  const body = { name: 'Nina Ñandú', email: 'nina@example.com', role: 'rep' };
  const { invite } = (await admin.send('POST', '/users', body)).body;
  expect(invite.isMailed).toBe(true);
  await app.drain();
  expect(mail.mails).toHaveLength(1);
  const [sent] = mail.mails;
  expect(sent).toMatchObject({ to: 'nina@example.com', subject: 'Your invitation to Offshelf' });
  expect(sent?.text).toContain('Hello Nina Ñandú,');
  expect(sent?.text).toContain('Ada Admin has invited you');
  expect(linkIn(sent?.text ?? '')).toBe(invite.url);
  const token = invite.url.split('#')[1];
  expect((await browser.send('POST', '/tickets/redeem', { token, password })).status).toBe(201);
});

test('neither the link nor an address can be read in the queue', async () => {
  const admin = await app.client('admin');
  const body = { name: 'Nina', email: 'nina@example.com', role: 'rep' };
  const { invite } = (await admin.send('POST', '/users', body)).body;
  await browser.send('POST', '/password-resets', { email: 'nina@example.com' });
  const before = await readQueue();
  expect(before).toContain('send-mail');
  expect(before).toContain('send-reset');
  await app.drain();
  const after = await readQueue();
  for (const text of [before, after, app.logLines.join('')]) {
    expect(text).not.toContain(invite.url.split('#')[1]);
    expect(text).not.toContain('nina@example.com');
  }
});

test('a reset is answered and queued alike whether or not the address is known, and mailed to the one that is', async () => {
  const rita = await app.make.user({ email: 'rita@example.com', passwordHash: await hashSecret(password) });
  const gone = await app.make.user({ email: 'gone@example.com', deactivatedAt: new Date() });
  for (const email of ['Rita@example.com', 'nobody@example.com', gone.email, 'not an address'])
    expect((await browser.send('POST', '/password-resets', { email })).status).toBe(204);
  const runs = await app.ctx.db.selectFrom('jobRun').select('name').execute();
  expect(runs).toEqual(Array(4).fill({ name: 'send-reset' }));
  await app.drain();
  expect(mail.mails).toHaveLength(1);
  const [sent] = mail.mails;
  expect(sent).toMatchObject({ to: rita.email, subject: 'Reset your Offshelf password' });
  const token = linkIn(sent?.text ?? '').split('#')[1] ?? '';
  const redeemed = await browser.send('POST', '/tickets/redeem', { token, password: 'a quite new password' });
  expect(redeemed.status).toBe(201);
  expect(redeemed.body.email).toBe('rita@example.com');
});

test('nobody is flooded with mails, and the limit does not show', async () => {
  await app.make.user({ email: 'rita@example.com' });
  for (let n = 0; n < 12; n += 1)
    expect((await browser.send('POST', '/password-resets', { email: 'rita@example.com' })).status).toBe(204);
  await app.drain();
  expect(mail.mails).toHaveLength(3);
});

test('a mail that the server refuses is kept as a failed try that names no address', async () => {
  mail.refuseAll();
  const admin = await app.client('admin');
  await admin.send('POST', '/users', { name: 'Nina', email: 'nina@example.com', role: 'rep' });
  await app.drain();
  const run = await app.ctx.db.selectFrom('jobRun').selectAll().executeTakeFirstOrThrow();
  expect(run.error).toContain('The mail server did not take the mail');
  expect(run.error).toContain('550');
  expect(run.error).not.toContain('nina@example.com');
});

test('a link that ran out before it could be mailed is not mailed', async () => {
  const admin = await app.client('admin');
  await admin.send('POST', '/users', { name: 'Nina', email: 'nina@example.com', role: 'rep' });
  app.travel(8 * day);
  await app.drain();
  expect(mail.mails).toEqual([]);
});

test('sweeping removes expired sessions, links and tries, and nothing else', async () => {
  const rita = await app.make.user({ email: 'rita@example.com', passwordHash: await hashSecret(password) });
  await app.make.sessionCookie(rita.id);
  await browser.send('POST', '/password-resets', { email: 'rita@example.com' });
  await browser.send('POST', '/session', { email: 'rita@example.com', password: 'wrong' });
  await app.drain();
  const count = async () => ({
    sessions: (await app.ctx.db.selectFrom('session').selectAll().execute()).length,
    tickets: (await app.ctx.db.selectFrom('userTicket').selectAll().execute()).length,
    attempts: (await app.ctx.db.selectFrom('attempt').selectAll().execute()).length,
  });
  await enqueue(app.ctx.db, 'sweep-sessions', {});
  await app.drain();
  expect(await count()).toEqual({ sessions: 1, tickets: 1, attempts: 4 });
  app.travel(2 * day);
  await app.make.sessionCookie(rita.id);
  await enqueue(app.ctx.db, 'sweep-sessions', {});
  await app.drain();
  expect(await count()).toEqual({ sessions: 1, tickets: 0, attempts: 0 });
});
