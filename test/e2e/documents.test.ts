import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writePdf } from '../../scripts/sample/pdf.ts';
import { writeSlides } from '../../scripts/sample/slides.ts';
import { writeWord } from '../../scripts/sample/word.ts';
import { sweep } from '../support/axe.ts';
import { browserStories, phone, readClipboard } from '../support/browser.ts';
import { type RunningOffshelf, startOffshelf } from '../support/offshelf.ts';
import { foundTeam, type Member } from '../support/team.ts';

/** It stands on slide 7 and nowhere else. */
const phrase = 'lighthouse keepers prefer granite';
const deck = 'Coastal rollout plan';
const letter = 'Harbour security answers';
const titles = [deck, letter, 'Tide table guide', 'Signal flags'];
/** Converters start cold, on machines that do other things too. */
const patience = 150_000;

const stories = browserStories();
let app: RunningOffshelf;
let marketing: Member;
let rep: Member;
let folder: string;

beforeAll(async () => {
  [app, folder] = await Promise.all([startOffshelf(), makeLibrary()]);
  ({ marketing, rep } = await foundTeam(app.url, ['marketing', 'rep']));
});
afterAll(async () => {
  await app?.stop();
  if (folder) await rm(folder, { recursive: true, force: true });
});

/** A deck, a letter, a paper and a picture, made on the spot, with their list. */
async function makeLibrary(): Promise<string> {
  const library = await mkdtemp(join(tmpdir(), 'offshelf-documents-'));
  await mkdir(join(library, 'files'));
  const slides = Array.from({ length: 8 }, (_, index) => {
    const number = index + 1;
    const words =
      number === 7 ? `Remember that ${phrase} over sandstone.` : `Step ${number} has its own plan.`;
    return number === 1
      ? `# ${deck}\n\nFrom pier to pier\n`
      : `## Part ${number}\n\n${words}\n\nNote: Say hello to part ${number}.\n`;
  });
  const text = `# Where the data rests\n\nIn the harbour, behind two gates.\n\n## Who has keys\n\nThe harbour master and nobody else.\n`;
  const picture = await sharp({ create: { width: 900, height: 600, channels: 3, background: '#1f6b4f' } })
    .png()
    .toBuffer();
  const files: [name: string, title: string, bytes: Buffer][] = [
    ['rollout.pptx', deck, await writeSlides(deck, slides.join('\n'))],
    ['answers.docx', letter, await writeWord(letter, text)],
    [
      'tides.pdf',
      'Tide table guide',
      await writePdf('Tide table guide', 'English', text.replace('data', 'tide')),
    ],
    ['flags.png', 'Signal flags', picture],
  ];
  for (const [name, , bytes] of files) await writeFile(join(library, 'files', name), bytes);
  const rows = files.map(([name, title]) => `files/${name},${title},external`);
  await writeFile(join(library, 'library.csv'), ['file,title,audience', ...rows, ''].join('\n'));
  return library;
}

test('documents become pages while somebody watches; a phrase opens its page, and a phone shows page 1', {
  timeout: 420_000,
}, async () => {
  const keeper = await stories.open(`${app.url}/library/import`, { as: marketing });
  await importFolder(keeper);
  await seePicturesArrive(keeper);
  const reader = await findOnPageSeven();
  await readWithSearch(reader);
  await readOnPhone(await shareLetter(reader));
  await seeProgress(keeper);
});

async function importFolder(page: Page): Promise<void> {
  const choosing = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Choose a folder' }).click();
  await (await choosing).setFiles(folder);
  await page.getByRole('button', { name: 'Check this import' }).click();
  await page.getByRole('button', { name: 'Import 4 assets' }).click();
  await page.getByText('4 assets were written.').waitFor({ timeout: 60_000 });
}

/** The page is never loaded again: what it shows arrives by itself. */
async function seePicturesArrive(page: Page): Promise<void> {
  await page.goto(`${app.url}/library`);
  await page.getByRole('radiogroup', { name: 'How the library is shown' }).getByText('Pictures').click();
  await expect.poll(() => new URL(page.url()).searchParams.get('view')).toBe('grid');
  const cards = page.getByRole('list', { name: 'Assets' }).getByRole('listitem');
  await expect.poll(() => cards.count()).toBe(titles.length);
  await page.evaluate(() => {
    document.body.dataset.watched = 'from the start';
  });
  const shown = () =>
    cards
      .locator('img')
      .evaluateAll((images) => images.filter((image) => (image as HTMLImageElement).naturalWidth > 0).length);
  await expect.poll(shown, { timeout: patience, interval: 500 }).toBe(titles.length);
  expect(await page.evaluate(() => document.body.dataset.watched)).toBe('from the start');
  await page.getByText('8 pages').waitFor();
  await sweep(page, 'library as pictures');
}

async function findOnPageSeven(): Promise<Page> {
  const hitPage = async () => {
    const { items } = await marketing.call('POST', '/searches', { query: phrase });
    return items[0]?.pageNumber;
  };
  await expect.poll(hitPage, { timeout: patience, interval: 1000 }).toBe(7);
  const page = await stories.open(app.url, { as: rep });
  await page.getByLabel('What are you facing?').fill(phrase);
  const card = page.getByRole('list', { name: 'Results' }).getByRole('listitem').filter({ hasText: deck });
  await card.getByText('Page 7', { exact: true }).waitFor();
  await sweep(page, 'find, a phrase on a page');
  await card.getByRole('link', { name: deck }).click();
  const preview = page.getByRole('complementary', { name: deck });
  const seventh = preview.getByRole('region', { name: 'Page 7 of 8' });
  await expect.poll(() => markedText(seventh), { timeout: 15_000 }).toContain('granite');
  await sweep(page, 'find, the page that matched');
  await preview.getByRole('link', { name: `Read ${deck}` }).click();
  return page;
}

/** What is marked, in the order of the page. */
async function markedText(part: ReturnType<Page['getByRole']>): Promise<string> {
  return (await part.locator('mark').allTextContents()).join(' ');
}

async function readWithSearch(page: Page): Promise<void> {
  const pages = page.getByRole('document', { name: deck });
  const seventh = pages.getByRole('region', { name: 'Page 7 of 8' });
  await expect.poll(() => markedText(seventh), { timeout: 15_000 }).toContain('granite');
  await expect.poll(() => new URL(page.url()).searchParams.get('page')).toBe('7');
  await page.getByText('1 of 1').waitFor();
  await sweep(page, 'reading view with a search');

  await page.keyboard.press('Escape');
  await page.keyboard.press('Home');
  await pages.getByRole('region', { name: 'Page 1 of 8' }).waitFor();
  await page.keyboard.press('j');
  await expect.poll(() => page.getByLabel('Page, of 8').inputValue()).toBe('2');
  await page.keyboard.press('/');
  await page.keyboard.type(phrase.toUpperCase());
  await expect.poll(() => markedText(seventh), { timeout: 15_000 }).toContain('granite');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Home');
  await expect.poll(() => page.getByLabel('Page, of 8').inputValue()).toBe('1');
  await page.getByRole('button', { name: 'Back' }).click();
  await page.getByLabel('What are you facing?').waitFor();
}

async function shareLetter(page: Page): Promise<string> {
  await page.goto(app.url);
  await page.getByLabel('What are you facing?').fill('harbour security');
  await page.getByRole('button', { name: `Share ${letter}` }).click();
  const sheet = page.getByRole('dialog', { name: `Share “${letter}”` });
  await sheet.getByLabel('Who is it for').fill('Nadia Prospect');
  await sheet.getByRole('button', { name: 'Copy link' }).click();
  await page.getByRole('heading', { name: 'The link for Nadia Prospect is copied' }).waitFor();
  return readClipboard(page);
}

async function readOnPhone(url: string): Promise<void> {
  const page = await stories.open(url, { onPhone: true });
  const downloads: string[] = [];
  page.on('download', (download) => downloads.push(download.suggestedFilename()));
  await page.getByRole('heading', { level: 1, name: letter }).waitFor();
  const first = page.getByLabel('Page 1', { exact: true }).locator('img').first();
  const width = () => first.evaluate((image: HTMLImageElement) => image.naturalWidth);
  await expect.poll(width, { timeout: 15_000 }).toBeGreaterThan(phone.width * 0.8);
  const box = await first.boundingBox();
  expect(box?.width).toBeGreaterThan(phone.width * 0.8);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(phone.width);
  expect(downloads).toEqual([]);
}

async function seeProgress(page: Page): Promise<void> {
  await page.goto(`${app.url}/settings/rendering`);
  await page.getByText('All 4 files are rendered.').waitFor();
  await page.getByRole('heading', { name: 'Nothing went wrong' }).waitFor();
  await sweep(page, 'rendering');
}
