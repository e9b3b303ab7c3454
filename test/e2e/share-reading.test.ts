import { Document, HeadingLevel, Packer, Paragraph, TextRun } from 'docx';
import PDFDocument from 'pdfkit';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sweep } from '../support/axe.ts';
import { browserStories } from '../support/browser.ts';
import { type RunningOffshelf, startOffshelf } from '../support/offshelf.ts';
import { foundTeam, type Member } from '../support/team.ts';

const stories = browserStories();
let app: RunningOffshelf;
let admin: Member;
let rep: Member;

beforeAll(async () => {
  app = await startOffshelf();
  ({ admin, rep } = await foundTeam(app.url, ['rep']));
});
afterAll(() => app?.stop());

interface Shared {
  url: string;
  linkId: string;
  versionId: string;
}

async function share(fileName: string, bytes: Uint8Array, policy: object = {}): Promise<Shared> {
  const form = new FormData();
  form.set('file', new Blob([bytes as Uint8Array<ArrayBuffer>]), fileName);
  const { uploadTicket } = await admin.call('POST', '/uploads', form);
  const title = fileName.replace(/\.\w+$/, '');
  const asset = await admin.call('POST', '/assets', {
    uploadTicket,
    title,
    audience: 'external',
    status: 'published',
  });
  const made = await rep.call('POST', `/assets/${asset.id}/share-links`, {
    recipient: { name: 'Petra Prospect' },
    ...policy,
  });
  return { url: made.url, linkId: made.shareLink.id, versionId: asset.versions[0].id };
}

async function wordFile(): Promise<Buffer> {
  const chapters = ['Pilot', 'Rollout', 'Support'].flatMap((name, index) => [
    new Paragraph({ text: name, heading: HeadingLevel.HEADING_1, pageBreakBefore: index > 0 }),
    new Paragraph({ children: [new TextRun(`In week ${index + 1} nobody else is disturbed.`)] }),
  ]);
  return Packer.toBuffer(new Document({ sections: [{ children: chapters }] }));
}

function deck(pageCount: number): Promise<Buffer> {
  const document = new PDFDocument({ autoFirstPage: false });
  for (let page = 1; page <= pageCount; page++) {
    document.addPage({ size: [720, 405] });
    document.fontSize(30).text(`Chapter ${page}`, 50, 40);
    document.fontSize(14).text(`The price of part ${page} stands here.`, 50, 120);
    for (let line = 0; line < 12; line++)
      document.text(
        `Line ${line} of part ${page} explains it at length, as people do.`,
        50,
        150 + line * 18,
        {
          lineBreak: false,
        },
      );
  }
  document.end();
  return new Promise((done) => {
    const chunks: Buffer[] = [];
    document.on('data', (chunk: Buffer) => chunks.push(chunk));
    document.on('end', () => done(Buffer.concat(chunks)));
  });
}

async function waitUntilDone(versionId: string): Promise<void> {
  const path = `/asset-versions/${versionId}/rendition`;
  await expect.poll(async () => (await rep.call('GET', path)).state, { timeout: 60_000 }).toBe('done');
}

/** Until the picture of a page is there, with dots in it. */
async function waitForPicture(page: Page, number: number): Promise<void> {
  const picture = page.locator(`#page-${number} img`);
  await expect
    .poll(() => picture.evaluate((image: HTMLImageElement) => image.complete && image.naturalWidth), {
      timeout: 60_000,
    })
    .toBeGreaterThan(0);
}

async function listPagesRead(linkId: string): Promise<number[]> {
  const { items } = await rep.call('GET', `/share-links/${linkId}/visits`);
  return (items[0]?.pages ?? []).map(({ pageNumber }: { pageNumber: number }) => pageNumber);
}

test('a Word file opens on a phone as soon as its first page is there, without a download', async () => {
  const { url, linkId } = await share('Plan for Petra.docx', await wordFile(), { allowsDownload: false });
  const guest = await stories.open(url, { onPhone: true });
  // It may be ready before the phone asks; if not, it appears without anybody loading the page again.
  await guest.getByRole('figure', { name: 'Page 1' }).waitFor({ timeout: 60_000 });
  await waitForPicture(guest, 1);
  const { width } = (await guest.getByRole('figure', { name: 'Page 1' }).boundingBox()) ?? { width: 0 };
  expect(width).toBeGreaterThan(360);
  await guest
    .getByText('In week 3 nobody else is disturbed.')
    .waitFor({ state: 'attached', timeout: 60_000 });
  await expect.poll(() => guest.getByRole('link', { name: /^Download/ }).count()).toBe(0);
  await sweep(guest, 'a shared Word file');

  await guest.getByText('Contents').tap();
  await guest.getByRole('link', { name: /^Support/ }).tap();
  await guest.getByText('Page 3 of 3').waitFor();
  await waitForPicture(guest, 3);
  await expect.poll(() => listPagesRead(linkId), { timeout: 20_000 }).toContain(3);
});

test('a deck is read with the keyboard, found in, and resumed', async () => {
  const { url, versionId, linkId } = await share('Prices.pdf', await deck(30));
  await waitUntilDone(versionId);
  const guest = await stories.open(url);
  await waitForPicture(guest, 1);
  await guest.getByText('30 pages, about').waitFor();
  await sweep(guest, 'a shared deck');
  for (const page of [2, 3, 4]) {
    await guest.keyboard.press('ArrowRight');
    await guest.getByText(`Page ${page} of 30`).waitFor();
  }
  await waitForPicture(guest, 4);
  // What has not been near has no words yet; whoever searches gets them all.
  await guest.keyboard.press('Control+f');
  const last = guest.getByText('The price of part 30 stands here.');
  await last.waitFor({ state: 'attached' });
  await expect.poll(() => listPagesRead(linkId), { timeout: 20_000 }).toContain(4);
  expect(await listPagesRead(linkId)).not.toContain(30);

  const again = await guest.context().newPage();
  await again.goto(url);
  await again.getByRole('link', { name: 'Continue on page 4' }).click();
  await again.getByText('Page 4 of 30').waitFor();
  // From elsewhere, as a reload would go back to where the page was before it had scrolled.
  await again.goto('about:blank');
  await again.goto(`${url}#page-17`);
  await again.getByText('Page 17 of 30').waitFor();
  await waitForPicture(again, 17);
});

test('the first page comes alone, in two answers of less than 60 kB together', async () => {
  const { url, versionId } = await share('Slow line.pdf', await deck(25));
  await waitUntilDone(versionId);
  const guest = await stories.open(`${app.url}/api/health`, { onPhone: true });
  const devtools = await guest.context().newCDPSession(guest);
  await devtools.send('Network.enable');
  await devtools.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: 562.5,
    downloadThroughput: 180_000,
    uploadThroughput: 84_375,
  });
  const asked: string[] = [];
  const sizes: number[] = [];
  devtools.on('Network.requestWillBeSent', ({ request }) =>
    asked.push(request.url.replace(/^.*\/s\/[^/]+/, '')),
  );
  devtools.on('Network.loadingFinished', ({ encodedDataLength }) => sizes.push(encodedDataLength));
  await guest.goto(url, { waitUntil: 'commit' });
  await expect.poll(() => sizes.length).toBeGreaterThanOrEqual(2);
  expect(asked.slice(0, 2)).toEqual(['', expect.stringContaining('/pages/1/image?w=800')]);
  expect(sizes[0]).toBeLessThan(15_000);
  expect((sizes[0] ?? 0) + (sizes[1] ?? 0)).toBeLessThan(60_000);
  await waitForPicture(guest, 2);
});

test('words lie on their letters, and copying them keeps the lines', async () => {
  const { url } = await share('Letters.pdf', await deck(2));
  const guest = await stories.open(url);
  await waitForPicture(guest, 1);
  const [from, to] = [guest.getByText('The price of part 1'), guest.getByText('Line 1 of part 1')];
  const figure = (await guest.getByRole('figure', { name: 'Page 1' }).boundingBox()) ?? {
    x: 0,
    y: 0,
    width: 1,
  };
  const [start, end] = [await from.boundingBox(), await to.boundingBox()];
  if (!start || !end) throw new Error('The words have no place.');
  // Where the PDF says: 50 points from the left, 120 from the top, of 720.
  const scale = figure.width / 720;
  expect(Math.abs(start.x - figure.x - 50 * scale)).toBeLessThan(3);
  expect(Math.abs(start.y - figure.y - 120 * scale)).toBeLessThan(8);
  await guest.mouse.move(start.x + 1, start.y + start.height / 2);
  await guest.mouse.down();
  await guest.mouse.move(end.x + end.width - 1, end.y + end.height / 2, { steps: 5 });
  await guest.mouse.up();
  const copied = await guest.evaluate(() => String(getSelection()));
  expect(copied.split('\n')).toEqual([
    expect.stringContaining('The price of part 1 stands here.'),
    expect.stringContaining('Line 0 of part 1 explains'),
    expect.stringContaining('Line 1 of part 1 explains'),
  ]);
});

test('private view shows the same pages, keeps nothing and tells nobody', async () => {
  const { url, linkId } = await share('Quiet.pdf', await deck(3));
  const guest = await stories.open(`${url}?private=1`, { onPhone: true });
  await waitForPicture(guest, 1);
  await guest.getByRole('figure', { name: 'Page 3' }).scrollIntoViewIfNeeded();
  await waitForPicture(guest, 3);
  await guest.waitForTimeout(2_500);
  const kept = await guest.evaluate(() => localStorage.length + sessionStorage.length);
  expect(kept).toBe(0);
  const { items, linkHitCount } = await rep.call('GET', `/share-links/${linkId}/visits`);
  expect([items, linkHitCount]).toEqual([[], 0]);
});

test('a picture, also of a kind that browsers do not draw, and a file that can not be shown', async () => {
  const svg =
    '<svg xmlns="http://www.w3.org/2000/svg" width="900" height="600"><circle cx="450" cy="300" r="200"/></svg>';
  const tiff = await sharp(Buffer.from(svg)).tiff().toBuffer();
  const picture = await stories.open((await share('Figure.tiff', tiff)).url, { onPhone: true });
  await picture.getByRole('img', { name: 'Figure' }).waitFor({ timeout: 60_000 });
  await sweep(picture, 'a shared picture');

  const broken = await share(
    'Broken.pdf',
    Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(3_000, 'x')]),
  );
  const guest = await stories.open(broken.url, { onPhone: true });
  await guest.getByText("This file can't be shown here. Download it").waitFor({ timeout: 60_000 });
  const downloading = guest.waitForEvent('download');
  await guest.getByRole('link', { name: /^Download/ }).tap();
  expect((await downloading).suggestedFilename()).toBe('Broken.pdf');
  await sweep(guest, 'a shared file that can not be shown');
});
