import { afterAll, beforeAll, expect, test } from 'vitest';
import { build } from '../../scripts/build.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { openReaderBrowser, type ReaderBrowser } from '../support/reader-browser.ts';
import { upload } from '../support/upload.ts';

let app: TestApp;
let browser: ReaderBrowser;

beforeAll(async () => {
  await build();
  app = await startTestApp();
  browser = await openReaderBrowser();
});
afterAll(async () => {
  await browser?.close();
  await app?.close();
});

/** Silence of this length, as a sound that every browser plays. */
function makeSound(seconds: number): Buffer {
  const [rate, size] = [8_000, seconds * 8_000];
  const head = Buffer.alloc(44);
  head.write('RIFF', 0);
  head.writeUInt32LE(36 + size, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(rate, 24);
  head.writeUInt32LE(rate, 28);
  head.writeUInt16LE(1, 32);
  head.writeUInt16LE(8, 34);
  head.write('data', 36);
  head.writeUInt32LE(size, 40);
  return Buffer.concat([head, Buffer.alloc(size, 128)]);
}

test('a sound counts the time it plays, whatever its pace, and tells which seconds of it were played', async () => {
  const marketing = await app.client('marketing');
  const { body: file } = await upload(marketing, 'talk.wav', new Uint8Array(makeSound(120)));
  const { body: asset } = await marketing.send('POST', '/assets', {
    uploadTicket: file.uploadTicket,
    status: 'published',
    audience: 'external',
  });
  for (const [pace, from] of [
    [1, 0],
    [2, 60],
    [0.5, 30],
  ] as const) {
    const link = await app.make.shareLink({ assetId: asset.id });
    const page = await browser.context.newPage();
    await page.goto(`${app.url}/s/${link.token}`);
    const played = await page.evaluate(
      async ([rate, start]) => {
        const sound = document.querySelector('audio') as HTMLAudioElement;
        sound.currentTime = start;
        sound.playbackRate = rate;
        await sound.play();
        const [began, place] = [performance.now(), sound.currentTime];
        await new Promise((done) => setTimeout(done, 6_000));
        sound.pause();
        return { ms: performance.now() - began, from: place, to: sound.currentTime };
      },
      [pace, from] as const,
    );
    await page.goto('about:blank');
    const total = async () => {
      const row = await app.ctx.db
        .selectFrom('pageView')
        .innerJoin('visit', 'visit.id', 'pageView.visitId')
        .where('visit.shareLinkId', '=', link.id)
        .select('pageView.activeMs')
        .executeTakeFirst();
      return Math.abs((row?.activeMs ?? 0) - played.ms);
    };
    await expect.poll(total).toBeLessThan(300);
    const { seconds } = await app.ctx.db
      .selectFrom('watchedRange')
      .innerJoin('visit', 'visit.id', 'watchedRange.visitId')
      .where('visit.shareLinkId', '=', link.id)
      .select('watchedRange.seconds')
      .executeTakeFirstOrThrow();
    const [, first, last] = /\[(\d+),(\d+)\)/.exec(String(seconds)) ?? [];
    expect(Math.abs(Number(first) - played.from)).toBeLessThanOrEqual(1);
    expect(Math.abs(Number(last) - played.to)).toBeLessThanOrEqual(1);
    await page.close();
  }
});
