import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { generateSampleLibrary } from '../../scripts/sample/generate.ts';
import { readLibraryFile } from '../../server/src/assets/library-file.ts';
import { sweep } from '../support/axe.ts';
import { browserStories, phone, readClipboard } from '../support/browser.ts';
import { type RunningOffshelf, startOffshelf } from '../support/offshelf.ts';

/** A library and what the rep looks for in it: a Markdown file that may go to buyers. */
interface StoryLibrary {
  folder: string;
  rowCount: number;
  typed: string;
  title: string;
  /** A phrase of the text itself. */
  phrase: RegExp;
  /** A little over 15% of the time that its text is expected to take. */
  readForMs: number;
}

const exampleFolder = resolve(import.meta.dirname, '../../../shared/library');
const hasExample = existsSync(join(exampleFolder, 'library.csv'));
console.log(
  hasExample
    ? `The main job runs on the example library (${exampleFolder}).`
    : `The example library is not there (${exampleFolder}), so the main job runs on the sample library.`,
);

const stories = browserStories();
let app: RunningOffshelf;
let library: StoryLibrary;
let sampleFolder: string | undefined;

beforeAll(async () => {
  const [running, found] = await Promise.all([startOffshelf(), openLibrary()]);
  app = running;
  library = found;
});
afterAll(async () => {
  await app?.stop();
  if (sampleFolder) await rm(sampleFolder, { recursive: true, force: true });
});

async function openLibrary(): Promise<StoryLibrary> {
  if (!hasExample) {
    sampleFolder = await mkdtemp(join(tmpdir(), 'offshelf-story-'));
    await generateSampleLibrary(sampleFolder);
  }
  const folder = sampleFolder ?? exampleFolder;
  const { rows } = readLibraryFile(await readFile(join(folder, 'library.csv'), 'utf8'), new Date());
  const wanted = hasExample
    ? { typed: 'livegrep', title: 'Livegrep vs Sourcegraph', phrase: /Livegrep/, readForMs: 7_000 }
    : {
        typed: 'where is our data',
        title: 'Where your data lives',
        phrase: /Frankfurt|region|data/i,
        readForMs: 16_000,
      };
  return { folder, rowCount: rows.length, ...wanted };
}

test('a library is imported, an asset found, shared, read by a prospect, and the shelf report moves', {
  timeout: 480_000,
}, async () => {
  const { rowCount, title } = library;
  const admin = await setUp();
  await sweep(admin, 'import, still empty');
  const marketing = await joinBy(await invite(admin, 'Mia Berg', 'mia@offshelf.example', 'Marketing'));
  await importLibrary(marketing);
  await importAgain(marketing);
  const before = await readReport(marketing, 'shelf report, nothing used yet');
  expect(before.n).toBeGreaterThan(10);
  expect(before.n).toBeLessThanOrEqual(rowCount);
  expect(before.unused).toBe(before.n);

  const rep = await joinBy(await invite(admin, 'Rosa Lind', 'rosa@offshelf.example', 'Rep'), 'join');
  await sweep(rep, 'find, before a question');
  const shareUrl = await findAndShare(rep);
  await readAsProspect(shareUrl);
  await seeItRead(rep);

  await expect
    .poll(() => readReport(marketing), { timeout: 30_000 })
    .toEqual({ n: before.n, unused: before.unused - 1 });
  await marketing.goto(`${app.url}/shelf/reach`);
  const ladder = marketing.getByRole('region', { name: /most common stop/ });
  await ladder.getByRole('button', { name: /^Read\b/ }).click();
  const standing = marketing.getByRole('table', { name: 'Read by a person' });
  await expect.poll(() => standing.getByRole('row').count()).toBe(2);
  await expect.poll(() => standing.getByRole('link').allTextContents()).toEqual([title]);
  await sweep(marketing, 'shelf report, one asset read');
});

async function setUp(): Promise<Page> {
  const page = await stories.open(app.url);
  await page.getByRole('heading', { name: 'Welcome to Offshelf' }).waitFor();
  await sweep(page, 'set-up');
  await page.getByLabel('Your name').fill('Ada Keller');
  await page.getByLabel('E-mail').fill('ada@offshelf.example');
  await page.getByRole('textbox', { name: 'Password' }).fill('shelf shelf shelf');
  await page.getByRole('button', { name: 'Create the first admin' }).click();
  await page.getByRole('heading', { name: 'Import a library' }).waitFor();
  return page;
}

/** Answers the link that the admin copied. */
async function invite(admin: Page, name: string, email: string, role: string): Promise<string> {
  await admin.goto(`${app.url}/settings/users`);
  await admin.getByRole('button', { name: 'Invite somebody' }).click();
  const sheet = admin.getByRole('dialog');
  await sheet.getByLabel('Name').fill(name);
  await sheet.getByLabel('E-mail').fill(email);
  await sheet.getByRole('radio', { name: role }).check();
  if (role === 'Rep') await sweep(admin, 'invite');
  await sheet.getByRole('button', { name: 'Invite', exact: true }).click();
  await sheet.getByRole('heading', { name: `${name} is invited` }).waitFor();
  if (role === 'Rep') await sweep(admin, 'invited');
  await sheet.getByRole('button', { name: 'Copy link' }).click();
  await sheet.getByRole('button', { name: 'Copied' }).waitFor();
  return readClipboard(admin);
}

async function joinBy(url: string, sweptAs?: string): Promise<Page> {
  const page = await stories.open(url);
  await page.getByRole('heading', { name: /^Welcome, / }).waitFor();
  if (sweptAs) await sweep(page, sweptAs);
  await page.getByRole('textbox', { name: 'Password' }).fill('a password of my own');
  await page.getByRole('button', { name: 'Join' }).click();
  await page.getByLabel('What are you facing?').waitFor();
  return page;
}

async function checkFolder(page: Page): Promise<void> {
  const choosing = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Choose a folder' }).click();
  await (await choosing).setFiles(library.folder);
  const since = new Date(Date.now() - 90 * 86_400_000).toISOString().slice(0, 10);
  await page.getByLabel('Available to sales since').fill(since);
  await page.getByRole('button', { name: 'Check this import' }).click();
}

async function importLibrary(page: Page): Promise<void> {
  const count = `${library.rowCount.toString()} assets`;
  await page.goto(`${app.url}/library/import`);
  await checkFolder(page);
  await page.getByText(`This import adds ${count}.`).waitFor({ timeout: 60_000 });
  await page.getByText('Nothing has changed yet.').waitFor();
  await sweep(page, 'dry run');
  await page.getByRole('button', { name: `Import ${count}` }).click();
  await page.getByText(`${count} were written.`).waitFor({ timeout: 60_000 });
  await sweep(page, 'import, done');
}

async function importAgain(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'All imports' }).click();
  await checkFolder(page);
  await page.getByText(/are in the library like this already/).waitFor({ timeout: 60_000 });
  await expect.poll(() => page.getByRole('button', { name: /^Import \d/ }).count()).toBe(0);
}

async function readReport(page: Page, sweptAs?: string): Promise<{ n: number; unused: number }> {
  await page.goto(`${app.url}/shelf`);
  const sentence = page.getByText(/Sales neither shared nor downloaded/);
  await sentence.waitFor();
  if (sweptAs) await sweep(page, sweptAs);
  const words = /downloaded (?:any of the (?<all>\d+)|(?<unused>\d+) of (?<n>\d+) eligible)/;
  const { all, unused, n } = words.exec((await sentence.textContent()) ?? '')?.groups ?? {};
  return { n: Number(all ?? n), unused: Number(all ?? unused) };
}

async function findAndShare(rep: Page): Promise<string> {
  const { typed, title } = library;
  await rep.getByLabel('What are you facing?').pressSequentially(typed, { delay: 30 });
  const results = rep.getByRole('list', { name: 'Results' });
  const card = results.getByRole('listitem').filter({ has: rep.getByRole('link', { name: title }) });
  // The text of a file is extracted in the background; its title is found at once.
  await card.waitFor();
  await sweep(rep, 'find, results');

  await card.getByRole('button', { name: `Share ${title}` }).click();
  const sheet = rep.getByRole('dialog', { name: `Share “${title}”` });
  await sheet.getByLabel('Who is it for').fill('Nadia Prospect');
  await sheet.getByLabel('Account').fill('Brightwater Mills');
  await sheet.getByLabel('Message').fill('As promised: the comparison that you asked for.');
  await sweep(rep, 'share sheet');
  await sheet.getByRole('button', { name: 'Copy link' }).click();
  await rep.getByRole('heading', { name: 'The link for Nadia Prospect is copied' }).waitFor();
  await sweep(rep, 'shared');
  const url = await readClipboard(rep);
  expect(url).toBe(await rep.getByRole('textbox', { name: 'Share link' }).inputValue());
  await rep.getByRole('button', { name: 'Done' }).click();
  return url;
}

/** On a phone, by touch: looks, scrolls for as long as reading takes, and leaves. */
async function readAsProspect(url: string): Promise<void> {
  const page = await stories.open(url, { onPhone: true });
  await page.getByRole('heading', { level: 1, name: library.title }).waitFor();
  await page.getByText('Rosa Lind shared this with Nadia Prospect').waitFor();
  await page.getByText('As promised: the comparison that you asked for.').waitFor();
  // Whoever shares what has just been imported may be faster than its text, which then shows by itself.
  await page.getByRole('article').waitFor({ timeout: 150_000 });
  await expect.poll(() => page.getByRole('article').textContent()).toMatch(library.phrase);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(phone.width);

  await page.getByRole('article').tap({ position: { x: 20, y: 20 } });
  for (const until = Date.now() + library.readForMs; Date.now() < until; await wait(500))
    await page.mouse.wheel(0, 40);
  await sweep(page, 'share page');
  await page.goto('about:blank');
}

async function seeItRead(rep: Page): Promise<void> {
  await rep.getByRole('link', { name: 'My links' }).click();
  const row = rep.getByRole('table', { name: 'My share links' }).getByRole('row', { name: /Nadia Prospect/ });
  await expect
    .poll(
      async () => {
        await rep.reload();
        await row.waitFor();
        return row.textContent();
      },
      { timeout: 15_000, interval: 500 },
    )
    .toMatch(/Probably 1.*Read\d+ s/);
  await sweep(rep, 'my links');
  await row.click();
  const panel = rep.getByRole('complementary', { name: 'For Nadia Prospect' });
  const visit = panel.getByRole('list', { name: 'Visits, newest first' }).getByRole('listitem').first();
  await visit.waitFor();
  await expect.poll(() => visit.textContent()).toMatch(/Probably a person.*\d+ s active · read/s);
  await sweep(rep, 'a share link and its visits');
}
