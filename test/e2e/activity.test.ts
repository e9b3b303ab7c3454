import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sweep } from '../support/axe.ts';
import { browserStories, readClipboard } from '../support/browser.ts';
import { type RunningOffshelf, startOffshelf } from '../support/offshelf.ts';
import { addAsset, foundTeam, joinByInvite, type Member } from '../support/team.ts';

const stories = browserStories();
const passcode = 'blue river';
let app: RunningOffshelf;
let rep: Member;
let colleague: Member;
let manager: Member;
let shareLink: { id: string };
let url: string;

beforeAll(async () => {
  app = await startOffshelf();
  const team = await foundTeam(app.url, ['rep', 'manager']);
  ({ rep, manager } = team);
  colleague = await joinByInvite(app.url, team.admin, {
    name: 'Cleo Colleague',
    email: 'cleo@offshelf.example',
    role: 'rep',
  });
  const text = '# Rollout plan\n\nWeek one is for the pilot group. Nobody else is disturbed.\n';
  const asset = await addAsset(team.admin, { title: 'Rollout plan', text });
  ({ shareLink, url } = await rep.call('POST', `/assets/${asset.id}/share-links`, {
    recipient: { name: 'Dana Okafor', email: 'dana@northbeck.example', accountName: 'Northbeck' },
    passcode,
  }));
});
afterAll(() => app?.stop());

function actNow(page: Page) {
  return page.getByRole('region', { name: 'Act now' });
}

/** Every list of the page is told of something new within a quarter of a minute; a busy machine takes longer. */
const live = { timeout: 40_000 };

test('a prospect reads, and the rep is told, answers, changes their mind and answers again', async () => {
  const page = await stories.open(app.url, { as: rep });
  await actNow(page).getByText('Once a person has read a page of what you sent').waitFor();
  await sweep(page, 'find, home with nobody to answer');

  stories.expectFault(/status of 401/);
  const prospect = await stories.open(url, { onPhone: true });
  await prospect.getByLabel('Passcode').fill(passcode);
  await prospect.getByLabel('Passcode').press('Enter');
  await prospect.getByText('Week one is for the pilot group').waitFor();
  // Nobody tells the rep's page: it hears of the reader by itself.
  const entry = actNow(page).getByRole('listitem').filter({ hasText: 'Dana Okafor' });
  await entry.waitFor(live);
  expect(await entry.textContent()).toMatch(/^Dana Okafor read Rollout plan for \d+ s, /);
  await entry.getByRole('link', { name: 'Northbeck' }).waitFor();
  await sweep(page, 'find, home with somebody to answer');

  await entry.getByRole('button', { name: 'Copy address' }).click();
  await expect.poll(() => readClipboard(page)).toBe('dana@northbeck.example');

  // The keyboard alone: to the entry, how it was answered, done.
  await page.keyboard.press('Escape');
  await page.getByRole('heading', { name: 'Act now' }).click();
  await page.keyboard.press('j');
  await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('Rollout plan');
  await page.keyboard.press('f');
  const how = page.getByRole('dialog', { name: 'Followed up with Dana Okafor' });
  await how.waitFor();
  await sweep(page, 'noting a follow-up');
  await page.keyboard.press('Enter');
  await entry.waitFor({ state: 'detached' });
  await page.getByText('Followed up with Dana Okafor').waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await entry.waitFor();

  await entry.getByRole('button', { name: /^Later: bring Dana Okafor back/ }).click();
  await entry.waitFor({ state: 'detached' });
  await actNow(page).getByRole('button', { name: '1 put off' }).click();
  await entry.getByRole('button', { name: 'Back now' }).click();
  await entry.getByRole('button', { name: 'Followed up with Dana Okafor' }).click();
  await how.getByLabel('Note').fill('Wants a quote for two depots');
  await how.getByRole('button', { name: 'By phone' }).click();
  await entry.waitFor({ state: 'detached' });
});

test('the story of a share link shows the reader, the pages and the answer', async () => {
  const page = await stories.open(`${app.url}/my-links?link=${shareLink.id}`, { as: rep });
  await page.getByRole('link', { name: 'Whole story' }).click();
  await page.getByRole('heading', { name: 'For Dana Okafor' }).waitFor();
  const story = page.getByRole('region', { name: 'What became of it, newest first' });
  await story.getByText('Called').waitFor();
  await story.getByText('Wants a quote for two depots').waitFor();
  await story.getByText(/^Dana Okafor read it for/).waitFor();
  await story.getByText('Shared by Rob Rep').waitFor();
  await page.getByText('1 reader', { exact: false }).first().waitFor();
  await sweep(page, 'story of a share link');
  const onPhone = await stories.open(page.url(), { as: rep, onPhone: true, scheme: 'dark' });
  await onPhone.getByText('Wants a quote for two depots').waitFor();
  await sweep(onPhone, 'story of a share link on a phone');
});

test('a colleague finds the account by its name and sees what it has already', async () => {
  const page = await stories.open(app.url, { as: colleague });
  await actNow(page).getByText('Once a person has read a page of what you sent').waitFor();
  await page.keyboard.press('ControlOrMeta+k');
  await page.getByRole('combobox', { name: 'Go to a page, an asset or an action' }).fill('northb');
  await page.getByRole('option', { name: /^Northbeck/ }).click();
  await page.getByRole('heading', { name: 'Northbeck', level: 1 }).waitFor();
  const row = page
    .getByRole('table', { name: 'Sent to Northbeck' })
    .getByRole('row', { name: /Rollout plan/ });
  for (const words of [/^Rob Rep/, /^Read/, /^Called/])
    await row.getByRole('cell', { name: words }).waitFor();
  // That it was read is everybody's to know; for how long is not.
  expect(await row.textContent()).not.toMatch(/\d+ s\b/);
  const story = page.getByRole('region', { name: 'What happened, newest first' });
  await story.getByText('Rob Rep sent Rollout plan to Dana Okafor').waitFor();
  expect(await story.textContent()).not.toMatch(/for \d+ s/);
  await sweep(page, 'account');

  stories.expectFault(/status of 404/);
  await page.goto(`${app.url}/my-links/${shareLink.id}`);
  await page.getByText('You have no share link with this id.').waitFor();
});

test('a manager sees what the team has to do', async () => {
  const visits = (await rep.call('GET', `/share-links/${shareLink.id}/timeline`)).events;
  const followUp = visits.find((event: { kind: string }) => event.kind === 'followed_up').followUp;
  await rep.call('POST', `/follow-ups/${followUp.id}/undo`);
  const page = await stories.open(app.url, { as: manager });
  await actNow(page).getByText('Once a person has read a page of what you sent').waitFor();
  await actNow(page).getByRole('button', { name: 'My team' }).click();
  const entry = actNow(page).getByRole('listitem').filter({ hasText: 'Dana Okafor' });
  await entry.getByText('shared by Rob Rep').waitFor();
  await entry.getByRole('link', { name: 'Rollout plan' }).click();
  await page.getByRole('heading', { name: 'For Dana Okafor' }).waitFor();
  await page.getByText('Read, and nobody has followed up yet.').waitFor();
});
