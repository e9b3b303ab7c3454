import { type Browser, chromium } from 'playwright-core';
import { findOrInstallChromium } from '../../test/support/chromium.ts';
import { startOffshelf } from '../../test/support/offshelf.ts';
import { foundTeam, type Member } from '../../test/support/team.ts';
import { median } from './median.ts';
import { makeDeck } from './render/deck.ts';
import { servePdfJs } from './viewer/pdfjs.ts';

const limits = { bytes: 60_000, firstPageMs: 1_600, timesLighter: 20, timesSooner: 7 };
const pageCount = 34;
const rounds = 3;
const desk = { width: 1440, height: 900 };
const phone = { width: 390, height: 844 };
/** "Fast 3G" of the browser's tools. */
const line = { offline: false, latency: 562.5, downloadThroughput: 180_000, uploadThroughput: 84_375 };

interface FirstPage {
  ms: number;
  bytes: number;
}

/**
 * The first page of a shared deck on a slow line, until it can be read and with every byte until then, beside the same
 * file in pdf.js in the same run. The rounds alternate, each in a browser context that has nothing yet.
 */
export async function bench() {
  const deck = await makeDeck(pageCount);
  const offshelf = await startOffshelf();
  const pdfJs = await servePdfJs(deck);
  const browser = await chromium.launch({
    executablePath: findOrInstallChromium().path,
    args: ['--no-sandbox'],
  });
  try {
    const url = await share(offshelf.url, deck);
    const ours: Record<'desk' | 'phone', FirstPage[]> = { desk: [], phone: [] };
    const theirs: Record<'desk' | 'phone', FirstPage[]> = { desk: [], phone: [] };
    for (let round = 0; round < rounds; round += 1)
      for (const device of ['desk', 'phone'] as const) {
        ours[device].push(await measure(browser, url, device, untilPicture));
        theirs[device].push(await measure(browser, pdfJs.url, device, untilCanvas));
      }
    const [own, other] = [middle([...ours.desk, ...ours.phone]), middle([...theirs.desk, ...theirs.phone])];
    const timesLighter = round1(other.bytes / own.bytes);
    const timesSooner = round1(other.ms / own.ms);
    return {
      bench: 'viewer',
      value: Math.round(own.ms),
      unit: 'ms',
      limit: limits.firstPageMs,
      ratio: round1(own.ms / limits.firstPageMs, 100),
      bytes: own.bytes,
      bytesLimit: limits.bytes,
      timesLighter,
      timesLighterLimit: limits.timesLighter,
      timesSooner,
      timesSoonerLimit: limits.timesSooner,
      phoneMs: Math.round(middle(ours.phone).ms),
      deskMs: Math.round(middle(ours.desk).ms),
      pdfJsMs: Math.round(other.ms),
      pdfJsBytes: other.bytes,
      fileBytes: deck.length,
    };
  } finally {
    await browser.close();
    pdfJs.server.closeAllConnections();
    pdfJs.server.close();
    await offshelf.stop();
  }
}

async function share(origin: string, deck: Buffer): Promise<string> {
  const { admin, rep } = await foundTeam(origin, ['rep']);
  const form = new FormData();
  form.set('file', new Blob([new Uint8Array(deck)]), 'deck.pdf');
  const { uploadTicket } = await admin.call('POST', '/uploads', form);
  const asset = await admin.call('POST', '/assets', {
    uploadTicket,
    title: 'Deck',
    audience: 'external',
    status: 'published',
  });
  await untilRendered(rep, asset.versions[0].id);
  const made = await rep.call('POST', `/assets/${asset.id}/share-links`, {
    recipient: { name: 'Petra Prospect' },
  });
  return made.url;
}

async function untilRendered(rep: Member, versionId: string): Promise<void> {
  for (let tries = 0; tries < 600; tries += 1) {
    const { state } = await rep.call('GET', `/asset-versions/${versionId}/rendition`);
    if (state === 'done') return;
    await new Promise((done) => setTimeout(done, 200));
  }
  throw new Error('The deck was not rendered in two minutes.');
}

/** Run in the page, both say the moment at which the first page stands on the screen, or nothing yet. */
const untilCanvas = 'globalThis.firstPageMs';
const untilPicture = `(() => {
  const image = document.querySelector('figure img');
  if (image && !globalThis.watched) {
    globalThis.watched = true;
    image.decode().then(() => requestAnimationFrame(() => setTimeout(() => { globalThis.firstPageMs = performance.now(); })));
  }
  return globalThis.firstPageMs;
})()`;

async function measure(
  browser: Browser,
  url: string,
  device: 'desk' | 'phone',
  firstPage: string,
): Promise<FirstPage> {
  const onPhone = device === 'phone';
  const context = await browser.newContext({
    viewport: onPhone ? phone : desk,
    isMobile: onPhone,
    hasTouch: onPhone,
  });
  try {
    const tab = await context.newPage();
    const devtools = await context.newCDPSession(tab);
    await devtools.send('Network.enable');
    await devtools.send('Network.setCacheDisabled', { cacheDisabled: false });
    await devtools.send('Network.emulateNetworkConditions', line);
    const arrived: { at: number; bytes: number }[] = [];
    let startedAt = 0;
    devtools.on('Network.requestWillBeSent', ({ timestamp }) => {
      startedAt ||= timestamp;
    });
    devtools.on('Network.responseReceived', ({ timestamp, response }) =>
      arrived.push({ at: timestamp, bytes: response.encodedDataLength }),
    );
    devtools.on('Network.dataReceived', ({ timestamp, encodedDataLength }) =>
      arrived.push({ at: timestamp, bytes: encodedDataLength }),
    );
    await tab.goto(url, { waitUntil: 'commit', timeout: 60_000 });
    const ms = await untilShown(() => tab.evaluate<number | undefined>(firstPage));
    const bytes = arrived
      .filter(({ at }) => (at - startedAt) * 1000 <= ms)
      .reduce((sum, part) => sum + part.bytes, 0);
    return { ms, bytes };
  } finally {
    await context.close();
  }
}

async function untilShown(look: () => Promise<number | undefined>): Promise<number> {
  for (let tries = 0; tries < 3_000; tries += 1) {
    const ms = await look();
    if (ms !== undefined) return ms;
    await new Promise((done) => setTimeout(done, 20));
  }
  throw new Error('No first page was shown in a minute.');
}

function middle(pages: FirstPage[]): FirstPage {
  return { ms: median(pages.map(({ ms }) => ms)), bytes: median(pages.map(({ bytes }) => bytes)) };
}

function round1(value: number, steps = 10): number {
  return Math.round(value * steps) / steps;
}
