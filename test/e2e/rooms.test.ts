import PDFDocument from 'pdfkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sweep } from '../support/axe.ts';
import { browserStories, readClipboard } from '../support/browser.ts';
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

function pdf(pages: number): Promise<Buffer> {
  const document = new PDFDocument({ autoFirstPage: false });
  for (let page = 1; page <= pages; page += 1) {
    document.addPage({ size: [720, 405] });
    document.fontSize(30).text(`Chapter ${page}`, 50, 40);
  }
  document.end();
  return new Promise((done) => {
    const chunks: Buffer[] = [];
    document.on('data', (chunk: Buffer) => chunks.push(chunk));
    document.on('end', () => done(Buffer.concat(chunks)));
  });
}

async function publish(title: string, fileName: string, bytes: Uint8Array, audience = 'external') {
  const form = new FormData();
  form.set('file', new Blob([bytes as Uint8Array<ArrayBuffer>]), fileName);
  const { uploadTicket } = await admin.call('POST', '/uploads', form);
  const asset = await admin.call('POST', '/assets', { uploadTicket, title, audience, status: 'published' });
  const path = `/asset-versions/${asset.versions[0].id}/rendition`;
  await expect.poll(async () => (await rep.call('GET', path)).state, { timeout: 90_000 }).toBe('done');
  return asset.id as string;
}

const words = (text: string) =>
  new TextEncoder().encode(`# ${text}\n\n${'One more sentence to read. '.repeat(8)}`);

test('a rep shares a collection as a room; the prospect reads, asks, gets an answer and sees what is new', async () => {
  const deck = await publish('Rollout deck', 'rollout.pdf', await pdf(2));
  const guide = await publish('Pricing guide', 'pricing.md', words('Pricing guide'));
  const secret = await publish('Battle card', 'battle.md', words('Battle card'), 'internal');
  await publish('Offline FAQ', 'offline.md', words('Offline FAQ'));
  const collection = await rep.call('POST', '/collections', {
    name: 'For operations',
    assetIds: [deck, secret, guide],
  });

  // The rep makes a room of it: what is internal stays behind.
  const desk = await stories.open(`${app.url}/collections/${collection.id}`, { as: rep });
  await desk.getByRole('button', { name: 'Share as a room' }).click();
  await desk.getByText('Left out, as it may not be shared: “Battle card”').waitFor();
  const items = desk.getByRole('list', { name: 'Items of For operations' });
  await expect
    .poll(() => items.getByRole('heading', { level: 3 }).allTextContents(), { timeout: 15_000 })
    .toEqual(['Rollout deck', 'Pricing guide']);
  await desk.getByRole('button', { name: 'Say in your own words' }).click();
  await desk.getByRole('textbox', { name: 'Note on For operations' }).fill('Begin with the deck, Petra.');
  await desk.keyboard.press('ControlOrMeta+Enter');
  await items.getByRole('button', { name: 'Say why it matters to them on Pricing guide' }).click();
  await desk.getByRole('textbox', { name: 'Note on Pricing guide' }).fill('You asked what it costs.');
  await desk.keyboard.press('ControlOrMeta+Enter');
  await items.getByRole('button', { name: /^Move Pricing guide/ }).focus();
  await desk.keyboard.press('ArrowUp');
  await desk.getByText('Pricing guide is now 1 of 2').waitFor();
  await desk.getByRole('button', { name: 'Add a next step' }).click();
  await desk.getByRole('textbox', { name: 'What they do' }).fill('Choose a time');
  await desk.getByRole('textbox', { name: 'Where it leads' }).fill('javascript:alert(1)');
  await desk.getByRole('button', { name: 'Save' }).click();
  await desk.getByText('This must be an address that starts with https://.').waitFor();
  await desk.getByRole('textbox', { name: 'Where it leads' }).fill('https://cal.example.com/rep');
  await desk.getByRole('button', { name: 'Save' }).click();
  await desk.getByText('cal.example.com/rep').waitFor();
  await sweep(desk, 'the room as its maker sees it');

  const roomId = /rooms\/(room_\w+)/.exec(desk.url())?.[1] ?? '';
  const { items: made } = await rep.call('POST', '/share-links', {
    target: { roomId },
    recipients: [{ name: 'Petra Prospect' }],
  });

  // The prospect opens it on a phone.
  const guest = await stories.open(made[0].url, { onPhone: true });
  await guest.getByRole('heading', { level: 1, name: 'For operations' }).waitFor();
  await guest.getByText('Begin with the deck, Petra.').waitFor();
  await guest.getByRole('link', { name: 'Open cal.example.com' }).waitFor();
  expect(await guest.getByText('Battle card').count()).toBe(0);
  await sweep(guest, 'a room');
  // Long enough for the visit to begin.
  await expect
    .poll(() => guest.locator('[name="visit"]').first().inputValue(), { timeout: 15_000 })
    .not.toBe('');
  await guest.getByRole('link', { name: 'Pricing guide' }).tap();
  await guest.getByText('You asked what it costs.').waitFor();
  await guest.getByText('One more sentence to read.').first().waitFor();
  await guest.mouse.wheel(0, 40);
  await guest.waitForTimeout(6_500);
  await guest.getByRole('link', { name: 'Next: Rollout deck' }).tap();
  await guest.getByRole('figure', { name: 'Page 1' }).waitFor();
  await guest.mouse.wheel(0, 10);
  await guest.waitForTimeout(6_500);
  await guest.getByRole('link', { name: 'Back to For operations' }).tap();
  await expect
    .poll(() => guest.getByRole('listitem').filter({ hasText: 'Pricing guide' }).textContent(), {
      timeout: 30_000,
    })
    .toMatch(/· read/);
  await guest.getByText(/You have read \d of 3 pages\./).waitFor();
  await guest.getByRole('textbox', { name: /^Ask / }).fill('Does it work <offline>?');
  await guest.getByText('Add your name, or what it is about').tap();
  await guest.getByRole('textbox', { name: 'Your name' }).fill('Petra');
  await guest.getByRole('combobox', { name: 'About' }).selectOption('Rollout deck');
  await guest.getByRole('button', { name: 'Ask' }).tap();
  await guest.getByText('Does it work <offline>?').waitFor();
  await guest.getByText(/has not answered yet/).waitFor();

  await guest.getByText('Pass it on to a colleague').tap();
  await guest.getByRole('textbox', { name: 'Their name' }).fill('Tom');
  await guest.getByRole('button', { name: 'Make a link for them' }).tap();
  await guest.getByRole('heading', { name: 'A link for Tom' }).waitFor();
  expect(await guest.getByRole('textbox', { name: 'The link' }).inputValue()).toMatch(/\/s\/[\w-]{20,}$/);
  await sweep(guest, 'a link for a colleague');
  await guest.getByRole('link', { name: 'Back to the room' }).tap();

  // The rep finds the question, answers it, and adds what answers it.
  await desk.goto(`${app.url}/collections/rooms`);
  await desk.getByRole('heading', { name: '1 question waits for your answer' }).waitFor();
  await sweep(desk, 'the list of rooms');
  await desk.getByRole('textbox', { name: 'Your answer' }).fill('Yes. I have added how.');
  await desk.getByRole('button', { name: 'Answer' }).click();
  await desk.getByText('Answered. It stands in the room now').waitFor();
  await desk.getByRole('list', { name: 'Rooms' }).getByRole('link', { name: 'For operations' }).click();
  await desk
    .getByRole('combobox', { name: 'Add an asset' })
    .or(desk.getByRole('textbox', { name: 'Add an asset' }))
    .fill('Offline');
  await desk.getByRole('option', { name: /Offline FAQ/ }).click();
  await desk.getByText(/Whoever was here before sees that it is new/).waitFor();
  const holders = desk.getByRole('list', { name: 'Who has it' });
  await holders.getByText('forwarded by Petra Prospect').waitFor();
  await holders.getByText(/^opened 2, read \d of 3$/).waitFor({ timeout: 60_000 });

  // Back on the phone: the answer, and what is new.
  await guest.reload();
  await guest.getByText('Yes. I have added how.').waitFor();
  const added = guest.getByRole('listitem').filter({ hasText: 'Offline FAQ' });
  await added.getByText('New since your last visit').waitFor();
  await sweep(guest, 'a room with an answer and something new');
  await added.getByRole('link').tap();
  await guest.getByRole('heading', { level: 1, name: 'Offline FAQ' }).waitFor();

  // What is taken out while it is open says so kindly.
  await desk.getByRole('button', { name: 'Take Offline FAQ out' }).click();
  stories.expectFault(/410/);
  await expect
    .poll(
      async () => {
        await guest.reload();
        return guest.getByRole('heading', { level: 1 }).textContent();
      },
      { timeout: 15_000 },
    )
    .toBe('This is no longer in the room');
  await guest.getByRole('link', { name: 'Back to the room' }).tap();
  await guest.getByRole('heading', { level: 1, name: 'For operations' }).waitFor();
});

test('a room can be read and asked in without script', async () => {
  const guide = await publish('Security answers', 'security.md', words('Security answers'));
  const { room } = await rep.call('POST', '/rooms', { source: { assetIds: [guide] }, name: 'For the CISO' });
  const desk = await stories.open(`${app.url}/collections/rooms/${room.id}`, { as: rep });
  await desk.getByRole('button', { name: 'Share', exact: true }).click();
  await desk
    .getByRole('combobox', { name: /^Who/ })
    .or(desk.getByRole('textbox', { name: /^Who/ }))
    .first()
    .fill('Jörg');
  await desk.keyboard.press('Enter');
  await desk.keyboard.press('ControlOrMeta+Enter');
  await expect.poll(() => readClipboard(desk), { timeout: 15_000 }).toMatch(/\/s\//);
  const url = /https?:\/\/\S+\/s\/[\w-]+/.exec(await readClipboard(desk))?.[0] ?? '';
  const guest = await stories.open('about:blank');
  const plain = await guest.context().browser()?.newContext({ javaScriptEnabled: false, locale: 'en-GB' });
  const page = await plain?.newPage();
  if (!page) throw new Error('The browser gave no page.');
  await page.goto(url);
  await page.getByRole('link', { name: 'Security answers' }).click();
  await page.getByRole('link', { name: 'Back to For the CISO' }).click();
  await page.getByRole('textbox', { name: /^Ask / }).fill('Where does the data lie?');
  await page.getByRole('button', { name: 'Ask' }).click();
  await page.getByText('Where does the data lie?').waitFor();
  expect(new URL(page.url()).hash).toBe('#questions');
  await plain?.close();
});
