import { rm } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sweep } from '../support/axe.ts';
import { browserStories } from '../support/browser.ts';
import { type MailServer, startMailServer } from '../support/mail-server.ts';
import { makeDataDir, type RunningOffshelf, startOffshelf } from '../support/offshelf.ts';
import { addAsset, foundTeam, type Member } from '../support/team.ts';
import { startWebhookReceiver, verify, type WebhookReceiver } from '../support/webhook-receiver.ts';

const stories = browserStories();
const passcode = 'blue river';
let app: RunningOffshelf;
let mailServer: MailServer;
let receiver: WebhookReceiver;
let admin: Member;
let marketing: Member;
let rep: Member;
/** Of the share link that each of them sent. */
let urls: Record<'marketing' | 'rep', string>;
let dataDir: string;
let env: Record<string, string>;

beforeAll(async () => {
  dataDir = await makeDataDir();
  [mailServer, receiver] = await Promise.all([startMailServer(), startWebhookReceiver()]);
  env = {
    SMTP_URL: mailServer.url,
    MAIL_FROM: 'Offshelf <content@example.com>',
    WEBHOOK_HOSTS: receiver.host,
  };
  app = await startOffshelf({ dataDir, env });
  ({ admin, marketing, rep } = await foundTeam(app.url, ['marketing', 'rep']));
  const text = '# Rollout plan\n\nWeek one is for the pilot group. Nobody else is disturbed.\n';
  const asset = await addAsset(admin, { title: 'Rollout plan', text });
  const share = async (sender: Member): Promise<string> => {
    const recipient = { name: 'Dana Okafor', email: 'dana@northbeck.example' };
    return (await sender.call('POST', `/assets/${asset.id}/share-links`, { recipient, passcode })).url;
  };
  urls = { marketing: await share(marketing), rep: await share(rep) };
});
afterAll(async () => {
  await app?.stop();
  await mailServer?.close();
  await receiver?.close();
  await rm(dataDir, { recursive: true, force: true });
});

const live = { timeout: 40_000 };

/** Somebody at a phone opens the share link and gets to its text. */
async function readAsProspect(url: string): Promise<Page> {
  const prospect = await stories.open(url, { onPhone: true });
  await prospect.getByLabel('Passcode').fill(passcode);
  await prospect.getByLabel('Passcode').press('Enter');
  await prospect.getByText('Week one is for the pilot group').waitFor();
  return prospect;
}

test('an admin has another system told, which takes signed messages', async () => {
  const page = await stories.open(`${app.url}/settings/webhooks`, { as: admin });
  await page.getByRole('heading', { name: 'Nobody else is told yet' }).waitFor();
  await sweep(page, 'no webhooks yet');
  await page.getByRole('button', { name: 'Add a webhook' }).click();
  await page.getByLabel('Address').fill('https://192.168.7.7/hook');
  stories.expectFault(/status of 400/);
  await page.getByRole('button', { name: 'Add webhook', exact: true }).click();
  await page.getByText('192.168.7.7 lies in a private network, and nothing is sent there.').waitFor();
  await sweep(page, 'a webhook with a private address');
  await page.getByLabel('Address').fill(receiver.url);
  await page.getByRole('button', { name: 'Add webhook', exact: true }).click();
  const secret = (await page.getByRole('region', { name: 'Secret' }).locator('code').textContent()) ?? '';
  expect(secret).toMatch(/^whsec_/);
  await sweep(page, 'the secret of a new webhook');
  await page.keyboard.press('Escape');

  await page.getByRole('row', { name: new RegExp(receiver.host) }).click();
  await page.getByRole('button', { name: 'Send a test' }).click();
  const sent = page.getByRole('list', { name: 'What was sent' });
  await sent.getByText('Taken').waitFor();
  const [first] = receiver.received;
  if (!first) throw new Error('Nothing came.');
  expect(verify(first, secret).type).toBe('test');
  await sent.getByText('Message and answer').click();
  await sweep(page, 'a webhook and what was sent to it');
  // A phone shows the same in a sheet, which begins anew.
  await sent.getByText('Message and answer').click();
  await sent.getByRole('button', { name: 'Send it again' }).click();
  await expect.poll(() => receiver.received.length, { timeout: 15_000 }).toBe(2);
  expect(receiver.received[1]?.id).toBe(first.id);

  await page.getByRole('button', { name: 'New secret' }).click();
  await page.getByRole('button', { name: 'Make a new one' }).click();
  await page.getByText(/^The one before signs as well until/).waitFor();
  await page.getByRole('button', { name: 'Switch off' }).click();
  await page.getByText(/^Switched off .* Ada Admin switched it off\.$/).waitFor();
  await page.getByRole('button', { name: 'Switch on' }).click();
  await page.getByRole('button', { name: 'Send a test' }).waitFor();
});

test('a rep says how they want to be told', async () => {
  const page = await stories.open(`${app.url}/settings/notifications`, { as: rep });
  const reading = page.getByRole('group', { name: 'A person reads what you sent' });
  await reading.getByLabel('E-mail').waitFor();
  await sweep(page, 'how you are told');
  const field = page.getByLabel('Incoming webhook');
  await field.fill('https://example.com/hook');
  stories.expectFault(/status of 400/);
  await page.getByRole('button', { name: 'Connect Slack' }).click();
  await page.getByText('This is not an incoming webhook of Slack.').waitFor();
  await field.fill(receiver.url);
  await page.getByRole('button', { name: 'Connect Slack' }).click();
  await page.getByText('Slack is connected.').waitFor();
  expect(await reading.getByLabel('Slack').inputValue()).toBe('at_once');
  await reading.getByLabel('Slack').selectOption('Never');
  await page.getByLabel('Keep quiet hours').click();
  await page.getByLabel('From').fill('20:30');
  await page.getByLabel('Until').fill('20:30');
  await page.getByRole('button', { name: 'Save hours' }).click();
  await page.getByText('It has to end at another time.').waitFor();
  await sweep(page, 'how you are told, with Slack and quiet hours');
  await page.getByLabel('Until').fill('06:15');
  await page.getByRole('button', { name: 'Save hours' }).click();
  await page.getByText('Hours saved').waitFor();
  await page.reload();
  await expect.poll(() => page.getByLabel('Until').inputValue()).toBe('06:15');
  expect(await reading.getByLabel('Slack').inputValue()).toBe('off');
  // Else mail would wait, depending on the hour at which this is read.
  await page.getByLabel('Keep quiet hours').click();
  await page.getByRole('button', { name: 'Save hours' }).click();
  await page.getByText('Hours saved').waitFor();
});

test('the bell rings in the rep’s browser while a prospect reads, and the others are told', async () => {
  receiver.received.length = 0;
  const page = await stories.open(`${app.url}/my-links`, { as: rep });
  await page.getByRole('button', { name: 'News: nothing unread' }).waitFor();
  stories.expectFault(/status of 401/);
  const prospect = await readAsProspect(urls.rep);

  // Nobody tells the rep's page: it hears of the reader by itself.
  const bell = page.getByRole('button', { name: 'News: 1 unread notification' });
  await bell.waitFor(live);
  // A page that was read is news once more, so the reader is done before the bell is quiet.
  const readPages = async () => (await rep.call('GET', '/notifications')).items[0].readPageCount;
  await expect.poll(readPages, live).toBe(1);
  await prospect.close();
  expect(await page.title()).toMatch(/^\(1\) /);
  await bell.click();
  const panel = page.getByRole('dialog', { name: 'Notifications' });
  const row = panel.getByRole('listitem').filter({ hasText: 'Dana Okafor' });
  await row.getByText('Rollout plan').waitFor();
  await sweep(page, 'the bell and who read');
  const mailed = () => mailServer.mails.filter(({ to, source }) => to === rep.email && /Dana/.test(source));
  await expect.poll(() => mailed().length, live).toBe(1);
  await expect
    .poll(() => receiver.received.map(({ body }) => JSON.parse(body).type), live)
    .toContain('visit.read');

  await row.getByRole('link').click();
  await page.getByRole('heading', { name: 'For Dana Okafor' }).waitFor();
  await page.getByRole('button', { name: 'News: nothing unread' }).waitFor();
  await page.getByRole('button', { name: 'Mute' }).click();
  await page.getByText('You are told no more of Rollout plan, sent to Dana Okafor').waitFor();
  await page.getByRole('button', { name: 'Tell me of it again' }).waitFor();
  await page.goto(`${app.url}/settings/notifications`);
  const muted = page.getByRole('list', { name: 'Muted share links' });
  await muted.getByText('sent to Dana Okafor').waitFor();
  await sweep(page, 'a muted share link');
  await muted.getByRole('button', { name: 'Tell me again of Rollout plan, sent to Dana Okafor' }).click();
  await page.getByText('None. The page of each share link').waitFor();

  const onPhone = await stories.open(app.url, { as: rep, onPhone: true });
  await onPhone.getByRole('link', { name: 'News: nothing unread' }).click();
  await onPhone.getByRole('heading', { name: 'Notifications', level: 1 }).waitFor();
  await onPhone.getByText('Rollout plan').waitFor();
  await sweep(onPhone, 'all notifications');
});

test('a page that stays open goes on listening after Offshelf and its database were started anew', async () => {
  const page = await stories.open(`${app.url}/my-links`, { as: marketing });
  await page.getByRole('button', { name: 'News: nothing unread' }).waitFor();
  // Parts of the page come after the rest.
  await page.waitForFunction(() => {
    const ends = performance.getEntriesByType('resource') as PerformanceResourceTiming[];
    return performance.now() - Math.max(...ends.map(({ responseEnd }) => responseEnd)) > 1_000;
  });
  const { port } = app;
  stories.expectFault(/ERR_(CONNECTION_REFUSED|INCOMPLETE_CHUNKED_ENCODING|EMPTY_RESPONSE)/);
  await app.stop();
  await page.evaluate(() => fetch('/api/health').catch(() => undefined));
  app = await startOffshelf({ dataDir, port, env });
  stories.expectFault(/status of 401/);
  await readAsProspect(urls.marketing);
  await page.getByRole('button', { name: 'News: 1 unread notification' }).waitFor(live);
});
