import { existsSync } from 'node:fs';
import { chmod, mkdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium, type Page } from 'playwright-core';
import { findOrInstallChromium } from '../../test/support/chromium.ts';
import {
  makeDataDir,
  type RunningOffshelf,
  setUpAdmin,
  signInAdmin,
  startOffshelf,
} from '../../test/support/offshelf.ts';
import { importLibrary, settle } from './library/fill.ts';
import { openLibrary } from './library/open.ts';
import { median } from './median.ts';

const limitMs = 100;
/** People who type well press a key every so often. */
const keyEveryMs = 120;
const titleCount = 8;
const lettersOfEach = 20;
const patienceMs = 5_000;

/**
 * npm run bench -- keystroke FOLDER [--keep FOLDER]: imports a library, waits until all of it is rendered, and types
 * titles letter by letter into Find in Chromium. Measured is the time from a key to the frame that shows the results
 * for what stands in the box then; the next key waits for that frame, and at least as long as a person would. A kept
 * folder is filled once.
 */
export async function bench() {
  const { values, positionals } = parseArgs({
    args: process.argv.slice(3),
    options: { keep: { type: 'string' } },
    allowPositionals: true,
  });
  const [given] = positionals;
  if (!given) throw new Error('Name a folder: npm run bench -- keystroke FOLDER');
  const folder = values.keep ? resolve(values.keep) : await makeDataDir();
  const dataDir = join(folder, 'data');
  const isFilled = existsSync(join(folder, 'filled'));
  if (!isFilled) await rm(dataDir, { recursive: true, force: true });
  await mkdir(dataDir, { recursive: true });
  for (const path of [folder, dataDir]) await chmod(path, 0o711);
  const app = await startOffshelf({ dataDir });
  try {
    const cookie = await (isFilled ? signInAdmin(app) : setUpAdmin(app));
    if (!isFilled) await fill(app, given);
    const titles = await settle(app, async (db) => {
      const rows = await db.selectFrom('asset').select('title').orderBy('id').execute();
      const step = Math.max(1, Math.floor(rows.length / titleCount));
      return rows.filter((_, index) => index % step === 0).slice(0, titleCount);
    });
    if (!isFilled) await mkdir(join(folder, 'filled'));
    return await measure(app, cookie, titles);
  } finally {
    await app.stop();
    if (!values.keep) await rm(folder, { recursive: true, force: true });
  }
}

async function fill(app: RunningOffshelf, given: string): Promise<void> {
  const { folder, made } = await openLibrary(given);
  try {
    await importLibrary(app, folder);
  } finally {
    if (made) await rm(made, { recursive: true, force: true });
  }
}

async function measure(app: RunningOffshelf, cookie: string, titles: { title: string }[]) {
  const browser = await chromium.launch({
    executablePath: findOrInstallChromium().path,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking'],
  });
  try {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    const [name = '', value = ''] = cookie.split('=', 2);
    await context.addCookies([{ name, value, url: app.url }]);
    const page = await context.newPage();
    await page.goto(app.url);
    await page.locator('#find-box').waitFor();
    await typeTitle(page, 'warm up');
    const times: number[] = [];
    for (const { title } of titles) times.push(...(await typeTitle(page, title.slice(0, lettersOfEach))));
    const sorted = times.toSorted((a, b) => a - b);
    const p95 = sorted[Math.floor(sorted.length * 0.95)] ?? Number.NaN;
    return {
      bench: 'keystroke',
      value: Math.round(p95),
      unit: 'ms from a key to painted results, p95',
      limit: limitMs,
      ratio: Math.round((p95 / limitMs) * 100) / 100,
      medianMs: Math.round(median(times)),
      slowestMs: Math.round(sorted.at(-1) ?? Number.NaN),
      keys: times.length,
    };
  } finally {
    await browser.close();
  }
}

/** Types into the emptied box; answers the time of every key. */
async function typeTitle(page: Page, text: string): Promise<number[]> {
  await page.locator('#find-box').fill('');
  await page.waitForTimeout(500);
  const times: number[] = [];
  for (const key of text) {
    // The watch has to be there before the key is, and its end is asked for apart.
    await page.evaluate(watchForResults, patienceMs);
    await page.keyboard.type(key);
    const took = await page.evaluate(() => window.watched);
    // A space asks for nothing new.
    if (key.trim() !== '') times.push(took);
    await page.waitForTimeout(keyEveryMs);
  }
  return times;
}

/** What is used of the page; scripts know no browser otherwise. */
interface PageElement {
  value?: string;
  textContent: string | null;
}
declare const document: {
  querySelector(selector: string): PageElement | null;
  querySelectorAll(selector: string): Iterable<PageElement>;
  addEventListener(type: string, listen: (event: { timeStamp: number }) => void, options: object): void;
};
declare const window: { watched: Promise<number> };
declare function requestAnimationFrame(draw: () => void): void;

/** Runs in the page: from the next key to the frame after the one that shows the answer to what is typed. */
function watchForResults(patience: number): void {
  const box = document.querySelector('#find-box');
  window.watched = new Promise((done, fail) => {
    const isShown = () => {
      const asked = box?.value?.trim() ?? '';
      const heard = [...document.querySelectorAll('[role=status]')].some((status) =>
        status.textContent?.endsWith(` for ${asked}`),
      );
      return asked === '' || (heard && document.querySelector('[data-stale]') === null);
    };
    const onKey = ({ timeStamp }: { timeStamp: number }) => {
      const look = () => {
        // The frame after this one is on the screen.
        if (isShown()) requestAnimationFrame(() => done(performance.now() - timeStamp));
        else if (performance.now() - timeStamp > patience)
          fail(new Error(`No results for “${box?.value ?? ''}” within ${String(patience)} ms.`));
        else requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
    };
    document.addEventListener('keydown', onKey, { once: true, capture: true });
  });
}
