import { readFile } from 'node:fs/promises';
import type { Download, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sweep } from '../support/axe.ts';
import { browserStories } from '../support/browser.ts';
import { type RunningOffshelf, startOffshelf } from '../support/offshelf.ts';
import { addAsset, foundTeam, type Member } from '../support/team.ts';

const stories = browserStories();
const email = 'dana@northbeck.example';
const text = '# Rollout plan\n\nWeek one is for the pilot group. Nobody else is disturbed.\n';
let app: RunningOffshelf;
let admin: Member;
let rep: Member;
let link: { id: string; url: string };

beforeAll(async () => {
  app = await startOffshelf();
  ({ admin, rep } = await foundTeam(app.url, ['rep']));
  const asset = await addAsset(admin, { title: 'Rollout plan', text });
  const { shareLink, url } = await rep.call('POST', `/assets/${asset.id}/share-links`, {
    recipient: { name: 'Dana Okafor', email, accountName: 'Northbeck' },
    gate: 'required',
    message: 'Dear Dana, as promised.',
  });
  link = { id: shareLink.id, url };
});
afterAll(() => app?.stop());

async function openPrivacy(): Promise<Page> {
  const page = await stories.open(`${app.url}/settings/privacy`, { as: admin });
  await page.getByRole('heading', { name: 'Privacy', level: 1 }).waitFor();
  await page.getByLabel('Raw requests').waitFor();
  return page;
}

async function lookUp(page: Page, address: string) {
  await page.getByLabel('E-mail address').fill(address);
  await page.getByRole('button', { name: 'Look it up' }).click();
  return page.getByRole('region', { name: 'What is known' });
}

async function readJson(downloading: Promise<Download>) {
  const download = await downloading;
  const content = JSON.parse(await readFile(await download.path(), 'utf8'));
  return { name: download.suggestedFilename(), content };
}

const findMyLink = async () => (await rep.call('GET', '/my-links')).items[0];

test('how long what is kept is decided, and looked through at once', async () => {
  const page = await openPrivacy();
  await page.getByText('Nothing has been looked through yet.').waitFor();
  await sweep(page, 'privacy of a new instance');
  const days = page.getByLabel('Raw requests');
  await days.fill('0');
  await page.getByRole('button', { name: 'Save days' }).click();
  await page.getByText('Choose between 1 and 3,650 days.').waitFor();
  await sweep(page, 'privacy with a number of days that can’t be');
  await days.fill('30');
  await page.getByRole('button', { name: 'Save days' }).click();
  await page.getByText('Saved. What is older goes tonight').waitFor();
  await page.getByRole('button', { name: 'Look through now' }).click();
  await page
    .getByText(/^Looked through .*: nothing was too old\.$/)
    .first()
    .waitFor();
  await page.reload();
  await expect.poll(() => days.inputValue()).toBe('30 days');
  await page.getByRole('radio', { name: 'Strict' }).check({ force: true });
  await page.getByText('Privacy mode changed').waitFor();
  await sweep(page, 'privacy that is strict');
  await page.getByRole('radio', { name: 'Standard' }).check({ force: true });
  await expect.poll(async () => (await admin.call('GET', '/settings')).privacyMode).toBe('standard');
});

test('what is known of a person is handed out as a file', async () => {
  stories.expectFault(/status of 401/);
  const dana = await stories.open(link.url, { onPhone: true });
  await dana.getByLabel('E-mail address').fill(email);
  await dana.getByRole('button', { name: 'Open' }).click();
  await dana.getByText('Week one is for the pilot group.').waitFor();
  await dana.getByRole('article').tap();
  await rep.call('POST', '/saved-searches', { name: 'For Dana', query: `sent to ${email}` });
  await expect.poll(async () => (await findMyLink()).humanOpens.value).toBe(1);
  await dana.close();

  const page = await openPrivacy();
  const nobody = await lookUp(page, 'nobody@northbeck.example');
  await nobody.getByText('Nothing is known of this address. Check how it is written.').waitFor();
  const own = await lookUp(page, rep.email);
  await own.getByText(/^Rob Rep signs in with this address, so it can’t be erased\./).waitFor();
  const found = await lookUp(page, email);
  await found.getByText(/^Known of this address: .*1 recipient.*1 visit/).waitFor();
  await sweep(page, 'what is known of a person');
  const downloading = page.waitForEvent('download');
  await found.getByRole('button', { name: 'Export as file' }).click();
  const { name, content } = await readJson(downloading);
  expect(name).toBe('what-is-known.json');
  expect(content).toMatchObject({
    address: email,
    recipients: [{ name: 'Dana Okafor', email }],
    shareLinks: [{ id: link.id, sentBy: 'Rob Rep' }],
    visits: [{ shareLinkId: link.id }],
    savedSearches: [{ question: { query: `sent to ${email}` } }],
  });
  expect(JSON.stringify(content)).not.toContain(new URL(link.url).pathname.split('/').at(-1));
});

test('a person is erased with proof, and is nowhere any more, while what was counted stays', async () => {
  const before = (await findMyLink()).humanOpens;
  const page = await openPrivacy();
  const found = await lookUp(page, email.toUpperCase());
  await found.getByRole('button', { name: 'Erase' }).click();
  const sheet = page.getByRole('dialog', { name: 'Erase a person' });
  await sheet.getByText('Type the address first.').waitFor();
  await sweep(page, 'about to erase a person');
  await sheet.getByLabel('Type the address to confirm').fill(email);
  await sheet.getByRole('button', { name: 'Erase for good' }).click();
  await page.getByText('Erased. The proof is listed below').waitFor();
  await page.getByText(/^Nothing is left: \d+ columns of \d+ tables were looked through\.$/).waitFor();
  await sweep(page, 'a person was erased');
  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save proof' }).click();
  const { content } = await readJson(downloading);
  expect(content).toMatchObject({ kind: 'erase', requestedBy: 'Ada Admin', proof: { left: [] } });
  expect(JSON.stringify(content)).not.toMatch(/dana|northbeck/i);
  const again = await lookUp(page, email);
  await again.getByText(/^Nothing is known of this address. It was erased on/).waitFor();

  // The rep's pages, their search and every number: the person is gone, and the reading still counts.
  const links = await stories.open(`${app.url}/my-links`, { as: rep });
  await links.getByRole('row', { name: /Erased recipient/ }).waitFor();
  await expect.poll(() => links.getByText(/Dana|dana@/).count()).toBe(0);
  expect((await findMyLink()).humanOpens).toEqual(before);
  await links.keyboard.press('ControlOrMeta+k');
  await links.getByRole('combobox', { name: 'Go to a page, an asset or an action' }).fill('dana');
  await links
    .getByText(/^Nothing|^No /)
    .first()
    .waitFor();
  const { total } = await rep.call('POST', '/searches', { query: 'dana okafor' });
  expect(total).toBe(0);
  for (const path of ['/saved-searches', '/act-now', '/notifications', `/share-links/${link.id}/timeline`])
    expect(JSON.stringify(await rep.call('GET', path))).not.toMatch(/dana/i);

  stories.expectFault(/status of 410/);
  const back = await stories.open(link.url, { onPhone: true });
  await back.getByRole('heading', { name: 'This link was withdrawn' }).waitFor();
});
