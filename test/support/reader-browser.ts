import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium } from 'playwright-core';
import { findOrInstallChromium } from './chromium.ts';

/** Without what Chromium says of itself when nobody sees it, as Offshelf rightly takes that for a bot. */
const userAgent =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36';

export interface ReaderBrowser {
  context: BrowserContext;
  close(): Promise<void>;
}

/**
 * A Chromium with one window whose tabs hide each other as they do for people. Started by Playwright itself it would
 * make every tab believe that it is looked at, so it is started here and only driven from there.
 */
export async function openReaderBrowser(): Promise<ReaderBrowser> {
  const profile = await mkdtemp(join(tmpdir(), 'offshelf-reader-'));
  const child = spawn(
    findOrInstallChromium().path,
    [
      '--headless=new',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--disable-background-networking',
      '--disable-component-update',
      '--no-first-run',
      '--mute-audio',
      '--autoplay-policy=no-user-gesture-required',
      '--window-size=1280,900',
      `--user-agent=${userAgent}`,
      '--remote-debugging-port=0',
      `--user-data-dir=${profile}`,
      'about:blank',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const browser = await chromium.connectOverCDP(await readAddress(child), { noDefaults: true });
  return {
    context: contextOf(browser),
    async close() {
      await browser.close();
      const ended = new Promise((done) => child.once('exit', done));
      child.kill();
      await ended;
      await rm(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    },
  };
}

function contextOf(browser: Browser): BrowserContext {
  const [context] = browser.contexts();
  if (!context) throw new Error('Chromium has no window.');
  context.setDefaultTimeout(15_000);
  return context;
}

function readAddress(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    child.stderr?.on('data', (chunk) => {
      said += String(chunk);
      const address = /listening on (ws:\S+)/.exec(said)?.[1];
      if (address) resolve(address);
    });
    child.once('exit', () => reject(new Error(`Chromium ended:\n${said}`)));
  });
}
