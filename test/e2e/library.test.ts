import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sweep } from '../support/axe.ts';
import { browserStories } from '../support/browser.ts';
import { type RunningOffshelf, startOffshelf } from '../support/offshelf.ts';
import { addAsset, foundTeam, type Member } from '../support/team.ts';

const stories = browserStories();
let app: RunningOffshelf;
let admin: Member;
let marketing: Member;
let rep: Member;

beforeAll(async () => {
  app = await startOffshelf();
  ({ admin, marketing, rep } = await foundTeam(app.url, ['marketing', 'rep']));
});
afterAll(() => app?.stop());

function file(name: string, text: string) {
  return { name, mimeType: 'text/markdown', buffer: Buffer.from(text) };
}

async function chooseFiles(page: Page, files: ReturnType<typeof file>[]): Promise<void> {
  const choosing = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Upload files' }).first().click();
  await (await choosing).setFiles(files);
}

/** The statuses that the library's list shows, by title. */
async function listStatuses(): Promise<Record<string, string>> {
  const statuses: Record<string, string> = {};
  for (const status of ['draft', 'published', 'archived'])
    for (const { title } of (await marketing.call('GET', `/assets?status=${status}`)).items)
      statuses[title] = status;
  return statuses;
}

test('files are uploaded with a bar each, and one that is here already asks what to do', async () => {
  const page = await stories.open(`${app.url}/library`, { as: marketing });
  await page.getByRole('heading', { name: 'Your library starts here' }).waitFor();
  await sweep(page, 'library, still empty');
  // Slow enough to see the bars, as over a hotel network.
  const network = await page.context().newCDPSession(page);
  const conditions = { offline: false, latency: 20, downloadThroughput: -1 };
  await network.send('Network.emulateNetworkConditions', { ...conditions, uploadThroughput: 400_000 });
  const large = 'Every word counts. '.repeat(60_000);
  await chooseFiles(page, [file('pricing_guide.md', large), file('Security answers.md', '# Security\n')]);
  const files = page.getByRole('dialog').getByRole('list', { name: 'Files' });
  const bar = files.getByRole('progressbar', { name: 'pricing_guide.md, sent' });
  await expect
    .poll(async () => Number(await bar.getAttribute('aria-valuenow')), { timeout: 10_000, interval: 50 })
    .toBeGreaterThan(5);
  await network.send('Network.emulateNetworkConditions', { ...conditions, uploadThroughput: -1 });
  await expect.poll(() => files.getByText(/^Arrived/).count(), { timeout: 20_000 }).toBe(2);
  await expect.poll(() => page.getByLabel('Title of pricing_guide.md').inputValue()).toBe('pricing guide');
  await sweep(page, 'uploads that have arrived');
  await page.getByLabel('Title of pricing_guide.md').fill('Pricing guide');
  await page.getByText('Publish now').click();
  await page.getByRole('button', { name: 'Publish 2 assets' }).click();
  await expect.poll(() => files.getByText(/^Added/).count()).toBe(2);
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click();
  await page.getByRole('row', { name: /Pricing guide/ }).waitFor();

  await chooseFiles(page, [file('Copy of pricing.md', large)]);
  const question = page.getByRole('group', { name: 'This file is here already' });
  await question.getByText('Already in the library as Pricing guide').waitFor();
  await sweep(page, 'an upload that is here already');
  await question.getByRole('button', { name: 'Leave it out' }).click();
  await files.getByText('Left out').waitFor();
  expect(await listStatuses()).toEqual({ 'Pricing guide': 'published', 'Security answers': 'published' });
});

test('whoever saves last is told what the other one wrote, and chooses', async () => {
  const asset = await addAsset(admin, { title: 'Discovery questions', text: '# Ask\n' });
  const pages = await Promise.all(
    [marketing, admin].map((as) => stories.open(`${app.url}/assets/${asset.id}`, { as })),
  );
  const [first, second] = pages as [Page, Page];
  for (const page of pages) await page.getByRole('button', { name: 'Edit use when' }).click();
  await first.getByLabel('Use when').getByRole('textbox').fill('The first call goes well.');
  await first.getByRole('heading', { name: 'Talk track' }).click();
  await expect
    .poll(async () => (await marketing.call('GET', `/assets/${asset.id}`)).useWhen)
    .toBe('The first call goes well.');

  stories.expectFault(/status of 409/);
  await second.getByLabel('Use when').getByRole('textbox').fill('The buyer asks nothing.');
  await second.keyboard.press('Control+Enter');
  const note = second.getByRole('alert', { name: 'Two changes of the same field' });
  await note.getByText(/^Mia Marketing changed the use-when line/).waitFor();
  await note.getByText('The first call goes well.').waitFor();
  await sweep(second, 'two changes of the same field');
  await note.getByRole('button', { name: 'Use mine' }).click();
  await note.waitFor({ state: 'detached' });
  await expect
    .poll(async () => (await marketing.call('GET', `/assets/${asset.id}`)).useWhen)
    .toBe('The buyer asks nothing.');
});

test('a new version takes the place of the old one, which stays', async () => {
  const asset = await addAsset(admin, { title: 'Onboarding steps', text: 'First edition of the steps.\n' });
  const page = await stories.open(`${app.url}/assets/${asset.id}`, { as: marketing });
  const preview = page.getByRole('region', { name: 'Preview' });
  await preview.getByText('First edition of the steps.').waitFor();
  const choosing = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Add new version' }).click();
  await (await choosing).setFiles([file('Onboarding steps.md', 'Second edition of the steps.\n')]);
  await preview.getByText('Second edition of the steps.').waitFor();
  await page.getByText('Version 2 current').waitFor();
  await page.getByRole('button', { name: 'Show version 1' }).click();
  await preview.getByText('First edition of the steps.').waitFor();
  await sweep(page, 'asset page with an old version');
});

test('archiving can be undone, for one asset and for many', async () => {
  await addAsset(admin, { title: 'Bulk one', text: 'one\n' });
  await addAsset(admin, { title: 'Bulk two', text: 'two\n' });
  const page = await stories.open(`${app.url}/library`, { as: marketing });
  await page.getByRole('link', { name: 'Bulk one' }).click();
  await page.getByRole('button', { name: 'Status', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Archive' }).click();
  await expect.poll(listStatuses).toMatchObject({ 'Bulk one': 'archived' });
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(listStatuses).toMatchObject({ 'Bulk one': 'published' });

  await page.goto(`${app.url}/library`);
  await page.getByLabel('Search the library').fill('bulk');
  await expect.poll(() => page.getByRole('row').count()).toBe(3);
  await page.getByRole('checkbox', { name: 'Select Bulk one' }).check();
  await page.getByRole('checkbox', { name: 'Select Bulk two' }).check();
  const bar = page.getByRole('region', { name: 'Change the chosen assets' });
  await bar.getByText('2 assets chosen').waitFor();
  await sweep(page, 'assets chosen in the library');
  await bar.getByRole('button', { name: 'Audience' }).click();
  await page.getByRole('menuitem', { name: 'Internal only' }).click();
  const audiences = async () =>
    (await marketing.call('GET', '/assets?query=bulk')).items.map(
      ({ audience }: { audience: string }) => audience,
    );
  await expect.poll(audiences).toEqual(['internal', 'internal']);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(audiences).toEqual(['external', 'external']);
});

test('a term is renamed and merged, and its assets follow', async () => {
  const addTerm = (name: string) => admin.call('POST', '/dimensions/persona/terms', { name });
  const [cfo, money] = [await addTerm('CFO'), await addTerm('Money person')];
  const asset = await addAsset(admin, { title: 'Return on investment', text: 'Numbers.\n' });
  const { revision } = await admin.call('GET', `/assets/${asset.id}`);
  await admin.call('PATCH', `/assets/${asset.id}`, { revision, termIds: [money.id] });

  const page = await stories.open(`${app.url}/settings/terms`, { as: marketing });
  await page.getByRole('button', { name: 'Edit CFO' }).click();
  const form = page.getByRole('form', { name: 'Edit CFO' });
  await form.getByLabel('Name').fill('Finance lead');
  await sweep(page, 'terms, one being edited');
  await form.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('button', { name: 'Edit Finance lead' }).waitFor();
  await page.getByRole('button', { name: 'Actions for Money person' }).click();
  await page.getByRole('menuitem', { name: 'Merge into another term' }).click();
  await page.getByRole('combobox', { name: 'Merge into' }).click();
  await page.getByRole('option', { name: /^Finance lead/ }).click();
  await page.getByText(/1 asset gets Finance lead instead of Money person/).waitFor();
  await sweep(page, 'merge');
  await page.getByRole('button', { name: 'Merge into Finance lead' }).click();
  await page.getByText('Money person is now part of Finance lead, with 1 asset').waitFor();
  const { terms } = await admin.call('GET', `/assets/${asset.id}`);
  expect(terms).toMatchObject([{ id: cfo.id, name: 'Finance lead' }]);
});

test('a rep finds, shares and moves about by keyboard alone', async () => {
  await addAsset(admin, { title: 'Keyboard one', text: 'Typing is quick.\n' });
  await addAsset(admin, { title: 'Keyboard two', text: 'Typing is quick, too.\n' });
  const page = await stories.open(`${app.url}/my-links`, { as: rep });
  await page.getByRole('heading', { name: 'You have not shared anything yet' }).waitFor();
  await sweep(page, 'my links, still empty');
  const isFocused = (label: string) =>
    page.getByLabel(label).evaluate((element) => element === document.activeElement);

  await page.keyboard.press('/');
  await page.getByLabel('What are you facing?').waitFor();
  await expect.poll(() => isFocused('What are you facing?')).toBe(true);
  await page.keyboard.type('keyboard');
  const results = page.getByRole('list', { name: 'Results' }).getByRole('listitem');
  await page.getByRole('status').filter({ hasText: 'for keyboard' }).waitFor();
  await expect.poll(() => page.locator('[data-stale], [aria-busy="true"]').count()).toBe(0);
  await expect.poll(() => results.count(), { timeout: 10_000 }).toBe(2);
  await page.keyboard.press('Enter');
  const focused = page.getByRole('list', { name: 'Results' }).getByRole('link');
  const focusedTitle = () =>
    focused.evaluateAll((links) => links.find((link) => link === document.activeElement)?.textContent);
  const titles = await focused.allTextContents();
  await expect.poll(focusedTitle).toBe(titles[0]);
  await page.keyboard.press('j');
  await expect.poll(focusedTitle).toBe(titles[1]);
  await page.keyboard.press('k');
  await expect.poll(focusedTitle).toBe(titles[0]);
  await page.keyboard.press('Enter');
  await page.getByRole('complementary', { name: titles[0] ?? '' }).waitFor();
  await sweep(page, 'find, with a preview');
  await page.keyboard.press('Escape');

  await page.keyboard.press('?');
  const sheet = page.getByRole('dialog', { name: 'Shortcuts' });
  await sheet.getByText('Next result').waitFor();
  await sweep(page, 'shortcuts');
  await page.keyboard.press('Escape');
  await sheet.waitFor({ state: 'detached' });

  await page.keyboard.press('Control+k');
  const palette = page.getByRole('dialog', { name: 'Go anywhere' });
  await palette.getByRole('combobox').fill('keyboard two');
  await palette.getByRole('option', { name: /^Keyboard two/ }).waitFor();
  await sweep(page, 'palette');
  await page.keyboard.press('Enter');
  await page.getByRole('region', { name: 'Title' }).getByText('Keyboard two').waitFor();
});

test('the dark scheme stays chosen, and signing out closes everything', async () => {
  const page = await stories.open(`${app.url}/settings/profile`, { as: rep });
  await page.getByRole('heading', { name: 'Your profile' }).waitFor();
  await sweep(page, 'profile');
  await page.getByRole('button', { name: /^Your account/ }).click();
  await page.getByRole('menuitemradio', { name: 'Dark' }).click();
  const brightness = () =>
    page.evaluate(() => {
      const [red = 255] = getComputedStyle(document.body).backgroundColor.match(/\d+/g)?.map(Number) ?? [];
      return red;
    });
  await expect.poll(brightness).toBeLessThan(60);
  await page.reload();
  await page.getByRole('heading', { name: 'Your profile' }).waitFor();
  expect(await brightness()).toBeLessThan(60);

  await page.getByRole('button', { name: /^Your account/ }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  await page.goto(`${app.url}/my-links`);
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  await expect(rep.call('GET', '/my-links')).rejects.toThrow('401');
});
