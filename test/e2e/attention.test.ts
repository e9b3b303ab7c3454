import { readFile } from 'node:fs/promises';
import PDFDocument from 'pdfkit';
import type { Locator, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { paths } from '../../web/src/lib/paths.ts';
import { sweep } from '../support/axe.ts';
import { browserStories } from '../support/browser.ts';
import { type RunningOffshelf, startOffshelf } from '../support/offshelf.ts';
import { foundTeam, type Member } from '../support/team.ts';

const passcode = 'tulip-field-7';
const stories = browserStories();
let app: RunningOffshelf;
let admin: Member;
let rep: Member;
let asset: { id: string; versions: { id: string }[] };

beforeAll(async () => {
  app = await startOffshelf();
  ({ admin, rep } = await foundTeam(app.url, ['rep']));
  const form = new FormData();
  form.set('file', new Blob([(await deck()) as Uint8Array<ArrayBuffer>]), 'tour.pdf');
  const { uploadTicket } = await admin.call('POST', '/uploads', form);
  asset = await admin.call('POST', '/assets', {
    uploadTicket,
    title: 'Product tour',
    audience: 'external',
    status: 'published',
  });
});
afterAll(() => app?.stop());

/** Three slides of few words, so that four seconds are enough to have read one. */
function deck(): Promise<Buffer> {
  const document = new PDFDocument({ autoFirstPage: false });
  for (const name of ['What it does', 'What it costs', 'Who to ask']) {
    document.addPage({ size: [720, 405] });
    document.fontSize(30).text(name, 50, 40);
  }
  document.end();
  return new Promise((done) => {
    const chunks: Buffer[] = [];
    document.on('data', (chunk: Buffer) => chunks.push(chunk));
    document.on('end', () => done(Buffer.concat(chunks)));
  });
}

test('an asset that nobody has opened says what will stand here', async () => {
  const rendition = `/asset-versions/${asset.versions[0]?.id ?? ''}/rendition`;
  await expect.poll(async () => (await rep.call('GET', rendition)).state, { timeout: 60_000 }).toBe('done');
  const page = await stories.open(app.url + paths.asset(asset.id), { as: admin });
  await page.getByRole('link', { name: 'Attention: how people read it' }).click();
  await page.getByRole('heading', { name: 'No person has opened it in this time.' }).waitFor();
  await page.getByRole('link', { name: 'Go to the asset to share it' }).waitFor();
  await sweep(page, 'attention without a reader');
});

test('marketing sees page by page what a prospect read, and takes it along', async () => {
  await readAsProspect();
  const attention = () => admin.call('GET', `/assets/${asset.id}/attention`);
  await expect.poll(async () => (await attention()).pages[1].reachedCount, { timeout: 60_000 }).toBe(1);
  const page = await stories.open(app.url + paths.attention(asset.id), { as: admin });
  await page.getByRole('heading', { name: 'The one reader got to page 2 of 3.' }).waitFor();
  const pages = page.getByRole('region', { name: 'Page by page' });
  const second = pages.getByRole('link', { name: /^Page 2: median \d+ s of \d s expected, in 1 visit/ });
  await second.waitFor();
  // The keyboard walks the pages, and each is seen large.
  await pages.getByRole('link', { name: /^Page 1:/ }).focus();
  await page.keyboard.press('End');
  const panel = pages.getByRole('complementary', { name: 'Page 3' });
  await panel.waitFor();
  await panel.getByText('0 of 1 reader').waitFor();
  await page.keyboard.press('ArrowUp');
  await pages.getByRole('complementary', { name: 'Page 2' }).waitFor();
  await pages.getByRole('button', { name: /^Median time on page 2/ }).click();
  const definition = page.getByRole('dialog');
  await definition.getByText('Active time on a page in a visit judged human').waitFor();
  await page.keyboard.press('Escape');
  await sweep(page, 'attention');

  const csv = (await save(page, pages, 'Save as CSV')).toString('utf8');
  expect(csv).toContain('Page,Words,');
  expect(csv).toMatch(/\r\n2,3,/);
  const { width = 0, height = 0 } = await sharp(await save(page, pages, 'Save as picture')).metadata();
  expect(Math.min(width, height)).toBeGreaterThan(400);
  const weeks = page.getByRole('region', { name: 'Opens and reads per week' });
  const series = await sharp(await save(page, weeks, 'Save as picture')).stats();
  // A line is drawn on it: it is not one colour.
  expect(series.entropy).toBeGreaterThan(0.1);
  const cursor = weeks.getByRole('slider');
  await cursor.focus();
  await page.keyboard.press('End');
  await weeks.getByText(/^Week of .*: opens 1, reads 1$/).waitFor();
  await page.keyboard.press('ArrowLeft');
  await weeks.getByText(/^Week of .*: opens 0, reads 0$/).waitFor();

  await second.click();
  await page.waitForURL(/\/read\?page=2$/);
});

test('who read it and who sent it is for those who lead', async () => {
  const page = await stories.open(app.url + paths.attention(asset.id), { as: admin });
  await page.getByRole('region', { name: 'By whom' }).getByRole('link', { name: 'Northbeck' }).waitFor();
  await page.getByRole('region', { name: 'Who sent it' }).getByText('of 1 read').waitFor();
  const ofRep = await stories.open(app.url + paths.attention(asset.id), { as: rep, onPhone: true });
  await ofRep.getByRole('heading', { name: 'The one reader got to page 2 of 3.' }).waitFor();
  expect(await ofRep.getByRole('region', { name: 'By whom' }).count()).toBe(0);
});

/** Whoever knows the passcode is a person; the first two pages are read, the third is not. */
async function readAsProspect(): Promise<void> {
  const { url, shareLink } = await rep.call('POST', `/assets/${asset.id}/share-links`, {
    recipient: { name: 'Dana Okafor', email: 'dana@northbeck.example', accountName: 'Northbeck' },
    passcode,
  });
  stories.expectFault(/status of 401/);
  const prospect = await stories.open(url);
  await prospect.getByLabel('Passcode').fill(passcode);
  await prospect.getByLabel('Passcode').press('Enter');
  await prospect.getByText('What it does').first().waitFor();
  const readPages = async () => {
    const { items } = await rep.call('GET', `/share-links/${shareLink.id}/visits`);
    return items.flatMap(({ pages }: { pages: { pageNumber: number; isRead: boolean }[] }) =>
      pages.filter(({ isRead }) => isRead).map(({ pageNumber }) => pageNumber),
    );
  };
  await expect.poll(readPages, { timeout: 40_000 }).toContain(1);
  await prospect.keyboard.press('ArrowRight');
  await expect.poll(readPages, { timeout: 40_000 }).toContain(2);
  await prospect.close();
}

async function save(page: Page, chart: Locator, as: string): Promise<Buffer> {
  await chart.getByRole('button', { name: /^Save:/ }).click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: as }).click(),
  ]);
  return readFile(await download.path());
}
