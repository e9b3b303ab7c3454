import { get } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sweep } from '../support/axe.ts';
import { browserStories } from '../support/browser.ts';
import { makePdf } from '../support/files.ts';
import { type RunningOffshelf, startOffshelf } from '../support/offshelf.ts';
import { foundTeam, type Member } from '../support/team.ts';

const stories = browserStories();
let app: RunningOffshelf;
let admin: Member;
let rep: Member;

beforeAll(async () => {
  // Nobody listens there: a mail that can not be sent is no fault of the page that announces it.
  app = await startOffshelf({ env: { SMTP_URL: 'smtp://127.0.0.1:9', MAIL_FROM: 'a@example.com' } });
  ({ admin, rep } = await foundTeam(app.url, ['rep']));
});
afterAll(() => app?.stop());

async function publish(title: string, content: { fileName: string; bytes: Uint8Array } | { url: string }) {
  const form = new FormData();
  if ('bytes' in content)
    form.set('file', new Blob([content.bytes as Uint8Array<ArrayBuffer>]), content.fileName);
  const source =
    'url' in content ? content : { uploadTicket: (await admin.call('POST', '/uploads', form)).uploadTicket };
  const asset = await admin.call('POST', '/assets', {
    ...source,
    title,
    audience: 'external',
    status: 'published',
  });
  const path = `/asset-versions/${asset.versions[0].id}/rendition`;
  if ('bytes' in content)
    await expect
      .poll(async () => (await rep.call('GET', path)).state, { timeout: 60_000 })
      .toMatch(/done|failed/);
  return asset.id as string;
}

async function share(assetId: string, policy: object = {}) {
  const { url, shareLink } = await rep.call('POST', `/assets/${assetId}/share-links`, {
    recipient: { name: 'Petra Prospect' },
    message: 'Hi Petra, as promised on the phone: page two answers your question.',
    ...policy,
  });
  return { url: url as string, id: shareLink.id as string };
}

const chapter = (count: number) =>
  Array.from({ length: count }, (_, index) => `Chapter ${index + 1}: prices and terms`);
const guide = new TextEncoder().encode(
  `# Guide\n\n${'A paragraph that says how it is done.\n\n'.repeat(30)}`,
);

/** Silence of this length, as a sound that every browser plays. */
function makeSound(seconds: number): Uint8Array {
  const size = seconds * 8_000;
  const head = Buffer.alloc(44);
  head.write('RIFF', 0);
  head.writeUInt32LE(36 + size, 4);
  head.write('WAVEfmt ', 8);
  for (const [value, at] of [
    [16, 16],
    [8_000, 24],
    [8_000, 28],
  ] as const)
    head.writeUInt32LE(value, at);
  for (const [value, at] of [
    [1, 20],
    [1, 22],
    [1, 32],
    [8, 34],
  ] as const)
    head.writeUInt16LE(value, at);
  head.write('data', 36);
  head.writeUInt32LE(size, 40);
  return Buffer.concat([head, Buffer.alloc(size, 128)]);
}

function weigh(url: string, encoding: 'br' | 'gzip'): Promise<number> {
  return new Promise((done, fail) => {
    get(url, { headers: { 'accept-encoding': encoding } }, (answer) => {
      let bytes = 0;
      answer.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
      });
      answer.on('end', () => done(bytes));
    }).on('error', fail);
  });
}

test('HTML, style and script of every kind of page are at most 14 kB together, and it fits the narrowest phone', async () => {
  const deck = await publish('Deck', { fileName: 'deck.pdf', bytes: await makePdf(chapter(120)) });
  const text = await publish('Guide', { fileName: 'guide.md', bytes: guide });
  const sound = await publish('Talk', { fileName: 'talk.wav', bytes: makeSound(20) });
  const clip = await publish('Clip', {
    fileName: 'clip.mp4',
    bytes: Buffer.from('00000018667479706d703432', 'hex'),
  });
  const { room } = await rep.call('POST', '/rooms', {
    source: { assetIds: [deck, text, sound, clip] },
    name: 'For Petra',
  });
  const shared = await rep.call('POST', '/share-links', {
    target: { roomId: room.id },
    recipients: [{ name: 'Petra Prospect' }],
  });
  const pages: Record<string, string> = {
    document: (await share(deck)).url,
    'document that asks for a name': (await share(deck, { gate: 'ask' })).url,
    'marked document': (await share(deck, { hasWatermark: true, allowsDownload: false })).url,
    text: (await share(text)).url,
    sound: (await share(sound)).url,
    video: (await share(clip)).url,
    room: shared.items[0].url,
    'item of a room': `${shared.items[0].url}/items/${deck}`,
    passcode: (await share(deck, { passcode: 'open sesame' })).url,
    'e-mail required': (await share(deck, { gate: 'required' })).url,
    'e-mail verified': (await share(deck, { gate: 'verified' })).url,
    'not started': (await share(deck, { startsAt: new Date(Date.now() + 86_400_000).toISOString() })).url,
    unknown: `${app.url}/s/${'a'.repeat(32)}`,
  };
  const tooHeavy: string[] = [];
  for (const [name, url] of Object.entries(pages)) {
    const [packed, older] = [await weigh(url, 'br'), await weigh(url, 'gzip')];
    console.log(`${name}: ${packed} bytes, ${older} for browsers that know gzip only`);
    // The second is what a server may send before the first answer comes back: ten packets.
    if (packed > 14_000 || older > 14_600) tooHeavy.push(name);
  }
  expect(tooHeavy).toEqual([]);
  // Gates and ends are told by their status, too.
  for (const status of [401, 403, 404]) stories.expectFault(new RegExp(`status of ${status}`));
  const phone = await stories.open(pages.document ?? '', { onPhone: true });
  await phone.setViewportSize({ width: 320, height: 640 });
  const tooWide: string[] = [];
  for (const [name, url] of Object.entries(pages)) {
    await phone.goto(url);
    if ((await phone.evaluate(() => document.documentElement.scrollWidth)) > 320) tooWide.push(name);
  }
  expect(tooWide).toEqual([]);
});

test('what was played of a sound stands below it, can be gone on with, and is told to its sender', async () => {
  const { url, id } = await share(
    await publish('Keynote', { fileName: 'keynote.wav', bytes: makeSound(180) }),
  );
  const guest = await stories.open(url);
  await guest.getByRole('heading', { name: 'Keynote' }).waitFor();
  expect(await guest.locator('.played').isVisible()).toBe(false);
  const play = (from: number) =>
    guest.evaluate(async (start) => {
      const sound = document.querySelector('audio') as HTMLAudioElement;
      sound.currentTime = start;
      await sound.play();
      await new Promise((done) => setTimeout(done, 3_500));
      sound.pause();
    }, from);
  await guest.mouse.click(400, 400);
  await play(0);
  await play(60);
  await guest.getByText(/^Played: 0:00 to 0:0[34], 1:00 to 1:0[34]$/).waitFor();
  await sweep(guest, 'a sound that was played');
  await guest.reload();
  await guest.getByRole('button', { name: /^Continue at 1:0[34]$/ }).click();
  await expect
    .poll(() => guest.evaluate(() => document.querySelector('audio')?.currentTime))
    .toBeGreaterThan(62);
  await expect
    .poll(
      async () => {
        const { items } = await rep.call('GET', `/share-links/${id}/visits`);
        return items[0]?.opened[0]?.watched.length;
      },
      { timeout: 20_000 },
    )
    .toBeGreaterThanOrEqual(2);
});

test('a form that is refused stands on the page it belongs to, which works on', async () => {
  const { url } = await share(
    await publish('Terms', { fileName: 'terms.pdf', bytes: await makePdf(chapter(60)) }),
  );
  stories.expectFault(/400/);
  const guest = await stories.open(url, { onPhone: true });
  await guest.getByText('Pass it on to a colleague').tap();
  await guest.getByLabel('Their name').fill('Cleo');
  await guest.evaluate(() =>
    document.querySelector<HTMLInputElement>('#colleague-email')?.setAttribute('type', 'text'),
  );
  await guest.getByLabel('Their e-mail address').fill('cleo at example');
  await guest.getByRole('button', { name: 'Make a link for them' }).tap();
  await guest.getByText('This is not an e-mail address.').waitFor();
  expect(await guest.getByLabel('Their name').inputValue()).toBe('Cleo');
  await sweep(guest, 'passing on that was refused');
  expect(guest.url()).toBe(`${url}#forward`);
  await guest.getByText('Chapter 60').waitFor({ state: 'attached' });
  await guest.getByLabel('Their e-mail address').fill('cleo@example.com');
  await guest.getByRole('button', { name: 'Make a link for them' }).tap();
  await guest.getByRole('button', { name: 'Copy the link' }).tap();
  await guest.getByRole('button', { name: 'Copied' }).waitFor();
  const made = await guest.getByLabel('The link').inputValue();
  expect(await guest.evaluate(() => navigator.clipboard.readText())).toBe(made);
});

test('web links, and links that do not open, are clean for everybody', async () => {
  const web = await publish('Customers', { url: 'https://example.com/customers' });
  const page = await stories.open((await share(web)).url);
  await page.getByRole('link', { name: 'Open the web page' }).waitFor();
  expect(await page.getByText('downloads').count()).toBe(0);
  await sweep(page, 'a web link');

  stories.expectFault(/403/);
  const later = await share(web, { startsAt: new Date(Date.now() + 86_400_000).toISOString() });
  await page.goto(later.url);
  await page.getByRole('heading', { name: 'This opens later' }).waitFor();
  await sweep(page, 'a link that opens later');

  const few = await share(web, { maxVisitors: 1 });
  await page.goto(few.url);
  await page.mouse.move(300, 300, { steps: 5 });
  await page.mouse.click(300, 300);
  await page.mouse.wheel(0, 30);
  // A scanner that comes first takes nobody's place, so the first reader has to be one.
  await expect
    .poll(
      async () => {
        const { items } = await rep.call('GET', `/share-links/${few.id}/visits`);
        return items[0]?.judgement.class;
      },
      { timeout: 30_000 },
    )
    .toMatch(/^(human|unsure)/);
  const another = await stories.open(few.url, { onPhone: true });
  await another.getByRole('heading', { name: 'As many have come as this was made for' }).waitFor();
  await sweep(another, 'a link for one person');
});
