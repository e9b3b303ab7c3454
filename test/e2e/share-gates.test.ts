import PDFDocument from 'pdfkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sweep } from '../support/axe.ts';
import { browserStories } from '../support/browser.ts';
import { type MailServer, startMailServer } from '../support/mail-server.ts';
import { type RunningOffshelf, startOffshelf } from '../support/offshelf.ts';
import { foundTeam, type Member } from '../support/team.ts';

const stories = browserStories();
let app: RunningOffshelf;
let mail: MailServer;
let rep: Member;
let assetId: string;
let versionId: string;

beforeAll(async () => {
  mail = await startMailServer();
  app = await startOffshelf({ env: { SMTP_URL: mail.url, MAIL_FROM: 'Content <content@example.com>' } });
  const team = await foundTeam(app.url, ['rep']);
  rep = team.rep;
  const form = new FormData();
  form.set('file', new Blob([new Uint8Array(await deck(12))]), 'Prices.pdf');
  const { uploadTicket } = await team.admin.call('POST', '/uploads', form);
  const asset = await team.admin.call('POST', '/assets', {
    uploadTicket,
    title: 'Prices',
    audience: 'external',
    status: 'published',
  });
  assetId = asset.id;
  versionId = asset.versions[0].id;
});
afterAll(async () => {
  await app?.stop();
  await mail?.close();
});

async function share(policy: object): Promise<{ url: string; id: string }> {
  const path = `/asset-versions/${versionId}/rendition`;
  await expect.poll(async () => (await rep.call('GET', path)).state, { timeout: 60_000 }).toBe('done');
  const made = await rep.call('POST', `/assets/${assetId}/share-links`, {
    recipient: { name: 'Petra Prospect' },
    ...policy,
  });
  return { url: made.url, id: made.shareLink.id };
}

function deck(pageCount: number): Promise<Buffer> {
  const document = new PDFDocument({ autoFirstPage: false });
  for (let page = 1; page <= pageCount; page++) {
    document.addPage({ size: [720, 405] });
    document.fontSize(30).text(`Chapter ${page}`, 50, 40);
    document.fontSize(14).text(`The price of part ${page} stands here.`, 50, 120);
  }
  document.end();
  return new Promise((done) => {
    const chunks: Buffer[] = [];
    document.on('data', (chunk: Buffer) => chunks.push(chunk));
    document.on('end', () => done(Buffer.concat(chunks)));
  });
}

async function visitorsOf(linkId: string) {
  const { items } = await rep.call('GET', `/share-links/${linkId}/visits`);
  return items.map(({ visitor: { keyKind, email, name } }: { visitor: Record<string, string> }) => ({
    keyKind,
    email,
    name,
  }));
}

test('a prospect on a phone proves an address, reads a marked copy, and the sender knows who it was', async () => {
  const { url, id } = await share({ gate: 'verified', hasWatermark: true, allowsDownload: false });
  stories.expectFault(/401/);
  stories.expectFault(/400/);
  const guest = await stories.open(url, { onPhone: true });
  await guest.getByRole('heading', { name: 'Your e-mail address, please' }).waitFor();
  await sweep(guest, 'the page that asks for an address');
  await guest.getByLabel('E-mail address').fill('petra@example.com');
  await guest.getByRole('button', { name: 'Send me a code' }).tap();
  await guest.getByRole('heading', { name: 'Type the code from your mail' }).waitFor();
  await sweep(guest, 'the page that asks for a code');
  await guest.getByLabel('Code').fill('12');
  await guest.getByRole('button', { name: 'Open' }).tap();
  await guest.getByText('That is not the code.').waitFor();
  const mailed = () => mail.mails.find(({ to }) => to === 'petra@example.com')?.text ?? '';
  await expect.poll(mailed).toContain('Your code is');
  await guest.getByLabel('Code').fill(/Your code is (\d+)/.exec(mailed())?.[1] ?? '');
  await guest.getByRole('button', { name: 'Open' }).tap();
  await guest.getByRole('heading', { name: 'Prices' }).waitFor();
  const picture = guest.locator('#page-1 img');
  await expect
    .poll(() => picture.evaluate((image: HTMLImageElement) => image.complete && image.naturalWidth))
    .toBeGreaterThan(0);
  await guest.getByText('and that it is').waitFor();
  await guest.getByText('The price of part 1 stands here.').waitFor();
  expect(await guest.getByRole('link', { name: /^Download/ }).count()).toBe(0);
  await sweep(guest, 'a marked copy');
  await guest.emulateMedia({ media: 'print' });
  await guest.getByText("so it can't be printed").waitFor();
  expect(await picture.isVisible()).toBe(false);
  await guest.emulateMedia({ media: 'screen' });
  await expect
    .poll(() => visitorsOf(id))
    .toEqual([{ keyKind: 'code', email: 'petra@example.com', name: null }]);
});

test('a reader is asked for a name beside the page, skips or answers, and passes it on', async () => {
  const { url, id } = await share({ gate: 'ask' });
  const guest = await stories.open(url);
  await guest.getByText('The price of part 1 stands here.').waitFor();
  const card = guest.getByRole('complementary', { name: 'May Rob Rep know who reads this?' });
  await sweep(guest, 'a page that asks for a name');
  await card.getByLabel('Your name').fill('Petra');
  await card.getByRole('button', { name: 'Tell Rob Rep' }).click();
  await guest.getByText('and that it is').waitFor();
  expect(await card.count()).toBe(0);
  await expect.poll(() => visitorsOf(id)).toMatchObject([{ name: 'Petra' }]);

  await guest.getByText('Pass it on to a colleague').click();
  await guest.getByLabel('Their name').fill('Cleo Colleague');
  await guest.getByRole('button', { name: 'Make a link for them' }).click();
  const made = await guest.getByLabel('The link').inputValue();
  await sweep(guest, 'the page of a new link');

  const colleague = await stories.open(made, { onPhone: true });
  const told = colleague.waitForResponse(/\/guest$/);
  await colleague.getByRole('button', { name: 'Skip' }).tap();
  await expect.poll(() => colleague.getByRole('complementary').count()).toBe(0);
  await told;
  await colleague.reload();
  await colleague.getByText('Your name is not known').waitFor();
  expect(await colleague.getByRole('complementary').count()).toBe(0);
});

test('all pages at a glance, larger and smaller, by keys and by fingers', async () => {
  const { url } = await share({});
  const guest = await stories.open(url);
  await guest.getByRole('button', { name: 'Page 1 of 12' }).waitFor();
  await guest.keyboard.press('t');
  const overview = guest.getByRole('dialog', { name: 'All pages' });
  await sweep(guest, 'all pages at a glance');
  await guest.keyboard.press('ArrowRight');
  await guest.keyboard.press('ArrowDown');
  await guest.keyboard.press('ArrowUp');
  await guest.keyboard.press('ArrowRight');
  await guest.keyboard.press('Enter');
  await guest.getByRole('button', { name: 'Page 3 of 12' }).waitFor();
  expect(await overview.count()).toBe(0);
  await guest.keyboard.press('?');
  await guest.getByRole('dialog', { name: 'Keys' }).waitFor();
  await sweep(guest, 'the keys');
  await guest.keyboard.press('Escape');
  const widthOf = async () => Math.round((await guest.locator('#page-3').boundingBox())?.width ?? 0);
  const fit = await widthOf();
  await guest.keyboard.press('+');
  await guest.keyboard.press('+');
  expect(await widthOf()).toBe(Math.round(fit * 1.5));
  await guest.getByRole('button', { name: 'Page 3 of 12' }).waitFor();
  await guest.getByRole('button', { name: 'Smaller' }).click();
  expect(await widthOf()).toBe(Math.round(fit * 1.25));
  await guest.keyboard.press('0');
  expect(await widthOf()).toBe(fit);

  const phone = await stories.open(url, { onPhone: true });
  await phone.getByRole('button', { name: 'Larger' }).tap();
  await sweep(phone, 'a document that is larger than the window');
  // A window of another width begins anew.
  await phone.getByRole('button', { name: 'Larger' }).tap();
  await phone.getByRole('button', { name: 'Smaller' }).tap();
  expect(await phone.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
});

test('without script every gate opens, and the pages are there', async () => {
  const { url } = await share({ gate: 'required', passcode: 'sesame' });
  const guest = await stories.open(`${app.url}/api/health`);
  const context = await guest.context().browser()?.newContext({ javaScriptEnabled: false });
  if (!context) throw new Error('There is no browser.');
  const page = await context.newPage();
  try {
    await page.goto(url);
    await page.getByLabel('Passcode').fill('sesame');
    await page.getByRole('button', { name: 'Open' }).click();
    await page.getByLabel('E-mail address').fill('ida@example.com');
    await page.getByRole('button', { name: 'Open' }).click();
    await page.getByRole('figure', { name: 'Page 12' }).locator('img').scrollIntoViewIfNeeded();
    await page.getByText('Pass it on to a colleague').click();
    await page.getByLabel('Their name').fill('Cleo');
    await page.getByRole('button', { name: 'Make a link for them' }).click();
    await page.getByRole('heading', { name: 'A link for Cleo' }).waitFor();
  } finally {
    await context.close();
  }
});
