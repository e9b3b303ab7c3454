import { readFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sweep } from '../support/axe.ts';
import { browserStories, readClipboard } from '../support/browser.ts';
import { type RunningOffshelf, startOffshelf } from '../support/offshelf.ts';
import { addAsset, foundTeam, type Member } from '../support/team.ts';

const stories = browserStories();
const text = '# Rollout plan\n\nWeek one is for the pilot group. Nobody else is disturbed.\n';
let app: RunningOffshelf;
let admin: Member;
let rep: Member;
let asset: { id: string; title: string };

beforeAll(async () => {
  app = await startOffshelf();
  const team = await foundTeam(app.url, ['rep']);
  ({ admin, rep } = team);
  asset = await addAsset(admin, { title: 'Rollout plan', text });
});
afterAll(() => app?.stop());

interface MadeLink {
  url: string;
  id: string;
}

async function makeLink(recipient: string, policy: object = {}): Promise<MadeLink> {
  const path = `/assets/${asset.id}/share-links`;
  const { url, shareLink } = await rep.call('POST', path, { recipient: { name: recipient }, ...policy });
  return { url, id: shareLink.id };
}

async function listVisits({ id }: MadeLink) {
  return (await rep.call('GET', `/share-links/${id}/visits`)).items;
}

/** Reloads and says with which status. */
async function reload(page: Page): Promise<number | undefined> {
  return (await page.reload())?.status();
}

/** The panel of the rep's share link for this recipient. */
async function openPanel(recipient: string): Promise<Page> {
  const page = await stories.open(`${app.url}/my-links`, { as: rep });
  await page.getByRole('row', { name: new RegExp(recipient) }).click();
  await page.getByRole('complementary', { name: `For ${recipient}` }).waitFor();
  return page;
}

test('a passcode keeps everybody out who does not know it', async () => {
  const page = await stories.open(`${app.url}/assets/${asset.id}`, { as: rep });
  await page.getByRole('region', { name: 'Preview' }).getByText('Week one').waitFor();
  await sweep(page, 'asset page of a rep');
  await page.getByRole('button', { name: 'Share Rollout plan' }).click();
  const sheet = page.getByRole('dialog');
  await sheet.getByLabel('Who is it for').fill('Pia Passcode');
  await sheet.getByRole('button', { name: /^Never expires, no passcode, may be downloaded/ }).click();
  await sheet.getByRole('textbox', { name: 'Passcode' }).fill('blue river');
  await sheet.getByText('30 days').click();
  await sheet.getByRole('switch', { name: 'They may download it' }).uncheck();
  await sheet.getByRole('button', { name: /^Opens until .*, with a passcode, no download/ }).waitFor();
  await sweep(page, 'share sheet with its policy');
  await sheet.getByRole('button', { name: 'Copy link' }).click();
  await page.getByText('Tell the passcode by another way than the link.').waitFor();
  const url = await readClipboard(page);

  stories.expectFault(/status of 401/);
  const guest = await stories.open(url, { onPhone: true });
  await guest.getByRole('heading', { name: 'This needs a passcode' }).waitFor();
  await expect.poll(() => guest.getByText('Week one').count()).toBe(0);
  await guest.getByLabel('Passcode').fill('red mountain');
  await guest.getByRole('button', { name: 'Open' }).click();
  await guest.getByRole('alert').getByText('That is not the passcode.').waitFor();
  await sweep(guest, 'passcode, wrong');
  await guest.getByLabel('Passcode').fill('blue river');
  await guest.getByRole('button', { name: 'Open' }).click();
  await guest.getByText('Week one is for the pilot group.').waitFor();
  await expect.poll(() => guest.getByRole('link', { name: /^Download/ }).count()).toBe(0);
  // Scanners do not know a passcode, so who typed it is a person.
  await expect
    .poll(async () => (await rep.call('GET', '/my-links')).items[0].latestClass, { timeout: 10_000 })
    .toBe('human-confirmed');
});

test('several people get a share link each, in two clicks, and a minute to undo them', async () => {
  const page = await stories.open(`${app.url}/assets/${asset.id}`, { as: rep });
  await page.getByRole('button', { name: 'Share Rollout plan' }).click();
  const sheet = page.getByRole('dialog');
  const who = sheet.getByLabel('Who is it for');
  await who.fill('Sena Several <sena@several.example>');
  await who.press('Enter');
  await who.fill('otto.other@several.example');
  await who.press(',');
  await sheet.getByRole('button', { name: 'Remove Otto Other' }).waitFor();
  await sheet.getByRole('radio', { name: 'Ask for a name' }).check({ force: true });
  await sheet.getByText('You see the name of those who tell it.').waitFor();
  await sweep(page, 'share sheet with chips and a preset');
  await page.keyboard.press('ControlOrMeta+Enter');
  await sheet
    .getByRole('heading', { name: 'The links for Sena Several and Otto Other are copied' })
    .waitFor();
  const copied = await readClipboard(page);
  const urls = [...copied.matchAll(/^(.+): (\S+)$/gm)].map(([, name, url]) => ({ name, url: url ?? '' }));
  expect(urls.map(({ name }) => name)).toEqual(['Sena Several', 'Otto Other']);
  await sweep(page, 'several share links');
  await sheet.getByRole('button', { name: 'Undo' }).click();
  await sheet.getByRole('heading', { name: 'Undone' }).waitFor();
  stories.expectFault(/status of 404/);
  const guest = await stories.open(urls[0]?.url ?? '', { onPhone: true });
  await guest.getByRole('heading', { name: 'There is nothing at this address' }).waitFor();
});

test('whoever shares what was sent before is told so, and a QR code and a picture are at hand', async () => {
  await makeLink('Wanda Warned');
  const page = await stories.open(`${app.url}/assets/${asset.id}`, { as: rep });
  await page.getByRole('button', { name: 'Share Rollout plan' }).click();
  const sheet = page.getByRole('dialog');
  await sheet.getByLabel('Who is it for').fill('Wanda Warned');
  await sheet.getByLabel('Who is it for').press('Enter');
  await sheet.getByText(/^You sent this to Wanda Warned/).waitFor();
  await sheet.getByRole('button', { name: 'Copy link' }).click();
  await sheet.getByRole('heading', { name: 'The link for Wanda Warned is copied' }).waitFor();
  await sheet.getByRole('button', { name: /^Copy with/ }).click();
  await expect
    .poll(() => page.evaluate(async () => (await navigator.clipboard.read())[0]?.types), { timeout: 15_000 })
    .toContain('text/html');
  const rich = await page.evaluate(async () => {
    const [item] = await navigator.clipboard.read();
    return item ? (await item.getType('text/html')).text() : '';
  });
  expect(rich).toMatch(/<a href="[^"]+\/s\/[\w-]+"[^>]*>.*Rollout plan/s);
  expect(await readClipboard(page)).toMatch(/^Rollout plan\n\S+\/s\/[\w-]+$/);
  await sheet.getByRole('button', { name: 'QR code' }).click();
  await page.getByRole('img', { name: 'QR code of the share link for Wanda Warned' }).waitFor();
  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download as SVG' }).click();
  expect(await readFile(await (await downloading).path(), 'utf8')).toMatch(/^<svg .*<path d="M/);
  await sweep(page, 'QR code');
  await sheet
    .getByText('This instance has no mail server.', { exact: false })
    .first()
    .waitFor({ state: 'attached' });
});

test('many are revoked at once and taken back, and a policy is changed after sending', async () => {
  const links = [await makeLink('Bulk One'), await makeLink('Bulk Two')];
  const page = await stories.open(`${app.url}/`, { as: rep });
  await page.getByRole('region', { name: 'Recently shared' }).getByText('Bulk Two').waitFor();
  await page.getByRole('link', { name: 'All your links' }).click();
  for (const name of ['Bulk One', 'Bulk Two'])
    await page.getByRole('checkbox', { name: `Select Rollout plan for ${name}` }).check();
  await sweep(page, 'my links, chosen');
  await page
    .getByRole('region', { name: 'Change the chosen share links' })
    .getByRole('button', { name: 'Revoke' })
    .click();
  stories.expectFault(/status of 410/);
  const undo = page.getByRole('button', { name: 'Undo' });
  await undo.waitFor();
  const guest = await stories.open(links[0]?.url ?? '', { onPhone: true });
  await guest.getByRole('heading', { name: 'This link was withdrawn' }).waitFor();
  await undo.click();
  await page.getByText(/^Restored\. 2 share links open again/).waitFor();
  expect(await reload(guest)).toBe(200);

  await page.getByRole('row', { name: /Bulk Two/ }).click();
  const panel = page.getByRole('complementary', { name: 'For Bulk Two' });
  await panel.getByRole('button', { name: 'Change policy' }).click();
  await sweep(page, 'changing a policy');
  await page.reload();
  await panel.getByRole('button', { name: 'Change policy' }).click();
  await panel.getByRole('textbox', { name: 'Passcode' }).fill('blue river');
  await panel.getByRole('button', { name: 'Save' }).click();
  await panel.getByText(/^With a passcode/).waitFor();
  await panel.getByRole('link', { name: 'Whole story' }).click();
  const story = page.getByRole('region', { name: 'What became of it, newest first' });
  for (const words of ['Changed by Rob Rep', 'A new passcode', 'Revoked by Rob Rep; it opens no more'])
    await story.getByText(words, { exact: true }).waitFor();
  await sweep(page, 'the story of a share link that was changed');
  stories.expectFault(/status of 401/);
  const locked = await stories.open(links[1]?.url ?? '', { onPhone: true });
  await locked.getByRole('heading', { name: 'This needs a passcode' }).waitFor();
});

test('a revoked share link opens nothing from that moment on, until it is restored', async () => {
  const link = await makeLink('Rita Revoked');
  const guest = await stories.open(link.url, { onPhone: true });
  await guest.getByText('Week one is for the pilot group.').waitFor();

  const page = await openPanel('Rita Revoked');
  await page.getByRole('button', { name: 'Revoke', exact: true }).click();
  const undo = page.getByRole('button', { name: 'Undo' });
  await undo.waitFor();
  stories.expectFault(/status of 410/);
  expect(await reload(guest)).toBe(410);
  await guest.getByRole('heading', { name: 'This link was withdrawn' }).waitFor();
  await expect.poll(() => guest.getByText('Week one').count()).toBe(0);
  await sweep(guest, 'withdrawn');

  await undo.click();
  await page.getByText(/^Restored\. The share link for Rita Revoked opens again/).waitFor();
  expect(await reload(guest)).toBe(200);
  await guest.getByText('Week one is for the pilot group.').waitFor();
});

test('a share link expires at its time', async () => {
  const link = await makeLink('Elia Expired', { expiresAt: new Date(Date.now() + 10_000) });
  const guest = await stories.open(link.url, { onPhone: true });
  await guest.getByText('Week one is for the pilot group.').waitFor();
  await wait(10_500);
  stories.expectFault(/status of 410/);
  expect(await reload(guest)).toBe(410);
  await guest.getByRole('heading', { name: 'This link has expired' }).waitFor();
  await sweep(guest, 'expired');

  const page = await stories.open(`${app.url}/my-links`, { as: rep });
  await page.getByText('Expired 1').click();
  const rows = page.getByRole('table', { name: 'My share links' }).getByRole('row');
  await expect.poll(() => rows.count()).toBe(2);
  await page.getByRole('row', { name: /Elia Expired/ }).waitFor();
});

test('an unknown address says so', async () => {
  stories.expectFault(/status of 404/);
  const guest = await stories.open(`${app.url}/s/${'x'.repeat(32)}`, { onPhone: true });
  await guest.getByRole('heading', { name: 'There is nothing at this address' }).waitFor();
  await sweep(guest, 'unknown share link');
});

test('a private view shows everything and tells the sender nothing', async () => {
  const link = await makeLink('Priya Private');
  const guest = await stories.open(`${link.url}?private=1`, { onPhone: true });
  await guest.getByText('This view is private: Rob Rep is told nothing about it.').waitFor();
  await guest.getByRole('article').tap();
  const downloading = guest.waitForEvent('download');
  await guest.getByRole('link', { name: /^Download/ }).click();
  await downloading;
  await sweep(guest, 'private view');
  await wait(2_500);
  await guest.goto('about:blank');
  expect(await listVisits(link)).toEqual([]);

  // The same reader without privacy is told of, which shows that the silence before was meant.
  await guest.goto(link.url);
  await guest.getByRole('link', { name: 'View it privately' }).waitFor();
  await expect.poll(async () => (await listVisits(link)).length, { timeout: 10_000 }).toBe(1);
});

test('a download is the very file, and the sender sees that it happened', async () => {
  const link = await makeLink('Dora Download');
  const guest = await stories.open(link.url);
  const downloading = guest.waitForEvent('download');
  await guest.getByRole('link', { name: /^Download/ }).click();
  const download = await downloading;
  expect(download.suggestedFilename()).toBe('Rollout plan.md');
  expect(await readFile(await download.path(), 'utf8')).toBe(text);
  await expect
    .poll(async () => (await listVisits(link))[0]?.downloadedAt, { timeout: 10_000 })
    .toEqual(expect.any(String));
  const page = await openPanel('Dora Download');
  await page.getByText(/downloaded it/).waitFor();

  const closed = await makeLink('Dana Denied', { allowsDownload: false });
  const denied = await stories.open(closed.url);
  await denied.getByText('Week one is for the pilot group.').waitFor();
  await expect.poll(() => denied.getByRole('link', { name: /^Download/ }).count()).toBe(0);
  stories.expectFault(/status of 403/);
  await denied.goto(`${closed.url}/download`);
  await denied.getByRole('heading', { name: 'This cannot be downloaded' }).waitFor();
  await sweep(denied, 'no download');
});

test("the sender's own look is internal and counts for nobody", async () => {
  const link = await makeLink('Ines Internal');
  const page = await openPanel('Ines Internal');
  const opening = page.waitForEvent('popup');
  await page.getByRole('button', { name: 'Open as prospect' }).click();
  const popup = await opening;
  await popup.getByText('Week one is for the pilot group.').waitFor();
  await expect.poll(async () => (await listVisits(link)).length, { timeout: 10_000 }).toBe(1);
  await popup.close();
  await page.reload();
  await page.getByRole('heading', { name: 'No person has opened it' }).waitFor();
  await page.getByRole('button', { name: /^1 visit left out as automated or our own/ }).click();
  await page.getByText('Our own visit').waitFor();
  await sweep(page, 'a share link with a visit left out');
});

test('all share links of a colleague who leaves are handed over at once', async () => {
  const { id } = await makeLink('Hanna Handed');
  const page = await stories.open(`${app.url}/settings/users`, { as: admin });
  await page.getByRole('button', { name: 'Actions for Rob Rep' }).click();
  await page.getByRole('menuitem', { name: 'Hand over share links' }).click();
  const sheet = page.getByRole('dialog', { name: 'Share links of Rob Rep' });
  const colleague = sheet.getByRole('combobox', { name: 'To whom' });
  await colleague.click();
  await page.getByRole('option', { name: 'Ada Admin' }).click();
  await sweep(page, 'handing over share links');
  await sheet.getByRole('button', { name: 'Hand over all' }).click();
  await page.getByText(/share links of Rob Rep handed over to Ada Admin$/).waitFor();
  const { items } = await admin.call('GET', '/my-links?limit=200');
  expect(items.map((item: { shareLink: { id: string } }) => item.shareLink.id)).toContain(id);
  expect((await rep.call('GET', '/my-links')).items).toEqual([]);
  await page.goto(`${app.url}/my-links/${id}`);
  await page.getByText('Handed over from Rob Rep to Ada Admin by Ada Admin').waitFor();
});
