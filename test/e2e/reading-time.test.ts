import { writeFile } from 'node:fs/promises';
import type { BrowserContext, Page, Request } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { build } from '../../scripts/build.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { makeDocument } from '../support/document.ts';
import { openReaderBrowser, type ReaderBrowser } from '../support/reader-browser.ts';
import { makeScript, pageCount, type Script, type Step, tellTruth } from '../support/reading-script.ts';

/** By default a sample; `npm run bench -- accuracy` runs all of them. */
const sessionCount = Number(process.env.READING_SESSIONS ?? 45);

let app: TestApp;
let browser: ReaderBrowser;
let assetId: string;

beforeAll(async () => {
  await build();
  app = await startTestApp();
  const asset = await app.make.asset({ mediaType: 'application/pdf', fileName: 'deck.pdf' });
  assetId = asset.id;
  await makeDocument(app, { assetVersionId: asset.versionId, pageCount });
  browser = await openReaderBrowser();
  followMessages(browser.context);
  // The clock of the pages stands still unless the script lets time pass, so a session of an hour takes a second.
  await browser.context.clock.install({ time: app.ctx.clock() });
  await browser.context.clock.pauseAt(new Date(app.ctx.clock().getTime() + 1_000));
});
afterAll(async () => {
  await browser?.close();
  await app?.close();
});

/** What a page says arrives before much time has passed, as it does for people. */
const sliceMs = 10_000;
let underWay = 0;

function followMessages(context: BrowserContext): void {
  const isMessage = (request: Request) => new URL(request.url()).pathname.startsWith('/t/');
  const count = (change: number) => (request: Request) => {
    if (isMessage(request)) underWay += change;
  };
  context.on('request', count(1));
  context.on('requestfinished', count(-1));
  context.on('requestfailed', count(-1));
}

/** The server's clock goes ahead, so that what arrives meanwhile is never from its future. */
async function pass(ms: number): Promise<void> {
  for (let left = ms; left > 0; ) {
    // A visit begins after a second.
    const slice = Math.min(left, left === ms ? 1_300 : sliceMs);
    left -= slice;
    app.travel(slice);
    await browser.context.clock.runFor(slice);
    await settle();
  }
}

/** Nothing that takes part in the count happens meanwhile. */
async function skip(ms: number): Promise<void> {
  app.travel(ms);
  await browser.context.clock.runFor(ms);
}

async function settle(): Promise<void> {
  for (const until = Date.now() + 1_000; underWay > 0 && Date.now() < until; )
    await new Promise((done) => setTimeout(done, 3));
  underWay = 0;
}

/** Brings a page into view, touches it, and lets the browser notice. */
async function turn(tab: Page, page: number): Promise<void> {
  await tab.evaluate(
    (number) => document.getElementById(`page-${number}`)?.scrollIntoView({ behavior: 'instant' }),
    page,
  );
  await expect
    .poll(
      async () => {
        await skip(16);
        return tab.locator('.at b').textContent();
      },
      { interval: 10 },
    )
    .toBe(String(page));
  await tab.mouse.move(200 + Math.random() * 200, 200 + Math.random() * 200);
}

async function act(tab: Page, url: string, step: Step): Promise<Page> {
  const { context } = browser;
  switch (step.kind) {
    case 'read':
      await turn(tab, step.page);
      await pass(step.ms);
      return tab;
    case 'offline':
      await turn(tab, step.page);
      await context.setOffline(true);
      await pass(step.ms);
      await context.setOffline(false);
      return tab;
    case 'idle':
      await pass(Math.min(step.ms, 70_000));
      await skip(Math.max(0, step.ms - 70_000));
      return tab;
    case 'sleep':
      app.travel(step.ms);
      await context.clock.fastForward(step.ms);
      return tab;
    case 'hide': {
      const other = await context.newPage();
      await other.bringToFront();
      await skip(step.ms);
      await other.close();
      await tab.bringToFront();
      return tab;
    }
    case 'reload':
      await tab.reload();
      return tab;
    case 'back':
      await tab.goto(`${app.url}/api/health`);
      // Playwright waits for a load that does not come where a page is taken from the back/forward cache.
      await tab.evaluate(() => history.back()).catch(() => undefined);
      await tab.locator('.at b').waitFor();
      return tab;
    case 'tab': {
      const second = await context.newPage();
      await second.goto(url);
      await second.bringToFront();
      return second;
    }
  }
}

/** The tab dies without a word, and whoever sat before it loads it again. */
async function crash(tab: Page): Promise<void> {
  const devtools = await tab.context().newCDPSession(tab);
  const crashed = new Promise((done) => tab.once('crash', done));
  devtools.send('Page.crash').catch(() => undefined);
  await crashed;
  await devtools.send('Page.reload');
}

async function readTotals(shareLinkId: string): Promise<Map<number, number>> {
  const rows = await app.ctx.db
    .selectFrom('pageView')
    .innerJoin('visit', 'visit.id', 'pageView.visitId')
    .where('visit.shareLinkId', '=', shareLinkId)
    .groupBy('pageView.pageNumber')
    .select(({ fn }) => ['pageView.pageNumber', fn.sum<string>('pageView.activeMs').as('activeMs')])
    .execute();
  return new Map(rows.map(({ pageNumber, activeMs }) => [pageNumber, Number(activeMs)]));
}

interface Difference {
  session: string;
  page: number;
  truthMs: number;
  countedMs: number;
}

function compare({ name }: Script, truth: Map<number, number>, counted: Map<number, number>): Difference[] {
  return [...new Set([...truth.keys(), ...counted.keys()])].map((page) => ({
    session: name,
    page,
    truthMs: truth.get(page) ?? 0,
    countedMs: counted.get(page) ?? 0,
  }));
}

const errorOf = ({ truthMs, countedMs }: Difference) => Math.abs(truthMs - countedMs);
const isWrong = (difference: Difference) => errorOf(difference) > Math.max(difference.truthMs * 0.02, 300);

async function runSession(script: Script): Promise<Difference[]> {
  const link = await app.make.shareLink({ assetId });
  const url = `${app.url}/s/${link.token}`;
  const tabs = [await browser.context.newPage()];
  await tabs[0]?.goto(url);
  for (const step of script.steps) {
    const tab = await act(tabs.at(-1) as Page, url, step);
    if (!tabs.includes(tab)) tabs.push(tab);
  }
  const last = tabs.at(-1) as Page;
  if (script.end === 'leave') await last.goto('about:blank');
  if (script.end === 'crash') await crash(last);
  const truth = tellTruth(script);
  let differences = compare(script, truth, await readTotals(link.id));
  // What was sent last may still be under way.
  for (const until = Date.now() + 3_000; differences.some(isWrong) && Date.now() < until; ) {
    if (script.end === 'close') await Promise.all(tabs.splice(0).map((tab) => tab.close()));
    await new Promise((done) => setTimeout(done, 30));
    differences = compare(script, truth, await readTotals(link.id));
  }
  await Promise.all(tabs.map((tab) => tab.close()));
  return differences;
}

test('the time on each page is what the script of a session says, within 2% or 300 ms', async () => {
  const differences: Difference[] = [];
  for (let number = 0; number < sessionCount; number++)
    differences.push(...(await runSession(makeScript(number))));
  const errors = differences.map(errorOf).toSorted((a, b) => a - b);
  if (process.env.READING_RESULT)
    await writeFile(
      process.env.READING_RESULT,
      JSON.stringify({
        sessions: sessionCount,
        pages: differences.length,
        wrong: differences.filter(isWrong),
        medianErrorMs: errors[Math.floor(errors.length / 2)],
        greatestErrorMs: errors.at(-1),
      }),
    );
  expect(differences.length).toBeGreaterThan(sessionCount);
  expect(differences.filter(isWrong)).toEqual([]);
}, 900_000);
