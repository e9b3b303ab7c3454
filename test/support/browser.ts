import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { findOrInstallChromium } from './chromium.ts';
import type { Member } from './team.ts';

export const desk = { width: 1440, height: 900 };
export const phone = { width: 390, height: 844 };

const launchArgs = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  // The stories are people's; a browser that says a program drives it is judged to be driven by one.
  '--disable-blink-features=AutomationControlled',
];

interface OpenOptions {
  /** Signed in as this person; otherwise as nobody. */
  as?: Member;
  /** A phone with a touch screen instead of a desk. */
  onPhone?: boolean;
  /** A browser that says that nobody sees it, as scanners drive them. */
  isHeadless?: boolean;
  scheme?: 'light' | 'dark';
  /** The language that the browser asks for. */
  locale?: string;
  /** The address of this browser, as the proxy tells it that Offshelf has to trust. */
  from?: string;
}

export interface Stories {
  /** A browser of its own, with nobody's cookies but those of `as`, at this address. */
  open(url: string, options?: OpenOptions): Promise<Page>;
  /** The story provokes this console error; it fails when the error does not come. */
  expectFault(pattern: RegExp): void;
}

/**
 * Registers what browser stories need with vitest. A test fails on whatever its story does not provoke: an error on
 * the console, an uncaught error, a request to another host. When it fails, every page that is open is kept as a picture.
 */
export function browserStories(): Stories {
  let browser: Browser;
  let contexts: BrowserContext[] = [];
  let faults: string[] = [];
  let expected: RegExp[] = [];

  beforeAll(async () => {
    const { path } = findOrInstallChromium();
    // Without a locale, as in an empty environment, Chromium can't open files whose names are not ASCII.
    const env = { ...process.env, LC_ALL: 'C.UTF-8' };
    browser = await chromium.launch({ executablePath: path, args: launchArgs, env });
  });
  afterAll(() => browser?.close());
  beforeEach(({ onTestFinished }) => {
    contexts = [];
    faults = [];
    expected = [];
    onTestFinished(async ({ task }) => {
      if (task.result?.state === 'fail') await takePictures(contexts, task.name);
      await Promise.all(contexts.map((context) => context.close()));
    });
    // What a hook returns runs as soon as the test is over, while it can still fail.
    return () => {
      const stray = faults.filter((fault) => !expected.some((pattern) => pattern.test(fault)));
      const absent = expected.filter((pattern) => !faults.some((fault) => pattern.test(fault)));
      const lines = [...stray, ...absent.map((pattern) => `did not come: ${String(pattern)}`)];
      if (lines.length > 0) throw new Error(`The browser had faults:\n${lines.join('\n')}`);
    };
  });

  return {
    async open(url, options = {}) {
      const { as, onPhone = false, isHeadless = false, scheme = 'light', locale = 'en-GB', from } = options;
      const context = await browser.newContext({
        viewport: onPhone ? phone : desk,
        hasTouch: onPhone,
        isMobile: onPhone,
        ...(from && { extraHTTPHeaders: { 'X-Forwarded-For': from } }),
        ...(!isHeadless && { userAgent: userAgent(browser.version(), onPhone) }),
        colorScheme: scheme,
        reducedMotion: 'reduce',
        locale,
        permissions: ['clipboard-read', 'clipboard-write'],
      });
      contexts.push(context);
      context.setDefaultTimeout(15_000);
      const { host } = new URL(url);
      context.on('request', (request) => {
        const address = new URL(request.url());
        if (/^https?:$/.test(address.protocol) && address.host !== host)
          faults.push(`request to another host: ${request.method()} ${request.url()}`);
      });
      context.on('console', (message) => {
        if (message.type() === 'error') faults.push(`console: ${message.text()} (${message.location().url})`);
      });
      context.on('weberror', (error) => faults.push(`uncaught: ${String(error.error().stack)}`));
      if (as) await context.addCookies([{ ...as.cookie, url: new URL(url).origin }]);
      const page = await context.newPage();
      await page.goto(url);
      return page;
    },
    expectFault: (pattern) => void expected.push(pattern),
  };
}

export function readClipboard(page: Page): Promise<string> {
  return page.evaluate(() => navigator.clipboard.readText());
}

/** A headless Chromium says so, and Offshelf rightly takes it for a bot. */
function userAgent(version: string, onPhone: boolean): string {
  const [major] = version.split('.');
  const platform = onPhone ? 'Linux; Android 10; K' : 'X11; Linux x86_64';
  return `Mozilla/5.0 (${platform}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${major}.0.0.0 ${onPhone ? 'Mobile ' : ''}Safari/537.36`;
}

async function takePictures(contexts: BrowserContext[], testName: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'offshelf-failure-'));
  const pages = contexts.flatMap((context) => context.pages());
  for (const [index, page] of pages.entries()) {
    const path = join(folder, `${(index + 1).toString()}.png`);
    const isTaken = await page.screenshot({ path, timeout: 5_000 }).then(
      () => true,
      () => false,
    );
    if (isTaken) console.log(`“${testName}” failed. ${page.url()} looked like this: ${path}`);
  }
}
