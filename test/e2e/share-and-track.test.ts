import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findEmbeddedPostgres } from '../../server/src/db/embedded.ts';
import { sweep } from '../support/axe.ts';
import { browserStories } from '../support/browser.ts';
import { type MailServer, startMailServer } from '../support/mail-server.ts';
import { type RunningOffshelf, startOffshelf } from '../support/offshelf.ts';
import { addAsset, foundTeam, joinByInvite, type Member, signIn } from '../support/team.ts';
import { startWebhookReceiver, verify, type WebhookReceiver } from '../support/webhook-receiver.ts';

/*
 * Two processes of Offshelf with one database: reps are at the first one, prospects come to the second one.
 */

const stories = browserStories();
const text = `# Rollout plan\n\nWeek one is for the pilot group. ${'Nobody else is disturbed. '.repeat(30)}\n`;
/** A mail waits until the share link can't be undone any more. */
const mailed = { timeout: 100_000 };
/** Who is likely a person is told of after 20 seconds of reading. */
const told = { timeout: 60_000 };
const inBritain = '81.2.69.160';
const inGermany = '85.214.132.117';
let first: RunningOffshelf;
let second: RunningOffshelf;
let mailServer: MailServer;
let receiver: WebhookReceiver;
let secret: string;
let admin: Member;
let rep: Member;
let colleague: Member;
let asset: { id: string; title: string };

beforeAll(async () => {
  [mailServer, receiver] = await Promise.all([startMailServer(), startWebhookReceiver()]);
  const env = {
    SMTP_URL: mailServer.url,
    MAIL_FROM: 'Offshelf <content@example.com>',
    WEBHOOK_HOSTS: receiver.host,
    TRUST_PROXY: '1',
  };
  first = await startOffshelf({ env });
  const { dataDir } = first;
  const databaseUrl = await findEmbeddedPostgres(join(dataDir, 'postgres'), () => {});
  if (!databaseUrl) throw new Error('The first process has no database.');
  second = await startOffshelf({ dataDir, env: { ...env, DATABASE_URL: databaseUrl, ROLE: 'api' } });
  const team = await foundTeam(first.url, ['rep']);
  ({ admin, rep } = team);
  colleague = await joinByInvite(first.url, admin, {
    name: 'Cleo Colleague',
    email: 'cleo@offshelf.example',
    role: 'rep',
  });
  asset = await addAsset(admin, { title: 'Rollout plan', text });
  const events = ['visit.read', 'visit.updated'];
  ({ secret } = await admin.call('POST', '/webhooks', { url: receiver.url, events }));
});
afterAll(async () => {
  await second?.stop();
  await first?.stop();
  await mailServer?.close();
  await receiver?.close();
});

/** The same address, asked of the second process. */
const atSecond = (url: string) => url.replace(first.url, second.url);

let danasUrl = '';
let danasLinkId = '';

const listVisits = async () => (await rep.call('GET', `/share-links/${danasLinkId}/visits`)).items;
const findMyLink = async () =>
  (await rep.call('GET', '/my-links')).items.find(
    ({ shareLink }: { shareLink: { id: string } }) => shareLink.id === danasLinkId,
  );

function actNow(page: Page) {
  return page.getByRole('region', { name: 'Act now' });
}

/** The page as somebody reads it who moves and stays. */
async function readFor(page: Page, seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second += 1) {
    await page.mouse.move(60 + second * 3, 200 + (second % 7) * 20);
    await page.mouse.wheel(0, second % 2 === 0 ? 120 : -60);
    await page.waitForTimeout(1_000);
  }
}

test('a rep mails a share link, and it arrives once it can no longer be undone', async () => {
  const page = await stories.open(`${first.url}/assets/${asset.id}`, { as: rep });
  await page.getByRole('button', { name: 'Share Rollout plan' }).click();
  const sheet = page.getByRole('dialog');
  await sheet.getByLabel('Who is it for').fill('Dana Okafor <dana@northbeck.example>');
  await sheet.getByLabel('Who is it for').press('Enter');
  await sheet.getByRole('button', { name: 'Copy link' }).click();
  await sheet.getByRole('button', { name: 'Send by e-mail' }).click();
  await sheet.getByRole('button', { name: 'Will be sent' }).waitFor();
  const toDana = () => mailServer.mails.filter(({ to }) => to === 'dana@northbeck.example');
  await expect.poll(() => toDana().length, mailed).toBe(1);
  danasUrl = /https?:\/\/\S+\/s\/[\w-]+/.exec(toDana()[0]?.text ?? '')?.[0] ?? '';
  expect(danasUrl.startsWith(`${first.url}/s/`)).toBe(true);
  [
    {
      shareLink: { id: danasLinkId },
    },
  ] = (await rep.call('GET', '/my-links')).items;
});

test('scanners and previews fetch it and count for nobody', async () => {
  const agents = [
    'Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)',
    'Mozilla/5.0 (compatible; MSIE 9.0; Windows NT 6.1; Trident/5.0) Barracuda Sentinel (EE)',
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36',
  ];
  for (const [index, agent] of agents.entries()) {
    const method = index === 1 ? 'HEAD' : 'GET';
    const answer = await fetch(atSecond(danasUrl), { method, headers: { 'user-agent': agent } });
    expect(answer.status).toBe(200);
  }
  // Hits are written in the background, and a request without a script is never a visit.
  await expect
    .poll(async () => (await rep.call('GET', `/share-links/${danasLinkId}/visits`)).linkHitCount, {
      timeout: 15_000,
    })
    .toBeGreaterThanOrEqual(agents.length);
  expect(await listVisits()).toEqual([]);
  // One that runs scripts looks at the page like a reader, and is a visit that says what it is.
  const scanner = await stories.open(atSecond(danasUrl), { isHeadless: true });
  await scanner.getByText('Week one is for the pilot group').waitFor();
  await expect.poll(async () => (await listVisits())[0]?.judgement.class).toBe('bot');
  expect((await findMyLink()).humanOpens).toMatchObject({ value: 0, high: 0, hiddenCount: 1 });
  expect((await rep.call('GET', '/notifications')).items).toEqual([]);
  expect(receiver.received).toEqual([]);
});

test('the prospect reads at one process, and the rep hears of it at the other', {
  timeout: 180_000,
}, async () => {
  const page = await stories.open(first.url, { as: rep });
  await actNow(page).getByText('Once a person has read a page of what you sent').waitFor();
  const dana = await stories.open(atSecond(danasUrl), { onPhone: true, from: inBritain });
  await dana.getByText('Week one is for the pilot group').waitFor();
  await dana.getByRole('article').tap();
  await readFor(dana, 26);

  const entry = actNow(page).getByRole('listitem').filter({ hasText: 'Dana Okafor' });
  await entry.waitFor(told);
  await page.getByRole('button', { name: 'News: 1 unread notification' }).waitFor(told);
  await sweep(page, 'find, with a reader and the bell');
  const types = () => receiver.received.map(({ body }) => JSON.parse(body).type as string);
  await expect.poll(types, told).toContain('visit.read');
  for (const message of receiver.received) expect(verify(message, secret).data.shareLinkId).toBe(danasLinkId);

  const downloading = dana.waitForEvent('download');
  await dana.getByRole('link', { name: /^Download/ }).click();
  await downloading;
  await expect.poll(types, told).toContain('visit.updated');
  expect(types().filter((type) => type === 'visit.read')).toHaveLength(1);
  expect((await rep.call('GET', '/notifications')).items).toHaveLength(1);

  await entry.getByRole('button', { name: 'Followed up with Dana Okafor' }).click();
  await page.getByRole('button', { name: 'By mail' }).click();
  await entry.waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'News: nothing unread' }).waitFor();
});

test('why a visit counts is shown, and who knows better changes the number', async () => {
  const page = await stories.open(`${first.url}/my-links/${danasLinkId}`, { as: admin });
  await page.getByRole('heading', { name: 'For Dana Okafor' }).waitFor();
  await page.getByRole('button', { name: /^Why/ }).first().click();
  const why = page.getByRole('dialog', { name: 'Why we think so' });
  await why.getByText('Somebody touched, moved or typed.').waitFor();
  await why.getByText(/^By rule set \d+/).waitFor();
  await sweep(page, 'why a visit counts');
  await why.getByRole('button', { name: 'This was a machine' }).click();
  await expect.poll(async () => (await findMyLink()).humanOpens).toMatchObject({ value: 0, hiddenCount: 2 });
  await expect.poll(async () => (await rep.call('GET', '/notifications')).items).toEqual([]);
  await why.getByText(/^Ada Admin said so on/).waitFor();
  await sweep(page, 'why a visit counts, overruled');
  await why.getByRole('button', { name: 'Let the rules decide' }).click();
  await expect.poll(async () => (await findMyLink()).humanOpens.value).toBe(1);
});

test('a second colleague of the prospect opens it elsewhere, and it was probably passed on', {
  timeout: 90_000,
}, async () => {
  const eli = await stories.open(atSecond(danasUrl), { from: inGermany });
  await eli.getByText('Week one is for the pilot group').waitFor();
  await readFor(eli, 8);
  await expect.poll(async () => (await listVisits()).length, { timeout: 15_000 }).toBe(3);
  const page = await stories.open(`${first.url}/my-links/${danasLinkId}`, { as: rep });
  await page.getByRole('heading', { name: 'For Dana Okafor' }).waitFor();
  await page.getByText(/^2 readers/).waitFor();
  await page
    .getByText(
      'Probably forwarded: medium. Another device on another network opened it. They were in two countries within two hours.',
    )
    .waitFor();
});

test('a colleague who wants to send the same to the same person is told what became of it', async () => {
  const page = await stories.open(`${second.url}/assets/${asset.id}`, {
    as: await signIn(second.url, colleague),
  });
  await page.getByRole('button', { name: 'Share Rollout plan' }).click();
  const sheet = page.getByRole('dialog');
  await sheet.getByLabel('Who is it for').fill('dana@northbeck.example');
  await sheet.getByLabel('Who is it for').press('Enter');
  await sheet.getByText(/^Rob Rep sent this to Dana Okafor/).waitFor();
  await sheet.getByText(/It was read, last opened/).waitFor();
  await sweep(page, 'share sheet with a warning');
});

test('what is revoked or undone at one process opens at no other a second later', async () => {
  const { shareLink, url } = await rep.call('POST', `/assets/${asset.id}/share-links`, {
    recipient: { name: 'Uma Undone' },
  });
  const closes = async (sharedUrl: string, call: () => Promise<unknown>, status: number) => {
    const ask = () => fetch(atSecond(sharedUrl)).then((response) => response.status);
    expect(await ask()).toBe(200);
    await call();
    const closedAt = performance.now();
    await expect.poll(ask, { interval: 20, timeout: 5_000 }).toBe(status);
    expect(performance.now() - closedAt).toBeLessThan(1_000);
  };
  await closes(url, () => rep.call('POST', '/share-links/undo', { shareLinkIds: [shareLink.id] }), 404);
  await closes(danasUrl, () => rep.call('POST', `/share-links/${danasLinkId}/revoke`), 410);
});
