import { afterAll, beforeAll, expect, it } from 'vitest';
import { enqueue } from '../../server/src/jobs/catalog.ts';
import { startTestApp, type TestApp, type TestClient } from '../support/app.ts';
import { type MailServer, startMailServer } from '../support/mail-server.ts';

const day = 86_400_000;

let mail: MailServer;
let app: TestApp;
let marketing: TestClient;

beforeAll(async () => {
  mail = await startMailServer();
  app = await startTestApp({ SMTP_URL: mail.url, MAIL_FROM: 'Offshelf <shelf@example.com>' });
  marketing = await app.clientOf(
    await app.make.user({ name: 'Mia', role: 'marketing', email: 'mia@example.com' }),
  );
  for (let number = 0; number < 12; number += 1) await app.make.asset();
});
afterAll(async () => {
  await app.close();
  await mail.close();
});

/** What the schedule does each few minutes, by two workers at once. */
async function tick() {
  await enqueue(app.ctx.db, 'send-briefs', {});
  await enqueue(app.ctx.db, 'send-briefs', {});
  await app.drain(['send-briefs', 'send-brief']);
}

it('puts the answers on one page, with how each number is counted', async () => {
  const { status, body } = await marketing.get('/report/brief');
  expect(status).toBe(200);
  expect(body.questions.map(({ key }: { key: string }) => key)).toEqual([
    'reach',
    'coverage',
    'influence',
    'gaps',
    'aging',
  ]);
  const [reach] = body.questions;
  expect(reach.answer).toBe('100% of the library stayed on the shelf.');
  const aging = await marketing.get('/report/aging');
  expect(body.questions.at(-1).answer).toBe(aging.body.says);
  const gaps = await marketing.get('/report/gaps');
  expect(body.questions.at(-2).answer).toBe(gaps.body.says);
  const defined = body.definitions.map(({ key }: { key: string }) => key);
  for (const { metrics } of body.questions) expect(defined).toEqual(expect.arrayContaining(metrics));
});

it('writes numbers as its reader does', async () => {
  const { body } = await marketing.get('/report/brief?locale=de-DE');
  expect(body.questions[0].answer).toBe('100\u00a0% of the library stayed on the shelf.');
  expect((await marketing.get('/report/brief?locale=nonsense!')).status).toBe(200);
});

it('goes out once a week, also when two workers look at once', async () => {
  const wanted = { weekday: 3, hour: 9, locale: 'en-GB', query: 'days=30' };
  const subscribed = await marketing.send('PUT', '/brief-subscription', wanted);
  expect(subscribed.body).toMatchObject({ subscription: wanted, canSend: true, email: 'mia@example.com' });
  await tick();
  expect(mail.mails).toHaveLength(0);
  // To the next Wednesday at ten, at least a day from now.
  const now = app.ctx.clock();
  const next = new Date(now.getTime() + day);
  while (next.getUTCDay() !== 3) next.setUTCDate(next.getUTCDate() + 1);
  next.setUTCHours(10, 0, 0, 0);
  app.travel(next.getTime() - now.getTime());
  await tick();
  expect(mail.mails).toHaveLength(1);
  const [sent] = mail.mails;
  expect(sent?.to).toBe('mia@example.com');
  const { body: page } = await marketing.get('/report/brief?days=30');
  for (const { answer } of page.questions) expect(sent?.text).toContain(answer);
  expect(sent?.source).not.toMatch(/<img/i);
  await tick();
  app.travel(2 * day);
  await tick();
  expect(mail.mails).toHaveLength(1);
  app.travel(5 * day);
  await tick();
  expect(mail.mails).toHaveLength(2);
});

it('is not sent twice after a crash between claiming and sending', async () => {
  await app.ctx.db.updateTable('briefSending').set({ sentAt: null }).execute();
  await tick();
  expect(mail.mails).toHaveLength(2);
});

it('stops by the link in the mail, without signing in', async () => {
  const token = /\/unsubscribe#(\S+)/.exec(mail.mails[0]?.text ?? '')?.[1];
  const stranger = await app.client('anonymous');
  const path = '/brief-subscription/unsubscribe';
  expect((await stranger.send('POST', path, { token: `${token}x` })).status).toBe(404);
  const { status, body } = await stranger.send('POST', path, { token });
  expect([status, body]).toEqual([200, { email: 'mia@example.com' }]);
  expect((await marketing.get('/brief-subscription')).body.subscription).toBeNull();
  app.travel(7 * day);
  await tick();
  expect(mail.mails).toHaveLength(2);
});

it('stops by the button of a mail program, which sends a POST from its own servers', async () => {
  const wanted = { weekday: 3, hour: 9, locale: 'en-GB', query: '' };
  await marketing.send('PUT', '/brief-subscription', wanted);
  const source = mail.mails[0]?.source.replace(/\n[ \t]+/g, ' ') ?? '';
  expect(source).toMatch(/^List-Unsubscribe-Post: List-Unsubscribe=One-Click$/m);
  const stopUrl = /^List-Unsubscribe: <([^>]+)>$/m.exec(source)?.[1] ?? '';
  const post = (url: string, body: string, type = 'application/x-www-form-urlencoded') =>
    fetch(url, { method: 'POST', body, headers: { 'content-type': type } });
  expect((await post(stopUrl, '')).status).toBe(400);
  expect((await post(`${stopUrl}x`, 'List-Unsubscribe=One-Click')).status).toBe(404);
  expect((await marketing.get('/brief-subscription')).body.subscription).toMatchObject(wanted);
  // Opening it, as scanners of mail do, stops nothing.
  expect((await fetch(stopUrl)).status).toBe(200);
  expect((await marketing.get('/brief-subscription')).body.subscription).not.toBeNull();
  const form = '--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n';
  expect((await post(stopUrl, form, 'multipart/form-data; boundary=b')).status).toBe(200);
  expect((await marketing.get('/brief-subscription')).body.subscription).toBeNull();
  expect((await post(stopUrl, 'List-Unsubscribe=One-Click')).status).toBe(200);
});

it('can’t be subscribed to where there is no mail server', async () => {
  const without = await startTestApp();
  const client = await without.client('manager');
  expect((await client.get('/brief-subscription')).body.canSend).toBe(false);
  const wanted = { weekday: 1, hour: 8, locale: 'en-GB', query: '' };
  expect((await client.send('PUT', '/brief-subscription', wanted)).status).toBe(503);
  await without.close();
});
